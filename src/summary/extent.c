/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/extent.h"

/* What became of a repetition; of several runs of it the best one counts. */
typedef enum { ABSENT, INTERRUPTED, FAILED, DONE } State;

static char *
key_of (const char *label, gint64 repetition)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", repetition, label ? label : "");
}

/* state_of: as --resume takes it: what was skipped is not run again. */
static State
state_of (const MigRunRecord *run)
{
  if (g_strcmp0 (run->status, "ok") == 0 || g_strcmp0 (run->status, "skipped") == 0)
    return DONE;
  return g_strcmp0 (run->status, "interrupted") == 0 ? INTERRUPTED : FAILED;
}

static GHashTable *
states_of (const GPtrArray *runs)
{
  GHashTable *states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      const MigRunRecord *run = runs->pdata[i];
      char *key = key_of (run->case_label, run->repetition);
      State before = GPOINTER_TO_UINT (g_hash_table_lookup (states, key));
      g_hash_table_insert (states, key, GUINT_TO_POINTER (MAX (before, state_of (run))));
    }
  return states;
}

/* has_end: whether the last thing that was decided is that the run ends, after its last run. */
static gboolean
has_end (const GPtrArray *decisions, const GPtrArray *runs)
{
  const MigDecisionRecord *last = decisions->len > 0 ? decisions->pdata[decisions->len - 1] : NULL;
  gint64 last_run = 0;

  for (guint i = 0; i < runs->len; i++)
    last_run = MAX (last_run, ((const MigRunRecord *) runs->pdata[i])->run);
  return last && g_strcmp0 (last->decision, MIG_DECISION_END) == 0 && last->run == last_run;
}

MigExtent
mig_extent_of (const GPtrArray *schedule, const GPtrArray *runs, const GPtrArray *decisions)
{
  g_autoptr (GHashTable) states = states_of (runs);
  MigExtent self = { .n_planned = schedule->len };

  for (guint i = 0; i < schedule->len; i++)
    {
      const MigScheduleRecord *item = schedule->pdata[i];
      g_autofree char *key = key_of (item->case_label, item->repetition);
      State state = GPOINTER_TO_UINT (g_hash_table_lookup (states, key));
      self.n_failed += state == FAILED;
      self.n_left += state < FAILED;
      self.n_absent += state == ABSENT;
    }
  self.ended = self.n_planned > 0 && self.n_left == 0 && (!decisions || has_end (decisions, runs));
  return self;
}
