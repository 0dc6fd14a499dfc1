/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/run-claims.h"
#include "cli/run-race.h"
#include "paper/claims.h"
#include "summary/analysis.h"

/* ---- the race so far, from the directory ---- */

static gboolean
add_heartbeat (gconstpointer record, gpointer data, GError **error)
{
  mig_analysis_add_heartbeat (data, record);
  return TRUE;
}

/* load_summary: with_rates: also what the guests got done, of which there are far more rows. */
static MigSummary *
load_summary (const char *path, gboolean with_rates, GError **error)
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
      if (!with_rates ||
          mig_result_foreach (result, MIG_TABLE_HEARTBEATS, add_heartbeat, analysis, error))
        summary = mig_analysis_finish (analysis);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_clear_pointer (&rows[i], g_ptr_array_unref);
  return summary;
}

/* last_run_of: 0: there are none. */
static gint64
last_run_of (const MigSummary *summary)
{
  const GPtrArray *runs = summary->runs;

  return runs->len > 0 ? ((MigRunSummary *) runs->pdata[runs->len - 1])->run : 0;
}

/* last_run_before: of those of the blocks before the last one. */
static gint64
last_run_before (const MigSummary *summary)
{
  const GPtrArray *runs = summary->runs;
  gint64 block = mig_summary_last_repetition (summary), last = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      const MigRunSummary *run = runs->pdata[i];
      if (run->repetition < block)
        last = MAX (last, run->run);
    }
  return last;
}

/* What a look at the result says. */
typedef struct {
  MigSummary *summary;
  MigRace *race;          /* of total time; the summary's */
  GPtrArray *conclusions; /* that the study tests; NULL: none ... */
  MigClaimRace *claims;   /* ... and what they still need */
  MigRaceNext next, claims_next;
  gboolean time_first; /* cases that only claims need wait */
} Look;

static void
look_clear (Look *look)
{
  g_clear_pointer (&look->claims, mig_claim_race_free);
  g_clear_pointer (&look->conclusions, g_ptr_array_unref);
  g_clear_pointer (&look->summary, mig_summary_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

/* left_of: of the run's time, all its processes together; HUGE_VAL: it has no limit. */
static double
left_of (const MigRunJob *job, gint64 used_ns)
{
  return job->study->time_ns
             ? (double) (job->study->time_ns - job->resume.used_ns - used_ns) / MIG_NS_PER_S
             : HUGE_VAL;
}

/* give_up_skipped: cases that ran before and cannot be run any more. */
static void
give_up_skipped (MigRace *race, const GHashTable *skipped, gint64 last_run)
{
  for (guint i = 0; skipped && i < race->cases->len; i++)
    if (g_hash_table_contains ((GHashTable *) skipped, mig_race_label (race, i)))
      mig_race_give_up (race, i, last_run);
}

/* What is looked at, and what is known besides. */
typedef struct {
  const MigRunJob *job;
  const char *path;
  const GHashTable *skipped; /* as MigRunRace's */
  double left_s;
} LookSource;

static gboolean
take_look (Look *look, const LookSource *source, GError **error)
{
  const MigRunJob *job = source->job;
  double left_s = source->left_s;
  MigRaceRule rule;

  mig_race_rule_parse (job->study->until, &rule);
  gboolean tests_claims = rule.until == MIG_UNTIL_DECIDED && job->study->claims;
  look->summary = load_summary (source->path, tests_claims, error);
  if (!look->summary)
    return FALSE;
  mig_race_set (look->summary, mig_race_from_summary (look->summary, &rule));
  look->race = look->summary->race;
  give_up_skipped (look->race, source->skipped, last_run_of (look->summary));
  look->next = mig_race_next (look->race, left_s);
  look->time_first = look->next == MIG_RACE_GO_ON && left_s < HUGE_VAL;
  look->claims_next = MIG_RACE_DECIDED;
  if (!tests_claims)
    return TRUE;
  look->conclusions = mig_paper_test (look->summary);
  look->claims = mig_claim_race_new (look->summary, look->conclusions);
  if (look->next != MIG_RACE_GO_ON)
    look->claims_next = mig_claim_race_next (look->claims, left_s);
  return TRUE;
}

/* is_next: whether the case is run in the next block. */
static gboolean
is_next (const Look *look, guint index)
{
  if (look->next == MIG_RACE_GO_ON && mig_race_runs (look->race, index))
    return TRUE;
  return look->claims && !look->time_first &&
         mig_claim_race_runs (look->claims, mig_race_label (look->race, index));
}

static gboolean
write_decided (MigRunRace *self, const Look *look, GError **error)
{
  if (look->race->rule.until == MIG_UNTIL_TIME)
    return TRUE;
  if (look->conclusions &&
      !mig_run_claims_write (&self->decisions, look->summary, look->conclusions, error))
    return FALSE;
  return mig_run_decisions_write (&self->decisions, look->race, look->claims, error);
}

/* ---- the end ---- */

static gboolean
write_end (MigRunRace *self, const Look *look, const char *why, GError **error)
{
  MigDecisionRecord record = mig_run_decision (self->decisions.last_run, MIG_DECISION_END);
  g_autofree char *detail = g_strconcat ("the end: ", why, NULL);
  gboolean added;

  record.detail = detail;
  if (look->race->rule.until != MIG_UNTIL_TIME &&
      !mig_run_decisions_write_open (&self->decisions, look->race, error))
    return FALSE;
  if (look->claims && !mig_run_claims_write_open (&self->decisions, look->summary,
                                                  look->conclusions, look->claims, error))
    return FALSE;
  mig_info ("%s", detail);
  return mig_run_decisions_append (&self->decisions, &record, &added, error);
}

/* decided_text: of total time, which may leave claims undecided. */
static const char *
decided_text (const Look *look)
{
  const MigClaimSource source = { look->summary, look->conclusions, NULL };

  if (!look->claims || mig_claims_decided (&source))
    return "all that is asked is decided";
  return look->claims->looked_at ? "no comparison is left to measure that would decide the rest"
                                 : "total time is decided, and leaves the rest undecided";
}

/* next_of: total time and claims together. */
static MigRaceNext
next_of (const Look *look)
{
  return look->next == MIG_RACE_DECIDED || look->claims_next == MIG_RACE_GO_ON ? look->claims_next
                                                                               : look->next;
}

/* why_over: NULL: it is not. */
static char *
why_over (const Look *look, double left_s, guint repetition, guint most_repetitions)
{
  g_autofree char *left = mig_units_format_seconds (isfinite (left_s) ? fmax (0, left_s) : 0);

  switch (next_of (look))
    {
    case MIG_RACE_GO_ON:
      return repetition < most_repetitions
                 ? NULL
                 : g_strdup_printf ("%u repetitions, the most that were asked for", repetition);
    case MIG_RACE_DECIDED:
      return g_strdup (decided_text (look));
    case MIG_RACE_TOO_LONG:
      return g_strdup_printf ("deciding more would take longer than the %s left", left);
    case MIG_RACE_NO_TIME:
      return g_strdup_printf ("another repetition of each case in question would take longer than "
                              "the %s left",
                              left);
    case MIG_RACE_GIVEN_UP:
    default:
      return g_strdup (MIG_NOT_MEASURABLE);
    }
}

/* ---- the next block ---- */

/* A block is drawn whole and then thinned out, as the schedule of a fixed number is: a case's
 * place among the others depends on the seed and the block's number alone. */
static gboolean
append_block (MigRunRace *self, const Look *look, guint repetition, GError **error)
{
  const MigRunJob *job = self->job;
  g_autoptr (GArray) whole = mig_schedule_new (job->study, repetition, job->seed, NULL);

  for (guint i = 0; i < whole->len; i++)
    {
      MigScheduleItem item = g_array_index (whole, MigScheduleItem, i);
      gboolean runs = FALSE;
      for (guint c = 0; item.repetition == repetition && c < look->race->cases->len; c++)
        runs |= strcmp (mig_race_label (look->race, c), item.study_case->label) == 0 &&
                is_next (look, c);
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
  g_auto (Look) look = { 0 };
  double left_s = left_of (job, used_ns);
  const LookSource source = { job, mig_result_writer_path (job->writer), self->skipped, left_s };

  if (!take_look (&look, &source, error))
    return FALSE;
  self->decisions.last_run = last_run_of (look.summary);
  self->decisions.last_before = last_run_before (look.summary);
  if (!write_decided (self, &look, error))
    return FALSE;
  guint repetition =
      g_array_index (job->schedule, MigScheduleItem, job->schedule->len - 1).repetition;
  g_autofree char *why = why_over (&look, left_s, repetition, job->study->repetitions);
  gboolean ok = why ? write_end (self, &look, why, error)
                    : append_block (self, &look, repetition + 1, error);
  return ok && mig_result_writer_commit (job->writer, error);
}

static gboolean
can_grow (const char *path, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);

  return result && mig_result_can_grow (result, error);
}

gboolean
mig_run_race_continues (const MigRunJob *job, const GHashTable *skipped, GError **error)
{
  const char *path = job->request->resume;
  g_auto (Look) look = { 0 };
  double left_s = left_of (job, 0);
  const LookSource source = { job, path, skipped, left_s };

  if (!can_grow (path, error))
    return FALSE;
  if (!job->open_ended)
    return TRUE;
  if (!take_look (&look, &source, error))
    return FALSE;
  MigRaceNext next = next_of (&look);
  g_autofree char *why = why_over (&look, left_s, job->resume.repetitions, job->study->repetitions);
  if (why)
    g_set_error (
        error, MIG_ERROR, MIG_ERROR_INVALID, "nothing to continue in '%s': %s%s", path, why,
        next == MIG_RACE_TOO_LONG || next == MIG_RACE_NO_TIME ? "; give it more by --time" : "");
  return !why;
}

void
mig_run_race_init (MigRunRace *self, const MigRunJob *job, const GHashTable *skipped)
{
  *self = (MigRunRace){ .job = job, .skipped = skipped };
  mig_run_decisions_init (&self->decisions, job);
}

void
mig_run_race_clear (MigRunRace *self)
{
  mig_run_decisions_clear (&self->decisions);
}
