# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/study/libstudy.a
src_study_libstudy_a_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
src_study_libstudy_a_SOURCES = src/study/study.h
