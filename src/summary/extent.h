/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* How much of what a run was to do it has done. */
typedef struct {
  guint n_planned; /* repetitions in the schedule */
  guint n_failed;  /* of these: they were run to their ends, and none was sound */
  guint n_left;    /* of these: they have no run, or only interrupted ones */
  guint n_absent;  /* of these: they have no run at all */
  gboolean ended;  /* nothing is left, and nothing was going to be added */
} MigExtent;

/* mig_extent_of: of the rows of a result (MigScheduleRecord, MigRunRecord, MigDecisionRecord).
 * decisions: of a run that ends by itself, which adds to its schedule until it has a row that says
 * that it ended after the last run; NULL: of a fixed number. */
MigExtent mig_extent_of (const GPtrArray *schedule, const GPtrArray *runs,
                         const GPtrArray *decisions);
