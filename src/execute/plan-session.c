/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/error.h"
#include "execute/daemon-limits.h"
#include "execute/live.h"
#include "execute/plan-session.h"

static void
clear_plan (MigPlanSession *self)
{
  g_clear_pointer (&self->plan, mig_plan_free);
  g_clear_pointer (&self->bandwidths, g_array_unref);
  mig_order_clear (&self->lower_bound);
  self->has_lower_bound = FALSE;
  mig_task_clear (&self->task);
}

void
mig_plan_session_clear (MigPlanSession *self)
{
  clear_plan (self);
  g_clear_pointer (&self->calibrations, mig_calibrations_free);
  g_clear_pointer (&self->training, mig_training_free);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->calibrated_with, g_free);
  g_clear_pointer (&self->own_fleet, mig_fleet_free);
  g_clear_pointer (&self->draft, mig_fleet_draft_free);
  g_clear_pointer (&self->survey, mig_survey_free);
  g_clear_pointer (&self->assumed, g_ptr_array_unref);
}

gboolean
mig_plan_session_limit (const MigPlanSession *self, MigFleet *fleet, GError **error)
{
  gint64 ns;

  if (!self->max_downtime)
    return TRUE;
  if (!mig_error_of_option (mig_units_parse_duration (self->max_downtime, &ns, error),
                            "max-downtime", error))
    return FALSE;
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      vm->max_downtime_s = fmin (vm->max_downtime_s, (double) ns / MIG_NS_PER_S);
    }
  return TRUE;
}

/* note_limits: of hosts that are asked now, each once. */
static void
note_limits (const MigPlanSession *self, const MigFleet *fleet)
{
  if (!self->survey)
    return;
  g_autoptr (GPtrArray) texts = mig_daemon_limits_texts (fleet, self->plan->best.moves,
                                                         self->task.parallel, self->survey->uris);
  for (guint i = 0; i < texts->len; i++)
    if (!g_ptr_array_find_with_equal_func (self->survey->notes, texts->pdata[i], g_str_equal, NULL))
      g_ptr_array_add (self->survey->notes, g_strdup (texts->pdata[i]));
}

gboolean
mig_plan_session_make (MigPlanSession *self, MigFleet *fleet, GError **error)
{
  clear_plan (self);
  if (!mig_task_parse (&self->options, &self->model, fleet, &self->task, error) ||
      !mig_plan_session_limit (self, fleet, error))
    return FALSE;
  self->plan = self->best_bandwidth ? mig_plan_make_capped (&self->model, fleet, &self->task,
                                                            &self->bandwidths, error)
                                    : mig_plan_make (&self->model, fleet, &self->task, error);
  if (!self->plan)
    return FALSE;
  note_limits (self, fleet);
  self->has_lower_bound = self->survey &&
                          mig_plan_live_lower_bound (self->survey, &self->model, fleet,
                                                     &self->plan->best, &self->lower_bound);
  return TRUE;
}

GPtrArray *
mig_plan_session_assumed (const MigPlanSession *self)
{
  return self->survey ? self->survey->notes : self->draft ? self->draft->assumed : self->assumed;
}

MigPlanReport
mig_plan_session_report (const MigPlanSession *self, const MigFleet *fleet)
{
  return (MigPlanReport){
    .fleet = fleet,
    .task = &self->task,
    .objective = self->options.objective,
    .scale = self->fleet_input ? self->fleet_input->scale : NULL,
    .storage = self->storage,
    .model = &self->model,
    .plan = self->plan,
    .bandwidths = self->bandwidths,
    .calibration = self->calibration,
    .directory = self->calibrated_with,
    .lower_bound = self->has_lower_bound ? &self->lower_bound : NULL,
    .verdicts = self->survey ? self->survey->verdicts : NULL,
    .assumed = mig_plan_session_assumed (self),
  };
}
