# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/execute/libexecute.a
src_execute_libexecute_a_SOURCES = \
	src/execute/clients.c \
	src/execute/daemon-limits.c src/execute/daemon-limits.h \
	src/execute/execute.c src/execute/execute.h \
	src/execute/execute-study.c \
	src/execute/internal.h \
	src/execute/interrupted.c src/execute/interrupted.h \
	src/execute/kept-plan.c src/execute/kept-plan.h \
	src/execute/live.c src/execute/live.h \
	src/execute/movability.c src/execute/movability.h \
	src/execute/moves.c \
	src/execute/outcome.c src/execute/outcome.h \
	src/execute/plan-progress.c src/execute/plan-progress.h \
	src/execute/plan-session.c src/execute/plan-session.h \
	src/execute/replan.c src/execute/replan.h \
	src/execute/round.c \
	src/execute/settle.c src/execute/settle.h \
	src/execute/settle-place.c src/execute/settle-place.h \
	src/execute/skipped-guests.c src/execute/skipped-guests.h \
	src/execute/survey.c src/execute/survey.h \
	src/execute/surveyed-host.c src/execute/surveyed-host.h \
	src/execute/unattended.c src/execute/unattended.h
