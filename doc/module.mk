# SPDX-License-Identifier: GPL-3.0-or-later
man_MANS += \
	doc/migcost.1 doc/migcost-check.1 doc/migcost-compare.1 doc/migcost-lab.1 doc/migcost-list.1 \
	doc/migcost-plan.1 doc/migcost-report.1 doc/migcost-run.1 doc/migcost-watch.1 \
	doc/migcost-fleet.5 doc/migcost-results.5 doc/migcost-study.5 \
	doc/migcost-workload.7
# Installed as they lie here, so that the links among them hold.
nobase_dist_doc_DATA = \
	NEWS README.md CONTRIBUTING.md \
	doc/adding.md doc/design.md doc/faults.md doc/hosts.md doc/hosts-kvm.md doc/hosts-xen.md \
	doc/install.md doc/lab.md doc/measuring.md doc/model.md doc/planning.md doc/protocol.md \
	doc/reading-results.md doc/report.md doc/security.md doc/workloads.md \
	doc/compare.schema.json doc/report.schema.json $(DOC_FIGURES)
dist_pkgdata_DATA = doc/compare.schema.json doc/report.schema.json
EXTRA_DIST += $(man_MANS)

# The documents' figures: drawn from recorded results, and committed, because gnuplot draws differently from version to version.
DOC_FIGURES = \
	doc/figures/paper-4-load-balancing-downtime.svg doc/figures/paper-4-load-balancing-total-time.svg doc/figures/smoke-run-1.svg
EXTRA_DIST += doc/figures/draw

.PHONY: doc-figures
doc-figures: all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/doc/figures/draw paper $(srcdir)/tests/data/recorded-paper 4-load-balancing-downtime 4-load-balancing-total-time
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/doc/figures/draw smoke $(srcdir)/tests/data/recorded-smoke run-1
