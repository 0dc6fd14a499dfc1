/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time and memory of planning: bench-plan [HOSTS [VMS-PER-HOST]]: half of the hosts are emptied
 * onto the other half, two at a time; without arguments a table of sizes, and 12 VMs exactly. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/units.h"
#include "tests/unit/fleets.h"

static void
add_vms (MigFleet *fleet, GRand *rand, guint host, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("vm%u-%u", host, i);
      double memory = (1 << g_rand_int_range (rand, 0, 5)) * 512. * MIG_MIB;
      gboolean dirty = g_rand_double (rand) < 0.4;
      guint vm = fleet_vm (fleet, name, host, g_rand_double_range (rand, 0, 1),
                           dirty ? memory / 8 : 0, dirty ? g_rand_double_range (rand, 0, 5000) : 0);
      MigFleetVm *added = &g_array_index (fleet->vms, MigFleetVm, vm);
      added->memory_bytes = memory;
      added->used_bytes = memory * g_rand_double_range (rand, 0.3, 1);
    }
}

static void
bench (guint hosts, guint per_host, guint parallel, gboolean half)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) error = NULL;
  MigModel model = mig_model_default ();
  struct rusage usage;

  model.max_rounds = 29;
  for (guint i = 0; i < hosts; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      MigFleetHost host = { name, INFINITY, 32, 1250e6, 4 };
      gboolean leaves = half ? i % 2 == 0 : i == 0;
      mig_fleet_add_host (fleet, &host);
      g_array_append_val (leaves ? sources : targets, i);
    }
  for (guint i = 0; i < hosts; i++)
    add_vms (fleet, rand, i, per_host);
  MigTask task = { sources, targets, NAN, parallel, { .time = 1 }, 0 };
  gint64 start = mig_clock_now ();
  g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
  g_assert_no_error (error);
  double time = (double) (mig_clock_now () - start) / MIG_NS_PER_S;
  getrusage (RUSAGE_SELF, &usage);
  printf ("%6u hosts %7u VMs %7u migrations  %s  %8.3f s  %6.1f MB  plan takes %.0f s, by name "
          "%.0f s\n",
          hosts, fleet->vms->len, plan->best.moves->len, plan->exact ? "exact" : "beam ", time,
          usage.ru_maxrss / 1024., plan->best.cost.time_s,
          ((const MigOrder *) plan->others->pdata[0])->cost.time_s);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 10, 32, 100, 320, 1000 };

  if (argc > 1)
    {
      bench (atoi (argv[1]), argc > 2 ? atoi (argv[2]) : 20, 2, TRUE);
      return 0;
    }
  for (guint n = 4; n <= 16; n += 4)
    bench (3, n, 1, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    bench (sizes[i], 20, 2, TRUE);
  return 0;
}
