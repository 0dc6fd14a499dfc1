/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/scale.h"
#include "report/run-json.h"
#include "report/plan.h"
#include "report/verdicts.h"

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
  MIG_JSON ("disk_time_ratio", NUMBER, disk),
  MIG_JSON ("n_disk", COUNT, n_disk),
  MIG_JSON_END,
};
#undef RECORD

static void
add_predictions (MigJson *json, gconstpointer record)
{
  const MigCasePrediction *prediction = record;

  mig_json_begin_array (json, "predictions");
  for (guint p = 0; p < MIG_N_PREDICTORS; p++)
    {
      mig_json_begin_object (json, NULL);
      mig_json_text (json, "predictor", mig_predictor_id (p));
      mig_json_number (json, "time_s", prediction->time_s[p]);
      mig_json_number (json, "downtime_s", prediction->downtime_s[p]);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
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
add_named (MigJson *json, const char *key, const char *id, const MigJsonMember *members,
           gconstpointer record)
{
  mig_json_begin_object (json, NULL);
  mig_json_text (json, key, id);
  mig_json_members (json, members, record);
  mig_json_end_object (json);
}

static void
add_calibration (MigJson *json, const MigPlanReport *report)
{
  const MigCalibration *calibration = report->calibration;

  mig_json_begin_object (json, "calibration");
  mig_json_text (json, "directory", report->directory);
  mig_json_integer (json, "runs", calibration->n_runs);
  mig_json_integer (json, "migrations", calibration->n_migrations);
  mig_json_begin_array (json, "parameters");
  for (guint i = 0; i < calibration->n_parameters; i++)
    add_named (json, "id", mig_parameter_info (i)->id, estimate_members,
               &calibration->parameters[i]);
  mig_json_end_array (json);
  mig_json_members (json, model_members, &calibration->model);
  mig_json_begin_array (json, "left_out_errors");
  for (guint i = 0; i < MIG_N_PREDICTORS; i++)
    add_named (json, "predictor", mig_predictor_id (i), error_members, &calibration->errors[i]);
  mig_json_end_array (json);
  mig_json_list (json, "cases", calibration->cases, case_members);
  mig_json_end_object (json);
}

/* --- plan --- */

/* A migration of an order. */
typedef struct {
  guint group; /* from 1 */
  const char *vm, *from, *to;
  GPtrArray *after; /* of char *: VMs whose migrations have to end before; NULL: groups do */
  double memory_wait_s;
  MigPredicted start, end, time, downtime, lost;
  MigPredicted outage, stall; /* NaN: the model knows of none */
  double sent_bytes;
  guint rounds;
  double disk_s, disk_bytes;
} MoveRow;

#define RECORD MoveRow
static const MigJsonMember move_members[] = {
  MIG_JSON ("group", COUNT, group),
  MIG_JSON ("vm", TEXT, vm),
  MIG_JSON ("from", TEXT, from),
  MIG_JSON ("to", TEXT, to),
  MIG_JSON ("start_s", PREDICTED, start),
  MIG_JSON ("end_s", PREDICTED, end),
  MIG_JSON ("time_s", PREDICTED, time),
  MIG_JSON ("downtime_s", PREDICTED, downtime),
  MIG_JSON ("lost_work_s", PREDICTED, lost),
  MIG_JSON ("sent_bytes", NUMBER, sent_bytes),
  MIG_JSON ("rounds", COUNT, rounds),
  MIG_JSON_END,
};

static const MigJsonMember clients_members[] = {
  MIG_JSON ("outage_s", PREDICTED, outage),
  MIG_JSON ("tcp_stall_s", PREDICTED, stall),
  MIG_JSON_END,
};

static const MigJsonMember disk_members[] = {
  MIG_JSON ("disk_s", NUMBER, disk_s),
  MIG_JSON ("disk_bytes", NUMBER, disk_bytes),
  MIG_JSON_END,
};

static const MigJsonMember after_members[] = {
  MIG_JSON ("after", TEXTS, after),
  MIG_JSON ("memory_wait_s", NUMBER, memory_wait_s),
  MIG_JSON_END,
};
#undef RECORD

/* A VM that does not move. */
typedef struct {
  const char *vm, *on, *reason;
  MigPredicted lost;
} StayingRow;

#define RECORD StayingRow
static const MigJsonMember staying_members[] = {
  MIG_JSON ("vm", TEXT, vm),
  MIG_JSON ("on", TEXT, on),
  MIG_JSON ("lost_work_s", PREDICTED, lost),
  MIG_JSON_END,
};

static const MigJsonMember skipped_members[] = {
  MIG_JSON ("vm", TEXT, vm),
  MIG_JSON ("on", TEXT, on),
  MIG_JSON ("reason", TEXT, reason),
  MIG_JSON_END,
};
#undef RECORD

/* An order as a whole. */
typedef struct {
  const char *name;
  gboolean allowed;
  double objective;
  MigPredicted time, migration, downtime, worst_downtime, lost, lost_staying;
} OrderRow;

#define RECORD OrderRow
static const MigJsonMember order_members[] = {
  MIG_JSON ("order", TEXT, name),
  MIG_JSON ("allowed", BOOLEAN, allowed),
  MIG_JSON ("objective", NUMBER, objective),
  MIG_JSON ("time_s", PREDICTED, time),
  MIG_JSON ("migration_s", PREDICTED, migration),
  MIG_JSON ("downtime_s", PREDICTED, downtime),
  MIG_JSON ("worst_downtime_s", PREDICTED, worst_downtime),
  MIG_JSON ("lost_work_s", PREDICTED, lost),
  MIG_JSON ("lost_work_staying_s", PREDICTED, lost_staying),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigBandwidth
static const MigJsonMember bandwidth_members[] = {
  MIG_JSON ("bandwidth_bytes_per_s", NUMBER, cap_bytes_per_s),
  MIG_JSON ("objective", NUMBER, value),
  MIG_JSON_END,
};
#undef RECORD

static const char *
host_name (const MigFleet *fleet, guint host)
{
  return mig_fleet_host (fleet, host)->name;
}

/* vms_before: whose migrations one waits for. */
static GPtrArray *
vms_before (const MigForecast *forecast, const GArray *waits)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint j = 0; waits && j < waits->len; j++)
    {
      guint before = g_array_index (waits, MigWait, j).before;
      guint vm = g_array_index (forecast->order->moves, MigMove, before).vm;
      g_ptr_array_add (names, mig_fleet_vm (forecast->fleet, vm)->name);
    }
  return names;
}

static void
add_move (MigJson *json, const MigForecast *forecast, const GPtrArray *before, guint i)
{
  const MigFleet *fleet = forecast->fleet;
  const MigMove *move = &g_array_index (forecast->order->moves, MigMove, i);
  const MigMoveCost *cost = &g_array_index (forecast->order->costs, MigMoveCost, i);
  g_autoptr (GPtrArray) after = forecast->order->waits ? vms_before (forecast, before->pdata[i])
                                                       : NULL;
  const MoveRow row = {
    .group = move->group + 1,
    .vm = mig_fleet_vm (fleet, move->vm)->name,
    .from = host_name (fleet, mig_order_source (forecast->order, fleet, i)),
    .to = host_name (fleet, move->to),
    .after = after,
    .memory_wait_s = after ? mig_order_memory_wait (forecast->order, before, i) : NAN,
    .start = mig_forecast_move (forecast, i, MIG_QUANTITY_START),
    .end = mig_forecast_end (forecast, i),
    .time = mig_forecast_move (forecast, i, MIG_QUANTITY_TOTAL_TIME),
    .downtime = mig_forecast_move (forecast, i, MIG_QUANTITY_DOWNTIME),
    .lost = mig_forecast_move (forecast, i, MIG_QUANTITY_LOST_WORK),
    .outage = mig_forecast_move (forecast, i, MIG_QUANTITY_OUTAGE),
    .stall = mig_forecast_move (forecast, i, MIG_QUANTITY_STALL),
    .sent_bytes = cost->sent_bytes,
    .rounds = cost->rounds,
    .disk_s = cost->disk_s,
    .disk_bytes = mig_model_disk_bytes (forecast->model, mig_fleet_vm (fleet, move->vm)),
  };

  mig_json_begin_object (json, NULL);
  mig_json_members (json, move_members, &row);
  if (row.disk_bytes > 0)
    mig_json_members (json, disk_members, &row);
  if (after)
    mig_json_members (json, after_members, &row);
  if (!isnan (row.outage.value))
    mig_json_members (json, clients_members, &row);
  mig_json_end_object (json);
}

/* add_staying: lost work of the VMs that do not move, where there is any. */
static void
add_staying (MigJson *json, const MigForecast *forecast)
{
  const MigFleet *fleet = forecast->fleet;
  const MigOrder *order = forecast->order;
  g_autofree gboolean *moves = g_new0 (gboolean, fleet->vms->len);

  for (guint i = 0; i < order->moves->len; i++)
    moves[g_array_index (order->moves, MigMove, i).vm] = TRUE;
  mig_json_begin_array (json, "staying");
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      if (moves[i] || g_array_index (order->lost, double, i) == 0)
        continue;
      const StayingRow row = { .vm = vm->name,
                               .on = host_name (fleet, vm->host),
                               .lost = mig_forecast_lost (forecast, i) };
      mig_json_object (json, NULL, staying_members, &row);
    }
  mig_json_end_array (json);
}

static void
add_skipped (MigJson *json, const MigPlanReport *report)
{
  const GPtrArray *skipped = report->plan->skipped;

  if (skipped->len == 0)
    return;
  mig_json_begin_array (json, "skipped");
  for (guint i = 0; i < skipped->len; i++)
    {
      const MigObstacle *obstacle = skipped->pdata[i];
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, obstacle->vm);
      const StayingRow row = { .vm = vm->name,
                               .on = host_name (report->fleet, vm->host),
                               .reason = obstacle->reason };
      mig_json_object (json, NULL, skipped_members, &row);
    }
  mig_json_end_array (json);
}

static void
add_order (MigJson *json, const char *key, const MigPlanReport *report, const MigOrder *order)
{
  const MigForecast forecast = mig_plan_forecast (report, order);
  const OrderRow row = {
    .name = order->name,
    .allowed = order->allowed,
    .objective = mig_objective_value (&report->plan->objective, &order->cost),
    .time = mig_forecast_case (&forecast, MIG_QUANTITY_WALL_TIME),
    .migration = mig_forecast_case (&forecast, MIG_QUANTITY_TOTAL_TIME),
    .downtime = mig_forecast_case (&forecast, MIG_QUANTITY_DOWNTIME),
    .worst_downtime = mig_forecast_case (&forecast, MIG_QUANTITY_WORST_DOWNTIME),
    .lost = mig_forecast_case (&forecast, MIG_QUANTITY_LOST_WORK),
    .lost_staying = mig_forecast_lost_staying (&forecast),
  };

  g_autoptr (GPtrArray) before = mig_order_before (order, report->fleet);

  mig_json_begin_object (json, key);
  mig_json_members (json, order_members, &row);
  mig_json_begin_array (json, "moves");
  for (guint i = 0; i < order->moves->len; i++)
    add_move (json, &forecast, before, i);
  mig_json_end_array (json);
  add_staying (json, &forecast);
  mig_json_end_object (json);
}

/* add_bandwidths: what a limit of each migration would do to the objective; no limit: no rate. */
static void
add_bandwidths (MigJson *json, const MigPlanReport *report)
{
  if (isfinite (report->model->cap_bytes_per_s))
    mig_json_number (json, "bandwidth_bytes_per_s", report->model->cap_bytes_per_s);
  mig_json_begin_array (json, "bandwidths");
  for (guint i = 0; i < report->bandwidths->len; i++)
    {
      const MigBandwidth *bandwidth = &g_array_index (report->bandwidths, MigBandwidth, i);
      mig_json_object (json, NULL,
                       bandwidth_members + (isfinite (bandwidth->cap_bytes_per_s) ? 0 : 1),
                       bandwidth);
    }
  mig_json_end_array (json);
}

static void
add_assumed (MigJson *json, const MigPlanReport *report)
{
  mig_json_texts (json, "assumed", report->assumed);
  if (!report->lower_bound)
    return;
  add_order (json, "least", report, report->lower_bound);
}

static void
add_plan (MigJson *json, const MigPlanReport *report)
{
  g_autofree char *why = mig_plan_why (report);

  double scale = 1;

  if (report->scale)
    mig_scale_parse (report->scale, &scale, NULL);
  mig_json_text (json, "objective", report->objective);
  mig_json_number (json, "scale", scale);
  mig_json_boolean (json, "exact", report->plan->exact);
  mig_json_number (json, "bound", report->plan->bound);
  mig_json_number (json, "time_interval_factor", mig_model_time_factor (report->model));
  mig_json_number (json, "downtime_interval_factor", mig_model_downtime_factor (report->model));
  mig_json_text (json, "why", why);
  if (report->bandwidths)
    add_bandwidths (json, report);
  add_order (json, "plan", report, &report->plan->best);
  add_assumed (json, report);
  add_skipped (json, report);
  mig_json_begin_array (json, "others");
  for (guint i = 0; i < report->plan->others->len; i++)
    add_order (json, NULL, report, report->plan->others->pdata[i]);
  mig_json_end_array (json);
}

void
mig_plan_json (const MigPlanReport *report, MigTextDrain drain, GString *out)
{
  MigJson document = { .out = out, .drain = drain }, *json = &document;

  mig_json_begin_object (json, NULL);
  mig_json_integer (json, "format", JSON_FORMAT);
  if (report->calibration)
    add_calibration (json, report);
  mig_verdicts_json (json, report->verdicts);
  if (report->plan)
    add_plan (json, report);
  mig_json_end_object (json);
}
