/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "cli/run-decisions.h"
#include "results/result.h"

/* ---- rows, each once ---- */

static char *
key_of (const MigDecisionRecord *record)
{
  const char *const parts[] = { record->case_label, record->other, record->metric,
                                record->class_name, record->claim };
  GString *key = g_string_new (record->decision);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append_printf (key, "\x1f%s", parts[i] ? parts[i] : "");
  return g_string_free (key, FALSE);
}

/* case_key: of such a decision about a case alone. The caller frees it. */
static char *
case_key (const char *decision, const char *label)
{
  const MigDecisionRecord record = { .decision = (char *) decision, .case_label = (char *) label };

  return key_of (&record);
}

/* take_back: of the two that end each other, a case's dropping out and coming in. FALSE: that was
 * not told. */
static gboolean
take_back (GHashTable *told, const char *decision, const char *label)
{
  g_autofree char *key = case_key (decision, label);

  return g_hash_table_remove (told, key);
}

static gboolean
is_of_the_end (const MigDecisionRecord *record)
{
  return strcmp (record->decision, MIG_DECISION_OPEN) == 0 ||
         strcmp (record->decision, MIG_DECISION_END) == 0;
}

static gboolean
take_told (gconstpointer record, gpointer data, GError **error)
{
  const MigDecisionRecord *decision = record;

  if (!decision->decision || is_of_the_end (decision))
    return TRUE;
  if (strcmp (decision->decision, MIG_DECISION_IN) == 0)
    take_back (data, MIG_DECISION_OUT, decision->case_label);
  if (strcmp (decision->decision, MIG_DECISION_OUT) == 0)
    take_back (data, MIG_DECISION_IN, decision->case_label);
  g_hash_table_add (data, key_of (decision));
  return TRUE;
}

void
mig_run_decisions_init (MigRunDecisions *self, const MigRunJob *job)
{
  *self = (MigRunDecisions){ .writer = job->writer };
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!job->request->resume)
    return;
  g_autoptr (MigResult) result = mig_result_open (mig_result_writer_path (job->writer), NULL);
  if (result)
    mig_result_foreach (result, MIG_TABLE_DECISIONS, take_told, self->told, NULL);
}

void
mig_run_decisions_clear (MigRunDecisions *self)
{
  g_clear_pointer (&self->told, g_hash_table_unref);
}

MigDecisionRecord
mig_run_decision (gint64 run, const char *decision)
{
  return (MigDecisionRecord){ .run = run,
                              .decision = (char *) decision,
                              .n = MIG_MISSING_INT,
                              .difference_ns = MIG_MISSING_INT,
                              .low_ns = MIG_MISSING_INT,
                              .high_ns = MIG_MISSING_INT,
                              .difference = NAN,
                              .low = NAN,
                              .high = NAN };
}

gboolean
mig_run_decisions_append (MigRunDecisions *self, const MigDecisionRecord *record, gboolean *added,
                          GError **error)
{
  *added = is_of_the_end (record) || g_hash_table_add (self->told, key_of (record));
  return !*added || mig_result_writer_append (self->writer, MIG_TABLE_DECISIONS, record, error);
}

/* ---- total time ---- */

/* run_of: what a decision by today's rule is noted with, whose values are those of now: a run that
 * an earlier look saw, by another rule, is not the one after which it was decided. */
static gint64
run_of (const MigRunDecisions *self, gint64 decided_run)
{
  return decided_run <= self->last_before ? self->last_run : decided_run;
}

static MigDecisionRecord
pair_record (const MigRunDecisions *self, const MigRace *race, const MigRacePair *pair)
{
  gboolean more = pair->verdict == MIG_PAIR_MORE;
  const MigRepeatedInterval *difference = &pair->difference;
  MigDecisionRecord record = mig_run_decision (
      run_of (self, pair->decided_run), pair->verdict == MIG_PAIR_OPEN    ? MIG_DECISION_OPEN
                                        : pair->verdict == MIG_PAIR_ALIKE ? MIG_DECISION_ALIKE
                                                                          : MIG_DECISION_LESS);

  record.case_label = (char *) mig_race_label (race, more ? pair->b : pair->a);
  record.other = (char *) mig_race_label (race, more ? pair->a : pair->b);
  record.n = difference->n;
  record.difference_ns = mig_units_ns (difference->n > 0 ? fabs (difference->mean) : NAN);
  record.low_ns = mig_units_ns (more ? -difference->high : difference->low);
  record.high_ns = mig_units_ns (more ? -difference->low : difference->high);
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
write_pairs (MigRunDecisions *self, const MigRace *race, GError **error)
{
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      MigDecisionRecord record = pair_record (self, race, pair);
      gboolean added;
      if (pair->decided_n == 0)
        continue;
      if (!mig_run_decisions_append (self, &record, &added, error))
        return FALSE;
      if (added)
        tell_pair (race, pair, &record);
    }
  return TRUE;
}

/* case_record: ends of the interval where its own total time is asked. */
static MigDecisionRecord
case_record (const MigRaceCase *study_case, gint64 run, const char *decision)
{
  const MigRepeatedInterval *time = &study_case->time;
  MigDecisionRecord record = mig_run_decision (run, decision);

  record.case_label = study_case->label;
  record.n = time->n;
  record.difference_ns = mig_units_ns (time->n > 0 ? time->mean : NAN);
  record.low_ns = mig_units_ns (study_case->alone ? time->low : NAN);
  record.high_ns = mig_units_ns (study_case->alone ? time->high : NAN);
  return record;
}

/* write_in: of a case that had dropped out, and has not by the share that is asked for now. */
static gboolean
write_in (MigRunDecisions *self, const MigRace *race, const MigRaceCase *study_case, GError **error)
{
  const MigDecisionRecord record = case_record (study_case, self->last_run, MIG_DECISION_IN);

  if (race->rule.until != MIG_UNTIL_PRECISION || study_case->given_up ||
      !take_back (self->told, MIG_DECISION_OUT, study_case->label))
    return TRUE;
  g_hash_table_add (self->told, key_of (&record));
  mig_info ("%s is run again: its total time is not known to the share asked for now (n = %u)",
            study_case->label, study_case->time.n);
  return mig_result_writer_append (self->writer, MIG_TABLE_DECISIONS, &record, error);
}

/* write_out: of a case that has dropped out; not before it came in, if it had dropped out once. */
static gboolean
write_out (MigRunDecisions *self, const MigRace *race, const MigRaceCase *study_case,
           gboolean waited, GError **error)
{
  gboolean decided = mig_race_case_is_decided (race, study_case);
  gboolean came_in = take_back (self->told, MIG_DECISION_IN, study_case->label), added;
  gint64 run = waited || came_in ? self->last_run : run_of (self, study_case->out_run);
  MigDecisionRecord record = case_record (study_case, run, MIG_DECISION_OUT);

  record.detail = (char *) (decided ? NULL : MIG_NOT_MEASURABLE);
  if (!mig_run_decisions_append (self, &record, &added, error))
    return FALSE;
  if (added)
    mig_info ("%s is not run again: %s (n = %u)", study_case->label,
              decided ? "what is asked about it is decided" : MIG_NOT_MEASURABLE,
              study_case->time.n);
  return TRUE;
}

/* write_cases: a case that claims need for longer, or may once they are looked at, has not dropped
 * out yet. */
static gboolean
write_cases (MigRunDecisions *self, const MigRace *race, const MigClaimRace *claims, GError **error)
{
  for (guint i = 0; i < race->cases->len; i++)
    {
      const MigRaceCase *study_case = race->cases->pdata[i];
      gboolean out = !MIG_IS_MISSING (study_case->out_run);
      if (out && claims && g_hash_table_contains (claims->running, study_case->label))
        continue;
      if (out ? !write_out (self, race, study_case, claims != NULL, error)
              : !write_in (self, race, study_case, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mig_run_decisions_write (MigRunDecisions *self, const MigRace *race, const MigClaimRace *claims,
                         GError **error)
{
  return write_pairs (self, race, error) && write_cases (self, race, claims, error);
}

/* ---- what is open ---- */

char *
mig_run_need_text (guint n, gint64 repetitions, double seconds)
{
  g_autofree char *time = mig_units_format_seconds (seconds);

  if (MIG_IS_MISSING (repetitions) && n < 2)
    return g_strdup ("too few repetitions to tell how many more it would take");
  return MIG_IS_MISSING (repetitions) || repetitions > MIG_RACE_MOST_REPETITIONS
             ? g_strdup_printf ("more than %d more repetitions", MIG_RACE_MOST_REPETITIONS)
             : g_strdup_printf ("about %" G_GINT64_FORMAT " more repetition%s, %s", repetitions,
                                repetitions == 1 ? "" : "s", time);
}

static gboolean
write_open_pair (MigRunDecisions *self, MigRace *race, const MigRacePair *pair, GError **error)
{
  MigDecisionRecord record = pair_record (self, race, pair);
  MigRaceNeed need = mig_race_pair_need (race, pair);
  g_autofree char *difference = mig_units_format_duration (record.difference_ns);
  g_autofree char *low = mig_units_format_duration (record.low_ns);
  g_autofree char *high = mig_units_format_duration (record.high_ns);
  g_autofree char *interval = MIG_IS_MISSING (record.low_ns)
                                  ? g_strdup ("too few for an interval")
                                  : g_strdup_printf ("%s to %s", low, high);

  record.run = self->last_run;
  record.detail = mig_run_need_text (pair->difference.n, need.repetitions, need.seconds);
  mig_info ("not decided: %s less %s is %s (%s, n = %u); %s", record.other, record.case_label,
            difference, interval, pair->difference.n, record.detail);
  gboolean ok = mig_result_writer_append (self->writer, MIG_TABLE_DECISIONS, &record, error);
  g_free (record.detail);
  return ok;
}

static gboolean
write_open_case (MigRunDecisions *self, MigRace *race, const MigRaceCase *study_case,
                 GError **error)
{
  MigRaceNeed need = mig_race_case_need (race, study_case);
  g_autofree char *detail = mig_run_need_text (study_case->time.n, need.repetitions, need.seconds);
  MigDecisionRecord record = case_record (study_case, self->last_run, MIG_DECISION_OPEN);

  record.detail = detail;
  mig_info ("not known well enough: total time of %s (n = %u); %s", study_case->label,
            study_case->time.n, detail);
  return mig_result_writer_append (self->writer, MIG_TABLE_DECISIONS, &record, error);
}

gboolean
mig_run_decisions_write_open (MigRunDecisions *self, MigRace *race, GError **error)
{
  for (guint i = 0; i < race->pairs->len; i++)
    {
      const MigRacePair *pair = &g_array_index (race->pairs, MigRacePair, i);
      if (pair->verdict == MIG_PAIR_OPEN && !write_open_pair (self, race, pair, error))
        return FALSE;
    }
  for (guint i = 0; i < race->cases->len; i++)
    {
      const MigRaceCase *study_case = race->cases->pdata[i];
      if (mig_race_case_is_open (race, study_case) &&
          !write_open_case (self, race, study_case, error))
        return FALSE;
    }
  return TRUE;
}
