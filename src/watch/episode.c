/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "hosts/migration-row.h"
#include "watch/internal.h"
#include "virt/inspect.h"
#include "virt/stop-limits.h"

/* An episode becomes a run: its case is called by the guests that moved. */

/* without a sign of the job for so long, a migration is taken for abandoned */
#define SILENCE_NS (5 * MIG_NS_PER_S)

static void
append (MigWatch *watch, MigTable table, gconstpointer record)
{
  /* a failure of the writer is kept by it and comes back with the commit */
  mig_result_writer_append (mig_result_rotation_writer (watch->volumes), table, record, NULL);
}

void
mig_watch_begin (MigWatch *watch, const MigTrackedMigration *migration)
{
  watch->quiet_ns = MIG_MISSING_INT;
  if (watch->in_episode)
    return;
  watch->in_episode = TRUE;
  watch->run++;
  watch->episode_ns = migration->start_ns;
  watch->window_ns = MIG_MISSING_INT;
  mig_watch_write_recent (watch);
}

/* ---- its job ---- */

MigOperation
mig_watch_operation (MigWatch *watch, int host, const char *uuid)
{
  MigHost *where = mig_watch_host (watch, host);
  g_autoptr (MigGuest) guest = where ? mig_guest_lookup_uuid (where, uuid, NULL) : NULL;
  MigJobStatistics job;

  mig_job_statistics_init (&job);
  if (guest && !mig_guest_job_running (guest, &job))
    mig_guest_job_completed (guest, &job); /* it may be over by now */
  return job.operation;
}

void
mig_watch_job (MigWatch *watch, int host, const char *uuid, const MigJobStatistics *job)
{
  MigTrackedMigration *migration = mig_migration_tracker_find (watch->tracker, host, uuid);

  if (migration && job->operation == MIG_OPERATION_MIGRATION_OUT)
    g_hash_table_replace (watch->completed, migration, g_memdup2 (job, sizeof *job));
}

static MigJobStatistics *
look_at_job (MigWatch *watch, MigTrackedMigration *migration)
{
  MigHost *source = mig_watch_host (watch, migration->source);
  g_autoptr (MigGuest) guest = source ? mig_guest_lookup_uuid (source, migration->uuid, NULL)
                                      : NULL;
  MigJobStatistics job;

  if (!guest || !mig_guest_job_running (guest, &job))
    return NULL;
  MigJobStatistics *kept = g_memdup2 (&job, sizeof job);
  g_hash_table_replace (watch->jobs, migration, kept);
  return kept;
}

void
mig_watch_round (MigWatch *watch, MigTrackedMigration *migration, int round, gint64 arrival_ns)
{
  const MigJobStatistics *job = look_at_job (watch, migration);
  MigRoundRecord record;

  /* the job knows better when it began than the first event that came of it */
  if (job && !MIG_IS_MISSING (job->elapsed_ns))
    migration->start_ns = MIN (migration->start_ns, mig_clock_now () - job->elapsed_ns);
  mig_round_row_fill (&record, watch->run, migration->guest, round, arrival_ns, job);
  append (watch, MIG_TABLE_ROUNDS, &record);
}

void
mig_watch_find_abandoned (MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  gint64 now = mig_clock_now ();

  for (guint i = 0; i < all->len; i++)
    {
      MigTrackedMigration *migration = all->pdata[i];
      if (!MIG_IS_MISSING (migration->end_ns) || migration->start_ns > now - SILENCE_NS)
        continue;
      /* once it was suspended the job's statistics are gone before its end */
      if (mig_watch_host (watch, migration->source) &&
          (MIG_IS_MISSING (migration->suspended_ns) || migration->destination_ended) &&
          !look_at_job (watch, migration) && g_hash_table_contains (watch->jobs, migration))
        mig_migration_tracker_give_up (migration, now, "the job ended, but the guest did not move");
      else if (!mig_watch_host (watch, migration->source) &&
               !mig_watch_host (watch, migration->destination))
        mig_migration_tracker_give_up (migration, now, "lost the connection to the hosts");
    }
}

/* ---- its rows ---- */

/* In the order of their beginning; those that overlap share a step. */
static GArray *
steps_of (const GPtrArray *all, GString *label)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (guint));
  gint64 busy_ns = G_MININT64;
  guint step = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const MigTrackedMigration *migration = all->pdata[i];
      gboolean next = migration->start_ns >= busy_ns;
      step += next;
      if (i > 0)
        g_string_append_c (label, next ? '-' : '+');
      g_string_append (label, migration->guest);
      g_array_append_val (steps, step);
      busy_ns = MAX (busy_ns, migration->end_ns);
    }
  return steps;
}

/* find_completed: what the hypervisor says of the whole migration: the source, when it was
 * complete, or the destination, asked now; either may not be watched. */
static gboolean
find_completed (MigWatch *watch, MigTrackedMigration *migration, MigJobStatistics *job)
{
  const MigJobStatistics *told = g_hash_table_lookup (watch->completed, migration);
  MigHost *destination = mig_watch_host (watch, migration->destination);

  if (told)
    {
      *job = *told;
      return TRUE;
    }
  g_autoptr (MigGuest) moved = destination && !migration->failure
                                   ? mig_guest_lookup_uuid (destination, migration->uuid, NULL)
                                   : NULL;
  return moved && mig_guest_job_completed (moved, job);
}

/* post_copy_text: behind what is told of one that moved. */
static char *
post_copy_text (const MigTrackedMigration *migration)
{
  if (MIG_IS_MISSING (migration->post_copy_ns))
    return g_strdup ("");
  if (migration->recoveries == 0)
    return g_strdup (", by post-copy");
  return g_strdup_printf (", by post-copy, which failed and was recovered %u time%s",
                          migration->recoveries, migration->recoveries == 1 ? "" : "s");
}

/* clients_text: what they noticed, behind what is told of a migration. */
static char *
clients_text (MigWatch *watch, const MigTrackedMigration *migration)
{
  MigOutage outage;

  if (!mig_watch_clients_outage (watch, migration, &outage))
    return g_strdup ("");
  mig_watch_metrics_outage (watch->metrics, migration->guest, mig_units_seconds (outage.outage_ns));
  g_autofree char *text = mig_outage_text (&outage);
  return g_strdup_printf ("; clients: %s", text);
}

static void
tell (MigWatch *watch, const MigTrackedMigration *migration)
{
  const char *from = mig_watch_name (watch, migration->source),
             *to = mig_watch_name (watch, migration->destination);
  g_autofree char *total = mig_units_format_duration (migration->end_ns - migration->start_ns);
  gboolean both = !MIG_IS_MISSING (migration->suspended_ns) &&
                  !MIG_IS_MISSING (migration->resumed_ns);
  g_autofree char *down = mig_units_format_duration (
      both ? migration->resumed_ns - migration->suspended_ns : MIG_MISSING_INT);
  g_autofree char *post_copy = post_copy_text (migration);
  g_autofree char *clients = clients_text (watch, migration);

  if (migration->failure)
    mig_info ("%s: did not move from %s after %s: %s%s%s%s", migration->guest,
              from ? from : "elsewhere", total, migration->failure,
              both ? "; it stood still for " : "", both ? down : "", clients);
  else
    mig_info ("%s: moved from %s to %s in %s, downtime %s by events%s%s", migration->guest,
              from ? from : "elsewhere", to ? to : "elsewhere", total, down, post_copy, clients);
}

static void
write_migration (MigWatch *watch, MigTrackedMigration *migration, guint step)
{
  MigJobStatistics completed;
  const MigMigrationOutcome outcome = {
    .run = watch->run,
    .step = step,
    .guest = migration->guest,
    .source = mig_watch_name (watch, migration->source),
    .destination = mig_watch_name (watch, migration->destination),
    .status = migration->failure ? "failed" : "ok",
    .reason = migration->failure,
    .start_ns = migration->start_ns,
    .end_ns = migration->end_ns,
    .suspended_ns = migration->suspended_ns,
    .resumed_ns = migration->resumed_ns,
    .sent = g_hash_table_lookup (watch->jobs, migration),
    .completed = find_completed (watch, migration, &completed) ? &completed : NULL,
  };
  MigMigrationRecord record;
  MigGuestRecord guest;

  mig_migration_row_fill (&record, &outcome);
  if (!MIG_IS_MISSING (migration->post_copy_ns))
    record.stopped_by = (char *) mig_stop_cause_name (MIG_STOP_POST_COPY);
  append (watch, MIG_TABLE_MIGRATIONS, &record);
  mig_watch_metrics_migration (watch->metrics, &record);

  mig_record_init (MIG_TABLE_GUESTS, &guest);
  guest.run = watch->run;
  guest.guest = guest.class_name = migration->guest;
  guest.memory_bytes = record.ram_bytes;
  guest.migrates = 1;
  guest.host_before = record.source;
  guest.host_after = migration->failure ? record.source : record.destination;
  append (watch, MIG_TABLE_GUESTS, &guest);
  tell (watch, migration);
}

/* The guests that stayed, where they are now. */
static void
write_neighbours (MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);

  for (guint h = 0; h < watch->hosts->len; h++)
    {
      MigHost *host = mig_watch_host (watch, (int) h);
      g_autoptr (GPtrArray) guests = host ? mig_host_guests (host, NULL) : NULL;
      for (guint g = 0; guests && g < guests->len; g++)
        {
          MigGuestRecord record;
          gboolean moved = FALSE;
          mig_record_init (MIG_TABLE_GUESTS, &record);
          record.run = watch->run;
          record.guest = record.class_name = mig_watch_guest_name (
              watch, mig_guest_uuid (guests->pdata[g]), mig_guest_name (guests->pdata[g]),
              mig_watch_name (watch, (int) h));
          record.migrates = 0;
          record.host_before = record.host_after = (char *) mig_watch_name (watch, (int) h);
          for (guint i = 0; i < all->len; i++)
            moved |= strcmp (((MigTrackedMigration *) all->pdata[i])->uuid,
                             mig_guest_uuid (guests->pdata[g])) == 0;
          if (!moved)
            append (watch, MIG_TABLE_GUESTS, &record);
        }
    }
}

static void
write_run (MigWatch *watch, const char *label, gint64 first_ns, gint64 last_ns,
           const MigTrackedMigration *failure)
{
  gint64 repetition = GPOINTER_TO_INT (g_hash_table_lookup (watch->repetitions, label)) + 1;
  gint64 now = mig_clock_now ();
  MigRunRecord record;
  MigScheduleRecord planned = { watch->run, (char *) label, repetition };

  g_hash_table_replace (watch->repetitions, g_strdup (label), GINT_TO_POINTER ((int) repetition));
  mig_record_init (MIG_TABLE_RUNS, &record);
  record.run = watch->run;
  record.case_label = (char *) label;
  record.repetition = repetition;
  record.status = (char *) (failure ? "failed" : "ok");
  g_autofree char *reason = failure ? g_strdup_printf ("%s: failed: %s", failure->guest,
                                                       failure->failure)
                                    : NULL;
  record.reason = reason;
  record.started_ns = record.ready_ns = record.window_start_ns = MIG_IS_MISSING (watch->window_ns)
                                                                     ? first_ns
                                                                     : MIN (watch->window_ns,
                                                                            first_ns);
  record.migrations_start_ns = first_ns;
  record.migrations_end_ns = last_ns;
  record.window_end_ns = record.ended_ns = now;
  append (watch, MIG_TABLE_SCHEDULE, &planned);
  append (watch, MIG_TABLE_RUNS, &record);
}

void
mig_watch_write_episode (MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  g_autoptr (GString) label = g_string_new (NULL);
  g_autoptr (GArray) steps = steps_of (all, label);
  gint64 first_ns = G_MAXINT64, last_ns = G_MININT64;
  const MigTrackedMigration *failure = NULL;

  watch->in_episode = FALSE;
  if (all->len == 0) /* what began it was no migration */
    return;
  mig_watch_clients_look (watch);
  for (guint i = 0; i < all->len; i++)
    {
      MigTrackedMigration *migration = all->pdata[i];
      write_migration (watch, migration, g_array_index (steps, guint, i));
      first_ns = MIN (first_ns, migration->start_ns);
      last_ns = MAX (last_ns, migration->end_ns);
      watch->counts.seen++;
      if (migration->failure)
        {
          watch->counts.failed++;
          failure = failure ? failure : migration;
        }
    }
  write_neighbours (watch);
  mig_watch_clients_write (watch);
  write_run (watch, label->str, first_ns, last_ns, failure);
  mig_migration_tracker_forget (watch->tracker);
  g_hash_table_remove_all (watch->jobs);
  g_hash_table_remove_all (watch->completed);
}
