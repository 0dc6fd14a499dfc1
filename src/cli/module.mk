# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += migcost
migcost_SOURCES = \
	src/cli/boot-files.c src/cli/boot-files.h \
	src/cli/command.c src/cli/command.h \
	src/cli/command-check.c src/cli/command-compare.c src/cli/command-complete.c src/cli/command-lab.c src/cli/command-list.c \
	src/cli/command-plan.c src/cli/command-report.c src/cli/command-run.c src/cli/command-watch.c \
	src/cli/complete.c src/cli/complete.h \
	src/cli/main.c \
	src/cli/plan-done.c src/cli/plan-done.h \
	src/cli/plan-execute.c src/cli/plan-execute.h \
	src/cli/plan-input.c src/cli/plan-input.h \
	src/cli/plan-live.c src/cli/plan-live.h \
	src/cli/planning.c src/cli/planning.h \
	src/cli/plan-replan.c src/cli/plan-replan.h \
	src/cli/plan-show.c src/cli/plan-show.h \
	src/cli/plan-study.c src/cli/plan-study.h \
	src/cli/plan-task.c src/cli/plan-task.h \
	src/cli/progress.c src/cli/progress.h \
	src/cli/run-log.c src/cli/run-log.h \
	src/cli/session.c src/cli/session.h \
	src/cli/show.c src/cli/show.h \
	src/cli/terminal.c src/cli/terminal.h
# in the order of the arrows: what uses comes before what is used
MIG_LIBS = \
	src/report/libreport.a src/analysis/libanalysis.a \
	src/run/librun.a src/lab/liblab.a src/virt/libvirt_room.a \
	src/results/libresults.a src/study/libstudy.a workloads/libguest.a workloads/libprotocol.a \
	src/base/libbase.a \
	$(LIBVIRT_LIBS) $(LIBXML_LIBS) $(JSON_LIBS) $(GSL_LIBS) $(CSV_LIBS) $(GLIB_LIBS)
migcost_LDADD = $(MIG_LIBS)
migcost_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
