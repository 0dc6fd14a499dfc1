/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "hosts/environment.h"
#include "watch/internal.h"

/* how often it looks for what no event tells */
#define TICK_NS MIG_NS_PER_S

/* ---- result ---- */

gboolean
mig_watch_write_environment (const MigWatch *watch, GError **error)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();
  MigResultWriter *writer = mig_result_rotation_writer (watch->volumes);

  for (guint i = 0; i < watch->hosts->len; i++)
    {
      MigWatched *watched = watch->hosts->pdata[i];
      if (watched->host)
        g_ptr_array_add (hosts, watched->host);
    }
  return mig_environment_write (writer, hosts, NULL, watch->options.sampling_ns, 0, error) &&
         mig_result_writer_commit (writer, error);
}

/* What stands in the place of a study. */
static char *
describe (const MigWatch *watch)
{
  GString *xml = g_string_new ("<watch>\n");

  for (guint i = 0; i < watch->hosts->len; i++)
    {
      const MigWatched *watched = watch->hosts->pdata[i];
      g_autofree char *line = g_markup_printf_escaped ("  <host name=\"%s\" uri=\"%s\"/>\n",
                                                       watched->study.name, watched->study.uri);
      g_string_append (xml, line);
    }
  return g_string_free (g_string_append (xml, "</watch>\n"), FALSE);
}

MigWatch *
mig_watch_new (const MigWatchOptions *options, GError **error)
{
  g_autoptr (MigWatch) watch = g_new0 (MigWatch, 1);

  watch->options = *options;
  watch->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_watched_free);
  watch->events = g_async_queue_new_full ((GDestroyNotify) mig_arrival_free);
  watch->tracker = mig_migration_tracker_new ();
  watch->metrics = mig_watch_metrics_new (mig_clock_utc_now ());
  mig_clock_gap_init (&watch->gap, mig_clock_asleep ());
  watch->logs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) mig_migration_log_free);
  watch->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, mig_watch_name_free);
  watch->names_taken = g_hash_table_new (g_str_hash, g_str_equal);
  watch->repetitions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  watch->quiet_ns = watch->window_ns = MIG_MISSING_INT;
  g_queue_init (&watch->recent);
  for (guint i = 0; options->uris[i]; i++)
    {
      MigWatched *watched = mig_watched_new (watch, i, options->uris[i]);
      g_ptr_array_add (watch->hosts, watched);
      if (!mig_watched_attach (watched, error))
        return NULL;
      mig_info ("watching %s: %s, %s", watched->study.name, watched->study.uri,
                mig_host_info (watched->host->host)->hostname);
    }
  g_autofree char *study_xml = describe (watch);
  watch->volumes = mig_result_rotation_new (options->path, study_xml, options->full_bytes,
                                            options->keep, error);
  return watch->volumes && mig_watch_write_environment (watch, error) &&
                 mig_watch_clients_start (watch, error)
             ? g_steal_pointer (&watch)
             : NULL;
}

void
mig_watch_free (MigWatch *watch)
{
  if (!watch)
    return;
  g_ptr_array_unref (watch->hosts); /* no event comes any more */
  g_async_queue_unref (watch->events);
  mig_result_rotation_free (watch->volumes);
  mig_migration_tracker_free (watch->tracker);
  mig_watch_metrics_free (watch->metrics);
  mig_watch_clients_free (watch->clients);
  g_free (watch->metrics_text);
  g_hash_table_unref (watch->logs);
  g_hash_table_unref (watch->names_taken);
  g_hash_table_unref (watch->names);
  g_hash_table_unref (watch->repetitions);
  g_queue_clear_full (&watch->recent, (GDestroyNotify) g_ptr_array_unref);
  g_free (watch);
}

/* ---- the work ---- */

/* operation_of: asked only where a round may be the first sign of a migration: that of a guest that
 * has just arrived may be of its next one. */
static MigOperation
operation_of (MigWatch *watch, const MigArrival *arrival)
{
  int host = arrival->watched->index;

  if (arrival->kind != MIG_EVENT_ITERATION)
    return MIG_OPERATION_UNKNOWN;
  const MigTrackedMigration *known = mig_migration_tracker_find (watch->tracker, host,
                                                                 arrival->uuid);
  return known && known->destination != host ? MIG_OPERATION_UNKNOWN
                                             : mig_watch_operation (watch, host, arrival->uuid);
}

static void
count_other (MigWatch *watch)
{
  watch->counts.others++;
  mig_watch_metrics_other (watch->metrics);
}

static MigPostCopy
post_copy_of (const char *detail)
{
  return g_strcmp0 (detail, MIG_EVENT_POST_COPY_FAILED) == 0 ? MIG_POST_COPY_FAILED
         : mig_event_is_post_copy (detail)                   ? MIG_POST_COPY_RUNS
                                                             : MIG_POST_COPY_NONE;
}

static MigTrackerChange
track (MigWatch *watch, const MigArrival *arrival, MigTrackedMigration **migration)
{
  const MigTrackerEvent event = {
    .host = arrival->watched->index,
    .guest = mig_watch_guest_name (watch, arrival->uuid, arrival->guest,
                                   arrival->watched->study.name),
    .uuid = arrival->uuid,
    .kind = arrival->kind,
    .by_migration = arrival->by_migration,
    .end_only = arrival->end_only,
    .saved = g_strcmp0 (arrival->detail, "stopped saved") == 0,
    .post_copy = post_copy_of (arrival->detail),
    .operation = operation_of (watch, arrival),
    .arrival_ns = arrival->arrival_ns,
  };
  MigTrackerChange change = mig_migration_tracker_event (watch->tracker, &event, migration);

  if (change == MIG_TRACKER_NOTHING && event.operation != MIG_OPERATION_UNKNOWN &&
      arrival->number <= 1)
    {
      count_other (watch);
      mig_info ("%s on %s: %s, no migration", arrival->guest, arrival->watched->study.name,
                mig_operation_name (event.operation));
    }
  else if (change == MIG_TRACKER_WITHDRAWN)
    count_other (watch);
  return change;
}

/* tell_post_copy: what somebody has to mend, at once. */
static void
tell_post_copy (const MigTrackedMigration *migration, MigTrackerChange change)
{
  if (change == MIG_TRACKER_BROKEN)
    mig_warning ("%s: post-copy failed: the guest stands still until the migration is recovered "
                 "(virsh migrate --postcopy-resume)",
                 migration->guest);
  else if (change == MIG_TRACKER_RECOVERED)
    mig_info ("%s: post-copy is recovered", migration->guest);
}

static void
take_event (MigWatch *watch, const MigArrival *arrival)
{
  MigTrackedMigration *migration = NULL;
  MigTrackerChange change = track (watch, arrival, &migration);

  if (!migration)
    return;
  mig_watch_begin (watch);
  tell_post_copy (migration, change);
  const MigEventRecord record = {
    watch->run,       arrival->arrival_ns,    arrival->watched->study.name,
    migration->guest, (char *) arrival->name, arrival->detail
  };
  mig_migration_log_row (mig_watch_log (watch, migration), MIG_TABLE_EVENTS, arrival->arrival_ns,
                         &record);
  if (arrival->kind == MIG_EVENT_ITERATION)
    mig_watch_round (watch, migration, arrival->number, arrival->arrival_ns);
}

static void
take (MigWatch *watch, MigArrival *arrival)
{
  MigWatched *watched = arrival->watched;

  if (!arrival->name)
    mig_watched_take_opened (watched, g_steal_pointer (&arrival->opened));
  else if (arrival->kind == MIG_EVENT_CLOSED)
    {
      mig_warning ("lost host '%s' (%s); retrying every 10 s", watched->study.name,
                   arrival->detail);
      mig_watched_detach (watched);
    }
  else if (arrival->job)
    mig_watch_job (watch, watched->index, arrival->uuid, arrival->job);
  else
    take_event (watch, arrival);
}

/* drain: what waits now, not what comes meanwhile: one that comes faster than it is taken does not
 * keep the rest from being done. */
static void
drain (MigWatch *watch)
{
  for (int n = g_async_queue_length (watch->events); n > 0; n--)
    {
      g_autoptr (MigArrival) arrival = g_async_queue_try_pop (watch->events);
      if (arrival && arrival->watched)
        take (watch, arrival);
    }
}

static void
tell_dropped (MigWatch *watch)
{
  int dropped = g_atomic_int_exchange (&watch->dropped, 0);

  if (!dropped)
    return;
  mig_warning ("%d events are lost: they came faster than they could be handled", dropped);
  mig_watch_metrics_dropped (watch->metrics, (guint) dropped);
}

/* What hosts say now is compared with what they have said before: that is taken first. */
gboolean
mig_watch_tick (MigWatch *watch, GError **error)
{
  tell_dropped (watch);
  for (guint i = 0; i < watch->hosts->len; i++)
    mig_watched_attach_again (watch->hosts->pdata[i]);
  drain (watch);
  mig_watch_reconcile (watch);
  mig_watch_clients_tick (watch);
  mig_watch_write_metrics (watch);
  return mig_watch_end_when_over (watch, error);
}

/* close_migration: one that goes on when the watch ends. */
static void
close_migration (MigTrackedMigration *migration)
{
  gint64 now_ns = mig_clock_now ();

  if (!MIG_IS_MISSING (migration->end_ns))
    return;
  if (!MIG_IS_MISSING (migration->resumed_ns) && MIG_IS_MISSING (migration->post_copy_ns))
    mig_migration_tracker_arrived (migration, now_ns);
  else
    mig_migration_tracker_lose (migration, now_ns,
                                migration->broken ? "post-copy failed, and the watch ended first"
                                                  : "the watch ended first");
}

static gboolean
finish (MigWatch *watch, GError **error)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);

  drain (watch);
  for (guint i = 0; i < all->len; i++)
    close_migration (all->pdata[i]);
  if (watch->in_episode)
    mig_watch_write_episode (watch);
  mig_watch_write_metrics (watch);
  return mig_result_rotation_finish (watch->volumes, error);
}

/* note_gap: this process stood still: events came late, and samples are missing. */
static void
note_gap (MigWatch *watch, gint64 due_ns)
{
  gint64 before_ns = watch->gap.total_ns, now_ns = mig_clock_now ();

  if (!mig_clock_gap_note (&watch->gap, due_ns, now_ns, mig_clock_asleep ()))
    return;
  gint64 gap_ns = watch->gap.total_ns - before_ns;
  g_autofree char *text = mig_units_format_duration (gap_ns);
  MigEventRecord record = { watch->in_episode ? watch->run : MIG_MISSING_INT,
                            now_ns,
                            NULL,
                            NULL,
                            (char *) "standstill",
                            text };
  mig_warning ("migcost itself stood still for %s: it was stopped, or its machine slept; times of "
               "what happened meanwhile are too late",
               text);
  mig_watch_metrics_gap (watch->metrics, gap_ns);
  mig_result_writer_append (mig_result_rotation_writer (watch->volumes), MIG_TABLE_EVENTS, &record,
                            NULL);
}

void
mig_watch_take_one (MigWatch *watch, gint64 until_ns)
{
  gint64 now_ns = mig_clock_now (), wait_ns = MAX (until_ns - now_ns, 0);
  g_autoptr (MigArrival)
      arrival = g_async_queue_timeout_pop (watch->events, (guint64) (wait_ns / MIG_NS_PER_US + 1));

  note_gap (watch, now_ns + wait_ns); /* what a host let wait before is no gap */
  if (arrival && arrival->watched)
    take (watch, arrival);
}

/* next_due: of what is done once a period; one that is late is skipped. */
static gint64
next_due (gint64 due_ns, gint64 period_ns)
{
  gint64 now_ns = mig_clock_now ();

  return due_ns + period_ns < now_ns ? now_ns + period_ns : due_ns + period_ns;
}

gboolean
mig_watch_run (MigWatch *watch, MigWatchCounts *counts, GError **error)
{
  gint64 now = mig_clock_now (), tick_ns = now, sample_ns = now;
  gint64 end_ns = watch->options.duration_ns ? now + watch->options.duration_ns : G_MAXINT64;

  while (!g_atomic_int_get (&watch->stopped) && mig_clock_now () < end_ns)
    {
      if (mig_clock_now () >= sample_ns)
        {
          mig_watch_sample (watch);
          sample_ns = next_due (sample_ns, watch->options.sampling_ns);
        }
      if (mig_clock_now () >= tick_ns)
        {
          if (!mig_watch_tick (watch, error))
            return FALSE;
          tick_ns = next_due (tick_ns, TICK_NS);
        }
      if (!g_atomic_int_get (&watch->stopped)) /* its wake may have been taken */
        mig_watch_take_one (watch, MIN (MIN (tick_ns, sample_ns), end_ns));
    }
  gboolean ok = finish (watch, error);
  *counts = watch->counts;
  return ok;
}

void
mig_watch_stop (MigWatch *watch)
{
  g_atomic_int_set (&watch->stopped, 1);
  g_async_queue_push (watch->events, g_new0 (MigArrival, 1)); /* wakes it */
}
