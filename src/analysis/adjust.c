/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "analysis/adjust.h"
#include "base/units.h"

/* One observation is trusted so far and no further. */
#define MOST_SPEED 1000.
#define BISECTIONS 40
/* Less is the clock's. */
#define SHORT_S 1e-3

/* predict: what the model says of these moves now; of MigMoveCost, one each. */
static GArray *
predict (const MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  g_autofree MigMove *moves = g_new (MigMove, measured->len);
  GArray *costs = g_array_new (FALSE, TRUE, sizeof (MigMoveCost));
  MigPlanCost sum;

  for (guint i = 0; i < measured->len; i++)
    moves[i] = g_array_index (measured, MigMoveMeasured, i).move;
  g_array_set_size (costs, measured->len);
  mig_simulation_run (simulation, NULL, moves, measured->len, (MigMoveCost *) (gpointer) costs->data, &sum);
  return costs;
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

/* find_speed: bytes per second of sending, measured and by the model, each by its own count of bytes: their ratio,
 * as the geometric mean over the migrations. 1: nothing was measured. */
static double
find_speed (const MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  g_autoptr (GArray) costs = predict (model, fleet, measured);
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < measured->len; i++)
    {
      const MigMoveMeasured *one = &g_array_index (measured, MigMoveMeasured, i);
      const MigMoveCost *cost = &g_array_index (costs, MigMoveCost, i);
      const MigFleetVm *vm = mig_fleet_vm (fleet, one->move.vm);
      double bytes = one->normal_pages * MIG_PAGE_BYTES + one->constant_pages * model->constant_page_bytes;
      double expected = cost->sent_bytes
                        + (vm->memory_bytes - vm->used_bytes) / MIG_PAGE_BYTES * model->constant_page_bytes;
      double sending_s = cost->end_s - cost->start_s - model->setup_s - model->switch_s - model->end_s;
      if (!(one->sending_s > SHORT_S && bytes > 0 && sending_s > SHORT_S && expected > 0))
        continue;
      sum += log (bytes / one->sending_s / (expected / sending_s));
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
}

/* set_fixed_times: by what is left between measured and predicted, on average. */
static void
set_fixed_times (MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  g_autoptr (GArray) costs = predict (model, fleet, measured);
  double time_s = 0, downtime_s = 0;
  guint n_time = 0, n_downtime = 0;

  for (guint i = 0; i < measured->len; i++)
    {
      const MigMoveMeasured *one = &g_array_index (measured, MigMoveMeasured, i);
      const MigMoveCost *cost = &g_array_index (costs, MigMoveCost, i);
      if (!isnan (one->downtime_s))
        downtime_s += one->downtime_s - cost->downtime_s;
      n_downtime += !isnan (one->downtime_s);
      if (!isnan (one->time_s))
        time_s += one->time_s - (cost->end_s - cost->start_s);
      n_time += !isnan (one->time_s);
    }
  double more_s = n_downtime > 0 ? downtime_s / n_downtime : 0;
  double switch_s = fmax (0, model->switch_s + more_s);
  /* what a longer switch-over adds to the time is accounted for */
  if (n_time > 0)
    model->end_s = fmax (0, model->end_s + time_s / n_time - (switch_s - model->switch_s));
  model->switch_s = switch_s;
}

/* left_s: of the times that were measured, what the model lacks now, on average. */
static double
left_s (const MigModel *model, const MigFleet *fleet, const GArray *measured)
{
  g_autoptr (GArray) costs = predict (model, fleet, measured);
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < measured->len; i++)
    {
      const MigMoveMeasured *one = &g_array_index (measured, MigMoveMeasured, i);
      const MigMoveCost *cost = &g_array_index (costs, MigMoveCost, i);
      if (isnan (one->time_s))
        continue;
      sum += one->time_s - (cost->end_s - cost->start_s);
      n++;
    }
  return n > 0 ? sum / n : 0;
}

/* speed_up: fewer bytes were sent than the model thinks of (pages that it takes for used were not, say): no fixed time
 * can make up for that, so sending is that much faster. Returns how many times. */
static double
speed_up (MigModel *model, MigFleet *fleet, const GArray *measured)
{
  double low = 0, high = log (MOST_SPEED), now = 0;

  if (left_s (model, fleet, measured) > -SHORT_S)
    return 1;
  for (guint i = 0; i < BISECTIONS; i++)
    {
      double middle = (low + high) / 2;
      set_speed (model, fleet, exp (middle - now));
      now = middle;
      if (left_s (model, fleet, measured) < 0)
        low = middle;
      else
        high = middle;
    }
  return exp (now);
}

void
mig_adjust (MigModel *model, MigFleet *fleet, const GArray *measured, MigAdjustment *adjustment)
{
  *adjustment = (MigAdjustment){ .link_before_bytes_per_s = fastest_link (fleet), .speed = 1,
                                 .end_before_s = model->end_s, .switch_before_s = model->switch_s };
  set_dirty_rates (fleet, measured);
  if (measured->len > 0)
    {
      adjustment->speed = find_speed (model, fleet, measured);
      set_speed (model, fleet, adjustment->speed);
      set_fixed_times (model, fleet, measured);
      adjustment->speed *= speed_up (model, fleet, measured);
    }
  adjustment->link_after_bytes_per_s = fastest_link (fleet);
  adjustment->end_after_s = model->end_s;
  adjustment->switch_after_s = model->switch_s;
}
