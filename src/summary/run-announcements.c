/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "summary/runs.h"

/* When a run's guests that moved were announced at their new hosts. */

/* what comes later tells of something else; those who write rows stop sooner */
#define AFTER_NS (60 * MIG_NS_PER_S)

typedef struct {
  gint64 rarp_ns, arp_ns; /* the first since its guest was suspended; missing: none */
} Announced;

static gboolean
is_of (const MigMigrationRecord *migration, const MigAnnouncementRecord *announcement)
{
  gint64 from_ns = MIG_IS_MISSING (migration->suspended_ns) ? migration->start_ns
                                                            : migration->suspended_ns;

  return g_strcmp0 (migration->guest, announcement->guest) == 0 && !MIG_IS_MISSING (from_ns) &&
         !MIG_IS_MISSING (migration->end_ns) && announcement->time_ns >= from_ns &&
         announcement->time_ns - AFTER_NS <= migration->end_ns;
}

/* migration_of: the latest of its guest that had begun by then; NULL: none. */
static const MigMigrationRecord *
migration_of (const MigRunState *self, const MigAnnouncementRecord *announcement)
{
  const MigMigrationRecord *latest = NULL;

  for (guint i = 0; i < self->migrations->len; i++)
    {
      const MigMigrationRecord *m = self->migrations->pdata[i];
      if (is_of (m, announcement) && (!latest || m->start_ns > latest->start_ns))
        latest = m;
    }
  return latest;
}

static void
keep_first (gint64 *first_ns, gint64 time_ns)
{
  if (MIG_IS_MISSING (*first_ns) || time_ns < *first_ns)
    *first_ns = time_ns;
}

void
mig_run_announcement (MigRunState *self, const MigAnnouncementRecord *announcement)
{
  const MigMigrationRecord *migration = migration_of (self, announcement);

  if (!migration)
    return;
  Announced *announced = g_hash_table_lookup (self->announced, migration);
  if (!announced)
    {
      announced = g_new (Announced, 1);
      *announced = (Announced){ MIG_MISSING_INT, MIG_MISSING_INT };
      g_hash_table_insert (self->announced, (gpointer) migration, announced);
    }
  if (g_strcmp0 (announcement->packet, MIG_ANNOUNCED_BY_RARP) == 0)
    keep_first (&announced->rarp_ns, announcement->time_ns);
  else if (g_strcmp0 (announcement->packet, MIG_ANNOUNCED_BY_ARP) == 0)
    keep_first (&announced->arp_ns, announcement->time_ns);
}

gboolean
mig_run_find_announced (const MigRunState *self, const MigMigrationRecord *migration,
                        MigAnnounced *found)
{
  const Announced *announced = g_hash_table_lookup (self->announced, migration);

  *found = (MigAnnounced){ NAN, NAN };
  if (announced)
    *found = (MigAnnounced){
      mig_units_seconds_between (migration->resumed_ns, announced->rarp_ns),
      mig_units_seconds_between (migration->resumed_ns, announced->arp_ns),
    };
  return g_hash_table_size (self->announced) > 0;
}
