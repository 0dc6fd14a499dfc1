/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "watch/internal.h"
#include "virt/inspect.h"

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
mig_watch_begin (MigWatch *watch, const MigTrackedMigration *observed)
{
  watch->quiet_ns = MIG_MISSING_INT;
  if (watch->in_episode)
    return;
  watch->in_episode = TRUE;
  watch->run++;
  watch->episode_ns = observed->start_ns;
  watch->window_ns = MIG_MISSING_INT;
  mig_watch_write_recent (watch);
}

/* ---- its job ---- */

static MigJobStatistics *
look_at_job (MigWatch *watch, MigTrackedMigration *observed)
{
  MigHost *source = mig_watch_host (watch, observed->source);
  g_autoptr (MigGuest) guest = source ? mig_guest_lookup (source, observed->guest, NULL) : NULL;
  MigJobStatistics job;

  if (!guest || !mig_guest_job_running (guest, &job))
    return NULL;
  MigJobStatistics *kept = g_memdup2 (&job, sizeof job);
  g_hash_table_replace (watch->jobs, observed, kept);
  return kept;
}

void
mig_watch_round (MigWatch *watch, MigTrackedMigration *observed, int round, gint64 arrival_ns)
{
  const MigJobStatistics *job = look_at_job (watch, observed);
  MigRoundRecord record;

  mig_record_init (MIG_TABLE_ROUNDS, &record);
  record.run = watch->run;
  record.guest = observed->guest;
  record.round = round;
  record.start_ns = arrival_ns;
  if (job)
    {
      /* the job knows better when it began than the first event that came of it */
      if (!MIG_IS_MISSING (job->elapsed_ns))
        observed->start_ns = MIN (observed->start_ns, mig_clock_now () - job->elapsed_ns);
      record.sent_bytes = job->sent_bytes;
      if (!MIG_IS_MISSING (job->normal_pages) && !MIG_IS_MISSING (job->constant_pages))
        record.sent_pages = job->normal_pages + job->constant_pages;
      record.remaining_bytes = job->remaining_bytes;
      record.dirty_pages_per_s = job->dirty_pages_per_s;
      record.send_bytes_per_s = job->send_bytes_per_s;
    }
  append (watch, MIG_TABLE_ROUNDS, &record);
}

void
mig_watch_find_abandoned (MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->observation);
  gint64 now = mig_clock_now ();

  for (guint i = 0; i < all->len; i++)
    {
      MigTrackedMigration *observed = all->pdata[i];
      if (!MIG_IS_MISSING (observed->end_ns) || observed->start_ns > now - SILENCE_NS)
        continue;
      /* once it was suspended the job's statistics are gone before its end */
      if (mig_watch_host (watch, observed->source) && MIG_IS_MISSING (observed->suspended_ns) &&
          !look_at_job (watch, observed) && g_hash_table_contains (watch->jobs, observed))
        mig_migration_tracker_give_up (observed, now, "the job ended, but the guest did not move");
      else if (!mig_watch_host (watch, observed->source) &&
               !mig_watch_host (watch, observed->destination))
        mig_migration_tracker_give_up (observed, now, "lost the connection to the hosts");
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
      const MigTrackedMigration *observed = all->pdata[i];
      gboolean next = observed->start_ns >= busy_ns;
      step += next;
      if (i > 0)
        g_string_append_c (label, next ? '-' : '+');
      g_string_append (label, observed->guest);
      g_array_append_val (steps, step);
      busy_ns = MAX (busy_ns, observed->end_ns);
    }
  return steps;
}

/* What the hypervisor says of the whole migration; the destination knows, and it may not be
 * watched. */
static void
fill_job (MigWatch *watch, MigTrackedMigration *observed, MigMigrationRecord *record)
{
  MigHost *destination = mig_watch_host (watch, observed->destination);
  g_autoptr (MigGuest) moved = destination && !observed->failure
                                   ? mig_guest_lookup (destination, observed->guest, NULL)
                                   : NULL;
  const MigJobStatistics *job = g_hash_table_lookup (watch->jobs, observed);
  MigJobStatistics completed;

  if (moved && mig_guest_job_completed (moved, &completed))
    {
      job = &completed;
      record->transfer_ns = completed.elapsed_ns;
      record->setup_ns = completed.setup_ns;
      record->downtime_reported_ns = completed.downtime_ns;
    }
  if (!job)
    return;
  record->sent_bytes = job->sent_bytes;
  record->ram_bytes = job->ram_bytes;
  record->normal_pages = job->normal_pages;
  record->constant_pages = job->constant_pages;
  record->rounds = job->rounds;
}

static void
tell (const MigWatch *watch, const MigTrackedMigration *observed)
{
  const char *from = mig_watch_name (watch, observed->source),
             *to = mig_watch_name (watch, observed->destination);
  g_autofree char *total = mig_units_format_duration (observed->end_ns - observed->start_ns);
  gboolean both = !MIG_IS_MISSING (observed->suspended_ns) &&
                  !MIG_IS_MISSING (observed->resumed_ns);
  g_autofree char *down = mig_units_format_duration (
      both ? observed->resumed_ns - observed->suspended_ns : MIG_MISSING_INT);

  if (observed->failure)
    mig_info ("%s: did not move from %s after %s: %s", observed->guest, from ? from : "elsewhere",
              total, observed->failure);
  else
    mig_info ("%s: moved from %s to %s in %s, downtime %s by events", observed->guest,
              from ? from : "elsewhere", to ? to : "elsewhere", total, down);
}

static void
write_migration (MigWatch *watch, MigTrackedMigration *observed, guint step)
{
  MigMigrationRecord record;
  MigGuestRecord guest;

  mig_record_init (MIG_TABLE_MIGRATIONS, &record);
  record.run = watch->run;
  record.step = step;
  record.guest = observed->guest;
  record.source = (char *) mig_watch_name (watch, observed->source);
  record.destination = (char *) mig_watch_name (watch, observed->destination);
  record.status = (char *) (observed->failure ? "failed" : "ok");
  record.reason = observed->failure;
  record.start_ns = observed->start_ns;
  record.end_ns = observed->end_ns;
  record.suspended_ns = observed->suspended_ns;
  record.resumed_ns = observed->resumed_ns;
  fill_job (watch, observed, &record);
  append (watch, MIG_TABLE_MIGRATIONS, &record);

  mig_record_init (MIG_TABLE_GUESTS, &guest);
  guest.run = watch->run;
  guest.guest = guest.class_name = observed->guest;
  guest.memory_bytes = record.ram_bytes;
  guest.migrates = 1;
  guest.host_before = record.source;
  guest.host_after = observed->failure ? record.source : record.destination;
  append (watch, MIG_TABLE_GUESTS, &guest);
  tell (watch, observed);
}

/* The guests that stayed, where they are now. */
static void
write_neighbours (MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->observation);

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
          record.guest = record.class_name = (char *) mig_guest_name (guests->pdata[g]);
          record.migrates = 0;
          record.host_before = record.host_after = (char *) mig_watch_name (watch, (int) h);
          for (guint i = 0; i < all->len; i++)
            moved |= strcmp (((MigTrackedMigration *) all->pdata[i])->guest, record.guest) == 0;
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
  const GPtrArray *all = mig_migration_tracker_all (watch->observation);
  g_autoptr (GString) label = g_string_new (NULL);
  g_autoptr (GArray) steps = steps_of (all, label);
  gint64 first_ns = G_MAXINT64, last_ns = G_MININT64;
  const MigTrackedMigration *failure = NULL;

  for (guint i = 0; i < all->len; i++)
    {
      MigTrackedMigration *observed = all->pdata[i];
      write_migration (watch, observed, g_array_index (steps, guint, i));
      first_ns = MIN (first_ns, observed->start_ns);
      last_ns = MAX (last_ns, observed->end_ns);
      watch->seen++;
      if (observed->failure)
        {
          watch->failed++;
          failure = failure ? failure : observed;
        }
    }
  write_neighbours (watch);
  write_run (watch, label->str, first_ns, last_ns, failure);
  mig_migration_tracker_forget (watch->observation);
  g_hash_table_remove_all (watch->jobs);
  watch->in_episode = FALSE;
}
