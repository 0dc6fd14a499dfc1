# SPDX-License-Identifier: GPL-3.0-or-later
# How tests run. All of them speak TAP. A test whose name ends in .sh is a script.
# G_DEBUG: a failed precondition or a warning of GLib's is a failure.
TEST_EXTENSIONS = .sh
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = \
	G_DEBUG=fatal-warnings; export G_DEBUG; \
	MIGCOST_DATADIR='$(abs_top_srcdir):$(abs_top_builddir)'; export MIGCOST_DATADIR; \
	MIGCOST_LIBEXECDIR='$(abs_top_builddir)/src/lab:$(abs_top_builddir)/workloads'; export MIGCOST_LIBEXECDIR; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	ASAN_OPTIONS="$${ASAN_OPTIONS-detect_leaks=1}"; export ASAN_OPTIONS; \
	UBSAN_OPTIONS="$${UBSAN_OPTIONS-print_stacktrace=1}"; export UBSAN_OPTIONS;

# what runs in CI, and what may be skipped there
EXTRA_DIST += quickstart .ci/run tests/allowed-skips
