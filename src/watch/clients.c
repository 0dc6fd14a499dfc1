/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "hosts/probe-row.h"
#include "hosts/probe-selection.h"
#include "probe/prober-client.h"
#include "watch/internal.h"

/* What clients notice of guests that others migrate: they are asked all the while, and what is
 * older than a migration's baseline is forgotten. */

/* before a migration, so long is kept */
#define KEPT_NS (15 * MIG_NS_PER_S)

struct _MigWatchClients {
  MigProberClient *client; /* NULL: it has gone */
  GPtrArray *names;        /* char *: the guests, as the prober counts them */
  MigProberTold told;      /* of the last look */
  GHashTable *warned;      /* numbers of guests whose network limits rates */
};
typedef struct _MigWatchClients Clients;

void
mig_watch_clients_free (Clients *clients)
{
  if (!clients)
    return;
  g_clear_pointer (&clients->client, mig_prober_client_free);
  mig_prober_told_clear (&clients->told);
  g_ptr_array_unref (clients->names);
  g_hash_table_unref (clients->warned);
  g_free (clients);
}

static gboolean
add_guest (Clients *clients, const char *name, const char *probe, GError **error)
{
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse (probe, FALSE, error);

  if (!spec || !mig_prober_may_ask (spec, error))
    return FALSE;
  mig_prober_client_add (clients->client, probe, 0);
  g_ptr_array_add (clients->names, g_strdup (name));
  return TRUE;
}

gboolean
mig_watch_clients_start (MigWatch *watch, GError **error)
{
  GHashTableIter iter;
  gpointer name, probe;

  if (!watch->options.probes || g_hash_table_size (watch->options.probes) == 0)
    return TRUE;
  Clients *clients = watch->clients = g_new0 (Clients, 1);
  clients->names = g_ptr_array_new_with_free_func (g_free);
  clients->warned = g_hash_table_new (NULL, NULL);
  mig_prober_told_init (&clients->told);
  clients->client = mig_prober_client_start (error);
  if (!clients->client)
    return FALSE;
  g_hash_table_iter_init (&iter, watch->options.probes);
  while (g_hash_table_iter_next (&iter, &name, &probe))
    if (!add_guest (clients, name, probe, error))
      return FALSE;
  mig_prober_client_go (clients->client);
  return TRUE;
}

static void
lose (Clients *clients)
{
  mig_warning ("the prober has ended: what clients notice is not measured any more");
  g_clear_pointer (&clients->client, mig_prober_client_free);
}

/* start_of: when a migration may have begun. */
static gint64
start_of (const MigTrackedMigration *migration)
{
  return mig_outage_start_ns (migration->late ? MIG_MISSING_INT : migration->start_ns,
                              migration->end_ns);
}

/* oldest_start: of the migrations that are not written yet; none: now. */
static gint64
oldest_start (const MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  gint64 oldest_ns = mig_clock_now ();

  for (guint i = 0; i < all->len; i++)
    oldest_ns = MIN (oldest_ns, ((const MigTrackedMigration *) all->pdata[i])->start_ns);
  return oldest_ns;
}

void
mig_watch_clients_tick (MigWatch *watch)
{
  Clients *clients = watch->clients;

  if (clients && clients->client &&
      !mig_prober_client_forget (clients->client, oldest_start (watch) - KEPT_NS))
    lose (clients);
}

/* warn_of_limits: once of each guest. */
static void
warn_of_limits (Clients *clients)
{
  for (guint guest = 0; guest < clients->names->len; guest++)
    {
      const char *limited = g_hash_table_lookup (clients->told.limited, GUINT_TO_POINTER (guest));
      if (limited && g_hash_table_add (clients->warned, GUINT_TO_POINTER (guest)))
        mig_warning ("%s answered %s probes: its network limits their rate, so it is probed no "
                     "more; try another probe",
                     (const char *) clients->names->pdata[guest], limited);
    }
}

void
mig_watch_clients_look (MigWatch *watch)
{
  Clients *clients = watch->clients;

  if (!clients || !clients->client)
    return;
  if (mig_prober_client_tell (clients->client, &clients->told))
    warn_of_limits (clients);
  else
    lose (clients);
}

/* find_guest: FALSE: it is not probed. */
static gboolean
find_guest (const Clients *clients, const char *name, guint *guest)
{
  return clients && clients->client &&
         g_ptr_array_find_with_equal_func (clients->names, name, g_str_equal, guest) &&
         !g_hash_table_contains (clients->told.limited, GUINT_TO_POINTER (*guest));
}

/* next_start: of the same guest; missing: it does not move again in the episode. */
static gint64
next_start (const MigWatch *watch, const MigTrackedMigration *migration)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);

  for (guint i = 0; i < all->len; i++)
    {
      const MigTrackedMigration *other = all->pdata[i];
      if (other->start_ns > migration->start_ns && strcmp (other->uuid, migration->uuid) == 0)
        return other->start_ns;
    }
  return MIG_MISSING_INT;
}

gboolean
mig_watch_clients_outage (MigWatch *watch, const MigTrackedMigration *migration, MigOutage *outage)
{
  const MigProbeSpan span = { .from_ns = MIG_MISSING_INT,
                              .start_ns = start_of (migration),
                              .next_ns = next_start (watch, migration),
                              .end_ns = mig_clock_now () };
  guint guest;

  if (!find_guest (watch->clients, migration->guest, &guest))
    return FALSE;
  g_autoptr (GArray)
      rows = mig_probe_rows (watch->clients->told.probes, guest, watch->run, migration->guest);
  *outage = mig_outage_of (rows, &span);
  return TRUE;
}

/* rows_of: migrations, as their rows have them. */
static GPtrArray *
rows_of (const GPtrArray *all)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < all->len; i++)
    {
      const MigTrackedMigration *migration = all->pdata[i];
      MigMigrationRecord *row = g_new (MigMigrationRecord, 1);
      mig_record_init (MIG_TABLE_MIGRATIONS, row);
      row->guest = migration->guest;
      row->start_ns = start_of (migration);
      row->end_ns = migration->end_ns;
      row->suspended_ns = migration->suspended_ns;
      g_ptr_array_add (rows, row);
    }
  return rows;
}

static void
append (MigWatch *watch, MigTable table, gconstpointer row)
{
  /* a failure of the writer is kept by it and comes back with the commit */
  mig_result_writer_append (mig_result_rotation_writer (watch->volumes), table, row, NULL);
}

/* macs_of: of a guest that has migrated, where it is now; NULL: no host tells. */
static char **
macs_of (const MigWatch *watch, const MigTrackedMigration *migration)
{
  const int hosts[] = { migration->destination, migration->source };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      MigHost *host = mig_watch_host (watch, hosts[i]);
      g_autoptr (MigGuest) guest = host ? mig_guest_lookup_uuid (host, migration->uuid, NULL)
                                        : NULL;
      if (guest)
        return mig_guest_macs (guest);
    }
  return NULL;
}

static void
write_announcements (MigWatch *watch, const MigTrackedMigration *migration)
{
  const GArray *heard = watch->clients->told.announcements;
  guint guest;

  if (!find_guest (watch->clients, migration->guest, &guest))
    return;
  g_auto (GStrv) macs = macs_of (watch, migration);
  for (guint i = 0; macs && i < heard->len; i++)
    {
      MigAnnouncementRecord row;
      if (mig_announcement_row_fill (&row, watch->run, migration->guest, (const char *const *) macs,
                                     start_of (migration), migration->end_ns,
                                     &g_array_index (heard, MigAnnouncement, i)))
        append (watch, MIG_TABLE_ANNOUNCEMENTS, &row);
    }
}

void
mig_watch_clients_write (MigWatch *watch, const GPtrArray *ended)
{
  const Clients *clients = watch->clients;

  if (!clients || !clients->client)
    return;
  g_autoptr (GPtrArray) migrations = rows_of (ended);
  const GArray *probes = clients->told.probes;
  g_autoptr (GArray) kept = mig_probes_select (probes, clients->names, migrations, NULL);
  for (guint i = 0; i < probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (probes, MigProbe, i);
      const char *name = clients->names->pdata[probe->guest];
      MigProbeRecord row;
      guint guest;
      if (!g_array_index (kept, gboolean, i) || !find_guest (clients, name, &guest))
        continue;
      mig_probe_row_fill (&row, watch->run, name, probe);
      append (watch, MIG_TABLE_PROBES, &row);
    }
  for (guint i = 0; i < ended->len; i++)
    write_announcements (watch, ended->pdata[i]);
}
