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

/* so much a job may look younger than it is, where the host's clock was set meanwhile */
#define JOB_CLOCK_NS (2 * MIG_NS_PER_S)

typedef struct {
  gint64 number, arrival_ns;
} Iteration;

struct _MigUnattended {
  MigUnattendedOptions options;
  gint64 deadline_ns;
  MigTimeoutAction at_timeout; /* what is still to be done at the deadline */
  gboolean told;               /* that this has passed */
  gboolean looked;             /* at its job, once */
  gboolean caught_up;          /* with the rounds before that */
  gint64 asked_ns;             /* when its job was asked for and went on; 0: it does not */
  gboolean arrives;            /* on its destination: there is something of it */
  GMutex lock;
  GCond changed;
  gboolean happened; /* (L) an event has come since it was waited for */
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
  self->seen.post_copy |= mig_event_is_post_copy (event->detail);
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
  self->happened = TRUE;
  g_cond_signal (&self->changed);
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
  self->stopped_ns = MIG_MISSING_INT;
  self->seen.stop_cause = options->stop_cause;
  self->seen.stop_ns = options->stop_cause == MIG_STOP_NOT_YET ? MIG_MISSING_INT : options->stop_ns;
  mig_job_statistics_init (&self->seen.job);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  watch (self, options->from);
  watch (self, options->to);
  return self;
}

/* latest_start: when its job had begun at the latest: what it was seen to do proves that. */
static gint64
latest_start (const MigUnattended *self)
{
  gint64 latest = self->options.begun_ns + JOB_PATIENCE_NS, seen = self->options.job_seen_ns;

  return MIG_IS_MISSING (seen) || seen < self->options.begun_ns ? latest
                                                                : MIN (latest, seen + JOB_CLOCK_NS);
}

/* is_ours: its job is the one whose beginning was noted, and brings the guest to where that was to
 * bring it; where this machine has been started since, its clock does not tell. */
static gboolean
is_ours (const MigUnattended *self)
{
  const MigJobStatistics *job = &self->seen.job;
  gint64 begun_ns = self->options.begun_ns;

  return self->arrives && job->operation == MIG_OPERATION_MIGRATION_OUT && begun_ns > 0 &&
         begun_ns <= self->asked_ns && !MIG_IS_MISSING (job->elapsed_ns) &&
         job->elapsed_ns >= self->asked_ns - latest_start (self);
}

/* ---- it is made to end ---- */

static gboolean
is_switching (MigUnattended *self)
{
  g_mutex_lock (&self->lock);
  gboolean switches = !MIG_IS_MISSING (self->seen.suspended_ns);
  g_mutex_unlock (&self->lock);
  return switches;
}

/* impose: event: why; detail: what is noted where it is not refused. */
static gboolean
impose (MigUnattended *self, MigGuest *guest, MigStopCause cause, const char *event,
        const char *detail, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  gboolean ok = mig_stop_impose (guest, cause, &refusal);
  gint64 now = mig_clock_now ();
  const MigEventRecord row = { self->options.run,
                               now,
                               (char *) mig_host_name (self->options.from),
                               (char *) self->options.guest,
                               (char *) event,
                               (char *) (ok ? detail : refusal->message) };

  mig_result_writer_append (self->options.writer, MIG_TABLE_EVENTS, &row, NULL); /* it is kept */
  if (!ok)
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }
  self->seen.stop_cause = cause;
  self->seen.stop_ns = now;
  return TRUE;
}

/* keep_rule: where that many live rounds are over, and this was sent. */
static void
keep_rule (MigUnattended *self, MigGuest *guest, gint64 rounds, const MigJobStatistics *job)
{
  if (!guest || self->seen.stop_cause != MIG_STOP_NOT_YET || is_switching (self) || !is_ours (self))
    return;
  MigStopCause cause = self->options.post_copy && rounds >= 1
                           ? MIG_STOP_POST_COPY
                           : mig_stop_rule_decide (mig_stop_rule_limits (self->options.stop_rule),
                                                   rounds, job);
  if (cause != MIG_STOP_NOT_YET)
    impose (self, guest, cause, MIG_EVENT_STOP_RULE, mig_stop_cause_name (cause), NULL);
}

/* catch_up: with the rounds that ended while nobody looked; how much is left in the middle of one
 * says nothing. */
static void
catch_up (MigUnattended *self, MigGuest *guest)
{
  MigJobStatistics so_far = self->seen.job;

  so_far.remaining_bytes = MIG_MISSING_INT;
  if (!self->caught_up && !MIG_IS_MISSING (so_far.rounds))
    keep_rule (self, guest, so_far.rounds - 1, &so_far);
  self->caught_up = TRUE;
}

/* take_rounds: those that have begun are written; where one is over, the stop rule decides. */
static void
take_rounds (MigUnattended *self, MigGuest *guest)
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
      keep_rule (self, guest, iteration->number - 1, &self->seen.job);
    }
}

/* end_soon: where that is refused, it is aborted after all. */
static void
end_soon (MigUnattended *self, MigGuest *guest)
{
  MigStopCause cause = self->at_timeout == MIG_TIMEOUT_SUSPEND ? MIG_STOP_SUSPENDED
                                                               : MIG_STOP_POST_COPY;
  g_autoptr (GError) error = NULL;

  if (impose (self, guest, cause, MIG_EVENT_TIMEOUT, mig_timeout_action_name (self->at_timeout),
              &error))
    return;
  mig_warning ("%s", error->message);
  self->at_timeout = MIG_TIMEOUT_ABORT;
}

/* has_ended_soon: what its timeout does but abort it is done. */
static gboolean
has_ended_soon (const MigUnattended *self)
{
  return self->at_timeout != MIG_TIMEOUT_ABORT && (self->seen.stop_cause == MIG_STOP_SUSPENDED ||
                                                   self->seen.stop_cause == MIG_STOP_POST_COPY);
}

/* keep_limit: where it has had its time. An abort that is refused is asked for again. */
static void
keep_limit (MigUnattended *self, MigGuest *guest)
{
  g_autofree char *limit = mig_units_format_duration (self->options.timeout_ns);

  if (mig_clock_now () < self->deadline_ns || has_ended_soon (self) || !is_ours (self))
    return;
  if (!self->told)
    mig_info ("'%s' has not moved after %s", self->options.guest, limit);
  self->told = TRUE;
  if (self->at_timeout != MIG_TIMEOUT_ABORT && !is_switching (self) &&
      self->seen.job.sent_bytes > 0)
    end_soon (self, guest);
  if (self->at_timeout != MIG_TIMEOUT_ABORT)
    return;
  self->seen.timed_out = TRUE;
  mig_guest_abort_migration (guest, NULL);
}

void
mig_unattended_look (MigUnattended *self, MigGuest *guest, MigGuestState arrived)
{
  MigJobStatistics job;
  gint64 now = mig_clock_now ();

  self->arrives = arrived != MIG_GUEST_ABSENT && arrived != MIG_GUEST_DEAD;
  self->asked_ns = 0;
  if (guest && mig_guest_job_running (guest, &job))
    {
      self->seen.job = job;
      self->asked_ns = now;
      self->looked = TRUE;
    }
  if (is_ours (self))
    {
      self->seen.ours = TRUE;
      catch_up (self, guest);
    }
  take_rounds (self, guest);
  if (guest)
    keep_limit (self, guest);
}

void
mig_unattended_wait (MigUnattended *self, gint64 until_ns)
{
  g_mutex_lock (&self->lock);
  while (!self->happened && mig_clock_wait (&self->changed, &self->lock, until_ns))
    ;
  self->happened = FALSE;
  g_mutex_unlock (&self->lock);
}

/* tell_limits: that what was waited for may have been somebody else's. */
static void
tell_limits (const MigUnattended *self)
{
  const char *nor = self->options.post_copy ? ", nor its switch to post-copy"
                    : self->options.stop_rule != MIG_STOP_HYPERVISOR ? ", nor its stop rule"
                                                                     : "";

  if (self->looked && !self->seen.ours)
    mig_warning ("'%s': whether the migration that went on was that of this plan is not known: its "
                 "timeout was not imposed%s",
                 self->options.guest, nor);
}

void
mig_unattended_end (MigUnattended *self, MigUnattendedEnd *end)
{
  gint64 now = mig_clock_now ();

  if (!MIG_IS_MISSING (self->seen.suspended_ns) && MIG_IS_MISSING (self->seen.resumed_ns))
    mig_clock_sleep_until (now + EVENT_PATIENCE_NS);
  mig_host_watch (self->options.from, NULL, NULL, NULL);
  mig_host_watch (self->options.to, NULL, NULL, NULL);
  take_rounds (self, NULL);
  tell_limits (self);
  *end = self->seen;
  end->end_ns = MIG_IS_MISSING (self->stopped_ns) ? now : self->stopped_ns;
  g_array_unref (self->iterations);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}
