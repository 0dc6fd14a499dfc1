# SPDX-License-Identifier: GPL-3.0-or-later
# The emulated Xen pair: installed too, so that it can be had without the sources. check-xen is a target of
# its own, which check-all makes too: it needs minutes, packages from an archive, and 6 GB of memory.
xendir = $(pkglibexecdir)/xen
dist_xen_SCRIPTS = tests/xen/xen-pair tests/xen/image-hook tests/xen/dom0-init
dist_xen_DATA = tests/xen/facts.sh

XEN_TESTS = tests/xen/test-pair.sh tests/xen/test-run.sh tests/xen/test-run-killed.sh tests/xen/test-run-network.sh
EXTRA_DIST += $(XEN_TESTS)

.PHONY: check-xen
check-xen: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(XEN_TESTS)' TEST_SUITE_LOG=tests/xen/test-suite.log
