# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/measure/libmeasure.a
src_measure_libmeasure_a_SOURCES = \
	src/measure/alternation.c src/measure/alternation.h \
	src/measure/case-run.c src/measure/case-run.h \
	src/measure/console-reader.c src/measure/console-reader.h \
	src/measure/cut-off.c \
	src/measure/dirty-rate.c \
	src/measure/existing.c \
	src/measure/guest-console.c src/measure/guest-console.h \
	src/measure/guest-start.c \
	src/measure/heartbeat-pace.c src/measure/heartbeat-pace.h \
	src/measure/heartbeat-stream.c src/measure/heartbeat-stream.h \
	src/measure/left-definitions.c src/measure/left-definitions.h \
	src/measure/locate.c \
	src/measure/migration.c src/measure/migration.h src/measure/migration-state.h \
	src/measure/migration-record.c \
	src/measure/migration-watcher.c src/measure/migration-worker.c \
	src/measure/observing.c src/measure/observing.h \
	src/measure/observing-trial.c src/measure/observing-trial.h \
	src/measure/predictions.c src/measure/predictions.h \
	src/measure/probing.c src/measure/probing.h \
	src/measure/progress.h \
	src/measure/reached-host.c src/measure/reached-host.h \
	src/measure/repetition.c src/measure/repetition.h \
	src/measure/repetition-guests.c src/measure/repetition-guests.h \
	src/measure/resume.c src/measure/resume.h \
	src/measure/round-trip-log.c src/measure/round-trip-log.h \
	src/measure/run.c src/measure/run.h \
	src/measure/run-handle.c src/measure/run-handle.h \
	src/measure/run-guest.c src/measure/run-guest.h src/measure/run-guest-state.h \
	src/measure/runner.c src/measure/runner.h \
	src/measure/sampler.c src/measure/sampler.h \
	src/measure/saved-guests.c src/measure/saved-guests.h \
	src/measure/steady-state.c src/measure/steady-state.h \
	src/measure/stop-forecast.c src/measure/stop-forecast.h \
	src/measure/window.c src/measure/window.h
