/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/plan.h"
#include "report/table.h"
#include "report/text-parts.h"

#define NAMES_SHOWN 8
/* Less than this is nothing. */
#define LOSS_SHOWN_S 0.005

static char *
show (double value)
{
  return mig_number (value, mig_number_decimals (value));
}

static char *
show_interval (double value, double factor)
{
  g_autofree char *middle = show (value), *low = show (value / factor), *high = show (value * factor);

  return isnan (factor) ? g_steal_pointer (&middle)
                        : g_strdup_printf ("%s (%s to %s)", middle, low, high);
}

/* show_around: with half its interval. */
static char *
show_around (double value, double half)
{
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

static void
add_parameters (const MigPlanReport *report, GString *out)
{
  const MigCalibration *calibration = report->calibration;
  MigTextTable *table = mig_text_table_new ("lrl");

  g_string_append_printf (out, "Calibrated with %s: %u migrations in %u sound runs of %u cases\n",
                          report->directory, calibration->n_migrations, calibration->n_runs,
                          calibration->cases->len);
  mig_text_table_cell (table, "parameter");
  mig_text_table_cell (table, "value");
  mig_text_table_cell (table, "95 % interval");
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    {
      const MigParameterInfo *info = mig_parameter_info (i);
      const MigEstimate *estimate = &calibration->parameters[i];
      g_autofree char *low = show (estimate->low * info->factor);
      g_autofree char *high = show (estimate->high * info->factor);
      mig_text_table_take (table, g_strdup_printf ("%s, %s", info->meaning, info->unit));
      mig_text_table_take (table, show (estimate->value * info->factor));
      mig_text_table_take (table, g_strdup_printf ("%s to %s", low, high));
    }
  mig_text_table_cell (table, "after the guest's resumption, s");
  mig_text_table_take (table, show (calibration->model.end_s));
  mig_text_table_cell (table, "median");
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
}

static void
add_errors (const MigCalibration *calibration, GString *out)
{
  static const char *const heads[] = { "prediction by", "time", "downtime", "case's time",
                                       "case's downtime", "rank", "lost work" };
  MigTextTable *table = mig_text_table_new ("lrrrrrr");

  g_string_append (out, "\nMean absolute error in cases that were left out of the calibration "
                        "(single migrations; sums of a case)\n");
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  for (guint i = 0; i < MIG_N_PREDICTORS; i++)
    {
      const MigErrors *errors = &calibration->errors[i];
      mig_text_table_cell (table, mig_predictor_name (i));
      mig_text_table_take (table, show_percent (errors->time));
      mig_text_table_take (table, show_percent (errors->downtime));
      mig_text_table_take (table, show_percent (errors->case_time));
      mig_text_table_take (table, show_percent (errors->case_downtime));
      mig_text_table_take (table, mig_number (errors->rank, 2));
      mig_text_table_take (table, show_percent (errors->lost));
    }
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
  mig_text_wrap (out, 2, "The last line is what the measurements' own spread leaves. rank: "
                         "Spearman's, of the cases' times. lost work: a guest's, as a share of the "
                         "sequence's time.");
}

static void
add_cases (const MigCalibration *calibration, GString *out)
{
  static const char *const heads[] = { "case", "runs", "time, s", "predicted", "downtime, s",
                                       "predicted" };
  MigTextTable *table = mig_text_table_new ("lrrrrr");

  g_string_append (out, "\nEach case, predicted from the others: sums over its sequence\n");
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  for (guint i = 0; i < calibration->cases->len; i++)
    {
      const MigCasePrediction *prediction = calibration->cases->pdata[i];
      mig_text_table_cell (table, prediction->label);
      mig_text_table_take (table, g_strdup_printf ("%u", prediction->n_runs));
      mig_text_table_take (table, show (prediction->measured_time_s));
      mig_text_table_take (table, show (prediction->time_s[MIG_PREDICTOR_MODEL]));
      mig_text_table_take (table, show (prediction->measured_downtime_s));
      mig_text_table_take (table, show (prediction->downtime_s[MIG_PREDICTOR_MODEL]));
    }
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
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

static void
add_task (const MigPlanReport *report, GString *out)
{
  const MigTask *task = report->task;

  if (isnan (task->relieve_to_cpus))
    g_string_append (out, "Empty ");
  else
    g_string_append_printf (out, "Relieve to %.4g CPUs ", task->relieve_to_cpus);
  add_names (report->fleet, task->sources, out);
  g_string_append_printf (out, ": %u VMs move to ", report->plan->best.moves->len);
  add_names (report->fleet, task->targets, out);
  g_string_append_printf (out, ", at most %u at a time from a host; least %s\n", task->parallel,
                          report->objective);
}

static void
add_moves (const MigPlanReport *report, GString *out)
{
  static const char *const heads[] = { "group", "VM", "from", "to", "start, s", "time, s",
                                       "downtime, s", "its lost work, s", "rounds" };
  const MigOrder *best = &report->plan->best;
  double time_factor = mig_model_time_factor (report->model);
  double downtime_factor = mig_model_downtime_factor (report->model);
  double lost_half = mig_model_lost_half (report->model, best->cost.time_s);
  MigTextTable *table = mig_text_table_new ("rlllrrrrr");

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  for (guint i = 0; i < best->moves->len; i++)
    {
      const MigMove *move = &g_array_index (best->moves, MigMove, i);
      const MigMoveCost *cost = &g_array_index (best->costs, MigMoveCost, i);
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, move->vm);
      mig_text_table_take (table, g_strdup_printf ("%u", move->group + 1));
      mig_text_table_cell (table, vm->name);
      mig_text_table_cell (table, mig_fleet_host (report->fleet, vm->host)->name);
      mig_text_table_cell (table, mig_fleet_host (report->fleet, move->to)->name);
      mig_text_table_take (table, cost->start_s > 0 ? show_interval (cost->start_s, time_factor)
                                                    : show (cost->start_s));
      mig_text_table_take (table, show_interval (cost->end_s - cost->start_s, time_factor));
      mig_text_table_take (table, show_interval (cost->downtime_s, downtime_factor));
      mig_text_table_take (table, show_around (cost->lost_s, lost_half));
      mig_text_table_take (table, g_strdup_printf ("%u", cost->rounds));
    }
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
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

static void
add_staying (const MigPlanReport *report, GString *out)
{
  g_autoptr (GArray) losses = losses_staying (report);
  double half = mig_model_lost_half (report->model, report->plan->best.cost.time_s);
  MigTextTable *table = mig_text_table_new ("llr");

  if (losses->len == 0)
    {
      mig_text_table_free (table);
      return;
    }
  g_string_append (out, "\nLost work of those that stay (negative: they gain)\n");
  mig_text_table_cell (table, "VM");
  mig_text_table_cell (table, "on");
  mig_text_table_cell (table, "lost work, s");
  for (guint i = 0; i < losses->len && i < NAMES_SHOWN; i++)
    {
      const Loss *loss = &g_array_index (losses, Loss, i);
      const MigFleetVm *vm = mig_fleet_vm (report->fleet, loss->vm);
      mig_text_table_cell (table, vm->name);
      mig_text_table_cell (table, mig_fleet_host (report->fleet, vm->host)->name);
      mig_text_table_take (table, show_around (loss->lost_s, half));
    }
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
  if (losses->len > NAMES_SHOWN)
    mig_text_line (out, "and %u more VMs that lose or gain less.", losses->len - NAMES_SHOWN);
}

static void
add_order (const MigPlanReport *report, const MigOrder *order, MigTextTable *table)
{
  double time_factor = mig_model_time_factor (report->model);
  double downtime_factor = mig_model_downtime_factor (report->model);
  double lost_half =
      mig_model_lost_sum_half (report->model, order->cost.time_s, report->fleet->vms->len);

  mig_text_table_cell (table, order->name);
  mig_text_table_take (table, show_interval (order->cost.time_s, time_factor));
  mig_text_table_take (table, show_interval (order->cost.downtime_s, downtime_factor));
  mig_text_table_take (table, show_interval (order->cost.worst_downtime_s, downtime_factor));
  mig_text_table_take (table, show_around (order->cost.lost_s, lost_half));
  mig_text_table_cell (table, order->allowed ? "" : "against a limit");
}

static void
add_orders (const MigPlanReport *report, GString *out)
{
  static const char *const heads[] = { "order", "whole time, s", "downtime, s", "worst, s",
                                       "lost work of all, s", "" };
  MigTextTable *table = mig_text_table_new ("lrrrrl");

  g_string_append (out, "\nAgainst what people do\n");
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  add_order (report, &report->plan->best, table);
  for (guint i = 0; i < report->plan->others->len; i++)
    add_order (report, report->plan->others->pdata[i], table);
  mig_text_table_append (table, 2, out);
  mig_text_table_free (table);
}

/* add_bandwidth: what limits were tried for. */
static void
add_bandwidth (const MigPlanReport *report, GString *out)
{
  const MigBandwidth *none = &g_array_index (report->bandwidths, MigBandwidth, 0);
  double here = mig_objective_value (&report->plan->objective, &report->plan->best.cost);
  double cap = report->model->cap_bytes_per_s;
  g_autofree char *value = show (here), *unlimited = show (none->value), *rate = show (cap / 1e6);

  g_string_append (out, "\nBandwidth\n");
  if (cap == none->cap_bytes_per_s)
    mig_text_line (out, "No limit costs least, of %u that were tried.", report->bandwidths->len);
  else
    mig_text_line (out, "%s MB/s for each migration costs least, of %u limits that were tried: %s "
                        "instead of %s without.", rate, report->bandwidths->len, value, unlimited);
}

static void
add_quality (const MigPlanReport *report, GString *out)
{
  const MigPlan *plan = report->plan;
  double value = mig_objective_value (&report->plan->objective, &plan->best.cost);

  g_string_append (out, "\nHow good\n");
  if (plan->exact)
    mig_text_wrap (out, 2, "By the model no order is better: all were considered.");
  else if (isnan (plan->bound))
    mig_text_wrap (out, 2, "The best that was found; how far the optimum may be is not known for this "
                           "task and objective.");
  else
    {
      g_autofree char *bound = show (plan->bound);
      g_autofree char *gap = show_percent (value > 0 ? (value - plan->bound) / value : 0);
      mig_text_line (out, "The best that was found; no order can be below %s: at most %s are to be "
                          "gained.", bound, gap);
    }
  if (!report->calibration)
    mig_text_wrap (out, 2, "The model is not calibrated: compare the orders, do not trust the "
                           "seconds. --calibrate=DIR takes measured migrations.");
  else if (isnan (mig_model_time_factor (report->model)))
    mig_text_wrap (out, 2, "No intervals: too few measured migrations.");
  else
    mig_text_wrap (out, 2, "In brackets or behind \302\261: 95 % intervals by the model's error in cases "
                           "that it had not seen.");
}

char *
mig_plan_text (const MigPlanReport *report)
{
  GString *out = g_string_new (NULL);

  if (report->calibration)
    {
      add_parameters (report, out);
      add_errors (report->calibration, out);
      add_cases (report->calibration, out);
    }
  if (report->calibration && report->plan)
    g_string_append_c (out, '\n');
  if (report->plan)
    {
      g_autofree char *why = mig_plan_why (report);
      add_task (report, out);
      add_moves (report, out);
      add_staying (report, out);
      g_string_append (out, "\nWhy\n");
      mig_text_wrap (out, 2, why);
      add_orders (report, out);
      if (report->bandwidths)
        add_bandwidth (report, out);
      add_quality (report, out);
    }
  return g_string_free (out, FALSE);
}
