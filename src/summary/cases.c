/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/cases.h"
#include "summary/run-summary.h"
#include "summary/values.h"

/* add_periods: of the summary's last migrations, which are the run's. fmax() passes a NaN over. */
static void
add_periods (MigCaseSummary *study_case, const MigSummary *summary, const MigRunState *run)
{
  for (guint i = summary->migrations->len - run->migrations->len; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (m->resolution_s > 0)
        study_case->heartbeat_period_s = fmax (study_case->heartbeat_period_s, m->resolution_s);
      if (m->probe_period_s > 0)
        study_case->probe_period_s = fmax (study_case->probe_period_s, m->probe_period_s);
    }
}

static const MigClassInfo *
find_class_info (MigSummary *summary, const MigGuestRecord *guest)
{
  const char *name = mig_class_name (guest);
  MigClassInfo *info = g_hash_table_lookup (summary->class_named, name);

  if (info)
    return info;
  info = g_new0 (MigClassInfo, 1);
  info->name = g_strdup (name);
  info->workload = g_strdup (guest->workload ? guest->workload : "?");
  if (strcmp (info->workload, "memory") == 0)
    {
      info->dirty_pages_per_s = MIG_IS_MISSING (guest->rate_pages_per_s)
                                    ? HUGE_VAL
                                    : (double) guest->rate_pages_per_s;
      info->wss_bytes = MIG_IS_MISSING (guest->wss_bytes) ? 0 : (double) guest->wss_bytes;
    }
  g_ptr_array_add (summary->classes, info);
  g_hash_table_insert (summary->class_named, (gpointer) info->name, info);
  return info;
}

/* add_sequence: the classes in the order in which the case moves them. */
static void
add_sequence (MigSummary *summary, MigCaseSummary *study_case, const MigRunState *run)
{
  gint64 last_step = MIG_MISSING_INT;

  for (guint i = 0; i < run->migrations->len; i++)
    {
      const MigMigrationRecord *m = run->migrations->pdata[i];
      const MigGuestState *guest = mig_run_find_guest (run, m->guest);
      if (guest)
        g_ptr_array_add (study_case->classes_moved,
                         (gpointer) find_class_info (summary, guest->record));
      study_case->parallel |= m->step == last_step;
      last_step = m->step;
    }
}

static void
add_values (MigStat *stats, const char **missing, const MigRunRecord *run,
            const MigRunValue *values, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    {
      mig_stat_add (&stats[i], run->run, run->repetition, values[i].value);
      if (values[i].why && !missing[i])
        missing[i] = values[i].why;
    }
}

/* guests_by_class: MigClassInfo -> GPtrArray of its MigGuestState in the run. */
static GHashTable *
guests_by_class (MigSummary *summary, const MigRunState *run)
{
  GHashTable *classes = g_hash_table_new_full (NULL, NULL, NULL,
                                               (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < run->guests->len; i++)
    {
      MigGuestState *guest = run->guests->pdata[i];
      gpointer info = (gpointer) find_class_info (summary, guest->record);
      GPtrArray *guests = g_hash_table_lookup (classes, info);
      if (!guests)
        g_hash_table_insert (classes, info, guests = g_ptr_array_new ());
      g_ptr_array_add (guests, guest);
    }
  return classes;
}

static void
add_to_case (MigSummary *summary, MigCaseSummary *study_case, const MigRunState *run)
{
  MigRunValue values[MIG_N_METRICS];
  GHashTableIter iter;
  gpointer info, guests;

  if (study_case->n_sound++ == 0)
    add_sequence (summary, study_case, run);
  mig_run_values (run, values);
  add_values (study_case->stats, study_case->missing, run->record, values, 0,
              MIG_FIRST_CLASS_METRIC);
  g_autoptr (GHashTable) classes = guests_by_class (summary, run);
  g_hash_table_iter_init (&iter, classes);
  while (g_hash_table_iter_next (&iter, &info, &guests))
    {
      MigClassSummary *class_summary = mig_case_add_class (study_case, info);
      mig_run_class_values (run, guests, values);
      add_values (class_summary->stats, class_summary->missing, run->record, values,
                  MIG_FIRST_CLASS_METRIC, MIG_N_METRICS);
    }
}

/* add_sizes: of a counted run's guests. A missing size is smaller than any other. */
static void
add_sizes (MigGuestSizes *sizes, const MigRunState *run)
{
  guint n = run->guests->len;

  sizes->fewest = sizes->most == 0 ? n : MIN (sizes->fewest, n);
  sizes->most = MAX (sizes->most, n);
  for (guint i = 0; i < n; i++)
    {
      const MigGuestRecord *guest = ((MigGuestState *) run->guests->pdata[i])->record;
      gint64 bytes = guest->memory_bytes;
      sizes->n_booted += g_strcmp0 (guest->start, MIG_START_BOOTED) == 0;
      sizes->n_restored += g_strcmp0 (guest->start, MIG_START_RESTORED) == 0;
      if (MIG_IS_MISSING (bytes))
        continue;
      sizes->least_bytes = MIG_IS_MISSING (sizes->least_bytes) ? bytes
                                                               : MIN (sizes->least_bytes, bytes);
      sizes->most_bytes = MAX (sizes->most_bytes, bytes);
    }
}

/* add_failure: by its reason. */
static void
add_failure (MigCaseSummary *study_case, const char *reason)
{
  for (guint i = 0; i < study_case->failures->len; i++)
    {
      MigFailureCount *known = study_case->failures->pdata[i];
      if (g_strcmp0 (known->reason, reason) == 0)
        {
          known->n++;
          return;
        }
    }
  MigFailureCount *added = g_new0 (MigFailureCount, 1);
  added->reason = g_strdup (reason);
  added->n = 1;
  g_ptr_array_add (study_case->failures, added);
}

void
mig_cases_add_run (MigSummary *summary, const MigRunState *run)
{
  MigCaseSummary *study_case = mig_summary_add_case (summary, run->record->case_label);

  study_case->n_runs++;
  study_case->n_not_run += mig_run_summary_was_not_run (run);
  if (!run->sound)
    add_failure (study_case, run->reason);
  if (!run->counts)
    return;
  add_periods (study_case, summary, run);
  add_sizes (&summary->guests, run);
  add_to_case (summary, study_case, run);
}

/* compare_cases: numbers in labels by what they are worth: rate=1920 before rate=15360. */
static int
compare_cases (gconstpointer a, gconstpointer b)
{
  return strverscmp ((*(MigCaseSummary *const *) a)->label, (*(MigCaseSummary *const *) b)->label);
}

int
mig_class_compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(const MigClassInfo *const *) a)->name,
                    (*(const MigClassInfo *const *) b)->name);
}

static int
compare_class_summaries (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(MigClassSummary *const *) a)->info->name,
                    (*(MigClassSummary *const *) b)->info->name);
}

/* compare_downtimes: guest against events, over the sound migrations. */
static void
compare_downtimes (MigSummary *summary)
{
  MigAgreement *agreement = &summary->agreement;
  double wait_s = 0;

  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      double difference = m->downtime_guest_s - m->downtime_events_s;
      if (!m->run->sound || isnan (difference))
        continue;
      if (m->destination_idle)
        {
          agreement->idle++;
          agreement->idle_agree += fabs (difference) <=
                                   m->resolution_s + mig_units_seconds (MIG_AGREEMENT_NS);
        }
      else
        {
          agreement->busy++;
          wait_s += difference;
        }
    }
  agreement->busy_wait_s = agreement->busy > 0 ? wait_s / agreement->busy : NAN;
}

/* has_by: a value of that run or one before it. */
static gboolean
has_by (const MigStat *stat, gint64 run)
{
  gboolean has = FALSE;

  for (guint i = 0; i < stat->values->len && !has; i++)
    has = g_array_index (stat->values, MigValue, i).run <= run;
  return has;
}

void
mig_cases_choose_downtime (MigSummary *summary, gint64 last_run)
{
  static const MigMetric choices[] = { MIG_METRIC_DOWNTIME_GUEST, MIG_METRIC_DOWNTIME_EVENTS,
                                       MIG_METRIC_DOWNTIME_REPORTED };

  summary->downtime_metric = choices[0];
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      gboolean all = TRUE;
      for (guint j = 0; j < summary->cases->len; j++)
        {
          const MigCaseSummary *study_case = summary->cases->pdata[j];
          all &= study_case->n_sound == 0 || has_by (&study_case->stats[choices[i]], last_run);
        }
      if (!all)
        continue;
      summary->downtime_metric = choices[i];
      return;
    }
}

void
mig_cases_finish (MigSummary *summary)
{
  g_ptr_array_sort (summary->cases, compare_cases);
  g_ptr_array_sort (summary->classes, mig_class_compare_names);
  for (guint i = 0; i < summary->cases->len; i++)
    {
      MigCaseSummary *study_case = summary->cases->pdata[i];
      for (guint j = 0; j < MIG_FIRST_CLASS_METRIC; j++)
        mig_stat_compute (&study_case->stats[j]);
      g_ptr_array_sort (study_case->classes, compare_class_summaries);
      for (guint k = 0; k < study_case->classes->len; k++)
        for (guint j = MIG_FIRST_CLASS_METRIC; j < MIG_N_METRICS; j++)
          mig_stat_compute (&((MigClassSummary *) study_case->classes->pdata[k])->stats[j]);
    }
  compare_downtimes (summary);
  mig_cases_choose_downtime (summary, G_MAXINT64);
}
