/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "execute/settle-place.h"
#include "execute/settle.h"
#include "hosts/migration-row.h"
#include "measure/migration.h"
#include "virt/definition.h"
#include "virt/migrate.h"
#include "virt/standstill.h"

/* the end of a job that nobody watches any more has no event */
#define ASK_NS (MIG_NS_PER_S / 5)

#define STATUS_INTERRUPTED "interrupted"

typedef struct {
  MigInterrupted *interrupted;
  GPtrArray *hosts; /* of MigHost */
  MigResultWriter *writer;
  const MigSettleLimit *limit;
} Settlement;

static gboolean
open_hosts (Settlement *self, const GArray *hosts, GError **error)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      const MigPlanExecutorHost *one = &g_array_index (hosts, MigPlanExecutorHost, i);
      MigHost *host = mig_host_open (one->name, one->uri, error);
      if (!host)
        return FALSE;
      g_ptr_array_add (self->hosts, host);
    }
  return TRUE;
}

/* ---- its end ---- */

/* first_of_plan: the index of the first move that was planned together with this one. */
static guint
first_of_plan (const GPtrArray *moves, const MigPlannedMove *move)
{
  guint i = 0;

  while (((const MigPlannedMove *) moves->pdata[i])->plan != move->plan)
    i++;
  return i;
}

static MigUnattended *
watch (const Settlement *self, const MigPlannedMove *move, const MigSettlePlace *place)
{
  const GPtrArray *moves = self->interrupted->moves;
  const MigInterruptedStart *start = g_hash_table_lookup (self->interrupted->starts, move);
  gint64 timeout_ns = mig_plan_executor_timeout (self->limit->timeout_ns, moves,
                                                 first_of_plan (moves, move));

  mig_info ("the migration of '%s' from host '%s' to '%s' still goes on: waiting for its end",
            move->guest, move->from, move->to);
  return mig_unattended_new (
      &(MigUnattendedOptions){ .from = place->from,
                               .to = place->to,
                               .writer = self->writer,
                               .run = move->plan,
                               .guest = move->guest,
                               .uuid = move->uuid,
                               .begun_ns = start->begun_ns,
                               .job_seen_ns = start->job_seen_ns,
                               .timeout_ns = timeout_ns,
                               .at_timeout = self->limit->at_timeout,
                               .stop_rule = self->limit->stop_rule,
                               .post_copy = self->limit->technique == MIG_TECHNIQUE_POST_COPY,
                               .stop_cause = start->stop_cause,
                               .stop_ns = start->stop_ns });
}

static gboolean
wait_for (const Settlement *self, const MigPlannedMove *move, MigSettlePlace *place, GError **error)
{
  MigUnattended *watched = NULL;
  gboolean ok;

  while ((ok = mig_settle_place_ask (place, self->hosts, move, error)))
    {
      g_autoptr (MigGuest) guest = mig_guest_state_is_there (place->left)
                                       ? mig_guest_lookup_uuid (place->from, move->uuid, NULL)
                                       : NULL;
      gboolean goes_on = mig_settle_place_goes_on (place, guest);
      if (!goes_on && !mig_settle_place_is_ending (place))
        break;
      if (goes_on && !watched)
        watched = watch (self, move, place);
      if (goes_on)
        mig_unattended_look (watched, guest, place->arrived);
      if (watched)
        mig_unattended_wait (watched, mig_clock_now () + ASK_NS);
      else
        mig_clock_sleep_until (mig_clock_now () + ASK_NS);
    }
  place->watched = watched != NULL;
  if (watched)
    mig_unattended_end (watched, &place->end);
  return ok;
}

/* ---- what became of it ---- */

/* advise: what libvirt leaves of a migration whose client ended in the middle of its end. */
static const char *
advise (const MigSettlePlace *place)
{
  if (place->left == MIG_GUEST_PAUSED && mig_guest_state_is_there (place->arrived))
    return ": the copy on the source is what the migration left; end it (virsh destroy) once the "
           "other one works";
  if (place->left == MIG_GUEST_PAUSED)
    return ": if it was running before, let it go on (virsh resume)";
  return "";
}

/* end_standstill: of a guest that ran before a migration that ended with migcost. */
static void
end_standstill (const MigPlannedMove *move, MigSettlePlace *place)
{
  g_autoptr (GError) error = NULL;
  gboolean resumed = FALSE;

  if (!move->ran || place->left != MIG_GUEST_PAUSED || mig_guest_state_is_there (place->arrived))
    return;
  if (!mig_host_end_standstill (place->from, place->to, move->uuid, &resumed, &error))
    mig_warning ("%s", error->message);
  if (resumed)
    place->left = MIG_GUEST_RUNNING;
}

static void
carry_autostart (const MigSettlePlace *place, const MigPlannedMove *move)
{
  g_autoptr (GError) error = NULL;

  if (!mig_host_carry_autostart (place->from, place->to, move->uuid, &error))
    mig_warning ("%s", error->message);
}

typedef enum {
  END_MOVED,
  END_STOPPED, /* it is where it was, or has ended in good order */
  END_TAKEN,   /* somebody else has moved it to another host */
  END_BROKEN,  /* it stands still on both hosts: its post-copy failed */
  END_LOST     /* it is on no host, and nobody ended it */
} End;

/* end_of_guest: by the source's word, unless that says that it went away: then by the
 * destination's, where that has it. */
static MigGuestEnd
end_of_guest (const MigSettlePlace *place, const MigPlannedMove *move)
{
  MigGuestEnd end = mig_host_guest_end (place->from, move->uuid);
  gboolean went = end == MIG_GUEST_END_MIGRATED || place->left == MIG_GUEST_ABSENT;

  return went && place->arrived != MIG_GUEST_ABSENT ? mig_host_guest_end (place->to, move->uuid)
                                                    : end;
}

static End
end_of (const MigSettlePlace *place, const MigPlannedMove *move)
{
  if (place->broken)
    return END_BROKEN;
  if (mig_guest_state_is_there (place->left) || mig_guest_state_is_there (place->arrived))
    return mig_guest_state_is_there (place->left) ? END_STOPPED : END_MOVED;
  MigGuestEnd end = end_of_guest (place, move);
  if (place->elsewhere || end == MIG_GUEST_END_MIGRATED)
    return END_TAKEN;
  return end == MIG_GUEST_END_ORDERLY ? END_STOPPED : END_LOST;
}

/* is_late: it was aborted at its timeout. */
static gboolean
is_late (const MigSettlePlace *place, End end)
{
  return end == END_STOPPED && place->watched && place->end.timed_out;
}

/* is_stopped: it was broken off, and nothing has failed. */
static gboolean
is_stopped (End end)
{
  return end == END_STOPPED || end == END_TAKEN;
}

/* reason_of: why it did not move. The caller frees it. */
static char *
reason_of (const MigSettlePlace *place, const MigPlannedMove *move, End end)
{
  const char *late = is_late (place, end) ? ", and it was aborted at its timeout" : "";

  if (end == END_LOST)
    return g_strdup ("migcost ended before it did; " MIG_MIGRATION_LOST);
  if (end == END_BROKEN)
    return g_strdup_printf ("migcost ended before it did; " MIG_POST_COPY_BROKEN, move->from);
  if (end == END_TAKEN && !place->elsewhere)
    return g_strdup ("migcost ended before it did; somebody else moved the guest elsewhere");
  if (end == END_TAKEN)
    return g_strdup_printf (
        "migcost ended before it did; somebody else moved the guest to host '%s'",
        place->elsewhere);
  return g_strdup_printf (
      "migcost ended before it did%s; the guest is %s on host '%s', %s on '%s'%s", late,
      mig_guest_state_text (place->left), move->from, mig_guest_state_text (place->arrived),
      move->to, advise (place));
}

/* stopped_by: NULL: not known. */
static const char *
stopped_by (const Settlement *self, const MigSettlePlace *place, gboolean done)
{
  const MigUnattendedEnd *end = &place->end;
  gboolean seen = !MIG_IS_MISSING (end->suspended_ns);
  /* the last round may be over before a switch to post-copy that QEMU has agreed to */
  gboolean late = seen && end->stop_cause == MIG_STOP_POST_COPY && !end->post_copy;

  if (end->stop_cause != MIG_STOP_NOT_YET && !late)
    return mig_stop_cause_name (end->stop_cause);
  if (!done || !seen || !end->ours || !mig_host_can (place->from, MIG_CAN_MAX_DOWNTIME))
    return NULL;
  return mig_stop_rule_limits (self->limit->stop_rule)->min_pages ? "pages" : "hypervisor";
}

/* fill_way: how it was to end, and ended, as far as it was watched; what was not imposed is not
 * known. */
static void
fill_way (const Settlement *self, const MigSettlePlace *place, gboolean done,
          MigMigrationRecord *row)
{
  if (!place->watched)
    return;
  row->stopped_by = (char *) stopped_by (self, place, done);
  row->stop_ns = place->end.stop_ns;
  if (!place->end.ours)
    return;
  MigStopRule rule = mig_stop_rule_in_force (self->limit->stop_rule,
                                             mig_host_can (place->from, MIG_CAN_MAX_DOWNTIME),
                                             mig_host_info (place->from));
  row->stop_rule = (char *) mig_stop_rule_limits (rule)->name;
  row->technique = (char *) mig_technique_info (self->limit->technique)->name;
}

/* write_row: of the migration; the hypervisor's own words of it where it arrived. */
static void
write_row (const Settlement *self, MigPlannedMove *move, const MigSettlePlace *place, End end,
           const char *reason)
{
  const MigInterruptedStart *start = g_hash_table_lookup (self->interrupted->starts, move);
  gboolean done = end == END_MOVED;
  g_autoptr (MigGuest) arrived = done ? mig_guest_lookup_uuid (place->to, move->uuid, NULL) : NULL;
  MigJobStatistics completed;
  MigMigrationOutcome outcome = { .run = move->plan,
                                  .step = move->group + 1,
                                  .guest = move->guest,
                                  .source = move->from,
                                  .destination = move->to,
                                  .status = done                   ? "ok"
                                            : is_late (place, end) ? "timed-out"
                                            : is_stopped (end)     ? "aborted"
                                                                   : "failed",
                                  .reason = done ? NULL : reason,
                                  .start_ns = start->begun_ns };
  MigMigrationRecord row;

  if (place->watched)
    {
      outcome.end_ns = place->end.end_ns;
      outcome.suspended_ns = place->end.suspended_ns;
      outcome.resumed_ns = place->end.resumed_ns;
      if (start->begun_ns > place->end.end_ns) /* by the clock before this machine began anew */
        outcome.start_ns = 0;
      outcome.sent = &place->end.job;
    }

  if (arrived && mig_guest_job_completed (arrived, &completed))
    outcome.completed = &completed;
  mig_migration_row_fill (&row, &outcome);
  fill_way (self, place, done, &row);
  move->record = mig_record_copy (MIG_TABLE_MIGRATIONS, &row);
  mig_planned_move_measure (move);
  mig_result_writer_append (self->writer, MIG_TABLE_MIGRATIONS, &row, NULL); /* a failure is kept */
}

static void
end_move (const Settlement *self, MigPlannedMove *move, const MigSettlePlace *place)
{
  End end = end_of (place, move);
  gboolean done = end == END_MOVED;
  g_autofree char *reason = reason_of (place, move, end);

  write_row (self, move, place, end, reason);
  if (done)
    mig_info ("'%s' went to host '%s' while migcost did not run", move->guest, move->to);
  else if (!is_stopped (end) || place->left == MIG_GUEST_PAUSED ||
           mig_guest_state_is_there (place->arrived))
    mig_warning ("'%s': %s", move->guest, reason);
  else
    mig_info ("'%s': %s", move->guest, reason);
  if (done && move->autostart)
    carry_autostart (place, move);
  move->lost = end == END_LOST;
  move->taken = end == END_TAKEN && !place->elsewhere;
  move->state = done                                        ? MIG_MOVE_DONE
                : is_stopped (end) && !is_late (place, end) ? MIG_MOVE_DROPPED
                                                            : MIG_MOVE_FAILED;
  move->where = g_strdup (done ? move->to
                          : end == END_STOPPED && mig_guest_state_is_there (place->left)
                              ? move->from
                              : place->elsewhere);
  g_hash_table_remove (self->interrupted->starts, move);
}

/* end_late: of one that has its row, which says that it failed: it may have arrived all the same,
 * after its hosts were not heard any more. */
static void
end_late (const Settlement *self, MigPlannedMove *move, const MigSettlePlace *place)
{
  if (mig_guest_state_is_there (place->arrived) && !mig_guest_state_is_there (place->left))
    {
      carry_autostart (place, move);
      move->state = MIG_MOVE_DONE;
    }
  g_hash_table_remove (self->interrupted->starts, move);
}

/* find_fate: whether one of its migrations lost the guest, or found that somebody else had moved it
 * to none of these hosts. */
static void
find_fate (const GPtrArray *moves, const char *uuid, gboolean *lost, gboolean *taken)
{
  *lost = *taken = FALSE;
  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      if (strcmp (move->uuid, uuid) != 0)
        continue;
      *lost |= move->lost;
      *taken |= move->taken;
    }
}

/* look_for_ends: guests that were to move and have ended meanwhile: nothing is left to move. A
 * migration that lost its guest is no end. */
static void
look_for_ends (const Settlement *self)
{
  const GPtrArray *moves = self->interrupted->moves;

  for (guint i = 0; i < moves->len; i++)
    {
      MigPlannedMove *move = moves->pdata[i];
      guint there = 0;
      for (guint h = 0; h < self->hosts->len; h++)
        {
          MigGuestState state;
          there += !mig_host_guest_state (self->hosts->pdata[h], move->uuid, &state, NULL) ||
                   mig_guest_state_is_there (state);
        }
      gboolean lost, taken;
      find_fate (moves, move->uuid, &lost, &taken);
      if (there > 0 || move->state == MIG_MOVE_DONE || lost)
        continue;
      move->state = MIG_MOVE_GONE;
      move->taken = taken;
      move->attempt = MAX (move->attempt, 1);
    }
}

/* close_runs: those whose end nobody wrote. */
static void
close_runs (const Settlement *self)
{
  const GArray *open = self->interrupted->open;

  for (guint i = 0; i < open->len; i++)
    {
      MigRunRecord row;
      mig_record_init (MIG_TABLE_RUNS, &row);
      row.run = g_array_index (open, gint64, i);
      g_autofree char *label = mig_plan_executor_case ((guint) row.run);
      row.case_label = label;
      row.repetition = 1;
      row.status = (char *) STATUS_INTERRUPTED;
      row.reason = (char *) "migcost ended before it did";
      mig_result_writer_append (self->writer, MIG_TABLE_RUNS, &row, NULL);
    }
}

gboolean
mig_settle (MigInterrupted *interrupted, const GArray *hosts, MigResultWriter *writer,
            const MigSettleLimit *limit, GError **error)
{
  g_autoptr (GPtrArray) opened = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_host_free);
  Settlement self = { interrupted, opened, writer, limit };

  if (!open_hosts (&self, hosts, error))
    return FALSE;
  for (guint i = 0; i < interrupted->moves->len; i++)
    {
      MigPlannedMove *move = interrupted->moves->pdata[i];
      MigSettlePlace place = { NULL };
      if (!g_hash_table_contains (interrupted->starts, move))
        continue;
      if (!wait_for (&self, move, &place, error) ||
          !mig_settle_place_ask_others (&place, opened, move, error))
        return FALSE;
      end_standstill (move, &place);
      if (move->state == MIG_MOVE_RUNNING)
        end_move (&self, move, &place);
      else
        end_late (&self, move, &place);
    }
  look_for_ends (&self);
  close_runs (&self);
  return mig_result_writer_commit (writer, error);
}
