# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/study/libstudy.a
src_study_libstudy_a_SOURCES = \
	src/study/axis.c src/study/axis.h src/study/variants.c src/study/technique.c \
	src/study/case-builder.c src/study/case-builder.h src/study/cases.c \
	src/study/orders.c src/study/orders.h src/study/prediction.c src/study/prediction.h \
	src/study/grammar.c src/study/guests.c src/study/schema.c src/study/schema.h \
	src/study/load.c src/study/migration-flags.c src/study/network.c \
	src/study/list.c \
	src/study/objects.c src/study/settings.c src/study/read.c src/study/read.h \
	src/study/scale.c src/study/schedule.c \
	src/study/study.c src/study/study.h
