# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/report/libreport.a
src_report_libreport_a_SOURCES = \
	src/report/accuracy-html.c src/report/accuracy-json.c src/report/accuracy-parts.c src/report/accuracy-parts.h \
	src/report/compare-html.c src/report/compare-json.c src/report/compare-text.c src/report/compare.h \
	src/report/compare-parts.c src/report/compare-parts.h \
	src/report/chart.c src/report/chart.h \
	src/report/csv.c \
	src/report/figure.c src/report/figure.h \
	src/report/figure-accuracy.c src/report/figure-identity.c \
	src/report/figure-cases.c src/report/figure-cpu.c src/report/figure-downtime.c \
	src/report/figure-runs.c src/report/figure-sweep.c \
	src/report/gnuplot.c src/report/gnuplot.h \
	src/report/html.c src/report/html.h \
	src/report/html-parts.c src/report/html-parts.h src/report/html-sections.c \
	src/report/json.c src/report/json.h \
	src/report/json-parts.c src/report/json-parts.h \
	src/report/live.c \
	src/report/load.c src/report/load.h \
	src/report/number.c src/report/number.h \
	src/report/panel.c src/report/panel.h \
	src/report/plan.h src/report/plan-figure.c src/report/plan-html.c src/report/plan-json.c \
	src/report/plan-parts.c src/report/plan-parts.h src/report/plan-text.c src/report/plan-why.c \
	src/report/svg.c src/report/svg.h \
	src/report/table.c src/report/table.h \
	src/report/text.c src/report/text.h \
	src/report/text-destinations.c src/report/text-findings.c src/report/text-limits.c src/report/text-runs.c src/report/text-parts.h \
	src/report/timeline.c src/report/timeline.h
