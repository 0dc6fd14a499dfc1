/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "model/copied-disks.h"

/* A link may carry so much more than what was measured, or is configured. */
#define LINK_SLACK 1.1

double
mig_copied_disks_s (const MigMigrationRecord *m)
{
  return MIG_IS_MISSING (m->disk_total_bytes) ? 0 : mig_units_seconds (m->disk_ns);
}

/* counted: by libvirt. */
static double
counted (const MigMigrationRecord *m)
{
  return MIG_IS_MISSING (m->disk_total_bytes) || MIG_IS_MISSING (m->disk_sent_bytes)
             ? 0
             : (double) m->disk_sent_bytes;
}

gboolean
mig_copied_disks_have_holes (const MigMigrationRecord *m, double link_bytes_per_s)
{
  /* of an infinite link in no time this is NaN, which nothing is more than */
  return counted (m) > LINK_SLACK * link_bytes_per_s * mig_copied_disks_s (m);
}

double
mig_copied_disks_bytes (const MigMigrationRecord *m, double link_bytes_per_s)
{
  return mig_copied_disks_have_holes (m, link_bytes_per_s)
             ? link_bytes_per_s * mig_copied_disks_s (m)
             : counted (m);
}

static gboolean
moves (const MigTrainingRun *run, guint vm)
{
  for (guint i = 0; i < run->moves->len; i++)
    if (g_array_index (run->moves, MigMove, i).vm == vm)
      return TRUE;
  return FALSE;
}

/* find_most: of each VM that is moved: name -> const double *. */
static GHashTable *
find_most (const GPtrArray *runs)
{
  GHashTable *most = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < runs->len; i++)
    {
      const MigFleet *fleet = ((const MigTrainingRun *) runs->pdata[i])->fleet;
      for (guint j = 0; j < fleet->vms->len; j++)
        {
          const MigFleetVm *vm = mig_fleet_vm (fleet, j);
          const double *known = g_hash_table_lookup (most, vm->name);
          if (vm->disk_bytes > 0 && (!known || vm->disk_bytes > *known))
            g_hash_table_insert (most, vm->name, (gpointer) &vm->disk_bytes);
        }
    }
  return most;
}

void
mig_copied_disks_spread (const GPtrArray *runs)
{
  g_autoptr (GHashTable) most = find_most (runs);

  for (guint i = 0; i < runs->len; i++)
    {
      const MigTrainingRun *run = runs->pdata[i];
      for (guint j = 0; j < run->fleet->vms->len; j++)
        {
          MigFleetVm *vm = &g_array_index (run->fleet->vms, MigFleetVm, j);
          const double *known = g_hash_table_lookup (most, vm->name);
          if (known && !moves (run, j))
            vm->disk_bytes = *known;
        }
    }
}
