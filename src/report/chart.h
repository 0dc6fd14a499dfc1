/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/figure.h"
#include "report/loaded-result.h"

/* Charts of cases: for each its mean, its interval and every repetition's value. */

typedef struct {
  MigMetric metric;
  const char *class_name; /* NULL: of the whole case */
  const char *label;      /* in the legend */
} MigChartSeries;

#define MIG_CHART_SERIES 4

typedef struct {
  const char *id, *paper;
  const char *heading;
  const char *y_title; /* its unit is added */
  guint n_series;
  MigChartSeries series[MIG_CHART_SERIES];
} MigChart;

/* mig_chart_cases: bars, one group per case that has a value; label_of (may be NULL): a case's
 * label on the axis, freed by the function. NULL: no case has one. */
typedef char *(*MigChartLabel) (const MigLoadedResult *report, const MigCaseSummary *study_case);
MigFigure *mig_chart_cases (const MigLoadedResult *report, const MigChart *chart,
                            MigChartLabel label_of);

/* mig_chart_axis: the same cases over a number; x_of: a case's position; HUGE_VAL: beyond all
 * others, "no limit"; NaN: it has none. */
typedef double (*MigChartPosition) (const MigCaseSummary *study_case);
MigFigure *mig_chart_axis (const MigLoadedResult *report, const MigChart *chart,
                           const char *x_title, MigChartPosition x_of);
