/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "cli/run-race.h"
#include "tests/unit/recorded.h"
#include "tests/unit/result-fixture.h"

/* What a run until decided says and measures next: a recorded one, block by block. */

#define N_BLOCKS 4
static const gint64 last_runs[N_BLOCKS] = { 4, 8, 12, 14 };

static const MigTable tables[] = { MIG_TABLE_RUNS, MIG_TABLE_GUESTS, MIG_TABLE_MIGRATIONS,
                                   MIG_TABLE_HEARTBEATS };

typedef struct {
  MigRunJob job;
  MigRunRequest request;
  MigRunRace race;
  GHashTable *skipped;
  MigResult *recorded;
} Replay;

static void
replay_init (Replay *self, ResultFixture *f)
{
  const char *top = g_getenv ("top_srcdir") ? g_getenv ("top_srcdir") : ".";
  g_autofree char *path = g_build_filename (top, "tests", "data", "recorded-lab-quarter", NULL);
  g_autofree char *study = g_build_filename (path, "study.xml", NULL);
  g_autoptr (GError) error = NULL;

  *self = (Replay){ .skipped = g_hash_table_new (g_str_hash, g_str_equal) };
  self->recorded = mig_result_open (path, &error);
  g_assert_no_error (error);
  self->job.request = &self->request;
  self->job.study = mig_study_load (study, &error);
  g_assert_no_error (error);
  self->job.seed = (guint64) mig_result_manifest (self->recorded)->seed;
  self->job.schedule = mig_schedule_new (self->job.study, 1, self->job.seed, NULL);
  self->job.writer = result_fixture_writer (f);
  for (guint i = 0; i < self->job.schedule->len; i++)
    {
      const MigScheduleItem *item = &g_array_index (self->job.schedule, MigScheduleItem, i);
      const MigScheduleRecord record = { item->position, item->study_case->label,
                                         item->repetition };
      g_assert_true (
          mig_result_writer_append (self->job.writer, MIG_TABLE_SCHEDULE, &record, NULL));
    }
  mig_run_race_init (&self->race, &self->job, self->skipped);
}

static void
replay_clear (Replay *self)
{
  mig_run_race_clear (&self->race);
  mig_result_writer_free (self->job.writer);
  g_array_unref (self->job.schedule);
  mig_study_free (self->job.study);
  mig_result_free (self->recorded);
  g_hash_table_unref (self->skipped);
}

typedef struct {
  MigResultWriter *writer;
  MigTable table;
  gint64 first, last;
} Copy;

/* each record begins with its run */
static gboolean
copy_row (gconstpointer record, gpointer data, GError **error)
{
  const Copy *copy = data;
  gint64 run = *(const gint64 *) record;

  return run < copy->first || run > copy->last ||
         mig_result_writer_append (copy->writer, copy->table, record, error);
}

/* play: the runs of a block, and what is said after it, with so much of the time left. again: by a
 * process that resumes the run. */
static void
play (Replay *self, guint block, gint64 left_s, gboolean again)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      Copy copy = { self->job.writer, tables[i], block ? last_runs[block - 1] + 1 : 1,
                    last_runs[block] };
      mig_result_foreach (self->recorded, tables[i], copy_row, &copy, &error);
      g_assert_no_error (error);
    }
  g_assert_true (mig_result_writer_commit (self->job.writer, NULL));
  if (again)
    {
      self->request.resume = (char *) mig_result_writer_path (self->job.writer);
      mig_run_race_clear (&self->race);
      mig_run_race_init (&self->race, &self->job, self->skipped);
    }
  mig_run_race_extend (self->job.study->time_ns - left_s * MIG_NS_PER_S, &self->race, &error);
  g_assert_no_error (error);
}

/* labels: of a block of the schedule; the caller frees it. */
static char *
labels (const Replay *self, guint repetition)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->job.schedule->len; i++)
    {
      const MigScheduleItem *item = &g_array_index (self->job.schedule, MigScheduleItem, i);
      if (item->repetition == repetition)
        g_string_append_printf (text, "%s ", item->study_case->label);
    }
  return g_string_free (text, FALSE);
}

static void
assert_labels (const Replay *self, guint repetition, const char *expected)
{
  g_autofree char *text = labels (self, repetition);
  g_assert_cmpstr (text, ==, expected);
}

/* count: rows of decisions.csv that begin so. */
static guint
count (ResultFixture *f, const char *pattern)
{
  g_autofree char *text = result_fixture_get (f, "decisions.csv");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i]; i++)
    n += g_pattern_match_simple (pattern, lines[i]);
  return n;
}

/* With a limit total time comes first: the fourth block is that of the recorded run, which asked
 * nothing else; then claims have what time is left. */
static void
test_time_first (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  for (guint block = 0; block < 3; block++)
    play (&replay, block, 240, FALSE);
  assert_labels (&replay, 1, "mc cc cm mm ");
  assert_labels (&replay, 2, "cm mc mm cc ");
  assert_labels (&replay, 3, "mc mm cm cc ");
  assert_labels (&replay, 4, "mc cm ");
  g_assert_cmpuint (count (f, "*,less,*,,,,,,"), ==, 5);
  /* total time has all of its error: the ends are those that the recorded run had */
  g_assert_cmpuint (count (f, "12,less,cc,cm,3,5591498150,4781227611,6401768688,*"), ==, 1);
  g_assert_cmpuint (count (f, "*,out,*"), ==, 0);
  play (&replay, 3, 240, FALSE);
  g_assert_cmpuint (count (f, "14,alike,cm,mc,4,13349888,-336432701,363132478,*"), ==, 1);
  g_autofree char *fifth = labels (&replay, 5);
  g_assert_cmpuint (strlen (fifth), ==, strlen ("mc cc cm mm "));
  replay_clear (&replay);
}

/* Without one, what claims need is run along. */
static void
test_no_limit (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  for (guint block = 0; block < 3; block++)
    {
      replay.job.study->time_ns = block < 2 ? replay.job.study->time_ns : 0;
      play (&replay, block, block < 2 ? 240 : 0, FALSE);
    }
  g_autofree char *fourth = labels (&replay, 4);
  g_assert_cmpuint (strlen (fourth), ==, strlen ("mc cc cm mm "));
  replay_clear (&replay);
}

/* The time is over: what is open is said, by comparison, and why it ended. */
static void
test_end (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  for (guint block = 0; block < N_BLOCKS; block++)
    play (&replay, block, block < 3 ? 240 : 10, FALSE);
  assert_labels (&replay, 5, "");
  g_assert_cmpuint (count (f, "14,end,*"), ==, 1);
  g_assert_cmpuint (count (f, "14,open,*,downtime_guest_s,*,1 downtime"), >, 0);
  g_assert_cmpuint (count (f, "14,open,*,left_throughput_units_per_s,*,3 throughput"), >, 0);
  g_assert_cmpuint (count (f, "*,refuted,*,2 time"), ==, 1);
  replay_clear (&replay);
}

/* A run that is interrupted after each block and resumed decides the same. */
static void
test_resumed (ResultFixture *f, gconstpointer data)
{
  char *texts[2] = { NULL };

  for (guint again = 0; again < 2; again++)
    {
      ResultFixture own;
      Replay replay;
      result_fixture_set_up (&own, NULL);
      replay_init (&replay, &own);
      for (guint block = 0; block < N_BLOCKS; block++)
        play (&replay, block, block < 3 ? 240 : 10, again);
      replay_clear (&replay);
      texts[again] = result_fixture_get (&own, "decisions.csv");
      result_fixture_tear_down (&own, NULL);
    }
  g_assert_cmpstr (texts[0], ==, texts[1]);
  g_free (texts[0]);
  g_free (texts[1]);
}

static void
assert_need (guint n, gint64 repetitions, double seconds, const char *expected)
{
  g_autofree char *text = mig_run_need_text (n, repetitions, seconds);

  g_assert_cmpstr (text, ==, expected);
}

/* Why it is not known how many more something takes. */
static void
test_need_text (void)
{
  assert_need (3, 4, 60, "about 4 more repetitions, 60.0 s");
  assert_need (1, MIG_MISSING_INT, NAN, "too few repetitions to tell how many more it would take");
  assert_need (5, MIG_MISSING_INT, NAN, "more than 10000 more repetitions");
  assert_need (5, 99995, 1e6, "more than 10000 more repetitions");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/run-race/time-first", ResultFixture, NULL, result_fixture_set_up, test_time_first,
              result_fixture_tear_down);
  g_test_add ("/run-race/no-limit", ResultFixture, NULL, result_fixture_set_up, test_no_limit,
              result_fixture_tear_down);
  g_test_add ("/run-race/end", ResultFixture, NULL, result_fixture_set_up, test_end,
              result_fixture_tear_down);
  g_test_add ("/run-race/resumed", ResultFixture, NULL, result_fixture_set_up, test_resumed,
              result_fixture_tear_down);
  g_test_add_func ("/run-race/need-text", test_need_text);
  return g_test_run ();
}
