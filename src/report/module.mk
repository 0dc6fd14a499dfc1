# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/report/libreport.a
# what is said
src_report_libreport_a_SOURCES = \
	src/report/run.c src/report/run.h src/report/run-sections.h \
	src/report/costs.c src/report/findings.c src/report/paper-facts.c \
	src/report/data-quality.c src/report/destinations.c src/report/dirty-rates.c src/report/odd-runs.c src/report/tls-cost.c \
	src/report/run-figures.c src/report/run-tables.c \
	src/report/accuracy.c src/report/accuracy.h \
	src/report/answer-text.c src/report/answer-text.h \
	src/report/decided-claims.c src/report/decided-claims.h \
	src/report/forecast-table.c src/report/forecast-table.h \
	src/report/more-time.c src/report/more-time.h \
	src/report/full-size.c \
	src/report/guests-text.c src/report/guests-text.h \
	src/report/conditions.c src/report/conditions.h \
	src/report/order-map.c src/report/order-map.h src/report/order-factors.c \
	src/report/calibration.c src/report/calibration.h \
	src/report/compare.c src/report/compare.h \
	src/report/execution.c src/report/execution.h \
	src/report/live.c src/report/live.h \
	src/report/plan.c src/report/plan.h src/report/plan-clients.c src/report/plan-clients.h \
	src/report/plan-commands.c src/report/plan-commands.h src/report/plan-why.c \
	src/report/plan-task.c src/report/plan-waits.c src/report/plan-waits.h \
	src/report/replication.c src/report/replication.h src/report/replication-finding.c src/report/replication-others.c \
	src/report/replication-page.c \
	src/report/replication-shape.c src/report/replication-table.c
# ... as what
src_report_libreport_a_SOURCES += \
	src/report/document.c src/report/document.h \
	src/report/grid.c src/report/grid.h \
	src/report/number.c src/report/number.h \
	src/report/overview.c src/report/overview.h \
	src/report/page-style.c src/report/page-style.h \
	src/report/render.c src/report/render-html.c src/report/render-markdown.c src/report/render-text.c
# ... for programs
src_report_libreport_a_SOURCES += \
	src/report/accuracy-json.c src/report/compare-json.c src/report/plan-json.c \
	src/report/csv.c \
	src/report/findings-json.c src/report/replication-json.c src/report/run-json.c src/report/run-json.h src/report/json.h \
	src/report/json-stream.c src/report/json-stream.h \
	src/report/json-write.c src/report/json-write.h
# pictures, and what they are drawn from
src_report_libreport_a_SOURCES += \
	src/report/chart.c src/report/chart.h \
	src/report/client-tables.c \
	src/report/clients.c \
	src/report/difference-picture.c src/report/difference-picture.h \
	src/report/figure.c src/report/figure.h \
	src/report/figures.c src/report/figures.h \
	src/report/figure-accuracy.c src/report/figure-identity.c \
	src/report/figure-cases.c src/report/figure-clients.c src/report/figure-cpu.c src/report/figure-downtime.c \
	src/report/figure-runs.c src/report/figure-sweep.c \
	src/report/gnuplot.c src/report/gnuplot.h \
	src/report/loaded-result.c src/report/loaded-result.h \
	src/report/panel.c src/report/panel.h \
	src/report/replication-figures.c \
	src/report/plan-figure.c src/report/plan-figures.h src/report/plan-lanes.c src/report/plan-uplinks.c \
	src/report/svg.c src/report/svg.h \
	src/report/timeline.c src/report/timeline.h \
	src/report/verdicts.c src/report/verdicts.h
