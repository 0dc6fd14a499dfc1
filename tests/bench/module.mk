# SPDX-License-Identifier: GPL-3.0-or-later
# Figures, not tests: make bench.
EXTRA_DIST += tests/bench/four.xml tests/bench/overhead.sh

.PHONY: bench
bench: all tests/unit/bench-report tests/unit/bench-plan
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/bench/overhead.sh
	$(AM_V_at)tests/unit/bench-report
	$(AM_V_at)tests/unit/bench-plan
