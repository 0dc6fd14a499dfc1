# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/summary/libsummary.a
src_summary_libsummary_a_SOURCES = \
	src/summary/analysis.c src/summary/analysis.h \
	src/summary/answers.c src/summary/answers.h \
	src/summary/case-settings.c src/summary/case-settings.h \
	src/summary/cases.c src/summary/cases.h \
	src/summary/client-values.c \
	src/summary/common-windows.c src/summary/common-windows.h \
	src/summary/compare.c src/summary/compare.h \
	src/summary/compare-facts.c \
	src/summary/connect-times.c src/summary/connect-times.h \
	src/summary/dirty-rates.c src/summary/dirty-rates.h \
	src/summary/downtime.c src/summary/downtime.h \
	src/summary/duration-histogram.c src/summary/duration-histogram.h \
	src/summary/experiments.c src/summary/experiments.h \
	src/summary/extent.c src/summary/extent.h \
	src/summary/impossible.c src/summary/impossible.h \
	src/summary/inference.c src/summary/inference.h \
	src/summary/metrics.c src/summary/metrics.h \
	src/summary/noise.c src/summary/noise.h \
	src/summary/observing-cost.c src/summary/observing-cost.h \
	src/summary/occupancy.c src/summary/occupancy.h \
	src/summary/order-map.c src/summary/order-map.h \
	src/summary/order-factors.c src/summary/order-factors.h \
	src/summary/outage.c src/summary/outage.h \
	src/summary/paired-time.c src/summary/paired-time.h \
	src/summary/post-copy.c src/summary/post-copy.h \
	src/summary/power.c src/summary/power.h \
	src/summary/race.c src/summary/race.h \
	src/summary/race-next.c \
	src/summary/race-summary.c \
	src/summary/recommend.c src/summary/recommend.h \
	src/summary/repeated-interval.c src/summary/repeated-interval.h \
	src/summary/resolution.c src/summary/resolution.h \
	src/summary/round-trips.c src/summary/round-trips.h \
	src/summary/run-announcements.c \
	src/summary/run-probes.c \
	src/summary/run-requests.c \
	src/summary/run-summary.c src/summary/run-summary.h \
	src/summary/runs.c src/summary/runs.h \
	src/summary/sequences.c src/summary/sequences.h \
	src/summary/series.c src/summary/series.h \
	src/summary/stats.c src/summary/stats.h \
	src/summary/summary.c src/summary/summary.h \
	src/summary/values.c src/summary/values.h
