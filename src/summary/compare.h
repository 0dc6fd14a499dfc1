/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Two results, case by case and metric by metric: did NEW become better or worse than BASE?
 *
 * Each metric of a case that both results have is tested by t tests (mig_welch); runs of two
 * results are not paired. "worse" and "better" mean: shown to differ by more than the threshold, a
 * share of BASE's mean (mig_welch_beyond). "differs": shown to differ, but not by more than the
 * threshold. Failed runs of a case are compared by Fisher's exact test. All p values of a
 * comparison are adjusted together (mig_holm): the chance that it says better or worse even once
 * where nothing differs by more than the threshold is at most MIG_COMPARE_LEVEL; the same holds for
 * "differs". What is not shown is "no difference shown" where there are runs enough to show one of
 * the threshold (of 5 % where that is 0) with power 0.8, whatever the other tests show (at
 * MIG_COMPARE_LEVEL divided by their number, Holm's first step), else "too few runs".
 *
 * No value is known better than its metric's resolution: a standard deviation below that of the
 * steps alone (mig_resolution_sd) is taken for that one. So equal repetitions have verdicts, too.
 *
 * A case of which BASE has sound runs and NEW none is worse without a test: where its runs failed,
 * and, unless that is allowed, where NEW never ran it. Runs that were skipped or interrupted are
 * none. */
#define MIG_COMPARE_LEVEL 0.05
#define MIG_COMPARE_THRESHOLD 0.05

typedef enum {
  MIG_CHANGE_WORSE,
  MIG_CHANGE_BETTER,
  MIG_CHANGE_DIFFERS,
  MIG_CHANGE_NONE,
  MIG_CHANGE_TOO_FEW,
  MIG_CHANGE_NOT_MEASURED,
  MIG_N_CHANGES
} MigChangeVerdict;

/* mig_change_text: "worse", "better", "differs, not shown to matter", "no difference shown", "too
 * few runs", "not measured". */
const char *mig_change_text (MigChangeVerdict verdict);

/* mig_change_id: for programs: "worse", "better", "differs", "no-difference-shown",
 * "too-few-runs", "not-measured". */
const char *mig_change_id (guint verdict);

/* One metric of one case. The statistics belong to the summaries. */
typedef struct {
  const char *case_label;
  const char *class_name; /* NULL: of the whole case */
  MigMetric metric;
  const MigStat *base, *now;
  double difference;      /* mean of NEW less that of BASE */
  double share;           /* of |BASE's mean|; NaN where that is 0 */
  double ci_low, ci_high; /* 95 % interval of the difference (Welch), of this metric alone */
  double p_differs;       /* adjusted: of no difference */
  double p_matters;       /* adjusted: of no difference beyond the threshold */
  double sd;              /* of one run of either result, the resolution's at least; NaN: unknown */
  gint64 more_runs;  /* of each result, to show a difference of the threshold; missing: unknown */
  double resolution; /* of one value, in the metric's unit; NaN: not known */
  MigChangeVerdict verdict;
} MigChange;

/* Failed runs of one case: those whose reason a summary counts, of those that were neither skipped
 * nor interrupted. */
typedef struct {
  const char *case_label;
  guint base_failed, base_runs, now_failed, now_runs;
  double p;      /* adjusted */
  gboolean lost; /* BASE had sound runs, NEW has runs, but none that is sound */
  MigChangeVerdict verdict;
} MigFailureChange;

/* A fact that differs between the two environments, or in how the same cases migrate. */
typedef struct {
  const char *scope, *name, *base, *now, *unit; /* of the records; a value is NULL where it lacks */
  gboolean matters;                             /* it can explain a difference by itself */
} MigFactChange;

typedef struct {
  double threshold;
  gboolean allow_missing;
  guint n_tested;                  /* p values that were adjusted together */
  guint n[MIG_N_CHANGES];          /* verdicts, of metrics and of failures */
  GArray *changes;                 /* of MigChange, by case and metric */
  GArray *failures;                /* of MigFailureChange: cases with a failed run */
  GArray *facts;                   /* of MigFactChange: those that matter first */
  GPtrArray *only_base, *only_now; /* of const char *: cases that the other one lacks */
  GPtrArray *settings;             /* of MigSettingChange: what facts of migrations borrow from */
  GPtrArray *missing; /* of const char *: BASE has sound runs of them, NEW has no run, skipped and
                         interrupted ones aside */
} MigComparison;

/* mig_comparison_regressed: something is worse, or missing where that is not allowed. */
gboolean mig_comparison_regressed (const MigComparison *comparison);

/* What is compared. */
typedef struct {
  double threshold;         /* share of BASE's mean, 0 or more */
  const gboolean *metrics;  /* of MIG_N_METRICS; NULL: those that are compared by default */
  const char *const *cases; /* labels, NULL at the end; NULL: all */
  gboolean allow_missing;   /* cases that NEW never ran are no regression */
} MigCompareOptions;

/* mig_compare: the summaries must outlive the result. Metrics without a better direction are left
 * out. Where cases that are compared migrate in another way, that is a fact that matters. */
MigComparison *mig_compare (const MigSummary *base, const MigSummary *now,
                            const MigCompareOptions *options);

/* mig_compare_environments: adds the facts (of MigEnvironmentRecord) that differ. Left out are
 * those that no two runs share: load, times, what migcost itself took, the lab's path. The records
 * must outlive the comparison. */
void mig_compare_environments (MigComparison *comparison, const GPtrArray *base,
                               const GPtrArray *now);

void mig_comparison_free (MigComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigComparison, mig_comparison_free)
