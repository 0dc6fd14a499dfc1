/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/outage-model.h"
#include "plan/forecast.h"
#include "base/units.h"

#define ALIKE_SHARE 0.01 /* of a value: a smaller difference is none */
#define LONGEST_S 1e9    /* what is longer is not written: some thirty years */

static MigPredicted
by_factor (double value, double lower_bound, double factor)
{
  double from = isnan (lower_bound) ? value : fmin (lower_bound, value);

  if (isnan (factor))
    return (MigPredicted){ value, from < (1 - ALIKE_SHARE) * value ? from : NAN, NAN };
  return (MigPredicted){ value, from / factor, value * factor };
}

static MigPredicted
around (double value, double half)
{
  return (MigPredicted){ value, value - half, value + half };
}

static double
case_value (const MigPlanCost *cost, MigQuantity quantity)
{
  switch (quantity)
    {
    case MIG_QUANTITY_TOTAL_TIME:
      return cost->migration_s;
    case MIG_QUANTITY_WALL_TIME:
      return cost->time_s;
    case MIG_QUANTITY_DOWNTIME:
      return cost->downtime_s;
    case MIG_QUANTITY_WORST_DOWNTIME:
      return cost->worst_downtime_s;
    case MIG_QUANTITY_LOST_WORK:
      return cost->lost_s;
    default:
      return NAN;
    }
}

static double
move_value (const MigMoveCost *cost, MigQuantity quantity)
{
  switch (quantity)
    {
    case MIG_QUANTITY_START:
      return cost->start_s;
    case MIG_QUANTITY_TOTAL_TIME:
      return cost->end_s - cost->start_s;
    case MIG_QUANTITY_DOWNTIME:
      return cost->downtime_s;
    case MIG_QUANTITY_LOST_WORK:
      return cost->lost_s;
    default:
      return NAN;
    }
}

static double
factor_of (const MigModel *model, MigQuantity quantity)
{
  return quantity == MIG_QUANTITY_DOWNTIME || quantity == MIG_QUANTITY_WORST_DOWNTIME
             ? mig_model_downtime_factor (model)
             : mig_model_time_factor (model);
}

MigPredicted
mig_forecast_case (const MigForecast *self, MigQuantity quantity)
{
  const MigPlanCost *cost = &self->order->cost;
  double value = case_value (cost, quantity);

  if (quantity == MIG_QUANTITY_LOST_WORK)
    return around (value,
                   mig_model_lost_sum_half (self->model, cost->time_s, self->fleet->vms->len));
  return by_factor (value,
                    self->lower_bound ? case_value (&self->lower_bound->cost, quantity) : NAN,
                    factor_of (self->model, quantity));
}

/* clients_of: what clients of the i-th move notice. */
static MigPredicted
clients_of (const MigForecast *self, guint i, MigQuantity quantity)
{
  const MigPredicted downtime = mig_forecast_move (self, i, MIG_QUANTITY_DOWNTIME);
  const MigPredicted outage = mig_outage_predict (self->model, downtime);

  return quantity == MIG_QUANTITY_OUTAGE ? outage : mig_stall_predict (outage);
}

MigPredicted
mig_forecast_move (const MigForecast *self, guint i, MigQuantity quantity)
{
  double value = move_value (&g_array_index (self->order->costs, MigMoveCost, i), quantity);
  double lower_bound = NAN;

  if (quantity == MIG_QUANTITY_OUTAGE || quantity == MIG_QUANTITY_STALL)
    return clients_of (self, i, quantity);
  if (quantity == MIG_QUANTITY_LOST_WORK)
    return around (value, mig_model_lost_half (self->model, self->order->cost.time_s));
  if (quantity == MIG_QUANTITY_START && value == 0)
    return (MigPredicted){ 0, NAN, NAN }; /* the plan's own beginning: nothing to be wrong about */
  if (self->lower_bound && quantity != MIG_QUANTITY_START)
    lower_bound = move_value (&g_array_index (self->lower_bound->costs, MigMoveCost, i), quantity);
  return by_factor (value, lower_bound, factor_of (self->model, quantity));
}

/* memory_s: of a move's time: without what disks take. */
static double
memory_s (const MigOrder *order, guint i)
{
  return mig_move_cost_memory_s (&g_array_index (order->costs, MigMoveCost, i));
}

MigPredicted
mig_forecast_memory (const MigForecast *self, guint i)
{
  return by_factor (memory_s (self->order, i),
                    self->lower_bound ? memory_s (self->lower_bound, i) : NAN,
                    mig_model_time_factor (self->model));
}

MigPredicted
mig_forecast_end (const MigForecast *self, guint i)
{
  const GArray *bound = self->lower_bound ? self->lower_bound->costs : NULL;

  return by_factor (g_array_index (self->order->costs, MigMoveCost, i).end_s,
                    bound ? g_array_index (bound, MigMoveCost, i).end_s : NAN,
                    mig_model_time_factor (self->model));
}

MigPredicted
mig_forecast_lost_staying (const MigForecast *self)
{
  const MigPlanCost *cost = &self->order->cost;
  guint n = self->fleet->vms->len - self->order->moves->len;

  return around (cost->lost_staying_s, mig_model_lost_sum_half (self->model, cost->time_s, n));
}

MigPredicted
mig_forecast_lost (const MigForecast *self, guint vm)
{
  return around (g_array_index (self->order->lost, double, vm),
                 mig_model_lost_half (self->model, self->order->cost.time_s));
}

static gint64
to_ns (double seconds)
{
  return fabs (seconds) <= LONGEST_S ? (gint64) llround (seconds * MIG_NS_PER_S)
                                     : MIG_MISSING_INT; /* not where it is NaN */
}

static void
add_record (GArray *records, const MigPredictionRecord *start, const char *guest,
            MigQuantity quantity, MigPredicted predicted)
{
  MigPredictionRecord record = *start;

  record.guest = (char *) guest;
  record.quantity = (char *) mig_quantity_info (quantity)->id;
  record.value_ns = to_ns (predicted.value);
  record.low_ns = to_ns (predicted.low);
  record.high_ns = to_ns (predicted.high);
  if (!MIG_IS_MISSING (record.value_ns))
    g_array_append_val (records, record);
}

GArray *
mig_forecast_records (const MigForecast *self, const char *case_label, const char *order_name,
                      const char *model)
{
  GArray *records = g_array_new (FALSE, FALSE, sizeof (MigPredictionRecord));
  const MigPredictionRecord start = { .case_label = (char *) case_label,
                                      .order_name = (char *) order_name,
                                      .model = (char *) model };

  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    if (mig_quantity_info (q)->of_case)
      add_record (records, &start, NULL, q, mig_forecast_case (self, q));
  for (guint i = 0; i < self->order->moves->len; i++)
    {
      guint vm = g_array_index (self->order->moves, MigMove, i).vm;
      for (guint q = 0; q < MIG_N_QUANTITIES; q++)
        if (mig_quantity_info (q)->of_move)
          add_record (records, &start, mig_fleet_vm (self->fleet, vm)->name, q,
                      mig_forecast_move (self, i, q));
    }
  return records;
}
