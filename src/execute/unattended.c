/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/units.h"
#include "execute/unattended.h"
#include "hosts/migration-row.h"

/* so long behind the end its last event may come */
#define EVENT_PATIENCE_NS (200 * MIG_NS_PER_MS)

/* so long after its beginning was noted its job has begun; a later one is somebody else's */
#define JOB_PATIENCE_NS (60 * MIG_NS_PER_S)

typedef struct {
  gint64 number, arrival_ns;
} Iteration;

struct _MigUnattended {
  MigUnattendedOptions options;
  gint64 deadline_ns;
  MigTimeoutAction at_timeout; /* what is still to be done at the deadline */
  gboolean told;               /* that this has passed */
  GMutex lock;
  MigUnattendedEnd seen;
  gint64 stopped_ns;  /* (L) when its source said that the guest has left */
  GArray *iterations; /* (L) of Iteration: not yet written */
};

/* In the event loop's thread. */
static void
on_event (const MigEvent *event, gpointer user)
{
  MigUnattended *self = user;
  gboolean source = event->host == self->options.from;
  const MigEventRecord row = { self->options.run,
                               event->arrival_ns,
                               (char *) mig_host_name (event->host),
                               (char *) self->options.guest,
                               (char *) event->name,
                               (char *) event->detail };

  if (g_strcmp0 (event->uuid, self->options.uuid) != 0)
    return;
  mig_result_writer_append (self->options.writer, MIG_TABLE_EVENTS, &row, NULL); /* it is kept */
  g_mutex_lock (&self->lock);
  if (source && event->kind == MIG_EVENT_SUSPENDED && event->by_migration)
    self->seen.suspended_ns = event->arrival_ns;
  else if (source && event->kind == MIG_EVENT_STOPPED && event->by_migration)
    self->stopped_ns = event->arrival_ns;
  else if (!source && event->kind == MIG_EVENT_RESUMED && MIG_IS_MISSING (self->seen.resumed_ns))
    self->seen.resumed_ns = event->arrival_ns;
  else if (source && event->kind == MIG_EVENT_ITERATION)
    {
      const Iteration iteration = { event->number, event->arrival_ns };
      g_array_append_val (self->iterations, iteration);
    }
  g_mutex_unlock (&self->lock);
}

static void
watch (MigUnattended *self, MigHost *host)
{
  g_autoptr (GError) error = NULL;

  if (!mig_host_watch (host, on_event, self, &error))
    mig_warning ("%s", error->message);
}

MigUnattended *
mig_unattended_new (const MigUnattendedOptions *options)
{
  MigUnattended *self = g_new0 (MigUnattended, 1);
  self->options = *options;
  self->at_timeout = options->at_timeout;
  self->deadline_ns = options->begun_ns + options->timeout_ns;
  self->iterations = g_array_new (FALSE, FALSE, sizeof (Iteration));
  self->seen.end_ns = self->seen.suspended_ns = self->seen.resumed_ns = MIG_MISSING_INT;
  self->seen.stop_ns = self->stopped_ns = MIG_MISSING_INT;
  mig_job_statistics_init (&self->seen.job);
  g_mutex_init (&self->lock);
  watch (self, options->from);
  watch (self, options->to);
  return self;
}

static void
write_rounds (MigUnattended *self)
{
  MigRoundRecord row;

  g_mutex_lock (&self->lock);
  g_autoptr (GArray) iterations = g_steal_pointer (&self->iterations);
  self->iterations = g_array_new (FALSE, FALSE, sizeof (Iteration));
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < iterations->len; i++)
    {
      const Iteration *iteration = &g_array_index (iterations, Iteration, i);
      mig_round_row_fill (&row, self->options.run, self->options.guest, iteration->number,
                          iteration->arrival_ns, &self->seen.job);
      mig_result_writer_append (self->options.writer, MIG_TABLE_ROUNDS, &row, NULL);
    }
}

/* end_soon: where that is refused, it is aborted after all. */
static void
end_soon (MigUnattended *self, MigGuest *guest)
{
  gboolean suspend = self->at_timeout == MIG_TIMEOUT_SUSPEND;
  g_autoptr (GError) error = NULL;

  if (suspend ? !mig_guest_suspend_migration (guest, &error)
              : !mig_guest_start_post_copy (guest, &error))
    {
      mig_warning ("%s", error->message);
      self->at_timeout = MIG_TIMEOUT_ABORT;
      return;
    }
  self->seen.stop_cause = suspend ? MIG_STOP_SUSPENDED : MIG_STOP_POST_COPY;
  self->seen.stop_ns = mig_clock_now ();
}

/* is_ours: its job is the one whose beginning was noted; where this machine has been started since,
 * its clock does not tell. */
static gboolean
is_ours (const MigUnattended *self, gint64 now)
{
  const MigJobStatistics *job = &self->seen.job;
  gint64 begun_ns = self->options.begun_ns;

  return job->operation == MIG_OPERATION_MIGRATION_OUT && begun_ns > 0 && begun_ns <= now &&
         !MIG_IS_MISSING (job->elapsed_ns) && job->elapsed_ns >= now - begun_ns - JOB_PATIENCE_NS;
}

/* keep_limit: where it has had its time. An abort that is refused is asked for again. */
static void
keep_limit (MigUnattended *self, MigGuest *guest)
{
  gint64 now = mig_clock_now ();
  g_autofree char *limit = mig_units_format_duration (self->options.timeout_ns);

  g_mutex_lock (&self->lock);
  gboolean switches = !MIG_IS_MISSING (self->seen.suspended_ns);
  g_mutex_unlock (&self->lock);
  if (now < self->deadline_ns || self->seen.stop_cause != MIG_STOP_NOT_YET || !is_ours (self, now))
    return;
  if (!self->told)
    mig_info ("'%s' has not moved after %s", self->options.guest, limit);
  self->told = TRUE;
  if (self->at_timeout != MIG_TIMEOUT_ABORT && !switches && self->seen.job.sent_bytes > 0)
    end_soon (self, guest);
  if (self->at_timeout != MIG_TIMEOUT_ABORT)
    return;
  self->seen.timed_out = TRUE;
  mig_guest_abort_migration (guest, NULL);
}

void
mig_unattended_look (MigUnattended *self, MigGuest *guest)
{
  MigJobStatistics job;

  if (guest && mig_guest_job_running (guest, &job))
    self->seen.job = job;
  write_rounds (self);
  if (guest)
    keep_limit (self, guest);
}

void
mig_unattended_end (MigUnattended *self, MigUnattendedEnd *end)
{
  gint64 now = mig_clock_now ();

  if (!MIG_IS_MISSING (self->seen.suspended_ns) && MIG_IS_MISSING (self->seen.resumed_ns))
    mig_clock_sleep_until (now + EVENT_PATIENCE_NS);
  mig_host_watch (self->options.from, NULL, NULL, NULL);
  mig_host_watch (self->options.to, NULL, NULL, NULL);
  write_rounds (self);
  *end = self->seen;
  end->end_ns = MIG_IS_MISSING (self->stopped_ns) ? now : self->stopped_ns;
  g_array_unref (self->iterations);
  g_mutex_clear (&self->lock);
  g_free (self);
}
