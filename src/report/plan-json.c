/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/json-parts.h"
#include "report/plan.h"

#define JSON_FORMAT 1

static void
add_parameters (JsonBuilder *builder, const MigCalibration *calibration)
{
  mig_json_begin_array (builder, "parameters");
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    {
      json_builder_begin_object (builder);
      mig_json_text (builder, "id", mig_parameter_info (i)->id);
      mig_json_number (builder, "value", calibration->parameters[i].value);
      mig_json_number (builder, "ci95_low", calibration->parameters[i].low);
      mig_json_number (builder, "ci95_high", calibration->parameters[i].high);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  mig_json_number (builder, "setup_s", calibration->model.setup_s);
  mig_json_number (builder, "end_s", calibration->model.end_s);
  mig_json_number (builder, "time_log_error", calibration->model.time_error);
  mig_json_number (builder, "downtime_log_error", calibration->model.downtime_error);
  mig_json_number (builder, "lost_work_share_error", calibration->model.lost_error);
  mig_json_number (builder, "lost_work_mean_share_error", calibration->model.lost_mean_error);
}

static void
add_errors (JsonBuilder *builder, const MigCalibration *calibration)
{
  mig_json_begin_array (builder, "left_out_errors");
  for (guint i = 0; i < MIG_N_PREDICTORS; i++)
    {
      const MigErrors *errors = &calibration->errors[i];
      json_builder_begin_object (builder);
      mig_json_text (builder, "predictor", mig_predictor_id (i));
      mig_json_number (builder, "time_ratio", errors->time);
      mig_json_number (builder, "downtime_ratio", errors->downtime);
      mig_json_number (builder, "case_time_ratio", errors->case_time);
      mig_json_number (builder, "case_downtime_ratio", errors->case_downtime);
      mig_json_number (builder, "rank", errors->rank);
      mig_json_integer (builder, "n_time", errors->n_time);
      mig_json_integer (builder, "n_downtime", errors->n_downtime);
      mig_json_number (builder, "lost_work_share", errors->lost);
      mig_json_integer (builder, "n_lost", errors->n_lost);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_case (JsonBuilder *builder, const MigCasePrediction *prediction)
{
  mig_json_text (builder, "case", prediction->label);
  mig_json_integer (builder, "runs", prediction->n_runs);
  mig_json_number (builder, "measured_time_s", prediction->measured_time_s);
  mig_json_number (builder, "measured_downtime_s", prediction->measured_downtime_s);
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

static void
add_calibration (JsonBuilder *builder, const MigPlanReport *report)
{
  const MigCalibration *calibration = report->calibration;

  mig_json_begin_object (builder, "calibration");
  mig_json_text (builder, "directory", report->directory);
  mig_json_integer (builder, "runs", calibration->n_runs);
  mig_json_integer (builder, "migrations", calibration->n_migrations);
  add_parameters (builder, calibration);
  add_errors (builder, calibration);
  mig_json_list (builder, "cases", calibration->cases, add_case);
  json_builder_end_object (builder);
}

static void
add_factor (JsonBuilder *builder, const char *name, double value, double factor)
{
  mig_json_interval (builder, name, (MigPredicted){ value, value / factor, value * factor });
}

static void
add_around (JsonBuilder *builder, const char *name, double value, double half)
{
  mig_json_interval (builder, name, (MigPredicted){ value, value - half, value + half });
}

static void
add_move (JsonBuilder *builder, const MigPlanReport *report, const MigMove *move,
          const MigMoveCost *cost, double time_s)
{
  const MigFleet *fleet = report->fleet;
  const MigFleetVm *vm = mig_fleet_vm (fleet, move->vm);
  double factor = mig_model_time_factor (report->model);

  json_builder_begin_object (builder);
  mig_json_integer (builder, "group", move->group + 1);
  mig_json_text (builder, "vm", vm->name);
  mig_json_text (builder, "from", mig_fleet_host (fleet, vm->host)->name);
  mig_json_text (builder, "to", mig_fleet_host (fleet, move->to)->name);
  add_factor (builder, "start_s", cost->start_s, factor);
  add_factor (builder, "end_s", cost->end_s, factor);
  add_factor (builder, "downtime_s", cost->downtime_s, mig_model_downtime_factor (report->model));
  add_around (builder, "lost_work_s", cost->lost_s, mig_model_lost_half (report->model, time_s));
  mig_json_number (builder, "sent_bytes", cost->sent_bytes);
  mig_json_integer (builder, "rounds", cost->rounds);
  json_builder_end_object (builder);
}

/* add_staying: lost work of the VMs that do not move, where there is any. */
static void
add_staying (JsonBuilder *builder, const MigPlanReport *report, const MigOrder *order)
{
  g_autofree gboolean *moves = g_new0 (gboolean, report->fleet->vms->len);

  for (guint i = 0; i < order->moves->len; i++)
    moves[g_array_index (order->moves, MigMove, i).vm] = TRUE;
  mig_json_begin_array (builder, "staying");
  for (guint i = 0; i < report->fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, i);
      double lost = g_array_index (order->lost, double, i);
      if (moves[i] || lost == 0)
        continue;
      json_builder_begin_object (builder);
      mig_json_text (builder, "vm", vm->name);
      mig_json_text (builder, "on", mig_fleet_host (report->fleet, vm->host)->name);
      add_around (builder, "lost_work_s", lost,
                  mig_model_lost_half (report->model, order->cost.time_s));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_order (JsonBuilder *builder, const MigPlanReport *report, const MigOrder *order)
{
  const MigPlanCost *cost = &order->cost;
  double time_factor = mig_model_time_factor (report->model);
  double downtime_factor = mig_model_downtime_factor (report->model);

  json_builder_begin_object (builder);
  mig_json_text (builder, "order", order->name);
  mig_json_boolean (builder, "allowed", order->allowed);
  mig_json_number (builder, "objective", mig_objective_value (&report->plan->objective, cost));
  add_factor (builder, "time_s", cost->time_s, time_factor);
  add_factor (builder, "migration_s", cost->migration_s, time_factor);
  add_factor (builder, "downtime_s", cost->downtime_s, downtime_factor);
  add_factor (builder, "worst_downtime_s", cost->worst_downtime_s, downtime_factor);
  add_around (builder, "lost_work_s", cost->lost_s,
              mig_model_lost_sum_half (report->model, cost->time_s, report->fleet->vms->len));
  add_around (builder, "lost_work_staying_s", cost->lost_staying_s,
              mig_model_lost_sum_half (report->model, cost->time_s,
                                       report->fleet->vms->len - order->moves->len));
  mig_json_begin_array (builder, "moves");
  for (guint i = 0; i < order->moves->len; i++)
    add_move (builder, report, &g_array_index (order->moves, MigMove, i),
              &g_array_index (order->costs, MigMoveCost, i), cost->time_s);
  json_builder_end_array (builder);
  add_staying (builder, report, order);
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
