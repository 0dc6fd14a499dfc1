/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Under which conditions which order of the same guests is cheaper, by total time: a study with
 * sweeps and two orders of the same guests or more has a field for each combination of values.
 * Pure. */

typedef enum {
  MIG_FIELD_FIRST, /* the first order is shown to be cheaper */
  MIG_FIELD_SECOND,
  MIG_FIELD_EQUAL, /* no difference of more than the bound, which is at most
                      MIG_ANSWER_EQUAL_SHARE of the cheaper one's time */
  MIG_FIELD_UNKNOWN
} MigFieldVerdict;

/* mig_field_verdict_id: for programs: "first-cheaper", "second-cheaper", "no-difference",
 * "not-known". */
const char *mig_field_verdict_id (guint verdict);

/* The intervals hold together for all fields of a map, with 95 % (Bonferroni). Where the run was a
 * race that asked the pair, the interval is the race's (race.h); where it asked others, the error
 * is spent as repeated-interval.h tells. */
typedef struct {
  const MigCaseSummary *first, *second; /* by label */
  guint n;                              /* repetitions that have both */
  double mean_s, low_s, high_s;         /* first less second; NaN: not known */
  double bound_s;          /* the difference is no larger, in either direction; NaN: not known */
  gint64 more_repetitions; /* that would show it, if it is as large as it seems; missing: unknown */
  MigFieldVerdict verdict;
} MigOrderField;

/* mig_field_conditions: of the field's cases: "link=250Mbit/s cpu=0". NULL: none. */
const char *mig_field_conditions (const MigOrderField *field);

/* mig_field_order: "cm": the sequence of one of its cases. The caller frees it. */
char *mig_field_order (const MigCaseSummary *study_case);

/* mig_order_map_new: GPtrArray of MigOrderField that frees them, by experiment and label, each
 * experiment's together; of three orders the first is compared with each of the others. Empty where
 * fewer than two conditions have a field. The summary must outlive it. */
GPtrArray *mig_order_map_new (const MigSummary *summary);
