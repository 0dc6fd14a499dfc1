/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/adjust.h"
#include "base/units.h"

/* One observation is trusted so far and no further. */
#define MOST_SPEED 1000.
#define BISECTIONS 40
/* Less is the clock's. */
#define SHORT_S 1e-3
/* Sending for a shorter time than this says nothing of a link: a small guest that is idle is over
 * before the connection has its rate. */
#define SENDING_S 0.3

/* One measured move as the model says that it would be. */
typedef struct {
  MigMoveCost cost;
  double sending_s; /* of all rounds */
} Predicted;

/* predict: what the model says of these moves now; of Predicted, one each. */
static GArray *
predict (const MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  g_autoptr (GArray) trace = g_array_new (FALSE, FALSE, sizeof (MigRoundCost));
  g_autofree MigMove *moves = g_new (MigMove, measured->len);
  g_autofree MigMoveCost *costs = g_new (MigMoveCost, measured->len);
  GArray *all = g_array_new (FALSE, TRUE, sizeof (Predicted));
  MigPlanCost sum;

  for (guint i = 0; i < measured->len; i++)
    moves[i] = g_array_index (measured, MigMoveMeasured, i).move;
  g_array_set_size (all, measured->len);
  mig_simulation_trace (simulation, trace);
  mig_simulation_run (simulation, NULL, moves, measured->len, costs, &sum);
  for (guint i = 0; i < measured->len; i++)
    g_array_index (all, Predicted, i).cost = costs[i];
  for (guint i = 0; i < trace->len; i++)
    {
      const MigRoundCost *round = &g_array_index (trace, MigRoundCost, i);
      g_array_index (all, Predicted, round->move).sending_s += round->end_s - round->start_s;
    }
  return all;
}

static double
fastest_link (const MigFleet *fleet)
{
  double link = 0;

  for (guint i = 0; i < fleet->hosts->len; i++)
    link = fmax (link, mig_fleet_host (fleet, i)->link_bytes_per_s);
  return link;
}

/* set_dirty_rates: of the VMs that were moved, where more was seen than was known. */
static void
set_dirty_rates (MigFleet *fleet, const GArray *measured)
{
  for (guint i = 0; i < measured->len; i++)
    {
      const MigMoveMeasured *one = &g_array_index (measured, MigMoveMeasured, i);
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, one->move.vm);
      if (one->dirty_pages_per_s > vm->dirty_pages_per_s)
        vm->dirty_pages_per_s = one->dirty_pages_per_s;
    }
}

/* tells_speed: whether it was sent for long enough. */
static gboolean
tells_speed (const MigMoveMeasured *one)
{
  return one->sending_s >= SENDING_S;
}

static gboolean
any_tells_speed (const GArray *measured)
{
  for (guint i = 0; i < measured->len; i++)
    if (tells_speed (&g_array_index (measured, MigMoveMeasured, i)))
      return TRUE;
  return FALSE;
}

/* constant_page_bytes: of a page that is sent, so many take as long as a constant one, where
 * nothing competes. */
static double
constant_page_bytes (const MigModel *model, const MigFleet *fleet)
{
  double byte_s = fmax (1 / fastest_link (fleet),
                        model->source_s_per_byte + model->destination_s_per_byte);

  return (model->source_s_per_constant + model->destination_s_per_constant) / byte_s;
}

/* find_speed: bytes per second of sending, measured and by the model, each by its own count of
 * bytes: their ratio, as the geometric mean over the migrations. 1: nothing was measured. */
static double
find_speed (const MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  g_autoptr (GArray) all = predict (model, fleet, measured);
  double constant_bytes = constant_page_bytes (model, fleet), sum = 0;
  guint n = 0;

  for (guint i = 0; i < measured->len; i++)
    {
      const MigMoveMeasured *one = &g_array_index (measured, MigMoveMeasured, i);
      const Predicted *predicted = &g_array_index (all, Predicted, i);
      const MigFleetVm *vm = mig_fleet_vm (fleet, one->move.vm);
      double bytes = one->normal_pages * MIG_PAGE_BYTES + one->constant_pages * constant_bytes;
      double expected = predicted->cost.sent_bytes +
                        (vm->memory_bytes - vm->used_bytes) / MIG_PAGE_BYTES * constant_bytes;
      if (!(tells_speed (one) && bytes > 0 && predicted->sending_s > SHORT_S && expected > 0))
        continue;
      sum += log (bytes / one->sending_s / (expected / predicted->sending_s));
      n++;
    }
  return n > 0 ? CLAMP (exp (sum / n), 1 / MOST_SPEED, MOST_SPEED) : 1;
}

static void
set_speed (MigModel *model, MigFleet *fleet, double speed)
{
  for (guint i = 0; i < fleet->hosts->len; i++)
    g_array_index (fleet->hosts, MigFleetHost, i).link_bytes_per_s *= speed;
  model->source_s_per_byte /= speed;
  model->destination_s_per_byte /= speed;
  model->source_s_per_constant /= speed;
  model->destination_s_per_constant /= speed;
}

/* What the model lacks of what was measured, on average; 0: nothing was measured. */
typedef struct {
  double time_s, downtime_s;
} Left;

static Left
find_left (const MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  g_autoptr (GArray) all = predict (model, fleet, measured);
  Left sum = { 0 };
  guint n_times = 0, n_downtimes = 0;

  for (guint i = 0; i < measured->len; i++)
    {
      const MigMoveMeasured *one = &g_array_index (measured, MigMoveMeasured, i);
      const MigMoveCost *cost = &g_array_index (all, Predicted, i).cost;
      if (!isnan (one->time_s))
        sum.time_s += one->time_s - mig_move_cost_memory_s (cost);
      n_times += !isnan (one->time_s);
      if (!isnan (one->downtime_s))
        sum.downtime_s += one->downtime_s - cost->downtime_s;
      n_downtimes += !isnan (one->downtime_s);
    }
  return (Left){ sum.time_s / fmax (n_times, 1), sum.downtime_s / fmax (n_downtimes, 1) };
}

/* set_fixed_times: by what is left between measured and predicted. Switching over is work: a second
 * of it stops a guest for longer where its destination is busy, how much longer the model says. */
static void
set_fixed_times (MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  MigModel more = *model;
  more.switch_s++;
  double lacks_s = find_left (model, fleet, measured).downtime_s;
  double slope = lacks_s - find_left (&more, fleet, measured).downtime_s;

  if (slope > 0)
    model->switch_s = fmax (0, model->switch_s + lacks_s / slope);
  model->end_s = fmax (0, model->end_s + find_left (model, fleet, measured).time_s);
}

/* speed_up: fewer bytes were sent than the model thinks of (pages that it takes for used were not,
 * say): no fixed time can make up for that, so sending is that much faster. Returns how many times:
 * 1 where that would not do, because what is limited is the bandwidth of a migration. */
static double
speed_up (MigModel *model, MigFleet *fleet, const GArray *measured)
{
  double low = 0, high = log (MOST_SPEED), now = 0;

  if (find_left (model, fleet, measured).time_s > -SHORT_S)
    return 1;
  set_speed (model, fleet, MOST_SPEED);
  gboolean enough = find_left (model, fleet, measured).time_s > -SHORT_S;
  set_speed (model, fleet, 1 / MOST_SPEED);
  if (!enough)
    return 1;
  for (guint i = 0; i < BISECTIONS; i++)
    {
      double middle = (low + high) / 2;
      set_speed (model, fleet, exp (middle - now));
      now = middle;
      if (find_left (model, fleet, measured).time_s < 0)
        low = middle;
      else
        high = middle;
    }
  return exp (now);
}

void
mig_adjust (MigModel *model, MigFleet *fleet, const GArray *measured, MigAdjustment *adjustment)
{
  *adjustment = (MigAdjustment){ .link_before_bytes_per_s = fastest_link (fleet),
                                 .speed = 1,
                                 .end_before_s = model->end_s,
                                 .switch_before_s = model->switch_s };
  set_dirty_rates (fleet, measured);
  adjustment->tells_speed = any_tells_speed (measured);
  if (adjustment->tells_speed)
    {
      adjustment->speed = find_speed (model, fleet, measured);
      set_speed (model, fleet, adjustment->speed);
    }
  if (measured->len > 0)
    set_fixed_times (model, fleet, measured);
  if (adjustment->tells_speed)
    adjustment->speed *= speed_up (model, fleet, measured);
  adjustment->link_after_bytes_per_s = fastest_link (fleet);
  adjustment->end_after_s = model->end_s;
  adjustment->switch_after_s = model->switch_s;
}
