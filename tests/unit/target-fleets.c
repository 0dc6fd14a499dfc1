/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "tests/unit/exact-schedule.h"
#include "tests/unit/target-fleets.h"

#define GIB ((double) MIG_GIB)
#define HOSTS EXACT_SCHEDULE_HOSTS
#define SAME TARGET_FLEET_SAME

MigModel
target_fleet_model (void)
{
  return (MigModel){ .cap_bytes_per_s = INFINITY,
                     .max_rounds = 1,
                     .time_error = NAN,
                     .downtime_error = NAN,
                     .lost_error = NAN,
                     .lost_mean_error = NAN };
}

guint
target_fleet_add_host (MigFleet *fleet, const char *name, double memory, double rate, guint group)
{
  MigFleetHost host = { .name = (char *) name,
                        .memory_bytes = memory,
                        .cpus = 64,
                        .link_bytes_per_s = rate,
                        .max_parallel = G_MAXUINT,
                        .group = group };
  return mig_fleet_add_host (fleet, &host);
}

guint
target_fleet_add_vm (MigFleet *fleet, guint host, guint to, double memory)
{
  g_autofree char *name = g_strdup_printf ("vm%u", fleet->vms->len);
  MigFleetVm vm = { .name = name,
                    .host = host,
                    .to = to,
                    .memory_bytes = memory,
                    .used_bytes = memory,
                    .vcpus = 1,
                    .max_downtime_s = INFINITY };
  return mig_fleet_add_vm (fleet, &vm);
}

MigPlan *
target_fleet_plan (MigFleet *fleet, guint parallel, guint cluster, GError **error)
{
  const MigModel model = target_fleet_model ();
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  guint first = 0;

  g_array_append_val (sources, first);
  MigTask task = { .sources = sources,
                   .targets = sources,
                   .relieve_to_cpus = NAN,
                   .parallel = parallel,
                   .objective = { .time = 1 },
                   .target_state = TRUE,
                   .cluster = cluster };
  return mig_plan_make (&model, fleet, &task, error);
}

void
target_fleet_check (const MigFleet *fleet, const MigPlan *plan, guint parallel)
{
  const GArray *moves = plan->best.moves, *costs = plan->best.costs;

  for (guint at = 0; at < moves->len; at++)
    {
      double now = g_array_index (costs, MigMoveCost, at).start_s;
      for (guint host = 0; host < fleet->hosts->len; host++)
        {
          double memory = 0;
          guint out = 0;
          for (guint i = 0; i < fleet->vms->len; i++)
            memory += mig_fleet_vm (fleet, i)->host == host ? mig_fleet_vm (fleet, i)->memory_bytes
                                                            : 0;
          for (guint i = 0; i < moves->len; i++)
            {
              const MigMove *move = &g_array_index (moves, MigMove, i);
              const MigMoveCost *cost = &g_array_index (costs, MigMoveCost, i);
              guint from = mig_order_source (&plan->best, fleet, i);
              double bytes = mig_fleet_vm (fleet, move->vm)->memory_bytes;
              memory += move->to == host && cost->start_s <= now + SAME ? bytes : 0;
              memory -= from == host && cost->end_s <= now + SAME ? bytes : 0;
              out += from == host && cost->start_s <= now + SAME && cost->end_s > now + SAME;
            }
          g_assert_cmpfloat (memory, <=, mig_fleet_host (fleet, host)->memory_bytes + 1);
          g_assert_cmpuint (out, <=, parallel);
        }
    }
  g_assert_true (plan->best.allowed);
  g_assert_cmpfloat (plan->bound, <=, plan->best.cost.time_s * (1 + SAME));
}

MigFleet *
target_fleet_exchange (void)
{
  MigFleet *fleet = mig_fleet_new ();

  target_fleet_add_host (fleet, "a", 4 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "b", 6 * GIB, 125e6, 0);
  target_fleet_add_vm (fleet, 0, 1, 3 * GIB);
  target_fleet_add_vm (fleet, 1, 0, 3 * GIB);
  return fleet;
}

MigFleet *
target_fleet_random (GRand *rand, guint n)
{
  MigFleet *fleet = mig_fleet_new ();
  MigFleetGroup near = { (char *) "near", g_rand_int_range (rand, 4, 16) * 15.625e6, 0 },
                far = { (char *) "far", INFINITY, 0 };
  double now[HOSTS] = { 0 }, then[HOSTS] = { 0 };

  mig_fleet_add_group (fleet, &near);
  mig_fleet_add_group (fleet, &far);
  for (guint i = 0; i < HOSTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      target_fleet_add_host (fleet, name, 0, g_rand_boolean (rand) ? 62.5e6 : 125e6, 1 + i / 2);
    }
  for (guint i = 0; i < n; i++)
    {
      guint from = g_rand_int_range (rand, 0, HOSTS),
            to = (from + g_rand_int_range (rand, 1, HOSTS)) % HOSTS;
      double memory = g_rand_int_range (rand, 1, 5) * GIB;
      target_fleet_add_vm (fleet, from, to, memory);
      now[from] += memory;
      then[to] += memory;
    }
  for (guint i = 0; i < HOSTS; i++)
    g_array_index (fleet->hosts, MigFleetHost, i).memory_bytes = fmax (now[i], then[i]) +
                                                                 g_rand_int_range (rand, 0, 4) *
                                                                     GIB;
  return fleet;
}
