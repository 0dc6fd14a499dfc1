/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/run-json.h"
#include "report/plan.h"

#define JSON_FORMAT 1

/* --- calibration --- */

#define RECORD MigEstimate
static const MigJsonMember estimate_members[] = {
  MIG_JSON ("value", NUMBER, value),
  MIG_JSON ("ci95_low", NUMBER, low),
  MIG_JSON ("ci95_high", NUMBER, high),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigModel
static const MigJsonMember model_members[] = {
  MIG_JSON ("setup_s", NUMBER, setup_s),
  MIG_JSON ("end_s", NUMBER, end_s),
  MIG_JSON ("time_log_error", NUMBER, time_error),
  MIG_JSON ("downtime_log_error", NUMBER, downtime_error),
  MIG_JSON ("lost_work_share_error", NUMBER, lost_error),
  MIG_JSON ("lost_work_mean_share_error", NUMBER, lost_mean_error),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigErrors
static const MigJsonMember error_members[] = {
  MIG_JSON ("time_ratio", NUMBER, time),
  MIG_JSON ("downtime_ratio", NUMBER, downtime),
  MIG_JSON ("case_time_ratio", NUMBER, case_time),
  MIG_JSON ("case_downtime_ratio", NUMBER, case_downtime),
  MIG_JSON ("rank", NUMBER, rank),
  MIG_JSON ("n_time", COUNT, n_time),
  MIG_JSON ("n_downtime", COUNT, n_downtime),
  MIG_JSON ("lost_work_share", NUMBER, lost),
  MIG_JSON ("n_lost", COUNT, n_lost),
  MIG_JSON_END,
};
#undef RECORD

static void
add_predictions (JsonBuilder *builder, gconstpointer record)
{
  const MigCasePrediction *prediction = record;

  mig_json_begin_array (builder, "predictions");
  for (guint p = 0; p < MIG_N_PREDICTORS; p++)
    {
      json_builder_begin_object (builder);
      mig_json_text (builder, "predictor", mig_predictor_id (p));
      mig_json_number (builder, "time_s", prediction->time_s[p]);
      mig_json_number (builder, "downtime_s", prediction->downtime_s[p]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

#define RECORD MigCasePrediction
static const MigJsonMember case_members[] = {
  MIG_JSON ("case", TEXT, label),
  MIG_JSON ("runs", COUNT, n_runs),
  MIG_JSON ("measured_time_s", NUMBER, measured_time_s),
  MIG_JSON ("measured_downtime_s", NUMBER, measured_downtime_s),
  MIG_JSON_ADD (add_predictions),
  MIG_JSON_END,
};
#undef RECORD

/* add_named: an object whose first member says what it is of. */
static void
add_named (JsonBuilder *builder, const char *key, const char *id, const MigJsonMember *members,
           gconstpointer record)
{
  json_builder_begin_object (builder);
  mig_json_text (builder, key, id);
  mig_json_members (builder, members, record);
  json_builder_end_object (builder);
}

static void
add_calibration (JsonBuilder *builder, const MigPlanReport *report)
{
  const MigCalibration *calibration = report->calibration;

  mig_json_begin_object (builder, "calibration");
  mig_json_text (builder, "directory", report->directory);
  mig_json_integer (builder, "runs", calibration->n_runs);
  mig_json_integer (builder, "migrations", calibration->n_migrations);
  mig_json_begin_array (builder, "parameters");
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    add_named (builder, "id", mig_parameter_info (i)->id, estimate_members,
               &calibration->parameters[i]);
  json_builder_end_array (builder);
  mig_json_members (builder, model_members, &calibration->model);
  mig_json_begin_array (builder, "left_out_errors");
  for (guint i = 0; i < MIG_N_PREDICTORS; i++)
    add_named (builder, "predictor", mig_predictor_id (i), error_members, &calibration->errors[i]);
  json_builder_end_array (builder);
  mig_json_list (builder, "cases", calibration->cases, case_members);
  json_builder_end_object (builder);
}

static void
add_move (JsonBuilder *builder, const MigForecast *forecast, guint i)
{
  const MigFleet *fleet = forecast->fleet;
  const MigMove *move = &g_array_index (forecast->order->moves, MigMove, i);
  const MigMoveCost *cost = &g_array_index (forecast->order->costs, MigMoveCost, i);
  const MigFleetVm *vm = mig_fleet_vm (fleet, move->vm);

  json_builder_begin_object (builder);
  mig_json_integer (builder, "group", move->group + 1);
  mig_json_text (builder, "vm", vm->name);
  mig_json_text (builder, "from", mig_fleet_host (fleet, vm->host)->name);
  mig_json_text (builder, "to", mig_fleet_host (fleet, move->to)->name);
  mig_json_interval (builder, "start_s", mig_forecast_move (forecast, i, MIG_QUANTITY_START));
  mig_json_interval (builder, "end_s", mig_forecast_end (forecast, i));
  mig_json_interval (builder, "time_s", mig_forecast_move (forecast, i, MIG_QUANTITY_TOTAL_TIME));
  mig_json_interval (builder, "downtime_s", mig_forecast_move (forecast, i, MIG_QUANTITY_DOWNTIME));
  mig_json_interval (builder, "lost_work_s",
                     mig_forecast_move (forecast, i, MIG_QUANTITY_LOST_WORK));
  mig_json_number (builder, "sent_bytes", cost->sent_bytes);
  mig_json_integer (builder, "rounds", cost->rounds);
  json_builder_end_object (builder);
}

/* add_staying: lost work of the VMs that do not move, where there is any. */
static void
add_staying (JsonBuilder *builder, const MigForecast *forecast)
{
  const MigFleet *fleet = forecast->fleet;
  const MigOrder *order = forecast->order;
  g_autofree gboolean *moves = g_new0 (gboolean, fleet->vms->len);

  for (guint i = 0; i < order->moves->len; i++)
    moves[g_array_index (order->moves, MigMove, i).vm] = TRUE;
  mig_json_begin_array (builder, "staying");
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      if (moves[i] || g_array_index (order->lost, double, i) == 0)
        continue;
      json_builder_begin_object (builder);
      mig_json_text (builder, "vm", vm->name);
      mig_json_text (builder, "on", mig_fleet_host (fleet, vm->host)->name);
      mig_json_interval (builder, "lost_work_s", mig_forecast_lost (forecast, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_order (JsonBuilder *builder, const MigPlanReport *report, const MigOrder *order)
{
  static const struct {
    const char *name;
    MigQuantity quantity;
  } sums[] = {
    { "time_s", MIG_QUANTITY_WALL_TIME },      { "migration_s", MIG_QUANTITY_TOTAL_TIME },
    { "downtime_s", MIG_QUANTITY_DOWNTIME },   { "worst_downtime_s", MIG_QUANTITY_WORST_DOWNTIME },
    { "lost_work_s", MIG_QUANTITY_LOST_WORK },
  };
  const MigForecast forecast = mig_plan_forecast (report, order);

  json_builder_begin_object (builder);
  mig_json_text (builder, "order", order->name);
  mig_json_boolean (builder, "allowed", order->allowed);
  mig_json_number (builder, "objective",
                   mig_objective_value (&report->plan->objective, &order->cost));
  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    mig_json_interval (builder, sums[i].name, mig_forecast_case (&forecast, sums[i].quantity));
  mig_json_interval (builder, "lost_work_staying_s", mig_forecast_lost_staying (&forecast));
  mig_json_begin_array (builder, "moves");
  for (guint i = 0; i < order->moves->len; i++)
    add_move (builder, &forecast, i);
  json_builder_end_array (builder);
  add_staying (builder, &forecast);
  json_builder_end_object (builder);
}

/* add_bandwidths: what a limit of each migration would do to the objective; no limit: no rate. */
static void
add_bandwidths (JsonBuilder *builder, const MigPlanReport *report)
{
  if (isfinite (report->model->cap_bytes_per_s))
    mig_json_number (builder, "bandwidth_bytes_per_s", report->model->cap_bytes_per_s);
  mig_json_begin_array (builder, "bandwidths");
  for (guint i = 0; i < report->bandwidths->len; i++)
    {
      const MigBandwidth *bandwidth = &g_array_index (report->bandwidths, MigBandwidth, i);
      json_builder_begin_object (builder);
      if (isfinite (bandwidth->cap_bytes_per_s))
        mig_json_number (builder, "bandwidth_bytes_per_s", bandwidth->cap_bytes_per_s);
      mig_json_number (builder, "objective", bandwidth->value);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_assumed (JsonBuilder *builder, const MigPlanReport *report)
{
  mig_json_begin_array (builder, "assumed");
  for (guint i = 0; report->assumed && i < report->assumed->len; i++)
    json_builder_add_string_value (builder, report->assumed->pdata[i]);
  json_builder_end_array (builder);
  if (!report->lower_bound)
    return;
  json_builder_set_member_name (builder, "least");
  add_order (builder, report, report->lower_bound);
}

static void
add_plan (JsonBuilder *builder, const MigPlanReport *report)
{
  g_autofree char *why = mig_plan_why (report);

  mig_json_text (builder, "objective", report->objective);
  mig_json_boolean (builder, "exact", report->plan->exact);
  mig_json_number (builder, "bound", report->plan->bound);
  mig_json_number (builder, "time_interval_factor", mig_model_time_factor (report->model));
  mig_json_number (builder, "downtime_interval_factor", mig_model_downtime_factor (report->model));
  mig_json_text (builder, "why", why);
  if (report->bandwidths)
    add_bandwidths (builder, report);
  json_builder_set_member_name (builder, "plan");
  add_order (builder, report, &report->plan->best);
  add_assumed (builder, report);
  mig_json_begin_array (builder, "others");
  for (guint i = 0; i < report->plan->others->len; i++)
    add_order (builder, report, report->plan->others->pdata[i]);
  json_builder_end_array (builder);
}

char *
mig_plan_json (const MigPlanReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  mig_json_integer (builder, "format", JSON_FORMAT);
  if (report->calibration)
    add_calibration (builder, report);
  if (report->plan)
    add_plan (builder, report);
  json_builder_end_object (builder);
  return mig_json_print (builder);
}
