/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "execute/internal.h"
#include "virt/definition.h"

static void
guest_free (gpointer data)
{
  MigPlanGuest *guest = data;
  g_free (guest->place);
  g_free (guest->command);
  g_free (guest);
}

static void
staying_free (gpointer data)
{
  g_free (((MigPlanStaying *) data)->place);
  g_free (data);
}

static void
definition_free (gpointer data)
{
  MigPlanDefinition *self = data;
  g_free (self->what);
  g_free (self->command);
  g_free (self);
}

/* find_guests: each once, with the last move that was planned for it. */
static GPtrArray *
find_guests (const GPtrArray *moves)
{
  GPtrArray *guests = g_ptr_array_new_with_free_func (guest_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      MigPlanGuest *guest = g_hash_table_lookup (known, move->uuid);
      if (!guest)
        {
          guest = g_new0 (MigPlanGuest, 1);
          g_ptr_array_add (guests, guest);
          g_hash_table_insert (known, move->uuid, guest);
        }
      guest->planned = move;
    }
  return guests;
}

/* command_of: that moves this guest alone. The caller frees it. */
static char *
command_of (const MigPlanExecutorOptions *options, const MigPlannedMove *move)
{
  g_autofree char *where = g_strdup_printf ("%s=%s", move->guest, move->to);
  g_autofree char *quoted = g_shell_quote (where);

  return g_strdup_printf ("migcost plan%s --move %s --execute --yes", options->one_guest, quoted);
}

const MigPlanGuest *
mig_plan_outcome_guest (const MigPlanOutcome *self, const char *uuid)
{
  for (guint i = 0; i < self->guests->len; i++)
    if (strcmp (((const MigPlanGuest *) self->guests->pdata[i])->planned->uuid, uuid) == 0)
      return self->guests->pdata[i];
  return NULL;
}

/* has_ended: no host has it, and all have answered. */
static gboolean
has_ended (const char *place)
{
  return strcmp (place, MIG_PLAN_NOWHERE) == 0;
}

/* add_staying: of those that were skipped, those that are still there: a guest that an earlier plan
 * was to move may be done, and others may have moved it. */
static void
add_staying (MigPlanExecutor *execute, const GPtrArray *skipped, MigPlanOutcome *outcome)
{
  outcome->staying = g_ptr_array_new_with_free_func (staying_free);
  outcome->asked = outcome->guests->len - outcome->taken;
  for (guint i = 0; i < skipped->len; i++)
    {
      const MigSkippedGuest *one = skipped->pdata[i];
      const MigPlanGuest *guest = mig_plan_outcome_guest (outcome, one->uuid);
      const char *on;
      g_autofree char *place = mig_plan_executor_locate (execute, one->uuid, &on);
      gboolean taken = !guest && mig_skipped_guest_has_gone (one, on);
      outcome->taken += taken;
      if (has_ended (place) || taken || (guest && (guest->moved || guest->taken)))
        continue;
      MigPlanStaying *staying = g_new (MigPlanStaying, 1);
      *staying = (MigPlanStaying){ one->guest, one->reason, g_steal_pointer (&place) };
      g_ptr_array_add (outcome->staying, staying);
      outcome->asked += !guest;
    }
}

/* is_taken: it is on a host where it may be, and was neither found there, nor brought there, to be
 * parked. */
static gboolean
is_taken (const MigPlanExecutor *execute, const MigPlanOutcome *outcome, const MigPlanGuest *guest,
          const char *on)
{
  char *const *leaves = execute->options.leaves;

  if (!on || guest->moved)
    return FALSE;
  for (guint i = 0; i < outcome->moves->len; i++)
    {
      const MigPlannedMove *move = outcome->moves->pdata[i];
      if (strcmp (move->uuid, guest->planned->uuid) == 0 &&
          (strcmp (move->from, on) == 0 ||
           (move->state == MIG_MOVE_DONE && strcmp (move->to, on) == 0)))
        return FALSE;
    }
  return leaves ? !g_strv_contains ((const char *const *) leaves, on)
                : strcmp (guest->planned->to, on) == 0;
}

/* asked_host: of those that mig_plan_executor_locate() has asked; NULL: it did not answer. */
static MigHost *
asked_host (const MigPlanExecutor *execute, const char *name)
{
  for (guint i = 0; i < execute->asked->len; i++)
    if (execute->asked->pdata[i] && strcmp (mig_host_name (execute->asked->pdata[i]), name) == 0)
      return execute->asked->pdata[i];
  return NULL;
}

/* add_definitions: of a guest that has moved: what hosts that it left have of it; one that was
 * parked left two. Hosts that do not answer are left out. */
static void
add_definitions (const MigPlanExecutor *execute, const MigPlanGuest *guest, const char *on,
                 MigPlanOutcome *outcome)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (MigLeftHost));
  gboolean autostart = FALSE;

  for (guint i = 0; i < outcome->moves->len; i++)
    {
      const MigPlannedMove *move = outcome->moves->pdata[i];
      if (strcmp (move->uuid, guest->planned->uuid) != 0)
        continue;
      autostart |= move->autostart;
      const MigLeftHost one = { asked_host (execute, move->from), autostart };
      if (move->state == MIG_MOVE_DONE && one.host)
        g_array_append_val (left, one);
    }
  g_autoptr (GPtrArray)
      found = mig_definitions_left (left, asked_host (execute, on), guest->planned->uuid);
  for (guint i = 0; i < found->len; i++)
    {
      MigLeftDefinition *one = found->pdata[i];
      MigPlanDefinition *definition = g_new (MigPlanDefinition, 1);
      *definition = (MigPlanDefinition){ guest, g_steal_pointer (&one->what),
                                         g_steal_pointer (&one->command) };
      g_ptr_array_add (outcome->definitions, definition);
    }
}

void
mig_plan_executor_outcome (MigPlanExecutor *execute, const GPtrArray *skipped,
                           MigPlanOutcome *outcome)
{
  const MigPlanProgress *progress = mig_plan_executor_progress (execute);

  *outcome = (MigPlanOutcome){ .moves = mig_plan_progress_moves (progress),
                               .plans = mig_plan_progress_plan (progress) };
  outcome->guests = find_guests (outcome->moves);
  outcome->definitions = g_ptr_array_new_with_free_func (definition_free);
  for (guint i = 0; i < outcome->guests->len; i++)
    {
      MigPlanGuest *guest = outcome->guests->pdata[i];
      const char *on = NULL;
      guest->last = mig_plan_progress_last (progress, guest->planned->uuid);
      guest->place = mig_plan_executor_locate (execute, guest->planned->uuid, &on);
      /* not where its last migration went: that may be where it was only parked */
      guest->moved = guest->last && g_strcmp0 (on, guest->planned->to) == 0;
      guest->gone = guest->last && guest->last->state == MIG_MOVE_GONE && !on;
      gboolean left = guest->gone && guest->last->taken; /* these hosts */
      guest->taken = left || is_taken (execute, outcome, guest, on);
      guest->gone &= !left;
      gboolean lost = guest->last && guest->last->lost && !on;
      if (!guest->moved && !guest->gone && !guest->taken && !lost)
        guest->command = command_of (&execute->options, guest->planned);
      if (guest->moved)
        add_definitions (execute, guest, on, outcome);
      outcome->moved += guest->moved;
      outcome->gone += guest->gone;
      outcome->taken += guest->taken;
    }
  add_staying (execute, skipped, outcome);
}

void
mig_plan_outcome_clear (MigPlanOutcome *self)
{
  g_clear_pointer (&self->definitions, g_ptr_array_unref);
  g_clear_pointer (&self->staying, g_ptr_array_unref);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
}
