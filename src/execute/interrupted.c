/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "execute/execute.h"
#include "execute/interrupted.h"
#include "measure/migration.h"
#include "virt/events.h"

/* ---- a move as a row ---- */

static char *
after_text (const GArray *after)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < after->len; i++)
    g_string_append_printf (text, "%s%u", i ? " " : "", g_array_index (after, guint, i));
  return g_string_free (text, FALSE);
}

MigMoveRecord
mig_planned_move_record (const MigPlannedMove *move, gint64 run)
{
  return (MigMoveRecord){ .run = run,
                          .guest = move->guest,
                          .uuid = move->uuid,
                          .source = move->from,
                          .destination = move->to,
                          .group = move->group,
                          .after = move->after ? after_text (move->after) : NULL };
}

/* after_of: NULL: groups count. *ok: each is a number. */
static GArray *
after_of (const char *text, gboolean *ok)
{
  g_auto (GStrv) words = text ? g_strsplit (text, " ", -1) : NULL;
  GArray *after = text ? g_array_new (FALSE, FALSE, sizeof (guint)) : NULL;

  *ok = TRUE;
  for (guint i = 0; words && words[i] && *text; i++)
    {
      guint64 number = 0;
      *ok &= g_ascii_string_to_unsigned (words[i], 10, 0, G_MAXUINT, &number, NULL);
      guint index = (guint) number;
      g_array_append_val (after, index);
    }
  return after;
}

MigPlannedMove *
mig_planned_move_of (const MigMoveRecord *record)
{
  gboolean ok;

  if (MIG_IS_MISSING (record->run) || !record->guest || !record->uuid || !record->source ||
      !record->destination || record->run < 1 || record->run > G_MAXINT)
    return NULL;
  guint group = MIG_IS_MISSING (record->group) ? 0 : (guint) CLAMP (record->group, 0, G_MAXINT);
  MigPlannedMove *move = mig_planned_move_new (record->guest, record->uuid, record->source,
                                               record->destination, group);
  move->plan = (guint) record->run;
  move->after = after_of (record->after, &ok);
  if (!ok)
    g_clear_pointer (&move, mig_planned_move_free);
  return move;
}

/* ---- a result ---- */

void
mig_interrupted_free (MigInterrupted *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->starts);
  g_ptr_array_unref (self->moves);
  g_array_unref (self->open);
  g_free (self);
}

/* find_move: the one of that run's plan; a guest that goes over a third host has two. */
static MigPlannedMove *
find_move (const MigInterrupted *self, gint64 run, const char *guest, const char *from,
           const char *to)
{
  for (guint i = 0; i < self->moves->len; i++)
    {
      MigPlannedMove *move = self->moves->pdata[i];
      if (move->plan == run && g_strcmp0 (move->guest, guest) == 0 &&
          g_strcmp0 (move->from, from) == 0 && g_strcmp0 (move->to, to) == 0)
        return move;
    }
  return NULL;
}

static gboolean
take_move (gconstpointer record, gpointer data, GError **error)
{
  MigInterrupted *self = data;
  MigPlannedMove *move = mig_planned_move_of (record);

  if (!move)
    {
      g_set_error_literal (error, MIG_ERROR, MIG_ERROR_INVALID,
                           "a row of moves.csv is not whole: what was planned is not known");
      return FALSE;
    }
  const MigPlannedMove *last = self->moves->len ? self->moves->pdata[self->moves->len - 1] : NULL;
  move->place = last && last->plan == move->plan ? last->place + 1 : 0;
  g_ptr_array_add (self->moves, move);
  self->plans = MAX (self->plans, move->plan);
  return TRUE;
}

/* take_prediction: of a migration; those of a guest that goes over a third host come in turn. */
static gboolean
take_prediction (gconstpointer record, gpointer data, GError **error)
{
  const MigPredictionRecord *row = record;
  MigInterrupted *self = data;
  MigQuantity quantity;

  if (!row->guest || !mig_quantity_find (row->quantity, &quantity) ||
      (quantity != MIG_QUANTITY_TOTAL_TIME && quantity != MIG_QUANTITY_DOWNTIME))
    return TRUE;
  for (guint i = 0; i < self->moves->len; i++)
    {
      MigPlannedMove *move = self->moves->pdata[i];
      MigPredicted *to = quantity == MIG_QUANTITY_TOTAL_TIME ? &move->time : &move->downtime;
      g_autofree char *label = mig_plan_executor_case (move->plan);
      if (!isnan (to->value) || strcmp (move->guest, row->guest) != 0 ||
          g_strcmp0 (label, row->case_label) != 0)
        continue;
      *to = (MigPredicted){ mig_units_seconds (row->value_ns), mig_units_seconds (row->low_ns),
                            mig_units_seconds (row->high_ns) };
      break;
    }
  return TRUE;
}

/* find_start: of the migration of that guest which was under way from that host. */
static MigInterruptedStart *
find_start (const MigInterrupted *self, const MigEventRecord *event)
{
  for (guint i = self->moves->len; i > 0; i--)
    {
      MigPlannedMove *move = self->moves->pdata[i - 1];
      if (move->state == MIG_MOVE_RUNNING && move->plan == event->run &&
          g_strcmp0 (move->guest, event->guest) == 0 && g_strcmp0 (move->from, event->host) == 0)
        return g_hash_table_lookup (self->starts, move);
    }
  return NULL;
}

/* take_round: one of its job's began, so that it had begun itself. */
static void
take_round (const MigInterrupted *self, const MigEventRecord *event)
{
  MigInterruptedStart *start = find_start (self, event);

  if (start && MIG_IS_MISSING (start->job_seen_ns))
    start->job_seen_ns = event->time_ns;
}

/* take_stop: it was made to end, or that was refused. */
static void
take_stop (const MigInterrupted *self, const MigEventRecord *event)
{
  MigInterruptedStart *start = find_start (self, event);
  gboolean suspends = g_strcmp0 (event->event, MIG_EVENT_TIMEOUT) == 0 &&
                      g_strcmp0 (event->detail, mig_timeout_action_name (MIG_TIMEOUT_SUSPEND)) == 0;
  MigStopCause cause = suspends ? MIG_STOP_SUSPENDED : mig_stop_cause_find (event->detail);

  if (!start || cause == MIG_STOP_NOT_YET)
    return;
  start->stop_cause = cause;
  start->stop_ns = event->time_ns;
}

static gboolean
take_event (gconstpointer record, gpointer data, GError **error)
{
  const MigEventRecord *event = record;
  MigInterrupted *self = data;
  gboolean moving = g_strcmp0 (event->event, MIG_EVENT_MOVING) == 0;
  gboolean autostart = g_strcmp0 (event->event, MIG_EVENT_AUTOSTART) == 0;
  gboolean paused = g_strcmp0 (event->event, MIG_EVENT_PAUSED) == 0;
  MigPlannedMove *move = moving || autostart || paused ? find_move (self, event->run, event->guest,
                                                                    event->host, event->detail)
                                                       : NULL;
  MigInterruptedStart *start = move ? g_hash_table_lookup (self->starts, move) : NULL;

  if (moving && move && !start)
    {
      start = g_new (MigInterruptedStart, 1);
      *start = (MigInterruptedStart){ event->time_ns, MIG_MISSING_INT, MIG_STOP_NOT_YET,
                                      MIG_MISSING_INT };
      g_hash_table_insert (self->starts, move, start);
      move->state = MIG_MOVE_RUNNING;
      move->attempt = 1;
      move->ran = TRUE;
    }
  else if (paused && start)
    move->ran = FALSE;
  else if (autostart && start)
    move->autostart = TRUE;
  else if (g_strcmp0 (event->event, MIG_EVENT_ROUND) == 0)
    take_round (self, event);
  else if (g_strcmp0 (event->event, MIG_EVENT_STOP_RULE) == 0 ||
           g_strcmp0 (event->event, MIG_EVENT_TIMEOUT) == 0)
    take_stop (self, event);
  return TRUE;
}

/* has_ended: a move of that guest. */
static gboolean
has_ended (gpointer data, gpointer start, gpointer uuid)
{
  const MigPlannedMove *move = data;

  return move->state != MIG_MOVE_RUNNING && strcmp (move->uuid, uuid) == 0;
}

/* forget_starts: of what has ended. What failed, and was to take its autostart along, may have
 * arrived later without; what has moved soundly since has it. */
static void
forget_starts (MigInterrupted *self, MigPlannedMove *move)
{
  if (move->state == MIG_MOVE_DONE)
    g_hash_table_foreach_remove (self->starts, has_ended, move->uuid);
  else if (!move->autostart)
    g_hash_table_remove (self->starts, move);
}

/* take_migration: how one ended: an execution that went on sees to what failed. */
static gboolean
take_migration (gconstpointer record, gpointer data, GError **error)
{
  const MigMigrationRecord *row = record;
  MigInterrupted *self = data;
  MigPlannedMove *move = find_move (self, row->run, row->guest, row->source, row->destination);

  if (!move)
    return TRUE;
  gboolean ok = g_strcmp0 (row->status, "ok") == 0;
  g_free (move->record);
  move->record = mig_record_copy (MIG_TABLE_MIGRATIONS, row);
  move->attempt = 1;
  move->state = ok                                        ? MIG_MOVE_DONE
                : g_strcmp0 (row->status, "aborted") == 0 ? MIG_MOVE_DROPPED
                                                          : MIG_MOVE_FAILED;
  move->lost = mig_migration_row_is_lost (row);
  mig_planned_move_measure (move);
  forget_starts (self, move);
  return TRUE;
}

static gboolean
take_schedule (gconstpointer record, gpointer data, GError **error)
{
  const MigScheduleRecord *planned = record;
  MigInterrupted *self = data;

  g_array_append_val (self->open, planned->position);
  return TRUE;
}

static gboolean
take_run (gconstpointer record, gpointer data, GError **error)
{
  const MigRunRecord *run = record;
  MigInterrupted *self = data;

  for (guint i = self->open->len; i > 0; i--)
    if (g_array_index (self->open, gint64, i - 1) == run->run)
      g_array_remove_index (self->open, i - 1);
  return TRUE;
}

static gboolean
read_tables (MigInterrupted *self, MigResult *result, GError **error)
{
  static const struct {
    MigTable table;
    MigRecordFunc take;
  } tables[] = {
    { MIG_TABLE_MOVES, take_move },        { MIG_TABLE_PREDICTIONS, take_prediction },
    { MIG_TABLE_EVENTS, take_event },      { MIG_TABLE_MIGRATIONS, take_migration },
    { MIG_TABLE_SCHEDULE, take_schedule }, { MIG_TABLE_RUNS, take_run },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!mig_result_foreach (result, tables[i].table, tables[i].take, self, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_result (const MigResult *result, GError **error)
{
  gboolean execution = strcmp (mig_result_manifest (result)->study_name, MIG_EXECUTION_NAME) == 0;
  const char *path = mig_result_path (result);

  if (execution && !mig_result_is_complete (result))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               execution ? "nothing to resume: result directory '%s' is complete"
                         : "'%s' is not the result of a plan that was executed",
               path);
  return FALSE;
}

MigInterrupted *
mig_interrupted_load (const char *path, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);

  if (!result || !check_result (result, error))
    return NULL;
  g_autoptr (MigInterrupted) self = g_new0 (MigInterrupted, 1);
  self->moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  self->starts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->open = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!read_tables (self, result, error))
    return NULL;
  for (guint i = 0; i < self->moves->len; i++)
    {
      MigPlannedMove *move = self->moves->pdata[i];
      if (move->state == MIG_MOVE_WAITING && move->plan < self->plans)
        move->state = MIG_MOVE_DROPPED;
    }
  return g_steal_pointer (&self);
}

GPtrArray *
mig_interrupted_left (const MigInterrupted *self)
{
  GPtrArray *left = g_ptr_array_new ();

  for (guint i = 0; i < self->moves->len; i++)
    {
      const MigPlannedMove *move = self->moves->pdata[i];
      if (move->plan == self->plans &&
          (move->state == MIG_MOVE_WAITING || move->state == MIG_MOVE_DROPPED))
        g_ptr_array_add (left, self->moves->pdata[i]);
    }
  return left;
}
