/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "cli/run-race.h"
#include "summary/analysis.h"
#include "summary/race.h"

/* ---- the race so far, from the directory ---- */

static MigSummary *
load_summary (const char *path, GError **error)
{
  static const MigTable tables[] = { MIG_TABLE_SCHEDULE, MIG_TABLE_RUNS, MIG_TABLE_GUESTS,
                                     MIG_TABLE_MIGRATIONS, MIG_TABLE_PARAMETERS };
  g_autoptr (MigResult) result = mig_result_open (path, error);
  GPtrArray *rows[G_N_ELEMENTS (tables)] = { NULL };
  MigSummary *summary = NULL;
  gboolean ok = result != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tables) && ok; i++)
    ok = (rows[i] = mig_result_load (result, tables[i], error)) != NULL;
  if (ok)
    {
      g_autoptr (MigAnalysis) analysis = mig_analysis_new (rows[0], rows[1], rows[2], rows[3]);
      mig_analysis_set_parameters (analysis, rows[4]);
      summary = mig_analysis_finish (analysis);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_clear_pointer (&rows[i], g_ptr_array_unref);
  return summary;
}

/* ---- what is decided: a row and a line for each, once ---- */

static char *
key_of (const MigDecisionRecord *record)
{
  return g_strdup_printf ("%s %s %s", record->decision,
                          record->case_label ? record->case_label : "",
                          record->other ? record->other : "");
}

static gboolean
take_told (gconstpointer record, gpointer data, GError **error)
{
  const MigDecisionRecord *decision = record;

  if (decision->decision && strcmp (decision->decision, MIG_DECISION_OPEN) != 0 &&
      strcmp (decision->decision, MIG_DECISION_END) != 0)
    g_hash_table_add (data, key_of (decision));
  return TRUE;
}

/* append_decision: *added: it is a new one. */
static gboolean
append_decision (MigRunRace *self, const MigDecisionRecord *record, gboolean *added, GError **error)
{
  *added = g_hash_table_add (self->told, key_of (record));
  return !*added ||
         mig_result_writer_append (self->job->writer, MIG_TABLE_DECISIONS, record, error);
}

static MigDecisionRecord
pair_record (const MigRace *race, const MigRacePair *pair)
{
  gboolean more = pair->verdict == MIG_PAIR_MORE;
  const MigRepeatedInterval *difference = &pair->difference;
  MigDecisionRecord record = {
    .run = pair->decided_run,
    .decision = (char *) (pair->verdict == MIG_PAIR_OPEN    ? MIG_DECISION_OPEN
                          : pair->verdict == MIG_PAIR_ALIKE ? MIG_DECISION_ALIKE
                                                            : MIG_DECISION_LESS),
    .case_label = (char *) mig_race_label (race, more ? pair->b : pair->a),
    .other = (char *) mig_race_label (race, more ? pair->a : pair->b),
    .n = difference->n,
    .difference_ns = mig_units_ns (difference->n > 0 ? fabs (difference->mean) : NAN),
    .low_ns = mig_units_ns (more ? -difference->high : difference->low),
    .high_ns = mig_units_ns (more ? -difference->low : difference->high),
  };
  if (pair->verdict == MIG_PAIR_ALIKE || pair->verdict == MIG_PAIR_OPEN)
    record.difference_ns = mig_units_ns (difference->n > 0 ? difference->mean : NAN);
  return record;
}

static void
tell_pair (const MigRace *race, const MigRacePair *pair, const MigDecisionRecord *record)
{
  g_autofree char *difference = mig_units_format_duration (record->difference_ns);
  g_autofree char *low = mig_units_format_duration (record->low_ns);
  g_autofree char *high = mig_units_format_duration (record->high_ns);

  if (pair->verdict == MIG_PAIR_ALIKE)
    {
      g_autofree char *most = mig_units_format_seconds (
          fmax (fabs (pair->difference.low), fabs (pair->difference.high)));
      mig_info ("decided: %s and %s differ by no more than %s (n = %u)",
                mig_race_label (race, pair->a), mig_race_label (race, pair->b), most,
                pair->difference.n);
    }
  else
    mig_info ("decided: %s takes %s less than %s (%s to %s, n = %" G_GINT64_FORMAT ")",
              record->case_label, difference, record->other, low, high, record->n);
}

static gboolean
write_pairs (MigRunRace *self, const MigRace *race, GError **error)
{
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      MigDecisionRecord record = pair_record (race, pair);
      gboolean added;
      if (pair->decided_n == 0)
        continue;
      if (!append_decision (self, &record, &added, error))
        return FALSE;
      if (added)
        tell_pair (race, pair, &record);
    }
  return TRUE;
}

static gboolean
write_cases (MigRunRace *self, const MigRace *race, GError **error)
{
  for (guint i = 0; i < race->cases->len; i++)
    {
      const MigRaceCase *study_case = race->cases->pdata[i];
      const MigRepeatedInterval *time = &study_case->time;
      MigDecisionRecord record = { .run = study_case->out_run,
                                   .decision = (char *) MIG_DECISION_OUT,
                                   .case_label = study_case->label,
                                   .n = time->n,
                                   .difference_ns = mig_units_ns (time->n > 0 ? time->mean : NAN),
                                   .low_ns = mig_units_ns (study_case->alone ? time->low : NAN),
                                   .high_ns = mig_units_ns (study_case->alone ? time->high : NAN) };
      gboolean added;
      if (MIG_IS_MISSING (study_case->out_run))
        continue;
      if (!append_decision (self, &record, &added, error))
        return FALSE;
      if (added)
        mig_info ("%s is not run again: what is asked about it is decided (n = %u)",
                  study_case->label, time->n);
    }
  return TRUE;
}

/* ---- the end ---- */

static char *
need_text (const MigRaceNeed *need)
{
  g_autofree char *time = mig_units_format_seconds (need->seconds);

  return MIG_IS_MISSING (need->repetitions)
             ? g_strdup ("too few repetitions to tell how many more it would take")
             : g_strdup_printf ("about %" G_GINT64_FORMAT " more repetitions, %s",
                                need->repetitions, time);
}

static gboolean
write_open_pair (MigRunRace *self, MigRace *race, const MigRacePair *pair, GError **error)
{
  MigDecisionRecord record = pair_record (race, pair);
  MigRaceNeed need = mig_race_pair_need (race, pair);
  g_autofree char *difference = mig_units_format_duration (record.difference_ns);
  g_autofree char *low = mig_units_format_duration (record.low_ns);
  g_autofree char *high = mig_units_format_duration (record.high_ns);
  g_autofree char *interval = MIG_IS_MISSING (record.low_ns)
                                  ? g_strdup ("too few for an interval")
                                  : g_strdup_printf ("%s to %s", low, high);

  record.run = self->last_run;
  record.detail = need_text (&need);
  mig_info ("not decided: %s less %s is %s (%s, n = %u); %s", record.other, record.case_label,
            difference, interval, pair->difference.n, record.detail);
  gboolean ok = mig_result_writer_append (self->job->writer, MIG_TABLE_DECISIONS, &record, error);
  g_free (record.detail);
  return ok;
}

static gboolean
write_open_case (MigRunRace *self, MigRace *race, const MigRaceCase *study_case, GError **error)
{
  const MigRepeatedInterval *time = &study_case->time;
  MigRaceNeed need = mig_race_case_need (race, study_case);
  g_autofree char *detail = need_text (&need);
  MigDecisionRecord record = { .run = self->last_run,
                               .decision = (char *) MIG_DECISION_OPEN,
                               .case_label = study_case->label,
                               .n = time->n,
                               .difference_ns = mig_units_ns (time->n > 0 ? time->mean : NAN),
                               .low_ns = mig_units_ns (time->low),
                               .high_ns = mig_units_ns (time->high),
                               .detail = detail };

  mig_info ("not known well enough: total time of %s (n = %u); %s", study_case->label, time->n,
            detail);
  return mig_result_writer_append (self->job->writer, MIG_TABLE_DECISIONS, &record, error);
}

static gboolean
write_end (MigRunRace *self, MigRace *race, const char *why, GError **error)
{
  MigDecisionRecord record = { .run = self->last_run,
                               .decision = (char *) MIG_DECISION_END,
                               .n = MIG_MISSING_INT,
                               .difference_ns = MIG_MISSING_INT,
                               .low_ns = MIG_MISSING_INT,
                               .high_ns = MIG_MISSING_INT,
                               .detail = (char *) why };

  for (guint i = 0; race->rule.until != MIG_UNTIL_TIME && i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      if (pair->verdict == MIG_PAIR_OPEN && !write_open_pair (self, race, pair, error))
        return FALSE;
    }
  for (guint i = 0; race->rule.until != MIG_UNTIL_TIME && i < race->cases->len; i++)
    {
      const MigRaceCase *study_case = race->cases->pdata[i];
      if (mig_race_case_is_open (race, study_case) &&
          !write_open_case (self, race, study_case, error))
        return FALSE;
    }
  mig_info ("%s", why);
  return mig_result_writer_append (self->job->writer, MIG_TABLE_DECISIONS, &record, error);
}

/* why_over: NULL: it is not. */
static char *
why_over (MigRace *race, double left_s, guint repetition, guint most_repetitions)
{
  MigRaceNext next = mig_race_next (race, left_s);
  g_autofree char *left = mig_units_format_seconds (isfinite (left_s) ? fmax (0, left_s) : 0);

  switch (next)
    {
    case MIG_RACE_GO_ON:
      return repetition < most_repetitions
                 ? NULL
                 : g_strdup_printf ("the end: %u repetitions, the most that were asked for",
                                    repetition);
    case MIG_RACE_DECIDED:
      return g_strdup ("the end: all that is asked is decided");
    case MIG_RACE_TOO_LONG:
      return g_strdup_printf ("the end: deciding more would take longer than the %s left", left);
    case MIG_RACE_NO_TIME:
      return g_strdup_printf ("the end: another repetition of each case in question would take "
                              "longer than the %s left",
                              left);
    case MIG_RACE_GIVEN_UP:
    default:
      return g_strdup ("the end: what is not decided cannot be measured here");
    }
}

/* ---- the next block ---- */

/* A block is drawn whole and then thinned out, as the schedule of a fixed number is: a case's
 * place among the others depends on the seed and the block's number alone. */
static gboolean
append_block (MigRunRace *self, const MigRace *race, guint repetition, GError **error)
{
  const MigRunJob *job = self->job;
  g_autoptr (GArray) whole = mig_schedule_new (job->study, repetition, job->seed, NULL);

  for (guint i = 0; i < whole->len; i++)
    {
      MigScheduleItem item = g_array_index (whole, MigScheduleItem, i);
      gboolean runs = FALSE;
      for (guint c = 0; item.repetition == repetition && c < race->cases->len; c++)
        runs |= strcmp (mig_race_label (race, c), item.study_case->label) == 0 &&
                mig_race_runs (race, c);
      if (!runs || g_hash_table_contains ((GHashTable *) self->skipped, item.study_case->label))
        continue;
      item.position = job->schedule->len + 1;
      MigScheduleRecord record = { item.position, item.study_case->label, item.repetition };
      if (!mig_result_writer_append (job->writer, MIG_TABLE_SCHEDULE, &record, error))
        return FALSE;
      g_array_append_val (job->schedule, item);
    }
  return TRUE;
}

gboolean
mig_run_race_extend (gint64 used_ns, gpointer data, GError **error)
{
  MigRunRace *self = data;
  const MigRunJob *job = self->job;
  const char *path = mig_result_writer_path (job->writer);
  g_autoptr (MigSummary) summary = load_summary (path, error);
  MigRaceRule rule;

  if (!summary)
    return FALSE;
  if (summary->runs->len > 0)
    self->last_run = ((MigRunSummary *) summary->runs->pdata[summary->runs->len - 1])->run;
  mig_race_rule_parse (job->study->until, &rule);
  g_autoptr (MigRace) race = mig_race_from_summary (summary, &rule);
  if (rule.until != MIG_UNTIL_TIME &&
      (!write_pairs (self, race, error) || !write_cases (self, race, error)))
    return FALSE;
  double left_s = job->study->time_ns
                      ? (double) (job->study->time_ns - job->resume.used_ns - used_ns) /
                            MIG_NS_PER_S
                      : HUGE_VAL;
  guint repetition =
      g_array_index (job->schedule, MigScheduleItem, job->schedule->len - 1).repetition;
  g_autofree char *why = why_over (race, left_s, repetition, job->study->repetitions);
  gboolean ok = why ? write_end (self, race, why, error)
                    : append_block (self, race, repetition + 1, error);
  return ok && mig_result_writer_commit (job->writer, error);
}

void
mig_run_race_init (MigRunRace *self, const MigRunJob *job, const GHashTable *skipped)
{
  *self = (MigRunRace){ .job = job, .skipped = skipped };
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!job->request->resume)
    return;
  g_autoptr (MigResult) result = mig_result_open (mig_result_writer_path (job->writer), NULL);
  if (result)
    mig_result_foreach (result, MIG_TABLE_DECISIONS, take_told, self->told, NULL);
}

void
mig_run_race_clear (MigRunRace *self)
{
  g_clear_pointer (&self->told, g_hash_table_unref);
}
