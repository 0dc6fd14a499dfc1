# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/report/libreport.a
src_report_libreport_a_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
src_report_libreport_a_SOURCES = \
	src/report/load.c src/report/load.h
