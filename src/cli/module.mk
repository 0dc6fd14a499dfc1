# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += migcost
migcost_SOURCES = \
	src/cli/changed-study.c src/cli/changed-study.h \
	src/cli/command.c src/cli/command.h \
	src/cli/command-check.c src/cli/command-compare.c src/cli/command-complete.c src/cli/command-lab.c src/cli/command-list.c \
	src/cli/command-plan.c src/cli/command-report.c src/cli/command-run.c src/cli/command-watch.c \
	src/cli/complete.c src/cli/complete.h \
	src/cli/main.c \
	src/cli/observing-calibration.c src/cli/observing-calibration.h \
	src/cli/plan-cases.c src/cli/plan-cases.h \
	src/cli/option-values.c src/cli/option-values.h \
	src/cli/plan-execute.c src/cli/plan-execute.h \
	src/cli/plan-inputs.c src/cli/plan-inputs.h \
	src/cli/plan-preview.c src/cli/plan-preview.h \
	src/cli/plan-resume.c src/cli/plan-resume.h \
	src/cli/plan-rolling.c src/cli/plan-rolling.h \
	src/cli/plan-show.c src/cli/plan-show.h \
	src/cli/plan-study.c src/cli/plan-study.h \
	src/cli/probe-options.c src/cli/probe-options.h \
	src/cli/progress.c src/cli/progress.h \
	src/cli/run-claims.c src/cli/run-claims.h \
	src/cli/run-decisions.c src/cli/run-decisions.h \
	src/cli/run-end.c src/cli/run-end.h \
	src/cli/run-job.c src/cli/run-job.h \
	src/cli/run-study.c src/cli/run-study.h \
	src/cli/run-log.c src/cli/run-log.h \
	src/cli/run-race.c src/cli/run-race.h \
	src/cli/show.c src/cli/show.h \
	src/cli/signals.c src/cli/signals.h \
	src/cli/show-paper.c src/cli/show-paper.h \
	src/cli/spool.c src/cli/spool.h \
	src/cli/study-labels.c src/cli/study-labels.h \
	src/cli/terminal.c src/cli/terminal.h \
	src/cli/terminal-modes.c src/cli/terminal-modes.h
# in the order of the arrows: what uses comes before what is used
MIG_ROOMS = \
	src/report/libreport.a src/execute/libexecute.a src/plan/libplan.a src/paper/libpaper.a \
	src/model/libmodel.a src/summary/libsummary.a src/check/libcheck.a src/watch/libwatch.a \
	src/measure/libmeasure.a src/hosts/libhosts.a src/lab/liblab.a src/probe/libprobe.a src/virt/libvirt_room.a \
	src/results/libresults.a src/study/libstudy.a workloads/libguest.a workloads/libprotocol.a \
	src/base/libbase.a
# twice: some arrows still point up
MIG_LIBS = \
	$(MIG_ROOMS) $(MIG_ROOMS) \
	$(LIBVIRT_LIBS) $(LIBXML_LIBS) $(JSON_LIBS) $(GSL_LIBS) $(CSV_LIBS) $(GLIB_LIBS)
migcost_LDADD = $(MIG_LIBS)
