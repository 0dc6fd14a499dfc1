/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/paired-time.h"

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
 * race that asked the pair, the interval is the race's (paired-time.h). */
typedef struct {
  const MigCaseSummary *first, *second; /* by label */
  MigTimeDifference difference;         /* first less second */
  double bound_s; /* the difference is no larger, in either direction; NaN: not known */
  MigFieldVerdict verdict;
  guint position; /* of its conditions in the study; G_MAXUINT: not known */
} MigOrderField;

/* mig_order_map_new: GPtrArray of MigOrderField that frees them: each experiment's together, of
 * these each two orders', as the study gives their conditions; of three orders the first is
 * compared with each of the others. Empty where fewer than two conditions have a field. The summary
 * must outlive it. */
GPtrArray *mig_order_map_new (const MigSummary *summary);
