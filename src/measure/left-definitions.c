/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"
#include "measure/left-definitions.h"
#include "virt/definition.h"

/* host_of: the one that has it; NULL: none, or several. */
static MigHost *
host_of (const MigRun *run, const char *uuid)
{
  MigHost *found = NULL;

  for (guint i = 0; i < run->options.hosts->len; i++)
    {
      const MigRunHost *host = run->options.hosts->pdata[i];
      MigGuestState state;
      if (host->lost || !mig_host_guest_state (host->host, uuid, &state, NULL) ||
          (state != MIG_GUEST_RUNNING && state != MIG_GUEST_PAUSED))
        continue;
      if (found)
        return NULL;
      found = host->host;
    }
  return found;
}

static gboolean
has_left (MigRun *run, const MigRunHost *host, const char *name)
{
  g_mutex_lock (&run->lock);
  gboolean left = mig_run_was_left (run, host, name);
  g_mutex_unlock (&run->lock);
  return left;
}

static void
tell (MigRun *run, const char *name, const char *uuid)
{
  const gboolean autostart = g_hash_table_contains (run->autostarts, name);
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (MigLeftHost));
  MigHost *on = host_of (run, uuid);

  if (!on)
    return;
  for (guint i = 0; i < run->options.hosts->len; i++)
    {
      const MigRunHost *host = run->options.hosts->pdata[i];
      const MigLeftHost one = { host->host, autostart };
      if (!host->lost && has_left (run, host, name))
        g_array_append_val (left, one);
    }
  g_autoptr (GPtrArray) found = mig_definitions_left (left, on, uuid);
  for (guint i = 0; i < found->len; i++)
    {
      const MigLeftDefinition *one = found->pdata[i];
      mig_warning ("guest '%s' %s; to move that along: %s", name, one->what, one->command);
    }
}

void
mig_run_tell_definitions (MigRun *run)
{
  GHashTableIter iter;
  gpointer name, uuid;

  g_hash_table_iter_init (&iter, run->identities);
  while (g_hash_table_iter_next (&iter, &name, &uuid))
    tell (run, name, uuid);
}
