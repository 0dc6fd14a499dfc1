/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "results/columns.h"
#include "summary/cases.h"
#include "summary/downtime.h"
#include "summary/noise.h"
#include "summary/values.h"

static const MigRunSummary *
add_run_summary (MigSummary *summary, const MigRunState *run, const MigCpuTable *cpus)
{
  MigRunSummary *added = g_new0 (MigRunSummary, 1);

  added->run = run->record->run;
  added->case_label = g_strdup (run->record->case_label);
  added->repetition = run->record->repetition;
  added->status = g_strdup (run->record->status);
  added->sound = run->counts;
  added->aside = run->sound && run->aside;
  added->length_s = mig_units_seconds_between (run->record->started_ns, run->record->ended_ns);
  added->stolen_share = added->others_share = added->sending_share = added->own_wait_share =
      added->observing_share = NAN;
  if (run->counts)
    mig_noise_measure (run, cpus, added);
  else
    added->reason = g_strdup (run->reason  ? run->reason
                              : run->aside ? run->aside
                                           : "a later run of this repetition counts instead");
  g_ptr_array_add (summary->runs, added);
  return added;
}

/* set_outage: what clients noticed of it, and what showed them where the guest is. */
static void
set_outage (MigMigrationSummary *m, const MigRunState *run, const MigGuestState *guest,
            const MigMigrationRecord *record)
{
  MigOutage outage = { 0 };
  MigAnnounced announced;

  m->probed = mig_run_find_outage (guest, record, &outage);
  m->outage_s = m->probed ? mig_units_seconds (outage.outage_ns) : NAN;
  m->probe_period_s = m->probed ? mig_units_seconds (outage.period_ns) : NAN;
  m->silence_s = m->probed ? mig_units_seconds (outage.silence_ns) : NAN;
  m->silence_from_ns = m->probed ? outage.silence_from_ns : MIG_MISSING_INT;
  m->stall_s = m->probed ? mig_units_seconds (outage.stall_ns) : NAN;
  m->stall_at_least = outage.open_requests > 0;
  m->outage_why = outage.why;
  m->stall_why = outage.stall_why;
  mig_run_find_announced (run, record, &announced);
  m->rarp_s = announced.rarp_s;
  m->arp_s = announced.arp_s;
}

static void
add_migration_summary (MigSummary *summary, const MigRunState *run, const MigRunSummary *of,
                       const MigMigrationRecord *m)
{
  const MigGuestState *guest = mig_run_find_guest (run, m->guest);
  MigGuestDowntime down = mig_downtime_guest (m, guest ? guest->record->period_ns : MIG_MISSING_INT,
                                              mig_run_heartbeat_delay (guest),
                                              mig_run_lateness (run, m));
  MigMigrationSummary *added = g_new0 (MigMigrationSummary, 1);
  gint64 events_low_ns, events_high_ns;

  mig_downtime_events_bounds (m, mig_run_lateness (run, m), &events_low_ns, &events_high_ns);

  *added = (MigMigrationSummary){
    .run = of,
    .record = mig_record_copy (MIG_TABLE_MIGRATIONS, m),
    .class_name = g_strdup (guest ? mig_class_name (guest->record) : NULL),
    .destination_idle = mig_run_destination_idle (run, m),
    .start_s = mig_units_seconds (m->start_ns) -
               mig_units_seconds (run->record->migrations_start_ns),
    .total_s = mig_units_seconds (m->end_ns) - mig_units_seconds (m->start_ns),
    .transfer_s = mig_units_seconds (m->transfer_ns),
    .downtime_s = mig_units_seconds (
        mig_downtime_best (m, guest ? guest->record->period_ns : MIG_MISSING_INT)),
    .lost_s = run->counts && guest ? mig_run_lost_work (run, guest, run->record->migrations_end_ns)
                                   : NAN,
    .downtime_reported_s = mig_units_seconds (m->downtime_reported_ns),
    .downtime_events_s = mig_units_seconds (mig_downtime_events (m)),
    .downtime_events_low_s = mig_units_seconds (events_low_ns),
    .downtime_events_high_s = mig_units_seconds (events_high_ns),
    .downtime_guest_s = mig_units_seconds (down.value_ns),
    .downtime_guest_low_s = mig_units_seconds (down.low_ns),
    .downtime_guest_high_s = mig_units_seconds (down.high_ns),
    .resolution_s = mig_units_seconds (down.resolution_ns),
    .downtime_guest_why = down.why,
  };
  set_outage (added, run, guest, m);
  g_ptr_array_add (summary->migrations, added);
}

/* add_periods: fmax() passes a NaN over. */
static void
add_periods (MigCaseSummary *study_case, const MigMigrationSummary *m)
{
  if (m->resolution_s > 0)
    study_case->heartbeat_period_s = fmax (study_case->heartbeat_period_s, m->resolution_s);
  if (m->probe_period_s > 0)
    study_case->probe_period_s = fmax (study_case->probe_period_s, m->probe_period_s);
}

static gboolean
is_damaged (const MigGuestRecord *guest)
{
  return guest->alarm ||
         (!MIG_IS_MISSING (guest->heartbeats_backwards) && guest->heartbeats_backwards > 0);
}

/* was_not_run: to its end, for a reason that tells nothing of migrations; a guest that was damaged
 * until then does. */
static gboolean
was_not_run (const MigRunState *run)
{
  for (guint i = 0; i < run->guests->len; i++)
    if (is_damaged (((MigGuestState *) run->guests->pdata[i])->record))
      return FALSE;
  return g_strcmp0 (run->record->status, "skipped") == 0 ||
         g_strcmp0 (run->record->status, "interrupted") == 0;
}

static void
add_damaged (MigSummary *summary, const MigRunState *run)
{
  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestRecord *guest = ((MigGuestState *) run->guests->pdata[i])->record;
      if (!is_damaged (guest))
        continue;
      g_ptr_array_add (summary->damaged,
                       g_strdup_printf ("run %" G_GINT64_FORMAT " (%s, repetition %" G_GINT64_FORMAT
                                        "): guest '%s': %s",
                                        run->record->run, run->record->case_label,
                                        run->record->repetition, guest->guest,
                                        guest->alarm ? guest->alarm : "its heartbeats went back"));
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

/* add_count: a sum that stays at its largest value rather than wrap round. */
static void
add_count (gint64 *sum, gint64 part)
{
  if (!MIG_IS_MISSING (part) && part > 0)
    *sum = *sum > G_MAXINT64 - part ? G_MAXINT64 : *sum + part;
}

static void
add_health (MigSummary *summary, const MigRunState *run)
{
  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestRecord *guest = ((MigGuestState *) run->guests->pdata[i])->record;
      add_count (&summary->heartbeats, guest->heartbeats);
      add_count (&summary->heartbeats_lost, guest->heartbeats_lost);
      add_count (&summary->checksum_errors, guest->checksum_errors);
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
      gint64 bytes = ((MigGuestState *) run->guests->pdata[i])->record->memory_bytes;
      if (MIG_IS_MISSING (bytes))
        continue;
      sizes->least_bytes = MIG_IS_MISSING (sizes->least_bytes) ? bytes
                                                               : MIN (sizes->least_bytes, bytes);
      sizes->most_bytes = MAX (sizes->most_bytes, bytes);
    }
}

static void
add_overhead (MigSummary *summary, const MigRunRecord *r)
{
  double whole = mig_units_seconds (r->ended_ns) - mig_units_seconds (r->started_ns);
  double window = mig_units_seconds (r->window_end_ns) - mig_units_seconds (r->window_start_ns);

  if (isnan (whole) || isnan (window))
    return;
  summary->run_s += whole;
  summary->outside_s += whole - window;
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
mig_cases_add_run (MigSummary *summary, const MigRunState *run, const MigCpuTable *cpus)
{
  MigCaseSummary *study_case = mig_summary_add_case (summary, run->record->case_label);

  study_case->n_runs++;
  study_case->n_not_run += was_not_run (run);
  const MigRunSummary *of = add_run_summary (summary, run, cpus);
  for (guint i = 0; i < run->migrations->len; i++)
    {
      add_migration_summary (summary, run, of, run->migrations->pdata[i]);
      if (run->sound)
        mig_post_copies_add (&summary->post_copies, run->migrations->pdata[i]);
      if (run->counts)
        add_periods (study_case, summary->migrations->pdata[summary->migrations->len - 1]);
    }
  add_damaged (summary, run);
  add_health (summary, run);
  add_overhead (summary, run->record);
  if (!run->sound)
    add_failure (study_case, run->reason);
  if (!run->counts)
    return;
  add_sizes (&summary->guests, run);
  add_to_case (summary, study_case, run);
}

/* compare_cases: numbers in labels by what they are worth: rate=1920 before rate=15360. */
static int
compare_cases (gconstpointer a, gconstpointer b)
{
  return strverscmp ((*(MigCaseSummary *const *) a)->label, (*(MigCaseSummary *const *) b)->label);
}

static int
compare_classes (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(MigClassInfo *const *) a)->name, (*(MigClassInfo *const *) b)->name);
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
  g_ptr_array_sort (summary->classes, compare_classes);
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
