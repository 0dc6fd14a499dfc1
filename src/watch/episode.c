/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "watch/internal.h"

/* When an episode begins and ends. */

/* after the last migration of an episode: how the neighbours fare then */
#define TAIL_NS (5 * MIG_NS_PER_S)

/* One that does not come to its end is written after so many migrations, or so long. */
#define LONG_NS (10 * 60 * MIG_NS_PER_S)

MigMigrationLog *
mig_watch_log (MigWatch *watch, const MigTrackedMigration *migration)
{
  gpointer key = GUINT_TO_POINTER (migration->number);
  MigMigrationLog *log = g_hash_table_lookup (watch->logs, key);

  if (!log)
    g_hash_table_insert (watch->logs, key, log = mig_migration_log_new ());
  return log;
}

void
mig_watch_begin (MigWatch *watch)
{
  watch->quiet_ns = MIG_MISSING_INT;
  if (watch->in_episode)
    return;
  watch->in_episode = TRUE;
  watch->run++;
  watch->episode_ns = mig_clock_now ();
  watch->window_ns = MIG_MISSING_INT;
  mig_watch_write_recent (watch);
}

/* begin_result: nothing in it has a name or a number yet. */
static gboolean
begin_result (MigWatch *watch, GError **error)
{
  watch->run = 0;
  g_hash_table_remove_all (watch->repetitions);
  mig_watch_forget_names (watch);
  return mig_watch_write_environment (watch, error);
}

gboolean
mig_watch_end_episode (MigWatch *watch, GError **error)
{
  gboolean fresh;

  mig_watch_write_episode (watch);
  watch->in_episode = FALSE;
  gboolean go_on = mig_migration_tracker_all (watch->tracker)->len > 0;
  if (!go_on)
    {
      g_hash_table_remove_all (watch->logs); /* of what was no migration, too */
      mig_watch_keep_last_sample (watch);    /* the next one begins with it */
    }
  if (!mig_result_rotation_commit (watch->volumes, &fresh, error) ||
      (fresh && !begin_result (watch, error)))
    return FALSE;
  if (go_on)
    mig_watch_begin (watch);
  return TRUE;
}

static guint
count_ended (const GPtrArray *all)
{
  guint ended = 0;

  for (guint i = 0; i < all->len; i++)
    ended += !MIG_IS_MISSING (((const MigTrackedMigration *) all->pdata[i])->end_ns);
  return ended;
}

/* is_full: an episode without an end does not take the memory, the disk or the patience of those
 * who wait for its figures. */
static gboolean
is_full (const MigWatch *watch, guint ended)
{
  return ended > 0 &&
         (ended >= MIG_WATCH_EPISODE_MOST || mig_clock_now () >= watch->episode_ns + LONG_NS ||
          mig_result_rotation_is_full (watch->volumes));
}

gboolean
mig_watch_end_when_over (MigWatch *watch, GError **error)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  guint ended = count_ended (all);

  if (!watch->in_episode)
    return TRUE;
  if (is_full (watch, ended))
    return mig_watch_end_episode (watch, error);
  if (ended < all->len)
    {
      watch->quiet_ns = MIG_MISSING_INT;
      return TRUE;
    }
  if (MIG_IS_MISSING (watch->quiet_ns))
    watch->quiet_ns = mig_clock_now ();
  if (mig_clock_now () < watch->quiet_ns + TAIL_NS)
    return TRUE;
  if (watch->options.sampling_ns > TAIL_NS) /* none may have been taken since */
    mig_watch_sample (watch);
  return mig_watch_end_episode (watch, error);
}
