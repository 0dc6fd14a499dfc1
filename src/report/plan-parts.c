/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/plan-parts.h"

#define NAMES_SHOWN 8
/* Less than this is nothing. */
#define LOSS_SHOWN_S 0.005

static char *
show (double value)
{
  return mig_number (value, mig_number_decimals (value));
}

/* forecast: of one of the orders; the plan's own intervals reach down to what was seen. */
static MigForecast
forecast (const MigPlanReport *report, const MigOrder *order)
{
  return (MigForecast){ report->model, report->fleet, order,
                        order == &report->plan->best ? report->lower_bound : NULL };
}

static MigPredicted
predict_move (const MigPlanReport *report, guint i, MigQuantity quantity)
{
  MigForecast of_plan = forecast (report, &report->plan->best);
  return mig_forecast_move (&of_plan, i, quantity);
}

MigPredicted
mig_plan_time (const MigPlanReport *report, guint i)
{
  return predict_move (report, i, MIG_QUANTITY_TOTAL_TIME);
}

MigPredicted
mig_plan_downtime (const MigPlanReport *report, guint i)
{
  return predict_move (report, i, MIG_QUANTITY_DOWNTIME);
}

/* show_around: with half its interval. */
static char *
show_around (MigPredicted predicted)
{
  double value = predicted.value, half = predicted.high - predicted.value;
  guint decimals = MAX (mig_number_decimals (value), mig_number_decimals (half));
  g_autofree char *middle = mig_number (value, decimals), *wide = mig_number (half, decimals);

  return isnan (half) ? show (value) : g_strdup_printf ("%s \302\261 %s", middle, wide);
}

static char *
show_percent (double ratio)
{
  g_autofree char *number = mig_number (ratio * 100, 1);
  return isnan (ratio) ? g_strdup ("-") : g_strdup_printf ("%s %%", number);
}

/* --- calibration --- */

char *
mig_plan_calibrated (const MigCalibration *calibration, const char *directory)
{
  return g_strdup_printf ("%s: %u migrations in %u sound runs of %u cases", directory,
                          calibration->n_migrations, calibration->n_runs, calibration->cases->len);
}

char *
mig_plan_calibration_line (const MigPlanReport *report)
{
  g_autofree char *with = mig_plan_calibrated (report->calibration, report->directory);
  return g_strconcat ("Calibrated with ", with, NULL);
}

MigTextTable *
mig_plan_table_parameters (const MigCalibration *calibration)
{
  MigTextTable *table = mig_text_table_new ("lrl");

  mig_text_table_cell (table, "parameter");
  mig_text_table_cell (table, "value");
  mig_text_table_cell (table, "95 % interval");
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    {
      const MigParameterInfo *info = mig_parameter_info (i);
      const MigEstimate *estimate = &calibration->parameters[i];
      g_autofree char *low = show (estimate->low * info->factor);
      g_autofree char *high = show (estimate->high * info->factor);
      mig_text_table_add_owned (table, g_strdup_printf ("%s, %s", info->meaning, info->unit));
      mig_text_table_add_owned (table, show (estimate->value * info->factor));
      mig_text_table_add_owned (table, g_strdup_printf ("%s to %s", low, high));
    }
  mig_text_table_cell (table, "after the guest's resumption, s");
  mig_text_table_add_owned (table, show (calibration->model.end_s));
  mig_text_table_cell (table, "median");
  return table;
}

MigTextTable *
mig_plan_table_errors (const MigCalibration *calibration)
{
  static const char *const heads[] = { "prediction by",   "time", "downtime", "case's time",
                                       "case's downtime", "rank", "lost work" };
  MigTextTable *table = mig_text_table_new ("lrrrrrr");

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  for (guint i = 0; i < MIG_N_PREDICTORS; i++)
    {
      const MigErrors *errors = &calibration->errors[i];
      mig_text_table_cell (table, mig_predictor_name (i));
      mig_text_table_add_owned (table, show_percent (errors->time));
      mig_text_table_add_owned (table, show_percent (errors->downtime));
      mig_text_table_add_owned (table, show_percent (errors->case_time));
      mig_text_table_add_owned (table, show_percent (errors->case_downtime));
      mig_text_table_add_owned (table, mig_number (errors->rank, 2));
      mig_text_table_add_owned (table, show_percent (errors->lost));
    }
  return table;
}

MigTextTable *
mig_plan_table_cases (const MigCalibration *calibration)
{
  static const char *const heads[] = { "case",      "runs",        "time, s",
                                       "predicted", "downtime, s", "predicted" };
  MigTextTable *table = mig_text_table_new ("lrrrrr");

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  for (guint i = 0; i < calibration->cases->len; i++)
    {
      const MigCasePrediction *prediction = calibration->cases->pdata[i];
      mig_text_table_cell (table, prediction->label);
      mig_text_table_add_owned (table, g_strdup_printf ("%u", prediction->n_runs));
      mig_text_table_add_owned (table, show (prediction->measured_time_s));
      mig_text_table_add_owned (table, show (prediction->time_s[MIG_PREDICTOR_MODEL]));
      mig_text_table_add_owned (table, show (prediction->measured_downtime_s));
      mig_text_table_add_owned (table, show (prediction->downtime_s[MIG_PREDICTOR_MODEL]));
    }
  return table;
}

/* --- plan --- */

static void
add_names (const MigFleet *fleet, const GArray *hosts, GString *out)
{
  for (guint i = 0; i < hosts->len && i < NAMES_SHOWN; i++)
    g_string_append_printf (out, "%s%s", i ? ", " : "",
                            mig_fleet_host (fleet, g_array_index (hosts, guint, i))->name);
  if (hosts->len > NAMES_SHOWN)
    g_string_append_printf (out, " and %u more", hosts->len - NAMES_SHOWN);
}

char *
mig_plan_task_line (const MigPlanReport *report)
{
  const MigTask *task = report->task;
  GString *out = g_string_new (NULL);

  if (isnan (task->relieve_to_cpus))
    g_string_append (out, "Empty ");
  else
    g_string_append_printf (out, "Relieve to %.4g CPUs ", task->relieve_to_cpus);
  add_names (report->fleet, task->sources, out);
  g_string_append_printf (out, ": %u VMs move to ", report->plan->best.moves->len);
  add_names (report->fleet, task->targets, out);
  g_string_append_printf (out, ", at most %u at a time from a host; least %s", task->parallel,
                          report->objective);
  return g_string_free (out, FALSE);
}

MigTextTable *
mig_plan_table_moves (const MigPlanReport *report)
{
  static const char *const heads[] = { "group",    "VM",      "from",        "to",
                                       "start, s", "time, s", "downtime, s", "its lost work, s",
                                       "rounds" };
  const MigOrder *best = &report->plan->best;
  MigTextTable *table = mig_text_table_new ("rlllrrrrr");

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  for (guint i = 0; i < best->moves->len; i++)
    {
      const MigMove *move = &g_array_index (best->moves, MigMove, i);
      const MigMoveCost *cost = &g_array_index (best->costs, MigMoveCost, i);
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, move->vm);
      mig_text_table_add_owned (table, g_strdup_printf ("%u", move->group + 1));
      mig_text_table_cell (table, vm->name);
      mig_text_table_cell (table, mig_fleet_host (report->fleet, vm->host)->name);
      mig_text_table_cell (table, mig_fleet_host (report->fleet, move->to)->name);
      mig_text_table_add_owned (table, cost->start_s > 0 ? mig_number_predicted (predict_move (
                                                               report, i, MIG_QUANTITY_START))
                                                         : show (cost->start_s));
      mig_text_table_add_owned (table, mig_number_predicted (mig_plan_time (report, i)));
      mig_text_table_add_owned (table, mig_number_predicted (mig_plan_downtime (report, i)));
      mig_text_table_add_owned (table,
                                show_around (predict_move (report, i, MIG_QUANTITY_LOST_WORK)));
      mig_text_table_add_owned (table, g_strdup_printf ("%u", cost->rounds));
    }
  return table;
}

typedef struct {
  guint vm;
  double lost_s;
} Loss;

static int
compare_losses (gconstpointer a, gconstpointer b)
{
  double x = fabs (((const Loss *) a)->lost_s), y = fabs (((const Loss *) b)->lost_s);
  return (x < y) - (x > y);
}

/* losses_staying: of VMs that do not move, where it is not nothing; the largest first. */
static GArray *
losses_staying (const MigPlanReport *report)
{
  const MigOrder *best = &report->plan->best;
  g_autofree gboolean *moves = g_new0 (gboolean, report->fleet->vms->len);
  GArray *losses = g_array_new (FALSE, FALSE, sizeof (Loss));

  for (guint i = 0; i < best->moves->len; i++)
    moves[g_array_index (best->moves, MigMove, i).vm] = TRUE;
  for (guint i = 0; i < report->fleet->vms->len; i++)
    {
      Loss loss = { i, g_array_index (best->lost, double, i) };
      if (!moves[i] && fabs (loss.lost_s) >= LOSS_SHOWN_S)
        g_array_append_val (losses, loss);
    }
  g_array_sort (losses, compare_losses);
  return losses;
}

MigTextTable *
mig_plan_table_staying (const MigPlanReport *report, guint *more)
{
  g_autoptr (GArray) losses = losses_staying (report);
  double half = mig_model_lost_half (report->model, report->plan->best.cost.time_s);

  *more = losses->len > NAMES_SHOWN ? losses->len - NAMES_SHOWN : 0;
  if (losses->len == 0)
    return NULL;
  MigTextTable *table = mig_text_table_new ("llr");
  mig_text_table_cell (table, "VM");
  mig_text_table_cell (table, "on");
  mig_text_table_cell (table, "lost work, s");
  for (guint i = 0; i < losses->len && i < NAMES_SHOWN; i++)
    {
      const Loss *loss = &g_array_index (losses, Loss, i);
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, loss->vm);
      mig_text_table_cell (table, vm->name);
      mig_text_table_cell (table, mig_fleet_host (report->fleet, vm->host)->name);
      mig_text_table_add_owned (
          table,
          show_around ((MigPredicted){ loss->lost_s, loss->lost_s - half, loss->lost_s + half }));
    }
  return table;
}

static void
add_order (const MigPlanReport *report, const MigOrder *order, MigTextTable *table)
{
  static const MigQuantity shown[] = { MIG_QUANTITY_WALL_TIME, MIG_QUANTITY_DOWNTIME,
                                       MIG_QUANTITY_WORST_DOWNTIME };
  MigForecast of_order = forecast (report, order);

  mig_text_table_cell (table, order->name);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    mig_text_table_add_owned (table,
                              mig_number_predicted (mig_forecast_case (&of_order, shown[i])));
  mig_text_table_add_owned (table,
                            show_around (mig_forecast_case (&of_order, MIG_QUANTITY_LOST_WORK)));
  mig_text_table_cell (table, order->allowed ? "" : "against a limit");
}

MigTextTable *
mig_plan_table_orders (const MigPlanReport *report)
{
  static const char *const heads[] = { "order",    "whole time, s",       "downtime, s",
                                       "worst, s", "lost work of all, s", "" };
  MigTextTable *table = mig_text_table_new ("lrrrrl");

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  add_order (report, &report->plan->best, table);
  for (guint i = 0; i < report->plan->others->len; i++)
    add_order (report, report->plan->others->pdata[i], table);
  return table;
}

char *
mig_plan_bandwidth_line (const MigPlanReport *report)
{
  const MigBandwidth *none = &g_array_index (report->bandwidths, MigBandwidth, 0);
  const MigBandwidth *best = none;
  double cap = report->model->cap_bytes_per_s;

  for (guint i = 0; i < report->bandwidths->len; i++)
    if (g_array_index (report->bandwidths, MigBandwidth, i).cap_bytes_per_s == cap)
      best = &g_array_index (report->bandwidths, MigBandwidth, i);
  if (best == none)
    return g_strdup_printf ("No limit costs least, of %u that were tried.",
                            report->bandwidths->len);
  g_autofree char *value = show (best->value), *unlimited = show (none->value),
                  *rate = show (cap / 1e6);
  return g_strdup_printf (
      "%s MB/s for each migration costs least, of %u limits that were tried: %s instead of %s "
      "without%s.",
      rate, report->bandwidths->len, value, unlimited,
      report->plan->objective.lost > 0
          ? ", where lost work is what the migrations take, not where the VMs are"
          : "");
}

static char *
optimality (const MigPlanReport *report)
{
  const MigPlan *plan = report->plan;
  double value = mig_objective_value (&plan->objective, &plan->best.cost);

  if (plan->exact)
    return g_strdup ("By the model no order is better: all were considered.");
  if (isnan (plan->bound))
    return g_strdup (
        "The best that was found; how far the optimum may be is not known for this task and "
        "objective.");
  g_autofree char *bound = show (plan->bound);
  g_autofree char *gap = show_percent (value > 0 ? (value - plan->bound) / value : 0);
  return g_strdup_printf (
      "The best that was found; no order can be below %s: at most %s are to be gained.", bound,
      gap);
}

GPtrArray *
mig_plan_quality (const MigPlanReport *report)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  const char *trust = "In brackets or behind \302\261: 95 % intervals by the model's error in "
                      "cases that it had not "
                      "seen.";

  if (!report->calibration)
    trust = "The model is not calibrated: compare the orders, do not trust the seconds. "
            "--calibrate=DIR takes "
            "measured migrations.";
  else if (isnan (mig_model_time_factor (report->model)))
    trust = "No intervals: too few measured migrations.";
  g_ptr_array_add (lines, optimality (report));
  g_ptr_array_add (lines, g_strdup (trust));
  return lines;
}
