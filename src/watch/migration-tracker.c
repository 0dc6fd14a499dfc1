/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "watch/migration-tracker.h"

struct _MigMigrationTracker {
  GPtrArray *all;
};

static void
observed_free (gpointer data)
{
  MigTrackedMigration *observed = data;
  g_free (observed->guest);
  g_free (observed->failure);
  g_free (observed);
}

MigMigrationTracker *
mig_migration_tracker_new (void)
{
  MigMigrationTracker *observation = g_new (MigMigrationTracker, 1);
  observation->all = g_ptr_array_new_with_free_func (observed_free);
  return observation;
}

void
mig_migration_tracker_free (MigMigrationTracker *observation)
{
  if (!observation)
    return;
  g_ptr_array_unref (observation->all);
  g_free (observation);
}

const GPtrArray *
mig_migration_tracker_all (const MigMigrationTracker *observation)
{
  return observation->all;
}

void
mig_migration_tracker_forget (MigMigrationTracker *observation)
{
  for (guint i = observation->all->len; i > 0; i--)
    if (!MIG_IS_MISSING (((MigTrackedMigration *) observation->all->pdata[i - 1])->end_ns))
      g_ptr_array_remove_index (observation->all, i - 1);
}

/* The one of that guest which goes on. */
static MigTrackedMigration *
find (const MigMigrationTracker *observation, const char *guest)
{
  for (guint i = 0; i < observation->all->len; i++)
    {
      MigTrackedMigration *observed = observation->all->pdata[i];
      if (MIG_IS_MISSING (observed->end_ns) && strcmp (observed->guest, guest) == 0)
        return observed;
    }
  return NULL;
}

static MigTrackedMigration *
begin (MigMigrationTracker *observation, const char *guest, gint64 start_ns)
{
  MigTrackedMigration *observed = g_new0 (MigTrackedMigration, 1);

  observed->guest = g_strdup (guest);
  observed->source = observed->destination = -1;
  observed->start_ns = start_ns;
  observed->suspended_ns = observed->resumed_ns = observed->end_ns = MIG_MISSING_INT;
  g_ptr_array_add (observation->all, observed);
  return observed;
}

void
mig_migration_tracker_give_up (MigTrackedMigration *observed, gint64 now_ns, const char *failure)
{
  observed->end_ns = now_ns;
  g_free (observed->failure);
  observed->failure = g_strdup (failure);
}

static MigTrackerChange
end (MigTrackedMigration *observed, gint64 now_ns, const char *failure)
{
  mig_migration_tracker_give_up (observed, now_ns, failure);
  return MIG_TRACKER_ENDED;
}

/* Events that only a migration sends; the first of them is its beginning. */
static gboolean
is_sign (MigEventKind kind, gboolean by_migration)
{
  return kind == MIG_EVENT_ITERATION ||
         (by_migration && (kind == MIG_EVENT_STARTED || kind == MIG_EVENT_SUSPENDED));
}

static MigTrackerChange
resumed (MigTrackedMigration *observed, int host, gint64 arrival_ns)
{
  if (host == observed->source)
    return end (observed, arrival_ns, "the guest continues on the source");
  observed->destination = host;
  if (MIG_IS_MISSING (observed->resumed_ns))
    observed->resumed_ns = arrival_ns;
  return observed->source < 0 ? end (observed, arrival_ns, NULL) : MIG_TRACKER_MORE;
}

static MigTrackerChange
stopped (MigTrackedMigration *observed, int host, gboolean by_migration, gint64 arrival_ns)
{
  if (host == observed->destination && host != observed->source)
    return end (observed, arrival_ns, "the guest ended on the destination");
  if (observed->source < 0)
    observed->source = host;
  return end (observed, arrival_ns, by_migration ? NULL : "the guest ended on the source");
}

MigTrackerChange
mig_migration_tracker_event (MigMigrationTracker *observation, int host, const char *guest,
                             MigEventKind kind, gboolean by_migration, gint64 arrival_ns,
                             MigTrackedMigration **result)
{
  MigTrackedMigration *observed = find (observation, guest);
  gboolean begun = !observed && is_sign (kind, by_migration);

  if (begun)
    observed = begin (observation, guest, arrival_ns);
  *result = observed;
  if (!observed)
    return MIG_TRACKER_NOTHING;
  switch (kind)
    {
    case MIG_EVENT_SUSPENDED:
      if (by_migration)
        observed->suspended_ns = arrival_ns;
      G_GNUC_FALLTHROUGH;
    case MIG_EVENT_ITERATION:
      if (observed->source < 0 && host != observed->destination)
        observed->source = host;
      break;
    case MIG_EVENT_STARTED:
      observed->destination = host;
      break;
    case MIG_EVENT_RESUMED:
      return resumed (observed, host, arrival_ns);
    case MIG_EVENT_STOPPED:
      return stopped (observed, host, by_migration, arrival_ns);
    default:
      break;
    }
  return begun ? MIG_TRACKER_BEGUN : MIG_TRACKER_MORE;
}
