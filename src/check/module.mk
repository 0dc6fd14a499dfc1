# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/check/libcheck.a
src_check_libcheck_a_SOURCES = \
	src/check/check.c src/check/check.h \
	src/check/check-disk.c src/check/check-disk.h \
	src/check/check-existing.c src/check/check-existing.h \
	src/check/check-hardware.c src/check/check-hardware.h \
	src/check/check-host.c src/check/check-host.h \
	src/check/check-hypervisor.c src/check/check-hypervisor.h \
	src/check/check-list.c src/check/check-list.h \
	src/check/check-machine.c src/check/check-machine.h \
	src/check/check-network.c src/check/check-network.h \
	src/check/check-probe.c src/check/check-probe.h \
	src/check/check-study.c src/check/check-study.h \
	src/check/check-technique.c src/check/check-technique.h \
	src/check/probe-guest.c src/check/probe-guest.h \
	src/check/route.c src/check/route.h \
	src/check/technique-probe.c src/check/technique-probe.h
