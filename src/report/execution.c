/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/document.h"
#include "report/execution.h"
#include "base/units.h"
#include "report/number.h"

static const char *
result_of (const MigPlannedMove *move)
{
  gboolean ended = move->state == MIG_MOVE_GONE && !move->taken;

  return move->state == MIG_MOVE_DONE ? "moved"
         : ended                      ? "ended"
         : move->record               ? move->record->status
                                      : "not begun";
}

static void
add_row (MigGrid *grid, const MigPlannedMove *move, const MigPlanGuest *guest)
{
  mig_grid_count (grid, move->plan);
  mig_grid_text (grid, move->guest);
  mig_grid_text (grid, move->from);
  mig_grid_text (grid, move->to);
  mig_grid_text (grid, result_of (move));
  mig_grid_measure (grid, move->time_s);
  mig_grid_predicted (grid, move->time);
  mig_grid_measure (grid, move->downtime_s);
  mig_grid_predicted (grid, move->downtime);
  mig_grid_text (grid, guest->gone || (guest->last && guest->last->taken) ? "-" : guest->place);
}

/* moves_grid: all that were begun, and of guests that were not, the last plan for them. */
static MigGrid *
moves_grid (const MigPlanOutcome *outcome)
{
  static const char *const heads[] = { "plan",      "VM",        "from",      "to",
                                       "result",    "time, s",   "predicted", "downtime, s",
                                       "predicted", "is now on", NULL };
  MigGrid *grid = mig_grid_new ("rllllrrrrl", heads);

  for (guint i = 0; i < outcome->moves->len; i++)
    {
      const MigPlannedMove *move = outcome->moves->pdata[i];
      const MigPlanGuest *guest = mig_plan_outcome_guest (outcome, move->uuid);
      if (move->attempt > 0 || (!guest->last && move == guest->planned))
        add_row (grid, move, guest);
    }
  return grid;
}

/* add_clients: where any guest was probed. */
static void
add_clients (MigBlock *body, const GPtrArray *moves)
{
  static const char *const heads[] = { "plan",      "VM",         "downtime, s",
                                       "outage, s", "silence, s", "longest connect, s",
                                       NULL };
  MigGrid *grid = NULL;

  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      if (!move->probed)
        continue;
      if (!grid)
        grid = mig_grid_new ("rlrrrr", heads);
      mig_grid_count (grid, move->plan);
      mig_grid_text (grid, move->guest);
      mig_grid_measure (grid, move->downtime_s);
      mig_grid_measure (grid, move->outage_s);
      mig_grid_measure (grid, move->silence_s);
      mig_grid_measure (grid, move->connect_s);
    }
  if (grid)
    mig_block_table (mig_block_section (body, NULL, "What clients noticed"), grid);
}

/* alike_before: an earlier plan's failure of the same guest for the same reason; NULL: none. */
static const MigPlannedMove *
alike_before (const GPtrArray *moves, guint index)
{
  const MigPlannedMove *move = moves->pdata[index];

  for (guint i = 0; i < index; i++)
    {
      const MigPlannedMove *other = moves->pdata[i];
      if (other->state == MIG_MOVE_FAILED && other->record &&
          strcmp (other->uuid, move->uuid) == 0 &&
          g_strcmp0 (other->record->reason, move->record->reason) == 0)
        return other;
    }
  return NULL;
}

static void
add_reasons (MigBlock *body, const GPtrArray *moves)
{
  MigBlock *section = mig_block_section (body, NULL, "Failures");

  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      if (move->state != MIG_MOVE_FAILED || !move->record)
        continue;
      const MigPlannedMove *alike = alike_before (moves, i);
      if (alike)
        mig_block_item (section, "%s, plan %u: %s, as in plan %u", move->guest, move->plan,
                        move->record->status, alike->plan);
      else
        mig_block_item (section, "%s, plan %u: %s: %s", move->guest, move->plan,
                        move->record->status, move->record->reason ? move->record->reason : "-");
    }
}

/* add_later: guests that are not where they were to go, where nothing else would take them there.
 */
static void
add_later (MigBlock *body, const MigPlanOutcome *outcome)
{
  static const char *const heads[] = { "VM", "is now on", "command", NULL };
  MigGrid *grid = NULL;

  for (guint i = 0; i < outcome->guests->len && !outcome->stuck; i++)
    {
      const MigPlanGuest *guest = outcome->guests->pdata[i];
      if (!guest->command)
        continue;
      if (!grid)
        grid = mig_grid_new ("lll", heads); /* lines of a table are not broken */
      mig_grid_text (grid, guest->planned->guest);
      mig_grid_text (grid, guest->place);
      mig_grid_text (grid, guest->command);
    }
  if (grid)
    mig_block_table (mig_block_section (body, NULL, "To move later, once the reason above is gone"),
                     grid);
}

/* add_command: a line that can be copied: lines of a table are not broken. */
static void
add_command (MigBlock *section, const char *head, const char *command, const char *argument)
{
  const char *const heads[] = { head, NULL };
  MigGrid *grid = mig_grid_new ("l", heads);

  mig_grid_format (grid, "%s%s%s", command, argument ? " " : "", argument ? argument : "");
  mig_block_table (section, grid);
}

/* add_staying: guests that no command moves before something else is done, or over. */
static void
add_staying (MigBlock *body, const MigPlanOutcome *outcome)
{
  MigBlock *section = mig_block_section (body, NULL, "Left where they are");
  g_autofree char *command = g_strdup_printf ("migcost plan%s --execute --yes", outcome->again);

  for (guint i = 0; i < outcome->staying->len; i++)
    {
      const MigPlanStaying *one = outcome->staying->pdata[i];
      mig_block_item (section, "%s, on %s: %s", one->guest, one->place, one->reason);
    }
  if (outcome->staying->len > 0 && !outcome->stuck)
    add_command (section, "to move them, once that is changed or over", command, NULL);
}

/* add_definitions: of guests that were moved and would not be there after an end or a restart of
 * hosts. */
static void
add_definitions (MigBlock *body, const GPtrArray *definitions)
{
  static const char *const heads[] = { "VM", "command", NULL };
  MigBlock *section = mig_block_section (body, NULL, "Definitions left behind");
  MigGrid *grid = NULL;

  for (guint i = 0; i < definitions->len; i++)
    {
      const MigPlanDefinition *one = definitions->pdata[i];
      mig_block_item (section, "%s %s", one->guest->planned->guest, one->what);
      if (!grid)
        grid = mig_grid_new ("ll", heads);
      mig_grid_text (grid, one->guest->planned->guest);
      mig_grid_text (grid, one->command);
    }
  mig_block_table (section, grid);
}

static gboolean
is_driven (const MigPlannedMove *move, const char *control)
{
  return move->record && g_strcmp0 (move->record->control, control) == 0;
}

/* is_named: an earlier move of that guest was driven so, too. */
static gboolean
is_named (const GPtrArray *moves, guint index, const char *control)
{
  const MigPlannedMove *move = moves->pdata[index];

  for (guint i = 0; i < index; i++)
    if (is_driven (moves->pdata[i], control) &&
        strcmp (((const MigPlannedMove *) moves->pdata[i])->uuid, move->uuid) == 0)
      return TRUE;
  return FALSE;
}

/* add_control: who drove which. */
static void
add_control (MigBlock *body, const GPtrArray *moves)
{
  static const char *const controls[] = { "peer-to-peer", "direct" };
  MigBlock *section = mig_block_section (body, NULL, "Who drove the migrations");

  for (guint c = 0; c < G_N_ELEMENTS (controls); c++)
    {
      g_autoptr (GString) names = g_string_new (NULL);
      for (guint i = 0; i < moves->len; i++)
        {
          const MigPlannedMove *move = moves->pdata[i];
          if (is_driven (move, controls[c]) && !is_named (moves, i, controls[c]))
            g_string_append_printf (names, "%s%s", names->len ? ", " : "", move->guest);
        }
      if (names->len)
        mig_block_item (section, "%s: %s", c ? "migcost (direct)" : "the sources (peer-to-peer)",
                        names->str);
    }
}

/* also: ", 2 ended meanwhile"; the caller frees it. */
static char *
also (guint n, const char *what)
{
  return n ? g_strdup_printf (", %u %s", n, what) : g_strdup ("");
}

static void
add_summary (MigBlock *body, const MigPlanOutcome *outcome)
{
  g_autofree char *took = mig_units_format_duration (outcome->took_ns);
  g_autofree char *expected = mig_number_predicted (outcome->expected);
  g_autofree char *ended = also (outcome->gone, "ended meanwhile");
  g_autofree char *taken = also (outcome->taken, "moved by others");
  g_autofree char *left = also (outcome->staying->len, "left where they are");
  g_autofree char *there = outcome->asked
                               ? g_strdup_printf ("%u of %u VMs are where they were to go",
                                                  outcome->moved, outcome->asked)
                               : g_strdup ("no VM had to move");
  g_autofree char *text = g_strdup_printf (
      "%s: %s%s%s%s; %s with all looks at the hosts, predicted %s s of migrations; %u plan%s",
      mig_plan_outcome_is_done (outcome) ? "Done" : "NOT ALL DONE", there, ended, taken, left, took,
      expected, outcome->plans, outcome->plans == 1 ? "" : "s");

  if (outcome->moves->len > 0)
    mig_block_table (mig_block_section (body, NULL, "%s", text), moves_grid (outcome));
  else
    mig_block_paragraph (body, MIG_ROLE_PLAIN, "%s", text);
}

char *
mig_execution_text (const MigPlanOutcome *outcome)
{
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, NULL);
  MigBlock *body = document->body;

  add_summary (body, outcome);
  add_clients (body, outcome->moves);
  add_reasons (body, outcome->moves);
  add_staying (body, outcome);
  add_later (body, outcome);
  mig_block_items (mig_block_section (body, NULL, "Deviations from the prediction"),
                   outcome->notes);
  add_definitions (body, outcome->definitions);
  add_control (body, outcome->moves);
  if (outcome->stuck)
    {
      MigBlock *section = mig_block_section (body, NULL, "Why it stopped");
      mig_block_item (section, "%s", outcome->stuck);
      add_command (section, "to go on", "migcost plan --execute --yes --resume", outcome->path);
    }
  add_command (mig_block_section (body, NULL, "Result"), "with all that was measured",
               "migcost report", outcome->path);
  return mig_document_render (document);
}
