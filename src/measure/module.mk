# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/measure/libmeasure.a
src_measure_libmeasure_a_SOURCES = \
	src/measure/case.c \
	src/measure/existing.c \
	src/measure/heartbeat-stream.c src/measure/heartbeat-stream.h \
	src/measure/internal.h \
	src/measure/locate.c \
	src/measure/migration.c \
	src/measure/migration-watcher.c \
	src/measure/predictions.c src/measure/predictions.h \
	src/measure/repetition.c \
	src/measure/resume.c src/measure/resume.h \
	src/measure/round-trip.c src/measure/round-trip.h \
	src/measure/run-guest.c \
	src/measure/runner.c src/measure/runner.h \
	src/measure/sampler.c
