/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "tests/unit/fleets.h"

guint
fleet_host (MigFleet *fleet, const char *name, double cpus)
{
  MigFleetHost host = { (char *) name, INFINITY, cpus, 125e6, G_MAXUINT };
  return mig_fleet_add_host (fleet, &host);
}

guint
fleet_vm (MigFleet *fleet, const char *name, guint host, double cpu, double wss_bytes,
          double dirty_pages_per_s)
{
  MigFleetVm vm = { (char *) name,     host,     MIG_NO_INDEX, 512. * MIG_MIB,
                    512. * MIG_MIB,    1,        cpu,          wss_bytes,
                    dirty_pages_per_s, INFINITY, NULL };
  return mig_fleet_add_vm (fleet, &vm);
}

static void
add_random_vm (MigFleet *fleet, GRand *rand, guint number, guint host)
{
  g_autofree char *name = g_strdup_printf ("vm%u", number);
  double memory = g_rand_int_range (rand, 1, 9) * 128. * MIG_MIB;
  guint vcpus = g_rand_int_range (rand, 1, 4);
  MigFleetVm vm = {
    .name = name,
    .host = host,
    .to = MIG_NO_INDEX,
    .memory_bytes = memory,
    .used_bytes = memory * g_rand_double_range (rand, 0.2, 1),
    .vcpus = vcpus,
    .cpu = g_rand_boolean (rand) ? vcpus : g_rand_double_range (rand, 0, vcpus),
    .wss_bytes = memory * g_rand_double_range (rand, 0, 0.2),
    .dirty_pages_per_s = g_rand_boolean (rand) ? 0 : g_rand_double_range (rand, 0, 40000),
    .max_downtime_s = INFINITY,
    .disk_bytes = number % 3 == 2 ? memory / 2 : 0,
  };

  mig_fleet_add_vm (fleet, &vm);
}

MigFleet *
fleet_random (GRand *rand, guint n)
{
  MigFleet *fleet = mig_fleet_new ();

  for (guint i = 0; i < 3; i++)
    {
      static const char *const names[] = { "source", "target1", "target2" };
      fleet_host (fleet, names[i], g_rand_int_range (rand, 1, 5));
    }
  for (guint i = 0; i < n; i++)
    add_random_vm (fleet, rand, i, 0);
  for (guint i = 0; i < 3; i++)
    add_random_vm (fleet, rand, n + i, g_rand_int_range (rand, 1, 3));
  return fleet;
}

MigTask
fleet_task (const MigFleet *fleet, guint parallel)
{
  GArray *sources = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *targets = g_array_new (FALSE, FALSE, sizeof (guint));
  guint source = 0;

  g_array_append_val (sources, source);
  for (guint i = 1; i < fleet->hosts->len; i++)
    g_array_append_val (targets, i);
  return (MigTask){ sources, targets, NAN, parallel, { .time = 1 }, 0 };
}
