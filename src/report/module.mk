# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/report/libreport.a
src_report_libreport_a_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
src_report_libreport_a_SOURCES = \
	src/report/compare-json.c src/report/compare-text.c src/report/compare.h \
	src/report/csv.c \
	src/report/json.c src/report/json.h \
	src/report/json-parts.c src/report/json-parts.h \
	src/report/live.c \
	src/report/load.c src/report/load.h \
	src/report/number.c src/report/number.h \
	src/report/paper.c src/report/paper.h \
	src/report/plan.h src/report/plan-json.c src/report/plan-text.c src/report/plan-why.c \
	src/report/table.c src/report/table.h \
	src/report/text.c src/report/text.h \
	src/report/text-findings.c src/report/text-limits.c src/report/text-runs.c src/report/text-parts.h
