/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "execute/internal.h"

static void
guest_free (gpointer data)
{
  MigPlanGuest *guest = data;
  g_free (guest->place);
  g_free (guest->command);
  g_free (guest);
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

static void
append_quoted (GString *command, const char *option, const char *name, const char *value)
{
  g_autofree char *argument = g_strdup_printf ("%s=%s", name, value);
  g_autofree char *quoted = g_shell_quote (argument);

  g_string_append_printf (command, " --%s %s", option, quoted);
}

/* command_of: that moves this guest alone. The caller frees it. */
static char *
command_of (const GArray *hosts, const MigPlannedMove *move)
{
  GString *command = g_string_new ("migcost plan");

  for (guint i = 0; i < hosts->len; i++)
    {
      const MigPlanExecutorHost *host = &g_array_index (hosts, MigPlanExecutorHost, i);
      append_quoted (command, "host", host->name, host->uri);
      if (host->migrate_uri)
        append_quoted (command, "migrate-uri", host->name, host->migrate_uri);
    }
  append_quoted (command, "move", move->guest, move->to);
  return g_string_free (g_string_append (command, " --execute --yes"), FALSE);
}

void
mig_plan_executor_outcome (MigPlanExecutor *execute, MigPlanOutcome *outcome)
{
  const MigPlanProgress *progress = mig_plan_executor_progress (execute);

  *outcome = (MigPlanOutcome){ .moves = mig_plan_progress_moves (progress),
                               .plans = mig_plan_progress_plan (progress) };
  outcome->guests = find_guests (outcome->moves);
  for (guint i = 0; i < outcome->guests->len; i++)
    {
      MigPlanGuest *guest = outcome->guests->pdata[i];
      const char *on = NULL;
      guest->last = mig_plan_progress_last (progress, guest->planned->uuid);
      guest->place = mig_plan_executor_locate (execute, guest->planned->uuid, &on);
      /* not where its last migration went: that may be where it was only parked */
      guest->moved = guest->last && g_strcmp0 (on, guest->planned->to) == 0;
      guest->gone = guest->last && guest->last->state == MIG_MOVE_GONE && !on;
      gboolean lost = guest->last && guest->last->lost && !on;
      if (!guest->moved && !guest->gone && !lost)
        guest->command = command_of (execute->options.hosts, guest->planned);
      outcome->moved += guest->moved;
      outcome->gone += guest->gone;
    }
}

void
mig_plan_outcome_clear (MigPlanOutcome *self)
{
  g_clear_pointer (&self->guests, g_ptr_array_unref);
}
