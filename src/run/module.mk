# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/run/librun.a
src_run_librun_a_SOURCES = \
	src/run/actor.c \
	src/run/case.c \
	src/run/emulator.c \
	src/run/environment.c src/run/environment.h \
	src/run/execute.c src/run/execute.h src/run/execute-private.h \
	src/run/execute-moves.c src/run/execute-round.c src/run/execute-study.c \
	src/run/execution.c src/run/execution.h \
	src/run/existing.c \
	src/run/fate.c \
	src/run/internal.h \
	src/run/journal.c src/run/journal.h \
	src/run/migration.c src/run/migration-watcher.c \
	src/run/observed.c src/run/observed.h \
	src/run/offers.c src/run/offers.h \
	src/run/predictions.c src/run/predictions.h \
	src/run/preflight.c src/run/preflight.h \
	src/run/preflight-existing.c src/run/preflight-host.c src/run/preflight-machine.c src/run/preflight-parts.h \
	src/run/repetition.c \
	src/run/round-trip.c src/run/round-trip.h \
	src/run/route.c src/run/route.h \
	src/run/resume.c src/run/resume.h \
	src/run/runner.c src/run/runner.h \
	src/run/sampler.c \
	src/run/segment.c src/run/segment.h \
	src/run/stoprule.c src/run/stoprule.h \
	src/run/survey.c src/run/survey.h \
	src/run/trial.c src/run/trial.h \
	src/run/undo.c src/run/undo.h \
	src/run/volumes.c src/run/volumes.h \
	src/run/watch.c src/run/watch.h src/run/watch-private.h \
	src/run/watch-episode.c src/run/watch-samples.c
