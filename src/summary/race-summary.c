/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/cases.h"
#include "summary/race.h"
#include "summary/sequences.h"

/* A race from the runs of a result. */

/* may_compare: what differs between the two is the sequence. */
static gboolean
may_compare (const MigCaseSummary *a, const MigCaseSummary *b)
{
  return g_strcmp0 (a->experiment, b->experiment) == 0 && mig_sequence_same_conditions (a, b);
}

/* is_asked: of the same guests, which order; of others, whether those that update less memory take
 * less time. */
static gboolean
is_asked (const MigCaseSummary *a, const MigCaseSummary *b, gboolean *same_guests)
{
  *same_guests = mig_sequence_same_guests (a, b);
  return *same_guests || (mig_sequence_as_many (a, b) &&
                          mig_sequence_count_dirty (a) != mig_sequence_count_dirty (b));
}

static void
ask_pairs (MigRace *race, const MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    for (guint j = i + 1; j < summary->cases->len; j++)
      {
        const MigCaseSummary *a = summary->cases->pdata[i], *b = summary->cases->pdata[j];
        gboolean same_guests;
        if (!may_compare (a, b))
          continue;
        if (a->n_sound == 0 || b->n_sound == 0)
          race->n_unknown++;
        else if (is_asked (a, b, &same_guests))
          mig_race_ask (race, i, j, same_guests);
      }
}

/* total_times: gint64 *, the run -> const MigValue *, its total time. */
static GHashTable *
total_times (const MigSummary *summary)
{
  GHashTable *times = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < summary->cases->len; i++)
    {
      MigCaseSummary *study_case = summary->cases->pdata[i];
      const GArray *values = study_case->stats[MIG_METRIC_TOTAL_TIME].values;
      for (guint j = 0; j < values->len; j++)
        {
          MigValue *value = &g_array_index (values, MigValue, j);
          g_hash_table_insert (times, &value->run, value);
        }
    }
  return times;
}

static void
add_run (MigRace *race, GHashTable *times, const MigRunSummary *run)
{
  guint index = run->case_label
                    ? GPOINTER_TO_UINT (g_hash_table_lookup (race->indices, run->case_label))
                    : 0;
  const MigValue *time = run->sound ? g_hash_table_lookup (times, &run->run) : NULL;

  if (index == 0)
    return;
  if (g_strcmp0 (run->status, "skipped") == 0)
    mig_race_give_up (race, index - 1, run->run);
  else if (run->repetition > 0 && run->repetition <= MIG_RACE_MOST_REPETITIONS &&
           (time || run->aside || g_strcmp0 (run->status, "failed") == 0))
    mig_race_add (race, index - 1, (guint) run->repetition, run->run, time ? time->value : NAN,
                  run->length_s);
}

MigRace *
mig_race_from_summary (const MigSummary *summary, const MigRaceRule *rule)
{
  MigRace *race = mig_race_new (rule);

  for (guint i = 0; i < summary->cases->len; i++)
    mig_race_add_case (race, ((MigCaseSummary *) summary->cases->pdata[i])->label);
  ask_pairs (race, summary);
  mig_race_begin (race);
  g_autoptr (GHashTable) times = total_times (summary);
  for (guint i = 0; i < summary->runs->len; i++)
    add_run (race, times, summary->runs->pdata[i]);
  return race;
}

/* ---- what is looked at ---- */

/* nth_run: of its sound repetitions; G_MAXINT64: it has fewer. */
static gint64
nth_run (const MigCaseSummary *study_case, guint n)
{
  const GArray *times = study_case->stats[MIG_METRIC_TOTAL_TIME].values;

  return times->len >= n ? g_array_index (times, MigValue, n - 1).run : G_MAXINT64;
}

/* first_look: the run before which no interval is known; G_MAXINT64: none is yet. */
static gint64
first_look (const MigSummary *summary)
{
  gint64 all_known = 0, first = G_MAXINT64, second = G_MAXINT64;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      if (study_case->n_sound == 0)
        continue;
      gint64 run = nth_run (study_case, MIG_FIRST_LOOK);
      all_known = MAX (all_known, nth_run (study_case, 1));
      second = MIN (second, MAX (first, run));
      first = MIN (first, run);
    }
  return MAX (all_known, second);
}

void
mig_race_set (MigSummary *summary, MigRace *race)
{
  summary->race = race;
  if (mig_race_until_decided (race))
    mig_cases_choose_downtime (summary, first_look (summary));
}
