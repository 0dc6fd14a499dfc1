/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "hosts/migration-row.h"
#include "watch/internal.h"
#include "watch/migration-text.h"
#include "virt/inspect.h"
#include "virt/stop-limits.h"

/* An episode becomes a run: its case is called by the guests that moved. */

static void
append (MigTable table, gconstpointer record, gpointer data)
{
  MigWatch *watch = data;

  /* a failure of the writer is kept by it and comes back with the commit */
  mig_result_writer_append (mig_result_rotation_writer (watch->volumes), table, record, NULL);
}

/* ended_of: those of the episode that have ended, in the order of their beginning; the tracker's.
 */
static GPtrArray *
ended_of (const MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  GPtrArray *ended = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    if (!MIG_IS_MISSING (((MigTrackedMigration *) all->pdata[i])->end_ns))
      g_ptr_array_add (ended, all->pdata[i]);
  return ended;
}

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
  const MigJobStatistics *told = mig_migration_log_whole (mig_watch_log (watch, migration));
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

static void
tell (MigWatch *watch, const MigTrackedMigration *migration)
{
  MigOutage outage;
  gboolean asked = mig_watch_clients_outage (watch, migration, &outage);
  g_autofree char *clients = asked ? mig_outage_text (&outage) : NULL;
  g_autofree char *text = mig_migration_text (migration, mig_watch_name (watch, migration->source),
                                              mig_watch_name (watch, migration->destination),
                                              clients);

  mig_info ("%s", text);
  if (asked)
    mig_watch_metrics_outage (watch->metrics, migration->guest,
                              mig_units_seconds (outage.outage_ns));
}

/* stopped_by: what ended pre-copy, as far as events tell. */
static char *
stopped_by (const MigTrackedMigration *migration)
{
  MigStopCause cause = !MIG_IS_MISSING (migration->post_copy_ns)           ? MIG_STOP_POST_COPY
                       : migration->owner_suspended && !migration->failure ? MIG_STOP_SUSPENDED
                                                                           : MIG_STOP_NOT_YET;

  return (char *) mig_stop_cause_name (cause);
}

static const char *
status_of (const MigTrackedMigration *migration)
{
  return !migration->failure ? "ok" : migration->unseen ? "interrupted" : "failed";
}

static void
write_guest (MigWatch *watch, const MigTrackedMigration *migration, const MigMigrationRecord *row)
{
  MigGuestRecord guest;

  mig_record_init (MIG_TABLE_GUESTS, &guest);
  guest.run = watch->run;
  guest.guest = guest.class_name = row->guest;
  guest.memory_bytes = row->ram_bytes;
  guest.migrates = 1;
  guest.host_before = row->source;
  guest.host_after = migration->unseen ? NULL : migration->failure ? row->source : row->destination;
  append (MIG_TABLE_GUESTS, &guest, watch);
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
    .status = status_of (migration),
    .reason = migration->failure,
    .start_ns = migration->late ? MIG_MISSING_INT : migration->start_ns,
    .end_ns = migration->end_ns,
    .suspended_ns = migration->suspended_ns,
    .resumed_ns = migration->resumed_ns,
    .sent = mig_migration_log_last (mig_watch_log (watch, migration)),
    .completed = find_completed (watch, migration, &completed) ? &completed : NULL,
  };
  MigMigrationRecord record;

  mig_migration_row_fill (&record, &outcome);
  record.stopped_by = stopped_by (migration);
  append (MIG_TABLE_MIGRATIONS, &record, watch);
  if (!migration->unseen)
    mig_watch_metrics_migration (watch->metrics, &record);
  write_guest (watch, migration, &record);
  tell (watch, migration);
}

/* write_logs: their events and rounds. */
static void
write_logs (MigWatch *watch, const GPtrArray *ended)
{
  g_autoptr (GPtrArray) logs = g_ptr_array_new ();

  for (guint i = 0; i < ended->len; i++)
    g_ptr_array_add (logs, mig_watch_log (watch, ended->pdata[i]));
  mig_migration_logs_write (logs, watch->run, append, watch);
}

static gboolean
is_one_of (const GPtrArray *migrations, const char *uuid)
{
  for (guint i = 0; i < migrations->len; i++)
    if (strcmp (((const MigTrackedMigration *) migrations->pdata[i])->uuid, uuid) == 0)
      return TRUE;
  return FALSE;
}

/* The guests that stayed, where they are now. */
static void
write_neighbours (MigWatch *watch, const GPtrArray *ended)
{
  for (guint h = 0; h < watch->hosts->len; h++)
    {
      MigHost *host = mig_watch_host (watch, (int) h);
      g_autoptr (GPtrArray) guests = host ? mig_host_guests (host, NULL) : NULL;
      for (guint g = 0; guests && g < guests->len; g++)
        {
          MigGuestRecord record;
          if (is_one_of (ended, mig_guest_uuid (guests->pdata[g])))
            continue;
          mig_record_init (MIG_TABLE_GUESTS, &record);
          record.run = watch->run;
          record.guest = record.class_name = mig_watch_guest_name (
              watch, mig_guest_uuid (guests->pdata[g]), mig_guest_name (guests->pdata[g]),
              mig_watch_name (watch, (int) h));
          record.migrates = 0;
          record.host_before = record.host_after = (char *) mig_watch_name (watch, (int) h);
          append (MIG_TABLE_GUESTS, &record, watch);
        }
    }
}

/* What a run has of its migrations. */
typedef struct {
  gint64 first_ns, last_ns;           /* first_ns missing: nobody saw one of them begin */
  gint64 sign_ns;                     /* the first sign of any */
  const MigTrackedMigration *failure; /* the first that failed, else that was not seen to end */
} Sum;

static void
add_to_sum (Sum *sum, const MigTrackedMigration *migration)
{
  sum->sign_ns = MIN (sum->sign_ns, migration->start_ns);
  sum->last_ns = MAX (sum->last_ns, migration->end_ns);
  if (migration->late || MIG_IS_MISSING (sum->first_ns))
    sum->first_ns = MIG_MISSING_INT;
  else
    sum->first_ns = MIN (sum->first_ns, migration->start_ns);
  if (migration->failure && (!sum->failure || (sum->failure->unseen && !migration->unseen)))
    sum->failure = migration;
}

static void
count (MigWatchCounts *counts, const MigTrackedMigration *migration)
{
  counts->seen++;
  counts->unseen += migration->unseen;
  counts->failed += migration->failure && !migration->unseen;
}

static char *
reason_of (const MigTrackedMigration *failure)
{
  return failure
             ? g_strdup_printf ("%s: %s: %s", failure->guest, status_of (failure), failure->failure)
             : NULL;
}

static void
write_run (MigWatch *watch, const char *label, const Sum *sum)
{
  gint64 repetition = GPOINTER_TO_INT (g_hash_table_lookup (watch->repetitions, label)) + 1;
  g_autofree char *reason = reason_of (sum->failure);
  MigRunRecord record;
  MigScheduleRecord planned = { watch->run, (char *) label, repetition };

  g_hash_table_replace (watch->repetitions, g_strdup (label), GINT_TO_POINTER ((int) repetition));
  mig_record_init (MIG_TABLE_RUNS, &record);
  record.run = watch->run;
  record.case_label = (char *) label;
  record.repetition = repetition;
  record.status = (char *) (sum->failure ? status_of (sum->failure) : "ok");
  record.reason = reason;
  record.started_ns = record.ready_ns = record.window_start_ns = MIG_IS_MISSING (watch->window_ns)
                                                                     ? sum->sign_ns
                                                                     : MIN (watch->window_ns,
                                                                            sum->sign_ns);
  record.migrations_start_ns = sum->first_ns;
  record.migrations_end_ns = sum->last_ns;
  record.window_end_ns = record.ended_ns = mig_clock_now ();
  append (MIG_TABLE_SCHEDULE, &planned, watch);
  append (MIG_TABLE_RUNS, &record, watch);
}

void
mig_watch_write_episode (MigWatch *watch)
{
  g_autoptr (GPtrArray) ended = ended_of (watch);
  g_autoptr (GString) label = g_string_new (NULL);
  g_autoptr (GArray) steps = steps_of (ended, label);
  Sum sum = { G_MAXINT64, G_MININT64, G_MAXINT64, NULL };

  if (ended->len == 0) /* what began it was no migration */
    return;
  mig_watch_clients_look (watch);
  for (guint i = 0; i < ended->len; i++)
    {
      write_migration (watch, ended->pdata[i], g_array_index (steps, guint, i));
      add_to_sum (&sum, ended->pdata[i]);
      count (&watch->counts, ended->pdata[i]);
    }
  write_logs (watch, ended);
  write_neighbours (watch, ended);
  mig_watch_clients_write (watch, ended);
  write_run (watch, label->str, &sum);
  for (guint i = 0; i < ended->len; i++)
    g_hash_table_remove (watch->logs,
                         GUINT_TO_POINTER (((MigTrackedMigration *) ended->pdata[i])->number));
  mig_migration_tracker_forget (watch->tracker);
}
