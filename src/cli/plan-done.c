/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "cli/plan-done.h"
#include "report/number.h"
#include "report/text-parts.h"

/* A guest of any of the plans. */
typedef struct {
  const MigPlannedMove *planned; /* the last time that it was planned for */
  const MigPlannedMove *last;    /* the last time that it was begun; NULL: never */
  char *place;                   /* where it is */
  gboolean moved;                /* it is on the host that it was to go to, alone */
} Guest;

static void
guest_free (gpointer data)
{
  Guest *guest = data;
  g_free (guest->place);
  g_free (guest);
}

/* guests_of: each once, in the order in which they were first planned for. */
static GPtrArray *
guests_of (const MigPlanDone *done)
{
  const MigPlanProgress *execution = mig_plan_executor_progress (done->execute);
  const GPtrArray *moves = mig_plan_progress_moves (execution);
  GPtrArray *guests = g_ptr_array_new_with_free_func (guest_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      Guest *guest = g_hash_table_lookup (known, move->uuid);
      if (!guest)
        {
          guest = g_new0 (Guest, 1);
          g_ptr_array_add (guests, guest);
          g_hash_table_insert (known, move->uuid, guest);
        }
      guest->planned = move;
    }
  for (guint i = 0; i < guests->len; i++)
    {
      Guest *guest = guests->pdata[i];
      const char *on = NULL;
      guest->last = mig_plan_progress_last (execution, guest->planned->uuid);
      guest->place = mig_plan_executor_locate (done->execute, guest->planned->uuid, &on);
      guest->moved = guest->last && g_strcmp0 (on, guest->last->to) == 0;
    }
  return guests;
}

static char *
show (double value)
{
  return mig_number (value, mig_number_decimals (value));
}

static const char *
result_of (const MigPlannedMove *move)
{
  return move->state == MIG_MOVE_DONE ? "moved" : move->record ? move->record->status : "not begun";
}

static void
add_row (MigTextTable *table, const MigPlannedMove *move, const Guest *guest)
{
  mig_text_table_add_owned (table, g_strdup_printf ("%u", move->plan));
  mig_text_table_cell (table, move->guest);
  mig_text_table_cell (table, move->from);
  mig_text_table_cell (table, move->to);
  mig_text_table_cell (table, result_of (move));
  mig_text_table_add_owned (table, show (move->time_s));
  mig_text_table_add_owned (table, mig_number_predicted (move->time));
  mig_text_table_add_owned (table, show (move->downtime_s));
  mig_text_table_add_owned (table, mig_number_predicted (move->downtime));
  mig_text_table_cell (table, guest->place);
}

static const Guest *
find_guest (const GPtrArray *guests, const char *uuid)
{
  for (guint i = 0; i < guests->len; i++)
    if (strcmp (((const Guest *) guests->pdata[i])->planned->uuid, uuid) == 0)
      return guests->pdata[i];
  g_assert_not_reached ();
}

/* add_moves: all that were begun, and of guests that were not, the last plan for them. */
static void
add_moves (const MigPlanDone *done, const GPtrArray *guests, GString *out)
{
  static const char *const heads[] = { "plan",      "VM",       "from",      "to",
                                       "result",    "time, s",  "predicted", "downtime, s",
                                       "predicted", "is now on" };
  const GPtrArray *moves = mig_plan_progress_moves (mig_plan_executor_progress (done->execute));
  g_autoptr (MigTextTable) table = mig_text_table_new ("rllllrrrrl");

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    mig_text_table_cell (table, heads[i]);
  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      const Guest *guest = find_guest (guests, move->uuid);
      if (move->attempt > 0 || (!guest->last && move == guest->planned))
        add_row (table, move, guest);
    }
  mig_text_table_append (table, 2, out);
}

static void
add_reasons (const MigPlanDone *done, GString *out)
{
  const GPtrArray *moves = mig_plan_progress_moves (mig_plan_executor_progress (done->execute));
  gboolean first = TRUE;

  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      if (move->state != MIG_MOVE_FAILED || !move->record)
        continue;
      g_autofree char *guest = mig_text_clean (move->guest),
                      *reason = mig_text_clean (move->record->reason);
      if (first)
        g_string_append (out, "\nWhat failed\n");
      first = FALSE;
      mig_text_line (out, "%s, plan %u: %s: %s", guest, move->plan, move->record->status, reason);
    }
}

static void
add_notes (const MigPlanDone *done, GString *out)
{
  if (done->notes->len > 0)
    g_string_append (out, "\nWhat was not as predicted\n");
  for (guint i = 0; i < done->notes->len; i++)
    {
      g_autofree char *note = mig_text_clean (done->notes->pdata[i]);
      mig_text_wrap (out, 2, note);
    }
}

/* add_definitions: of guests that were moved and would not be there after an end or a restart of
 * hosts. */
static void
add_definitions (const GPtrArray *guests, GString *out)
{
  gboolean first = TRUE;

  for (guint i = 0; i < guests->len; i++)
    {
      const Guest *guest = guests->pdata[i];
      if (!guest->moved || !guest->last->definition_left)
        continue;
      if (first)
        g_string_append (out, "\nDefinitions that stayed behind\n");
      first = FALSE;
      g_autofree char *name = mig_text_clean (guest->last->guest);
      g_autofree char *line = g_strdup_printf (
          "%s is still defined on %s, which it left, and is not on %s, which forgets it "
          "when it ends: define it there (virsh dumpxml, define), then undefine it on %s",
          name, guest->last->from, guest->last->to, guest->last->from);
      mig_text_wrap (out, 2, line);
    }
}

gboolean
mig_plan_done (const MigPlanDone *done, GString *out)
{
  g_autoptr (GPtrArray) guests = guests_of (done);
  g_autofree char *took = mig_units_format_duration (done->took_ns);
  g_autofree char *expected = mig_number_predicted (done->expected);
  guint moved = 0, plans = mig_plan_progress_plan (mig_plan_executor_progress (done->execute));

  for (guint i = 0; i < guests->len; i++)
    moved += ((const Guest *) guests->pdata[i])->moved;
  gboolean all = moved == guests->len && !done->stuck;
  g_string_append_printf (
      out,
      "%s: %u of %u VMs are where they were to go; %s with all looks at the hosts, predicted %s s "
      "of migrations; %u plan%s\n",
      all ? "Done" : "NOT ALL DONE", moved, guests->len, took, expected, plans,
      plans == 1 ? "" : "s");
  add_moves (done, guests, out);
  add_reasons (done, out);
  add_notes (done, out);
  add_definitions (guests, out);
  if (done->stuck)
    {
      g_autofree char *stuck = mig_text_clean (done->stuck);
      g_string_append (out, "\nWhy it did not go on\n");
      mig_text_wrap (out, 2, stuck);
    }
  g_string_append_printf (out, "\nResult: %s (migcost report %s)\n", done->path, done->path);
  return all;
}
