/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How near plans for exchanges come to the bound: bench-exchange FLEET...; or bench-exchange
 * [SEED]: those of 25 that are drawn. Each VM sends what the model of mVM (Kherbache, Madelaine,
 * Hermenier, UCC'15) has it send where it gets all of its links: a link of N Mbit/s carries N/9
 * MB/s; memory, pages that get dirty meanwhile at 2 MB/s, and 96 MB of hot ones that get dirty in 2
 * s. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "plan/fleet-file.h"
#include "tests/unit/exact-schedule.h"
#include "tests/unit/fleets.h"

#define USABLE (8 / 9.)
#define HOT_MB 96.
#define HOT_S 2.
#define COLD_MB_PER_S 2.
#define DRAWN 25
#define NODES_MAX 20000000
#define AT_BOUND 1.0005

/* send_s: of a migration that has so many MB/s. */
static double
send_s (double mb, double mb_per_s)
{
  double whole = mb / mb_per_s;
  double cold = (HOT_MB + (whole - HOT_S) * COLD_MB_PER_S) / (mb_per_s - COLD_MB_PER_S);
  double hot = HOT_MB / mb_per_s * (HOT_MB / HOT_S / (mb_per_s - HOT_MB / HOT_S));

  return whole + cold + hot;
}

static void
to_their_model (MigFleet *fleet)
{
  for (guint i = 0; i < fleet->hosts->len; i++)
    g_array_index (fleet->hosts, MigFleetHost, i).link_bytes_per_s *= USABLE;
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      if (vm->to == MIG_NO_INDEX)
        continue;
      double rate = fmin (mig_fleet_host (fleet, vm->host)->link_bytes_per_s,
                          mig_fleet_host (fleet, vm->to)->link_bytes_per_s);
      vm->used_bytes = send_s (vm->used_bytes / 1e6, rate / 1e6) * rate;
      vm->wss_bytes = vm->dirty_pages_per_s = vm->cpu = 0;
    }
}

static void
show (const char *name, MigFleet *fleet, GArray *ratios)
{
  const MigModel model = { .cap_bytes_per_s = INFINITY,
                           .max_rounds = 1,
                           .time_error = NAN,
                           .downtime_error = NAN,
                           .lost_error = NAN,
                           .lost_mean_error = NAN };
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) error = NULL;
  guint first = 0, shared = 0;

  g_array_append_val (sources, first);
  to_their_model (fleet);
  MigTask task = { .sources = sources,
                   .targets = sources,
                   .relieve_to_cpus = NAN,
                   .parallel = 10,
                   .objective = { .time = 1 },
                   .target_state = TRUE };
  g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
  if (!plan)
    {
      printf ("%-10s %s\n", name, error->message);
      return;
    }
  for (guint i = 0; i < plan->best.moves->len; i++)
    {
      const MigMove *move = &g_array_index (plan->best.moves, MigMove, i);
      const MigMoveCost *cost = &g_array_index (plan->best.costs, MigMoveCost, i);
      guint from = mig_order_source (&plan->best, fleet, i);
      double rate = fmin (mig_fleet_host (fleet, from)->link_bytes_per_s,
                          mig_fleet_host (fleet, move->to)->link_bytes_per_s);
      shared += (cost->end_s - cost->start_s) * rate >
                1.001 * mig_fleet_vm (fleet, move->vm)->used_bytes;
    }
  double ratio = plan->best.cost.time_s / plan->bound;
  if (ratio >= AT_BOUND && plan->best.parked == 0)
    printf ("%-10s no schedule takes less than %.1f s (all were tried; nan: too many)\n", name,
            exact_schedule_time (fleet, task.parallel, plan->best.cost.time_s, NODES_MAX));
  g_array_append_val (ratios, ratio);
  printf (
      "%-10s plan %6.1f s  bound %6.1f s  %5.1f %% above it  %u parked, %u of %u share a link\n",
      name, plan->best.cost.time_s, plan->bound, 100 * (plan->best.cost.time_s / plan->bound - 1),
      plan->best.parked, shared, plan->best.moves->len);
}

static MigFleet *
draw (GRand *rand)
{
  MigFleet *fleet = mig_fleet_new ();

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u", i);
      MigFleetHost host = { .name = name,
                            .memory_bytes = 12. * MIG_GIB,
                            .cpus = 8,
                            .link_bytes_per_s = i < 2 ? 62.5e6 : 125e6,
                            .max_parallel = G_MAXUINT };
      mig_fleet_add_host (fleet, &host);
    }
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("vm%u", i);
      guint gib = 2 + i / 5, from = i % 4;
      MigFleetVm vm = { .name = name,
                        .host = from,
                        .to = (from + g_rand_int_range (rand, 1, 4)) % 4,
                        .memory_bytes = (double) gib * MIG_GIB,
                        .used_bytes = gib * 1e9,
                        .vcpus = 1,
                        .max_downtime_s = INFINITY };
      mig_fleet_add_vm (fleet, &vm);
    }
  return fleet;
}

static int
compare_ratios (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
sum_up (GArray *ratios)
{
  guint at_bound = 0;

  g_array_sort (ratios, compare_ratios);
  for (guint i = 0; i < ratios->len; i++)
    at_bound += g_array_index (ratios, double, i) < AT_BOUND;
  if (ratios->len > 0)
    printf ("%u plans: %u at the bound, above it %.1f %% in the median, %.1f %% at worst\n",
            ratios->len, at_bound, 100 * fabs (g_array_index (ratios, double, ratios->len / 2) - 1),
            100 * (g_array_index (ratios, double, ratios->len - 1) - 1));
}

int
main (int argc, char **argv)
{
  gboolean draws = argc < 2 || strspn (argv[1], G_CSET_DIGITS) == strlen (argv[1]);
  GRand *rand = g_rand_new_with_seed (argc == 2 && draws ? atoi (argv[1]) : 15);
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 1; i < argc && !draws; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MigFleetDraft) rows = mig_fleet_file_load (argv[i], NULL, &error);
      g_autoptr (MigFleet) fleet = rows ? mig_fleet_from_records (rows->rows, argv[i], &error)
                                        : NULL;
      g_autofree char *name = g_path_get_basename (argv[i]);
      if (fleet)
        show (name, fleet, ratios);
      else
        printf ("%s\n", error->message);
    }
  for (guint i = 0; draws && i < DRAWN; i++)
    {
      g_autoptr (MigFleet) fleet = draw (rand);
      g_autofree char *name = g_strdup_printf ("drawn %u", i + 1);
      show (name, fleet, ratios);
    }
  sum_up (ratios);
  g_rand_free (rand);
  return 0;
}
