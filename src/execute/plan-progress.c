/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "execute/plan-progress.h"
#include "model/copied-disks.h"

struct _MigPlanProgress {
  GPtrArray *moves; /* of MigPlannedMove, of all plans */
  guint first, plan;
  GHashTable *tries; /* UUID -> how often its migration failed */
  gboolean stopped, asked, survey;
};

gboolean
mig_expected_deviates (const MigPredicted *expected, double measured_s, double least_s)
{
  double low = expected->low, high = expected->high;

  if (isnan (measured_s) || isnan (expected->value))
    return FALSE;
  if (isnan (high))
    {
      low = (isnan (low) ? expected->value : low) / MIG_DEVIATION_FACTOR;
      high = expected->value * MIG_DEVIATION_FACTOR;
    }
  return (measured_s < low || measured_s > high) && fabs (measured_s - expected->value) > least_s;
}

MigPlannedMove *
mig_planned_move_new (const char *guest, const char *uuid, const char *from, const char *to,
                      guint group)
{
  MigPlannedMove *move = g_new0 (MigPlannedMove, 1);

  move->guest = g_strdup (guest);
  move->uuid = g_strdup (uuid);
  move->from = g_strdup (from);
  move->to = g_strdup (to);
  move->group = group;
  move->time = move->downtime = move->memory = (MigPredicted){ NAN, NAN, NAN };
  move->time_s = move->downtime_s = NAN;
  move->outage_s = move->silence_s = move->connect_s = NAN;
  move->dirty_pages_per_s = MIG_MISSING_INT;
  return move;
}

void
mig_planned_move_free (MigPlannedMove *move)
{
  g_free (move->guest);
  g_free (move->uuid);
  g_free (move->from);
  g_free (move->to);
  g_free (move->where);
  g_clear_pointer (&move->after, g_array_unref);
  g_free (move->record);
  g_free (move);
}

double
mig_planned_move_memory_s (const MigPlannedMove *move)
{
  return move->time_s - (move->record ? mig_copied_disks_s (move->record) : 0);
}

gboolean
mig_planned_move_deviates (const MigPlannedMove *move)
{
  return !move->unmodelled &&
         (mig_expected_deviates (&move->memory, mig_planned_move_memory_s (move),
                                 MIG_DEVIATION_TIME_S) ||
          mig_expected_deviates (&move->downtime, move->downtime_s, MIG_DEVIATION_DOWNTIME_S));
}

void
mig_planned_move_measure (MigPlannedMove *move)
{
  const MigMigrationRecord *record = move->record;

  move->time_s = mig_units_seconds_between (record->start_ns, record->end_ns);
  move->downtime_s = mig_units_seconds_between (record->suspended_ns, record->resumed_ns);
  if (isnan (move->downtime_s))
    move->downtime_s = mig_units_seconds (record->downtime_reported_ns);
}

MigPlanProgress *
mig_plan_progress_new (void)
{
  MigPlanProgress *self = g_new0 (MigPlanProgress, 1);

  self->moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  self->tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
mig_plan_progress_free (MigPlanProgress *self)
{
  g_ptr_array_unref (self->moves);
  g_hash_table_unref (self->tries);
  g_free (self);
}

/* count: migrations of the last plan that are in a state. */
static guint
count (const MigPlanProgress *self, MigMoveState state)
{
  guint n = 0;

  for (guint i = self->first; i < self->moves->len; i++)
    n += ((const MigPlannedMove *) self->moves->pdata[i])->state == state;
  return n;
}

void
mig_plan_progress_set_plan (MigPlanProgress *self, GPtrArray *moves)
{
  g_return_if_fail (count (self, MIG_MOVE_RUNNING) == 0);
  for (guint i = self->first; i < self->moves->len; i++)
    {
      MigPlannedMove *move = self->moves->pdata[i];
      if (move->state == MIG_MOVE_WAITING)
        move->state = MIG_MOVE_DROPPED;
    }
  self->first = self->moves->len;
  self->plan++;
  for (guint i = 0; i < moves->len; i++)
    {
      MigPlannedMove *move = moves->pdata[i];
      move->plan = self->plan;
      move->place = i;
    }
  g_ptr_array_extend_and_steal (self->moves, moves);
  self->asked = self->survey = FALSE;
}

void
mig_plan_progress_restore (MigPlanProgress *self, GPtrArray *moves, guint plans)
{
  g_return_if_fail (self->moves->len == 0);
  g_ptr_array_extend_and_steal (self->moves, moves);
  g_return_if_fail (count (self, MIG_MOVE_RUNNING) == 0);
  self->plan = plans;
}

static guint
tries_of (const MigPlanProgress *self, const char *uuid)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->tries, uuid));
}

static gboolean
is_over (const MigPlannedMove *move)
{
  return move->state != MIG_MOVE_WAITING && move->state != MIG_MOVE_RUNNING;
}

/* may_start: what it waits for has ended; else all groups before it, out of its host. */
static gboolean
may_start (const MigPlanProgress *self, const MigPlannedMove *move)
{
  for (guint i = 0; move->after && i < move->after->len; i++)
    if (!is_over (self->moves->pdata[self->first + g_array_index (move->after, guint, i)]))
      return FALSE;
  for (guint i = self->first; i < self->moves->len && !move->after; i++)
    {
      const MigPlannedMove *other = self->moves->pdata[i];
      if (strcmp (other->from, move->from) == 0 && other->group < move->group && !is_over (other))
        return FALSE;
    }
  return TRUE;
}

MigPlannedMove *
mig_plan_progress_next (MigPlanProgress *self)
{
  for (guint i = self->first; i < self->moves->len && !self->stopped && !self->asked; i++)
    {
      MigPlannedMove *move = self->moves->pdata[i];
      if (move->state != MIG_MOVE_WAITING || !may_start (self, move))
        continue;
      move->state = MIG_MOVE_RUNNING;
      move->attempt = tries_of (self, move->uuid) + 1;
      return move;
    }
  return NULL;
}

void
mig_plan_progress_ended (MigPlanProgress *self, MigPlannedMove *move, gboolean done)
{
  g_return_if_fail (move->state == MIG_MOVE_RUNNING);
  move->state = done ? MIG_MOVE_DONE : MIG_MOVE_FAILED;
  if (!done)
    {
      g_hash_table_replace (self->tries, g_strdup (move->uuid),
                            GUINT_TO_POINTER (tries_of (self, move->uuid) + 1));
      self->asked = self->survey = TRUE;
    }
  else if (mig_planned_move_deviates (move) && count (self, MIG_MOVE_WAITING) > 0)
    self->asked = TRUE;
}

void
mig_plan_progress_gone (MigPlanProgress *self, MigPlannedMove *move)
{
  g_return_if_fail (move->state == MIG_MOVE_RUNNING);
  move->state = MIG_MOVE_GONE;
}

/* is_waited_for: a move of its plan is to begin only when it has made room. */
static gboolean
is_waited_for (const MigPlanProgress *self, const MigPlannedMove *move)
{
  for (guint i = self->first; i < self->moves->len; i++)
    {
      const MigPlannedMove *other = self->moves->pdata[i];
      for (guint a = 0; other->state == MIG_MOVE_WAITING && other->after && a < other->after->len;
           a++)
        if (g_array_index (other->after, guint, a) == move->place)
          return TRUE;
    }
  return FALSE;
}

void
mig_plan_progress_refused (MigPlanProgress *self, MigPlannedMove *move)
{
  g_return_if_fail (move->state == MIG_MOVE_RUNNING);
  move->state = MIG_MOVE_FAILED;
  g_hash_table_replace (self->tries, g_strdup (move->uuid),
                        GUINT_TO_POINTER (MIG_PLAN_PROGRESS_TRIES));
  if (is_waited_for (self, move))
    mig_plan_progress_ask (self);
}

void
mig_plan_progress_ask (MigPlanProgress *self)
{
  self->asked = self->survey = TRUE;
}

void
mig_plan_progress_stop (MigPlanProgress *self)
{
  self->stopped = TRUE;
}

MigPlanProgressState
mig_plan_progress_state (const MigPlanProgress *self)
{
  if (count (self, MIG_MOVE_RUNNING) > 0)
    return MIG_PLAN_PROGRESS_GOING;
  if (self->stopped)
    return MIG_PLAN_PROGRESS_OVER;
  if (self->asked)
    return MIG_PLAN_PROGRESS_REPLAN;
  return count (self, MIG_MOVE_WAITING) > 0 ? MIG_PLAN_PROGRESS_GOING : MIG_PLAN_PROGRESS_OVER;
}

gboolean
mig_plan_progress_wants_survey (const MigPlanProgress *self)
{
  return self->survey;
}

gboolean
mig_plan_progress_left_out (const MigPlanProgress *self, const char *uuid)
{
  return tries_of (self, uuid) >= MIG_PLAN_PROGRESS_TRIES;
}

const MigPlannedMove *
mig_plan_progress_last (const MigPlanProgress *self, const char *uuid)
{
  for (guint i = self->moves->len; i > 0; i--)
    {
      const MigPlannedMove *move = self->moves->pdata[i - 1];
      if (move->attempt > 0 && strcmp (move->uuid, uuid) == 0)
        return move;
    }
  return NULL;
}

const MigPlannedMove *
mig_plan_progress_tried (const MigPlanProgress *self, const MigPlannedMove *move)
{
  const MigPlannedMove *tried = NULL;

  for (guint i = 0; i < self->moves->len && self->moves->pdata[i] != move; i++)
    {
      const MigPlannedMove *other = self->moves->pdata[i];
      if (other->ran && strcmp (other->uuid, move->uuid) == 0)
        tried = other;
    }
  return tried;
}

const char *
mig_plan_progress_avoid (const MigPlanProgress *self, const char *uuid)
{
  const MigPlannedMove *last = mig_plan_progress_last (self, uuid);

  return last && last->state == MIG_MOVE_FAILED ? last->to : NULL;
}

const GPtrArray *
mig_plan_progress_moves (const MigPlanProgress *self)
{
  return self->moves;
}

guint
mig_plan_progress_first (const MigPlanProgress *self)
{
  return self->first;
}

guint
mig_plan_progress_plan (const MigPlanProgress *self)
{
  return self->plan;
}
