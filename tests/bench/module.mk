# SPDX-License-Identifier: GPL-3.0-or-later
# Figures, not tests: make bench.
EXTRA_DIST += tests/bench/compare.sh tests/bench/four.xml tests/bench/lib-observing.sh \
	tests/bench/migrating.xml tests/bench/observing.sh tests/bench/probing.sh tests/bench/start.sh \
	tests/bench/xen-observing.sh

.PHONY: bench bench-compare bench-prober bench-start
bench: all tests/lab/lab-tool tests/unit/bench-report tests/unit/bench-plan tests/unit/bench-exchange tests/unit/bench-race
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/bench/observing.sh
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/bench/probing.sh
	$(AM_V_at)tests/unit/bench-report
	$(AM_V_at)tests/unit/bench-plan
	$(AM_V_at)tests/unit/bench-exchange $(SEED)
	$(AM_V_at)tests/unit/bench-race

.PHONY: bench-xen
bench-xen: all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/bench/xen-observing.sh

# Restored guests beside booted ones. About a quarter of an hour.
bench-start: all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/bench/start.sh

# Twenty re-runs of a study: is one of them called worse? About half an hour.
bench-compare: all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/bench/compare.sh

# A port is taken off for CUTS known times, from 50 ms to 5 s: how many outages are right. Seven minutes for 100.
CUTS = 100
bench-prober: all tests/lab/lab-tool workloads/migcost-guest-check
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) MIGCOST_TEST_CUTS=$(CUTS) $(SHELL) $(srcdir)/tests/lab/test-lab-network.sh
