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
	MIGCOST_LIBEXECDIR='$(abs_top_builddir)/src/lab:$(abs_top_builddir)/workloads:$(abs_top_srcdir)/tests'; export MIGCOST_LIBEXECDIR; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	ASAN_OPTIONS="$${ASAN_OPTIONS-detect_leaks=1}"; export ASAN_OPTIONS; \
	UBSAN_OPTIONS="$${UBSAN_OPTIONS-print_stacktrace=1}"; export UBSAN_OPTIONS;

# what runs in CI, and what may be skipped there
EXTRA_DIST += quickstart .ci/run tests/allowed-skips

# Tests that need neither hosts nor guests: what distcheck in CI and the sanitizers run too.
ON_HOSTS = tests/faults/% tests/lab/% tests/xen/%
QUICK_TESTS = $(filter-out $(ON_HOSTS),$(TESTS))
UNIT_TESTS = $(filter tests/unit/%,$(TESTS))
.PHONY: print-quick-tests print-lab-tests check-quick check-valgrind
print-quick-tests:
	@echo $(QUICK_TESTS)
print-lab-tests:
	@echo $(filter $(ON_HOSTS),$(TESTS))
check-quick:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(QUICK_TESTS)'

# The unit tests under valgrind. One forks a child that writes where it must not and dies of it: the
# message about that is meant.
check-valgrind:
if HAVE_VALGRIND
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(UNIT_TESTS)' \
	  LOG_COMPILER='$(VALGRIND) -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite'
else
	@echo "valgrind is not installed (Debian, Fedora: valgrind)" >&2; exit 1
endif
