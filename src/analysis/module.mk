# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/analysis/libanalysis.a
src_analysis_libanalysis_a_CFLAGS = $(AM_CFLAGS) $(GSL_CFLAGS)
src_analysis_libanalysis_a_SOURCES = \
	src/analysis/accuracy.c src/analysis/accuracy-rank.c src/analysis/accuracy.h \
	src/analysis/adjust.c src/analysis/adjust.h \
	src/analysis/analysis.c src/analysis/analysis.h \
	src/analysis/calibrate.c src/analysis/calibrate.h \
	src/analysis/cases.c src/analysis/cases.h \
	src/analysis/compare.c src/analysis/compare-facts.c src/analysis/compare.h \
	src/analysis/conclusions.c src/analysis/conclusions.h \
	src/analysis/cpu.c \
	src/analysis/downtime.c src/analysis/downtime.h \
	src/analysis/evidence.c src/analysis/evidence.h \
	src/analysis/fit.c \
	src/analysis/fleet.c src/analysis/fleet.h \
	src/analysis/fleet-records.c \
	src/analysis/gaps.c src/analysis/gaps.h \
	src/analysis/heap.c \
	src/analysis/inference.c src/analysis/inference.h \
	src/analysis/metrics.c src/analysis/metrics.h \
	src/analysis/model.c src/analysis/model.h \
	src/analysis/noise.c src/analysis/noise.h \
	src/analysis/parts.c src/analysis/parts.h \
	src/analysis/plan.c src/analysis/plan.h \
	src/analysis/plan-assign.c src/analysis/plan-bandwidth.c src/analysis/plan-bound.c src/analysis/plan-orders.c \
	src/analysis/plan-part.c src/analysis/plan-part.h \
	src/analysis/plan-search.c \
	src/analysis/power.c src/analysis/power.h \
	src/analysis/predict.c src/analysis/predict.h \
	src/analysis/predictors.c \
	src/analysis/rates.c \
	src/analysis/recommend.c src/analysis/recommend.h \
	src/analysis/round-trips.c src/analysis/round-trips.h \
	src/analysis/runs.c src/analysis/runs.h \
	src/analysis/sequences.c src/analysis/sequences.h \
	src/analysis/series.c src/analysis/series.h \
	src/analysis/shares.c src/analysis/shares.h \
	src/analysis/simulation.c src/analysis/simulation-private.h \
	src/analysis/spread.c src/analysis/spread.h \
	src/analysis/stats.c src/analysis/stats.h \
	src/analysis/summary.c src/analysis/summary.h src/analysis/summary-private.h \
	src/analysis/trainer.c src/analysis/training.c src/analysis/training.h \
	src/analysis/values.c src/analysis/values.h
