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
	MIGCOST_LIBEXECDIR='$(abs_top_builddir)/src/lab:$(abs_top_builddir)/src/virt:$(abs_top_builddir)/workloads:$(abs_top_srcdir)/tests:$(abs_top_srcdir)'; export MIGCOST_LIBEXECDIR; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	PAPER_RESULTS='$(PAPER_RESULTS)'; export PAPER_RESULTS; \
	ASAN_OPTIONS="$${ASAN_OPTIONS-detect_leaks=1}"; export ASAN_OPTIONS; \
	UBSAN_OPTIONS="$${UBSAN_OPTIONS-print_stacktrace=1}"; export UBSAN_OPTIONS;

# make check is what needs neither hosts nor guests: TESTS. The others are targets of their own: check-lab,
# check-faults, check-xen, check-kvm, check-debian13. check-all is what CI runs.
EXTRA_DIST += quickstart .ci/run .clang-format tests/allowed-skips tests/check-all tests/check-computed \
	tests/tally.sh
.PHONY: check-all check-valgrind
check-all: all
	$(AM_V_at)MAKE='$(MAKE)' $(srcdir)/tests/check-all $(srcdir)

# The unit tests under valgrind. One forks a child that writes where it must not and dies of it: the
# message about that is meant.
check-valgrind:
if HAVE_VALGRIND
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(UNIT_TESTS)' \
	  LOG_COMPILER='$(VALGRIND) -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite'
else
	@echo "valgrind is not installed (Debian, Fedora: valgrind)" >&2; exit 1
endif
