# SPDX-License-Identifier: GPL-3.0-or-later
man_MANS += \
	doc/migcost.1 doc/migcost-check.1 doc/migcost-compare.1 doc/migcost-lab.1 doc/migcost-list.1 \
	doc/migcost-plan.1 doc/migcost-report.1 doc/migcost-run.1 doc/migcost-watch.1 \
	doc/migcost-fleet.5 doc/migcost-results.5 doc/migcost-study.5 \
	doc/migcost-workload.7
# Installed as they lie here, so that the links among them hold.
nobase_dist_doc_DATA = \
	NEWS README.md CONTRIBUTING.md \
	doc/adding.md doc/design.md doc/execution.md doc/faults.md doc/hosts.md doc/hosts-kvm.md doc/hosts-xen.md \
	doc/install.md doc/lab.md doc/measuring.md doc/model.md doc/paper.md doc/planning.md doc/protocol.md \
	doc/reading-results.md doc/report.md doc/security.md doc/workloads.md \
	doc/compare.schema.json doc/paper.schema.json doc/report.schema.json $(DOC_FIGURES)
dist_pkgdata_DATA = doc/compare.schema.json doc/paper.schema.json doc/report.schema.json
EXTRA_DIST += $(man_MANS)

# The documents' figures: drawn from recorded results, and committed, because gnuplot draws differently from version to version.
DOC_FIGURES = \
	doc/figures/paper-4-load-balancing-downtime.svg doc/figures/paper-4-load-balancing-total-time.svg \
	doc/figures/paper-map.svg doc/figures/paper-order.svg doc/figures/paper-ratios.svg doc/figures/smoke-run-1.svg
EXTRA_DIST += doc/figures/draw doc/figures/write-paper

# What doc/paper.md is made of: folders of tests/data, PLATFORM=FOLDER where the hosts do not tell the platform. After a change:
# make doc-paper.
PAPER_RESULTS = \
	recorded-xen-quarter recorded-xen-maintenance recorded-xen-maintenance-2 recorded-xen-quarter-2 recorded-xen-full recorded-xen-dirty-rate recorded-xen-single recorded-xen-interference \
	recorded-paper recorded-lab-load-balancing recorded-lab-full recorded-lab-interference \
	recorded-lab-bottleneck-10g recorded-lab-bottleneck-full recorded-lab-bottleneck-250m recorded-lab-sending-cost recorded-kvm-load-balancing

.PHONY: doc-figures doc-paper
doc-figures: all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/doc/figures/draw paper $(srcdir)/tests/data/recorded-paper 4-load-balancing-downtime 4-load-balancing-total-time
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/doc/figures/draw smoke $(srcdir)/tests/data/recorded-smoke run-1

# doc/paper.md with its figures, and what tests/cli/test-paper.sh compares them with
doc-paper: all
	$(AM_V_at)rm -rf doc-paper.tmp && mkdir doc-paper.tmp
	$(AM_V_at)results=; for result in $(PAPER_RESULTS); do \
	  case $$result in *=*) name=$${result%%=*}=;; *) name=;; esac; \
	  results="$$results $$name$(abs_srcdir)/tests/data/$${result#*=}"; \
	done; \
	$(AM_TESTS_ENVIRONMENT) migcost='$(abs_top_builddir)/migcost' $(srcdir)/doc/figures/write-paper "$$PWD/doc-paper.tmp" $$results
	$(AM_V_at)cp doc-paper.tmp/paper.md $(srcdir)/doc && cp doc-paper.tmp/figures/*.svg $(srcdir)/doc/figures && \
	  cp doc-paper.tmp/paper.figures $(srcdir)/tests/data && rm -rf doc-paper.tmp
