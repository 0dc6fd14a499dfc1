/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/adjust.h"
#include "model/copied-disks.h"
#include "plan/forecast.h"
#include "base/error.h"
#include "base/log.h"
#include "execute/interrupted.h"
#include "execute/replan.h"
#include "execute/skipped-guests.h"

/* Changes of the model that are worth a word. */
#define SPEED_SHOWN 0.05
#define SECONDS_SHOWN 0.02

/* ---- the plan as migrations ---- */

static gboolean
write_predictions (const MigReplan *self, const MigForecast *forecast, guint plan, GError **error)
{
  const MigPlanSession *planning = self->planning;
  g_autofree char *label = mig_plan_executor_case (plan);
  g_autofree char *calibrated = planning->calibration
                                    ? mig_calibration_source (planning->calibration,
                                                              planning->calibrated_with)
                                    : NULL;
  g_autofree char *model = g_strdup_printf (
      "%s%s", calibrated ? calibrated : "not calibrated",
      isnan (self->link_bytes_per_s) ? "" : ", corrected by the migrations before");
  g_autoptr (GArray) records = mig_forecast_records (forecast, label, "plan", model);

  for (guint i = 0; i < records->len; i++)
    if (!mig_result_writer_append (self->writer, MIG_TABLE_PREDICTIONS,
                                   &g_array_index (records, MigPredictionRecord, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
write_moves (MigResultWriter *writer, const GPtrArray *moves, guint plan, GError **error)
{
  for (guint i = 0; i < moves->len; i++)
    {
      const MigMoveRecord row = mig_planned_move_record (moves->pdata[i], plan);
      g_autofree char *after G_GNUC_UNUSED = row.after;
      if (!mig_result_writer_append (writer, MIG_TABLE_MOVES, &row, error))
        return FALSE;
    }
  return mig_result_writer_commit (writer, error);
}

/* moves_before: what a move waits for; NULL: groups count. */
static GArray *
moves_before (const MigOrder *order, const GArray *waits)
{
  GArray *before = order->waits ? g_array_new (FALSE, FALSE, sizeof (guint)) : NULL;

  for (guint i = 0; before && waits && i < waits->len; i++)
    g_array_append_val (before, g_array_index (waits, MigWait, i).before);
  return before;
}

static MigForecast
forecast_of (const MigPlanSession *planning)
{
  return (MigForecast){ &planning->model, planning->own_fleet, &planning->plan->best,
                        planning->has_lower_bound ? &planning->lower_bound : NULL };
}

GPtrArray *
mig_replan_planned (const MigPlanSession *planning)
{
  const MigFleet *fleet = planning->own_fleet;
  const MigForecast forecast = forecast_of (planning);
  const GArray *planned = planning->plan->best.moves;
  g_autoptr (GPtrArray) before = mig_order_before (forecast.order, fleet);
  GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);

  for (guint i = 0; i < planned->len; i++)
    {
      const MigMove *move = &g_array_index (planned, MigMove, i);
      const MigFleetVm *vm = mig_fleet_vm (fleet, move->vm);
      MigPlannedMove *next = mig_planned_move_new (
          vm->name, g_hash_table_lookup (planning->survey->uuids, vm->name),
          mig_fleet_host (fleet, mig_order_source (forecast.order, fleet, i))->name,
          mig_fleet_host (fleet, move->to)->name, move->group);
      next->after = moves_before (forecast.order, before->pdata[i]);
      next->time = mig_forecast_move (&forecast, i, MIG_QUANTITY_TOTAL_TIME);
      next->memory = mig_forecast_memory (&forecast, i);
      next->downtime = mig_forecast_move (&forecast, i, MIG_QUANTITY_DOWNTIME);
      next->disks_known = mig_model_disk_bytes (&planning->model, vm) > 0;
      g_ptr_array_add (moves, next);
    }
  return moves;
}

GPtrArray *
mig_replan_moves (MigReplan *self, guint plan, GError **error)
{
  const MigForecast forecast = forecast_of (self->planning);
  g_autoptr (GPtrArray) moves = mig_replan_planned (self->planning);

  if (!write_predictions (self, &forecast, plan, error) ||
      !write_moves (self->writer, moves, plan, error))
    return NULL;
  mig_skipped_guests_note (self->skipped, self->planning);
  g_ptr_array_set_free_func (moves, NULL);
  return g_steal_pointer (&moves);
}

/* ---- what was measured ---- */

static double
number_of (gint64 value)
{
  return MIG_IS_MISSING (value) ? NAN : (double) value;
}

static MigMoveMeasured
measured_of (const MigFleet *fleet, const MigPlannedMove *move)
{
  const MigMigrationRecord *record = move->record;
  double setup_ns = MIG_IS_MISSING (record->setup_ns) ? 0 : (double) record->setup_ns;
  double normal = number_of (record->normal_pages), constant = number_of (record->constant_pages);

  return (MigMoveMeasured){
    .move = { mig_fleet_find_vm (fleet, move->guest), mig_fleet_find_host (fleet, move->to),
              move->group },
    .time_s = mig_planned_move_memory_s (move),
    .downtime_s = move->downtime_s,
    .sending_s = (number_of (record->transfer_ns) - setup_ns) / MIG_NS_PER_S -
                 mig_copied_disks_s (record),
    .normal_pages = isnan (normal) ? number_of (record->sent_bytes) / MIG_PAGE_BYTES : normal,
    .constant_pages = isnan (constant) ? 0 : constant,
    .dirty_pages_per_s = number_of (move->dirty_pages_per_s),
  };
}

/* times_off: how many times as long as predicted, or as short, without disks: the logarithm. */
static double
times_off (const MigPlannedMove *move)
{
  return fabs (log (mig_planned_move_memory_s (move) / move->memory.value));
}

/* collect: the last plan's migrations that were done; the one that was furthest from its
 * prediction, or NULL. */
static const MigPlannedMove *
collect (const MigPlanProgress *execution, const MigFleet *fleet, GArray *measured,
         guint *n_deviating)
{
  const GPtrArray *moves = mig_plan_progress_moves (execution);
  const MigPlannedMove *worst = NULL;

  *n_deviating = 0;
  for (guint i = mig_plan_progress_first (execution); i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      if (move->state != MIG_MOVE_DONE || move->unmodelled)
        continue;
      MigMoveMeasured one = measured_of (fleet, move);
      g_array_append_val (measured, one);
      if (!mig_planned_move_deviates (move))
        continue;
      ++*n_deviating;
      if (!worst || times_off (move) > times_off (worst))
        worst = move;
    }
  return worst;
}

static void
add_deviation (GString *text, const char *quantity, double measured, const MigPredicted *expected,
               gboolean first)
{
  g_autofree char *here = mig_units_format_seconds (measured);
  g_autofree char *there = mig_units_format_seconds (expected->value);

  g_string_append_printf (text, "%s %s %s instead of the predicted %s", first ? "" : " and",
                          quantity, here, there);
}

static void
add_changes (GString *text, const MigAdjustment *adjustment)
{
  gboolean any = FALSE;

  if (fabs (adjustment->speed - 1) > SPEED_SHOWN)
    {
      g_autofree char *before = mig_units_format_rate (
          (gint64) adjustment->link_before_bytes_per_s);
      g_autofree char *after = mig_units_format_rate ((gint64) adjustment->link_after_bytes_per_s);
      g_string_append_printf (text, " links of %s instead of %s", after, before);
      any = TRUE;
    }
  const struct {
    const char *name;
    double before, after;
  } times[] = {
    { "switching over", adjustment->switch_before_s, adjustment->switch_after_s },
    { "what else a migration takes", adjustment->end_before_s, adjustment->end_after_s },
  };
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *before = mig_units_format_seconds (times[i].before);
      g_autofree char *after = mig_units_format_seconds (times[i].after);
      if (fabs (times[i].after - times[i].before) < SECONDS_SHOWN)
        continue;
      g_string_append_printf (text, "%s %s for %s instead of %s", any ? "," : "", after,
                              times[i].name, before);
      any = TRUE;
    }
  if (!any)
    g_string_append (text, " what it was planned with before");
}

static void
tell (MigReplan *self, const MigPlannedMove *worst, guint n, const MigAdjustment *adjustment)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double memory_s = mig_planned_move_memory_s (worst);
  gboolean time = mig_expected_deviates (&worst->memory, memory_s, MIG_DEVIATION_TIME_S);

  g_string_append_printf (text, "'%s'", worst->guest);
  if (time)
    add_deviation (text, worst->disks_known ? "took, without its disks," : "took", memory_s,
                   &worst->memory, TRUE);
  if (mig_expected_deviates (&worst->downtime, worst->downtime_s, MIG_DEVIATION_DOWNTIME_S))
    add_deviation (text, "stood still for", worst->downtime_s, &worst->downtime, !time);
  if (n > 1)
    g_string_append_printf (text, " (and %u more)", n - 1);
  g_string_append (text, "; what is left is planned anew, with");
  add_changes (text, adjustment);
  mig_info ("%s", text->str);
  g_ptr_array_add (self->notes, g_string_free (g_steal_pointer (&text), FALSE));
}

/* learn: from the last plan's migrations, where they were not as predicted, or the links' rate was
 * a guess. */
static void
learn (MigReplan *self, const MigPlanProgress *execution)
{
  MigPlanSession *planning = self->planning;
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigAdjustment adjustment;
  guint n;
  const MigPlannedMove *worst = collect (execution, planning->own_fleet, measured, &n);

  if (measured->len == 0 || (!worst && self->link_known))
    return;
  mig_adjust (&planning->model, planning->own_fleet, measured, &adjustment);
  if (adjustment.tells_speed)
    {
      self->link_known = TRUE;
      self->link_bytes_per_s = adjustment.link_after_bytes_per_s;
    }
  if (worst)
    tell (self, worst, n, &adjustment);
}

/* ---- the fleet as it is now ---- */

/* move_vms: without a survey: the guests that were moved are where they were to go, and those that
 * have ended need none. */
static void
move_vms (const MigPlanProgress *execution, MigFleet *fleet)
{
  const GPtrArray *moves = mig_plan_progress_moves (execution);

  for (guint i = mig_plan_progress_first (execution); i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      guint vm = mig_fleet_find_vm (fleet, move->guest);
      if (move->state == MIG_MOVE_DONE)
        g_array_index (fleet->vms, MigFleetVm, vm).host = mig_fleet_find_host (fleet, move->to);
      else if (move->state == MIG_MOVE_GONE)
        g_array_index (fleet->vms, MigFleetVm, vm).stays = TRUE;
    }
}

static gboolean
take_survey (MigReplan *self, MigSurvey *survey /* taken */, GError **error)
{
  MigPlanSession *planning = self->planning;

  g_clear_pointer (&planning->survey, mig_survey_free);
  planning->survey = survey;
  MigFleet *fleet = mig_fleet_from_records (survey->rows, "the hosts", error);
  if (!fleet)
    return FALSE;
  g_clear_pointer (&planning->own_fleet, mig_fleet_free);
  planning->own_fleet = fleet;
  if (!mig_memory_limits_apply (&planning->memory_limits, fleet, TRUE, error))
    return FALSE;
  for (guint i = 0; i < fleet->hosts->len && !isnan (self->link_bytes_per_s); i++)
    g_array_index (fleet->hosts, MigFleetHost, i).link_bytes_per_s = self->link_bytes_per_s;
  return TRUE;
}

/* mark: who is to be left where it is, and who had better go elsewhere; destinations are chosen
 * anew. */
static void
mark (const MigPlanSession *planning, const MigPlanProgress *execution)
{
  for (guint i = 0; i < planning->own_fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (planning->own_fleet->vms, MigFleetVm, i);
      const char *uuid = g_hash_table_lookup (planning->survey->uuids, vm->name);
      vm->to = MIG_NO_INDEX;
      vm->stays |= uuid && mig_plan_progress_left_out (execution, uuid);
      g_free (vm->avoid);
      vm->avoid = g_strdup (uuid ? mig_plan_progress_avoid (execution, uuid) : NULL);
    }
  mig_survey_mark (planning->survey, planning->own_fleet);
}

/* known_hosts: of these names, those that answer. NULL: none was named. */
static char **
known_hosts (const MigFleet *fleet, char **names)
{
  g_autoptr (GStrvBuilder) known = g_strv_builder_new ();

  if (!names)
    return NULL;
  for (guint i = 0; names[i]; i++)
    if (mig_fleet_find_host (fleet, names[i]) != MIG_NO_INDEX)
      g_strv_builder_add (known, names[i]);
  return g_strv_builder_end (known);
}

static gboolean
sources_answer (const MigPlanSession *planning, GError **error)
{
  char **sources = planning->options.empty ? planning->options.empty : planning->options.relieve;

  for (guint i = 0; sources && sources[i]; i++)
    if (mig_fleet_find_host (planning->own_fleet, sources[i]) == MIG_NO_INDEX)
      {
        g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "source host '%s' does not answer",
                     sources[i]);
        return FALSE;
      }
  return TRUE;
}

gboolean
mig_replan (const MigPlanProgress *execution, MigSurvey *survey, GPtrArray **moves, gpointer data,
            GError **error)
{
  MigReplan *self = data;
  MigPlanSession *planning = self->planning;

  learn (self, execution);
  if (!survey)
    move_vms (execution, planning->own_fleet);
  else if (!take_survey (self, survey, error))
    return FALSE;
  mark (planning, execution);
  if (!sources_answer (planning, error))
    return FALSE;
  char **to = planning->options.to;
  g_auto (GStrv) known = known_hosts (planning->own_fleet, to);
  planning->options.to = known;
  planning->options.goes_on = TRUE;
  planning->best_bandwidth = FALSE;         /* it was found, and holds for all */
  planning->options.skip_impossible = TRUE; /* some have moved: the rest is not left for one */
  gboolean ok = mig_plan_session_make (planning, planning->own_fleet, error);
  planning->options.to = to;
  return ok && (*moves = mig_replan_moves (self, mig_plan_progress_plan (execution) + 1, error));
}
