/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "measure/resume.h"
#include "results/facts.h"
#include "study/study.h"

char *
mig_run_key (const char *case_label, gint64 repetition)
{
  return g_strdup_printf ("%s#%" G_GINT64_FORMAT, case_label, repetition);
}

static void
free_run (gpointer record)
{
  mig_record_free (MIG_TABLE_RUNS, record);
}

/* What a repetition's first event says: "cm#3". */
static gboolean
take_event (gconstpointer record, gpointer data, GError **error)
{
  const MigEventRecord *event = record;
  MigResume *resume = data;
  const char *hash = event->detail ? strrchr (event->detail, '#') : NULL;
  gint64 repetition;

  if (g_strcmp0 (event->event, MIG_EVENT_AUTOSTART) == 0 && event->guest)
    g_hash_table_add (resume->autostarts, g_strdup (event->guest));
  if (g_strcmp0 (event->event, MIG_EVENT_BEGUN) != 0 || !hash ||
      !g_ascii_string_to_signed (hash + 1, 10, 1, MIG_STUDY_MAX_REPETITIONS, &repetition, NULL))
    return TRUE;
  MigRunRecord *run = g_new (MigRunRecord, 1);
  mig_record_init (MIG_TABLE_RUNS, run);
  run->run = event->run;
  run->case_label = g_strndup (event->detail, hash - event->detail);
  run->repetition = repetition;
  run->started_ns = event->time_ns;
  g_ptr_array_add (resume->begun, run);
  return TRUE;
}

static gboolean
take_run (gconstpointer record, gpointer data, GError **error)
{
  const MigRunRecord *run = record;
  MigResume *resume = data;

  for (guint i = resume->begun->len; i > 0; i--)
    if (((MigRunRecord *) resume->begun->pdata[i - 1])->run == run->run)
      g_ptr_array_remove_index (resume->begun, i - 1);
  if (run->started_ns >= 0 && run->ended_ns > run->started_ns)
    resume->used_ns += MIN (run->ended_ns - run->started_ns, G_MAXINT64 / 2 - resume->used_ns);
  if (g_strcmp0 (run->status, "ok") == 0 || g_strcmp0 (run->status, "skipped") == 0)
    g_hash_table_add (resume->done, mig_run_key (run->case_label, run->repetition));
  return TRUE;
}

static gboolean
take_plan (gconstpointer record, gpointer data, GError **error)
{
  const MigScheduleRecord *item = record;
  MigResume *resume = data;

  g_hash_table_add (resume->planned, mig_run_key (item->case_label, item->repetition));
  resume->repetitions = MAX (resume->repetitions,
                             (guint) CLAMP (item->repetition, 0, MIG_STUDY_MAX_REPETITIONS));
  return TRUE;
}

static void
take_fact (MigResume *resume, const MigEnvironmentRecord *fact)
{
  if (mig_fact_is (fact, MIG_FACT_IDENTITY))
    g_hash_table_insert (resume->identities, g_strdup (fact->name), g_strdup (fact->value));
  if (mig_fact_is (fact, MIG_FACT_UNTIL))
    {
      g_free (resume->until);
      resume->until = g_strdup (fact->value);
    }
  if (mig_fact_is (fact, MIG_FACT_TIME_LIMIT))
    resume->time_ns = g_ascii_strtoll (fact->value, NULL, 10);
  if (mig_fact_is (fact, MIG_FACT_MOST_REPETITIONS))
    resume->most_repetitions = (guint) CLAMP (g_ascii_strtoll (fact->value, NULL, 10), 1,
                                              MIG_STUDY_MAX_REPETITIONS);
  resume->has_environment |= mig_fact_is (fact, MIG_FACT_HEARTBEAT) ||
                             mig_fact_is (fact, MIG_FACT_HEARTBEAT_REST);
  if (mig_fact_is (fact, MIG_FACT_HEARTBEAT) || mig_fact_is (fact, MIG_FACT_HEARTBEAT_OPTION))
    resume->heartbeat_ns = g_ascii_strtoll (fact->value, NULL, 10);
  if (mig_fact_is (fact, MIG_FACT_SAMPLING) || mig_fact_is (fact, MIG_FACT_SAMPLING_OPTION))
    resume->sampling_ns = g_ascii_strtoll (fact->value, NULL, 10);
}

static gboolean
take_environment (MigResume *resume, MigResult *result, GError **error)
{
  g_autoptr (GStrvBuilder) options = g_strv_builder_new ();

  if (!(resume->environment = mig_result_load (result, MIG_TABLE_ENVIRONMENT, error)))
    return FALSE;
  mig_facts_drop_superseded (resume->environment);
  for (guint i = 0; i < resume->environment->len; i++)
    {
      const MigEnvironmentRecord *fact = resume->environment->pdata[i];
      take_fact (resume, fact);
      if (mig_fact_is (fact, MIG_FACT_OPTION))
        g_strv_builder_add (options, fact->value);
    }
  resume->options = g_strv_builder_end (options);
  return TRUE;
}

gboolean
mig_resume_load (const char *path, MigResume *resume, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);

  if (!result)
    return FALSE;
  resume->done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  resume->planned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  resume->identities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  resume->autostarts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  resume->begun = g_ptr_array_new_with_free_func (free_run);
  resume->seed = (guint64) mig_result_manifest (result)->seed;
  resume->complete = mig_result_is_complete (result);
  resume->can_grow = mig_result_can_grow (result, NULL);
  resume->heartbeat_ns = resume->sampling_ns = MIG_MISSING_INT;
  return mig_result_foreach (result, MIG_TABLE_EVENTS, take_event, resume, error) &&
         mig_result_foreach (result, MIG_TABLE_RUNS, take_run, resume, error) &&
         mig_result_foreach (result, MIG_TABLE_SCHEDULE, take_plan, resume, error) &&
         take_environment (resume, result, error);
}

void
mig_resume_clear (MigResume *resume)
{
  g_clear_pointer (&resume->done, g_hash_table_unref);
  g_clear_pointer (&resume->planned, g_hash_table_unref);
  g_clear_pointer (&resume->identities, g_hash_table_unref);
  g_clear_pointer (&resume->autostarts, g_hash_table_unref);
  g_clear_pointer (&resume->begun, g_ptr_array_unref);
  g_clear_pointer (&resume->environment, g_ptr_array_unref);
  g_clear_pointer (&resume->options, g_strfreev);
  g_clear_pointer (&resume->until, g_free);
}

gboolean
mig_resume_write_identities (MigResultWriter *writer, GHashTable *identities, GError **error)
{
  GHashTableIter iter;
  gpointer guest, uuid;

  g_hash_table_iter_init (&iter, identities);
  while (g_hash_table_iter_next (&iter, &guest, &uuid))
    if (!mig_fact_write (writer, MIG_FACT_IDENTITY, guest, uuid, error))
      return FALSE;
  return TRUE;
}
