/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-session.h"
#include "execute/execute.h"

/* Plans for what is left of a plan that is performed: MigPlanExecutorPlanner's side that knows the
 * model. */
typedef struct {
  MigPlanSession *planning; /* its own_fleet is as it was when the last plan was made */
  MigResultWriter *writer;
  gboolean link_known;     /* the user has said it, or it was measured */
  double link_bytes_per_s; /* measured; NaN: not yet */
  GPtrArray *notes;        /* of char *: what was not as predicted */
  GPtrArray *skipped;      /* of MigSkippedGuest: by any of the plans */
} MigReplan;

/* mig_replan_planned: the plan of now as migrations to be performed (of MigPlannedMove, which it
 * frees). */
GPtrArray *mig_replan_planned (const MigPlanSession *planning);

/* mig_replan_moves: the same, which it does not free; its predictions go into the result, as those
 * of that plan's case. Whom it skips is noted. */
GPtrArray *mig_replan_moves (MigReplan *replan, guint plan, GError **error);

/* mig_replan: MigPlanExecutorPlanner.plan with a MigReplan. */
gboolean mig_replan (const MigPlanProgress *execution, MigSurvey *survey, GPtrArray **moves,
                     gpointer replan, GError **error);
