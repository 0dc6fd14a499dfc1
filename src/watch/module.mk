# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/watch/libwatch.a
src_watch_libwatch_a_SOURCES = \
	src/watch/arrival.c \
	src/watch/clients.c \
	src/watch/episode.c \
	src/watch/episode-rows.c \
	src/watch/guest-job.c \
	src/watch/internal.h \
	src/watch/names.c \
	src/watch/metrics-file.c \
	src/watch/metrics.c src/watch/metrics.h \
	src/watch/migration-log.c src/watch/migration-log.h \
	src/watch/migration-reconcile.c src/watch/migration-reconcile.h \
	src/watch/migration-text.c src/watch/migration-text.h \
	src/watch/migration-tracker.c src/watch/migration-tracker.h \
	src/watch/result-rotation.c src/watch/result-rotation.h \
	src/watch/samples.c \
	src/watch/watch.c src/watch/watch.h \
	src/watch/watched-host.c
