# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/lab/liblab.a
src_lab_liblab_a_SOURCES = \
	src/lab/autogroups.c src/lab/autogroups.h \
	src/lab/boot-image.c src/lab/boot-image.h \
	src/lab/cpus.c src/lab/cpus.h \
	src/lab/helper-arguments.c src/lab/helper-arguments.h \
	src/lab/kernel.c \
	src/lab/lab.c src/lab/lab.h \
	src/lab/list.c \
	src/lab/directory.c src/lab/directory.h \
	src/lab/process.c src/lab/process.h \
	src/lab/report.c src/lab/report.h \
	src/lab/state.c src/lab/state.h \
	src/lab/cleanup.c src/lab/cleanup.h \
	src/lab/pair.c src/lab/pair.h \
	src/lab/script.c src/lab/script.h

# what keeps a lab: a program of its own, so that the lab ends with it
pkglibexec_PROGRAMS += src/lab/migcost-lab
src_lab_migcost_lab_SOURCES = \
	src/lab/certificates.c \
	src/lab/command.c src/lab/command.h \
	src/lab/daemon.c \
	src/lab/identity.c \
	src/lab/idmap.c src/lab/idmap.h \
	src/lab/keeper-options.c src/lab/keeper-options.h \
	src/lab/kvm.c \
	src/lab/lan.c src/lab/lan.h \
	src/lab/link.c \
	src/lab/measure.c \
	src/lab/migcost-lab.c \
	src/lab/namespaces.c \
	src/lab/place.c src/lab/place.h \
	src/lab/prober.c src/lab/prober.h \
	src/lab/relay.c \
	src/lab/setup.h \
	src/lab/supervisor.c \
	src/lab/tools.c src/lab/tools.h
src_lab_migcost_lab_LDADD = src/lab/liblab.a src/probe/libprobe.a src/base/libbase.a $(GLIB_LIBS)
