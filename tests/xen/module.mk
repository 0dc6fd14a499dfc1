# SPDX-License-Identifier: GPL-3.0-or-later
# The emulated Xen pair: installed too, so that it can be had without the sources. check-xen is a target of
# its own, which check-all makes too: it needs minutes, packages from an archive, and 6 GB of memory.
xendir = $(pkglibexecdir)/xen
dist_xen_SCRIPTS = tests/xen/xen-pair tests/xen/image-hook tests/xen/dom0-init
dist_xen_DATA = tests/xen/facts.sh

XEN_TESTS = tests/xen/test-pair.sh tests/xen/test-run.sh tests/xen/test-run-killed.sh
EXTRA_DIST += $(XEN_TESTS)

.PHONY: check-xen
check-xen: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(XEN_TESTS)' TEST_SUITE_LOG=tests/xen/test-suite.log

# Downtime by heartbeats against a second channel; see doc/hosts-xen.md.
EXTRA_PROGRAMS += tests/xen/listen
tests_xen_listen_SOURCES = tests/xen/listen.c
tests_xen_listen_LDADD =
EXTRA_DIST += tests/xen/beacon.c tests/xen/crosscheck.sh
CLEANFILES += tests/xen/beacon tests/xen/listen$(EXEEXT)
tests/xen/beacon: tests/xen/beacon.c
	$(AM_V_CCLD)$(MKDIR_P) tests/xen && $(GUEST_CC) -std=gnu11 $(GUEST_CFLAGS) -static -s -o $@ $(srcdir)/tests/xen/beacon.c

.PHONY: crosscheck-xen
crosscheck-xen: all tests/xen/beacon tests/xen/listen$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/xen/crosscheck.sh
