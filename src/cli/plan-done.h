/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/execute.h"

/* What became of a plan. */
typedef struct {
  MigPlanExecutor *execute;
  const GPtrArray *notes; /* of char *: what was not as predicted, and what was made of it */
  const char *stuck;      /* why it did not go on; NULL: it did */
  gint64 took_ns;
  MigPredicted expected; /* of the first plan as a whole */
  const char *path;      /* of the result */
} MigPlanDone;

/* mig_plan_done: appends it; asks the hosts where the guests are. TRUE: all that was planned is
 * done. */
gboolean mig_plan_done (const MigPlanDone *done, GString *out);
