/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include <json-glib/json-glib.h>

#include "plan/forecast.h"
#include "report/plan.h"
#include "base/error.h"
#include "base/units.h"
#include "plan/orders.h"
#include "tests/unit/fleets.h"

/* What a plan predicts, as rows; and all orders of a small group. */

typedef struct {
  MigModel model;
  MigFleet *fleet;
  MigTask task;
  MigPlan *plan;
} Planned;

static void
planned_clear (Planned *self)
{
  mig_plan_free (self->plan);
  mig_task_clear (&self->task);
  mig_fleet_free (self->fleet);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Planned, planned_clear)

/* plan_for: a letter for each VM on the source: those of one letter are the same but for the name.
 */
static void
plan_for (Planned *self, const char *vms, guint parallel)
{
  g_autoptr (GError) error = NULL;

  self->model = mig_model_default ();
  self->model.max_rounds = 5;
  self->fleet = mig_fleet_new ();
  fleet_host (self->fleet, "a", 1);
  fleet_host (self->fleet, "b", 1);
  for (guint i = 0; vms[i]; i++)
    {
      g_autofree char *name = g_strdup_printf ("%c%u", vms[i], i);
      fleet_vm (self->fleet, name, 0, 1, (vms[i] - 'a' + 1) * 20e6, (vms[i] - 'a') * 3000.);
    }
  self->task = fleet_task (self->fleet, parallel);
  self->plan = mig_plan_make (&self->model, self->fleet, &self->task, &error);
  g_assert_no_error (error);
}

static const MigPredictionRecord *
find (const GArray *records, const char *guest, const char *quantity)
{
  for (guint i = 0; i < records->len; i++)
    {
      const MigPredictionRecord *record = &g_array_index (records, MigPredictionRecord, i);
      if (g_strcmp0 (record->guest, guest) == 0 && strcmp (record->quantity, quantity) == 0)
        return record;
    }
  g_error ("no %s of %s", quantity, guest ? guest : "the case");
}

static double
value_of (const GArray *records, const char *guest, const char *quantity)
{
  return (double) find (records, guest, quantity)->value_ns / MIG_NS_PER_S;
}

/* The rows say what the simulation said; sums are those of their parts. */
static void
test_records (void)
{
  g_auto (Planned) planned = { 0 };
  double total = 0, downtime = 0, worst = 0;

  plan_for (&planned, "acbd", 1);
  const MigOrder *best = &planned.plan->best;
  const MigForecast forecast = { &planned.model, planned.fleet, best, NULL };
  g_autoptr (GArray) records = mig_forecast_records (&forecast, "label", "plan", "model");
  g_assert_cmpuint (records->len, ==, 5 + 4 * 4);
  for (guint i = 0; i < best->moves->len; i++)
    {
      const char *guest =
          mig_fleet_vm (planned.fleet, g_array_index (best->moves, MigMove, i).vm)->name;
      const MigMoveCost *cost = &g_array_index (best->costs, MigMoveCost, i);
      g_assert_cmpfloat_with_epsilon (value_of (records, guest, "start"), cost->start_s, 1e-8);
      g_assert_cmpfloat_with_epsilon (value_of (records, guest, "lost-work"), cost->lost_s, 1e-8);
      total += value_of (records, guest, "total-time");
      downtime += value_of (records, guest, "downtime");
      worst = fmax (worst, value_of (records, guest, "downtime"));
    }
  g_assert_cmpfloat_with_epsilon (value_of (records, NULL, "total-time"), total, 1e-6);
  g_assert_cmpfloat_with_epsilon (value_of (records, NULL, "downtime"), downtime, 1e-6);
  g_assert_cmpfloat_with_epsilon (value_of (records, NULL, "worst-downtime"), worst, 1e-6);
  const MigPredictionRecord *row = find (records, NULL, "wall-time");
  g_assert_cmpstr (row->case_label, ==, "label");
  g_assert_cmpstr (row->order_name, ==, "plan");
  g_assert_cmpstr (row->model, ==, "model");
  g_assert_true (MIG_IS_MISSING (row->low_ns) && MIG_IS_MISSING (row->high_ns)); /* not calibrated
                                                                                  */
}

/* A time without disks: their part is left out, and the interval is that of the rest. */
static void
test_memory (void)
{
  g_auto (Planned) planned = { 0 };

  plan_for (&planned, "b", 1);
  planned.model.time_error = 0.1;
  planned.model.time_degrees = 10;
  const MigForecast forecast = { &planned.model, planned.fleet, &planned.plan->best, NULL };
  const MigPredicted before = mig_forecast_move (&forecast, 0, MIG_QUANTITY_TOTAL_TIME);
  MigMoveCost *cost = &g_array_index (planned.plan->best.costs, MigMoveCost, 0);
  cost->end_s += 1000;
  cost->disk_s = 1000;
  const MigPredicted memory = mig_forecast_memory (&forecast, 0);
  g_assert_cmpfloat_with_epsilon (mig_forecast_move (&forecast, 0, MIG_QUANTITY_TOTAL_TIME).value,
                                  before.value + 1000, 1e-6);
  g_assert_cmpfloat_with_epsilon (memory.value, before.value, 1e-6);
  g_assert_cmpfloat_with_epsilon (memory.low, before.low, 1e-6);
  g_assert_cmpfloat_with_epsilon (memory.high, before.high, 1e-6);
  g_assert_cmpfloat (memory.high, >, memory.value);
}

/* Where outages were measured, each move has its clients'; the text and JSON say so. */
static void
test_clients (void)
{
  g_auto (Planned) planned = { 0 };

  plan_for (&planned, "ad", 1);
  planned.model.outage_surplus_s = 0.03;
  planned.model.outage_surplus_sd_s = 0.01;
  planned.model.n_outages = 5;
  const MigOrder *best = &planned.plan->best;
  const MigForecast forecast = { &planned.model, planned.fleet, best, NULL };
  g_autoptr (GArray) records = mig_forecast_records (&forecast, "label", "plan", "model");
  g_assert_cmpuint (records->len, ==, 5 + 2 * 6);
  for (guint i = 0; i < best->moves->len; i++)
    {
      const char *guest =
          mig_fleet_vm (planned.fleet, g_array_index (best->moves, MigMove, i).vm)->name;
      double outage_s = value_of (records, guest, "outage");
      g_assert_cmpfloat_with_epsilon (outage_s, value_of (records, guest, "downtime") + 0.03, 1e-6);
      g_assert_cmpfloat (value_of (records, guest, "tcp-stall"), >=, outage_s);
    }
  const MigPlanReport report = { .fleet = planned.fleet,
                                 .task = &planned.task,
                                 .objective = "time",
                                 .model = &planned.model,
                                 .plan = planned.plan };
  g_autofree char *text = mig_plan_text (&report);
  g_autoptr (GString) json = g_string_new (NULL);
  mig_plan_json (&report, NULL, json);
  g_assert_nonnull (strstr (text, "What clients will notice"));
  g_assert_nonnull (strstr (json->str, "\"tcp_stall_s\""));
  planned.model.outage_surplus_s = NAN;
  g_autofree char *without = mig_plan_text (&report);
  g_assert_null (strstr (without, "What clients will notice"));
}

/* Intervals are the model's: factors of times, halves of lost work; what was seen to be less
 * reaches lower. */
static void
test_intervals (void)
{
  g_auto (Planned) planned = { 0 };

  plan_for (&planned, "ad", 1);
  MigModel *model = &planned.model;
  const MigOrder *best = &planned.plan->best;
  MigForecast forecast = { model, planned.fleet, best, NULL };
  model->time_error = 0.2;
  model->downtime_error = 0.5;
  model->lost_error = model->lost_mean_error = 0.1;
  model->time_degrees = model->downtime_degrees = model->lost_degrees = 10;
  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    {
      if (!mig_quantity_info (q)->of_case)
        continue;
      MigPredicted of = mig_forecast_case (&forecast, q);
      gboolean down = q == MIG_QUANTITY_DOWNTIME || q == MIG_QUANTITY_WORST_DOWNTIME;
      double factor = down ? mig_model_downtime_factor (model) : mig_model_time_factor (model);
      if (q == MIG_QUANTITY_LOST_WORK)
        g_assert_cmpfloat_with_epsilon (
            of.high - of.value, mig_model_lost_sum_half (model, best->cost.time_s, 2), 1e-9);
      else
        g_assert_cmpfloat_with_epsilon (of.high, of.value * factor, 1e-9);
      g_assert_cmpfloat (of.low, <, of.value);
    }
  MigOrder lower_bound = *best;
  lower_bound.cost.time_s /= 2;
  forecast.lower_bound = &lower_bound;
  MigPredicted wall = mig_forecast_case (&forecast, MIG_QUANTITY_WALL_TIME);
  g_assert_cmpfloat_with_epsilon (wall.low, best->cost.time_s / 2 / mig_model_time_factor (model),
                                  1e-9);
  model->time_error = NAN;
  wall = mig_forecast_case (&forecast, MIG_QUANTITY_WALL_TIME);
  g_assert_cmpfloat_with_epsilon (wall.low, best->cost.time_s / 2, 1e-9);
  g_assert_true (isnan (wall.high));
  g_assert_true (isnan (mig_forecast_move (&forecast, 0, MIG_QUANTITY_START).high)); /* the
                                                                                        beginning is
                                                                                        exact */
  g_assert_true (isnan (mig_forecast_case (&forecast, MIG_QUANTITY_START).value));
  g_assert_true (isnan (mig_forecast_move (&forecast, 0, MIG_QUANTITY_WALL_TIME).value));
}

static void
test_quantities (void)
{
  MigQuantity found;

  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    {
      g_assert_true (mig_quantity_find (mig_quantity_info (q)->id, &found));
      g_assert_cmpuint (found, ==, q);
    }
  g_assert_false (mig_quantity_find ("fame", &found));
  g_assert_false (mig_quantity_find (NULL, &found));
}

/* As many orders as there are distinct ones, none twice, and the exact plan is as good as the best
 * of them. */
static void
test_orders (void)
{
  static const struct {
    const char *vms;
    guint parallel, n;
  } groups[] = {
    { "aadd", 1, 6 }, { "aadd", 2, 3 }, { "abcd", 1, 24 }, { "abcde", 1, 120 }, { "a", 3, 1 }
  };

  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    {
      g_auto (Planned) planned = { 0 };
      g_autoptr (GError) error = NULL;
      double best = INFINITY;
      plan_for (&planned, groups[g].vms, groups[g].parallel);
      g_autoptr (GPtrArray) orders = mig_plan_orders (&planned.model, planned.fleet, &planned.task,
                                                      planned.plan, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (orders->len, ==, groups[g].n);
      for (guint i = 0; i < orders->len; i++)
        {
          const MigOrder *order = orders->pdata[i];
          best = fmin (best, order->cost.time_s);
          for (guint j = 0; j < i; j++)
            g_assert_false (mig_order_same (planned.fleet, order, orders->pdata[j]));
        }
      if (groups[g].parallel == 1)
        g_assert_cmpfloat_with_epsilon (planned.plan->best.cost.time_s, best, 1e-6 * best);
    }
}

static void
test_too_many (void)
{
  g_auto (Planned) planned = { 0 };
  g_autoptr (GError) error = NULL;

  plan_for (&planned, "abcdef", 1);
  g_assert_null (
      mig_plan_orders (&planned.model, planned.fleet, &planned.task, planned.plan, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "more than 120 orders"));
}

/* The JSON of a plan has the intervals that its text and its predictions have: down to the lower
 * bound. */
static void
test_json (void)
{
  g_auto (Planned) planned = { 0 };

  plan_for (&planned, "ab", 1);
  planned.model.time_error = planned.model.downtime_error = 0.1;
  planned.model.time_degrees = planned.model.downtime_degrees = 10;
  planned.model.lost_degrees = 10;
  const MigOrder *best = &planned.plan->best;
  MigOrder lower_bound = *best;
  lower_bound.cost.time_s /= 2;
  lower_bound.costs = g_array_copy (best->costs);
  for (guint i = 0; i < best->costs->len; i++)
    {
      g_array_index (lower_bound.costs, MigMoveCost, i).downtime_s /= 3;
      g_array_index (lower_bound.costs, MigMoveCost, i).end_s -= 0.01;
    }
  const MigPlanReport report = { .fleet = planned.fleet,
                                 .task = &planned.task,
                                 .objective = "time",
                                 .model = &planned.model,
                                 .plan = planned.plan,
                                 .lower_bound = &lower_bound };
  const MigForecast forecast = { &planned.model, planned.fleet, best, &lower_bound };
  MigPredicted time = mig_forecast_case (&forecast, MIG_QUANTITY_WALL_TIME);
  MigPredicted downtime = mig_forecast_move (&forecast, 1, MIG_QUANTITY_DOWNTIME);
  g_autoptr (GString) text = g_string_new (NULL);
  mig_plan_json (&report, NULL, text);
  g_autoptr (JsonNode) root = json_from_string (text->str, NULL);
  JsonObject *plan = json_object_get_object_member (json_node_get_object (root), "plan");
  JsonObject *move = json_array_get_object_element (json_object_get_array_member (plan, "moves"),
                                                    1);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (plan, "time_s_low"), time.low,
                                  1e-6);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (plan, "time_s_high"), time.high,
                                  1e-6);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (move, "downtime_s_low"),
                                  downtime.low, 1e-6);
  g_assert_cmpfloat (time.low, <, time.value / mig_model_time_factor (&planned.model) / 1.5);
  g_array_unref (lower_bound.costs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/predict/records", test_records);
  g_test_add_func ("/predict/memory", test_memory);
  g_test_add_func ("/predict/clients", test_clients);
  g_test_add_func ("/predict/intervals", test_intervals);
  g_test_add_func ("/predict/quantities", test_quantities);
  g_test_add_func ("/predict/orders", test_orders);
  g_test_add_func ("/predict/too-many", test_too_many);
  g_test_add_func ("/forecast/json", test_json);
  return g_test_run ();
}
