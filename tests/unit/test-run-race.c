/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cli/run-end.h"
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

  *self = (Replay){ .request = { .repeat = MIG_RUN_NOT_GIVEN },
                    .skipped = g_hash_table_new (g_str_hash, g_str_equal) };
  self->recorded = mig_result_open (path, &error);
  g_assert_no_error (error);
  self->job.request = &self->request;
  self->job.open_ended = TRUE;
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

/* look: what is said of what is there, with so much of the time left. again: by a process that
 * resumes the run. */
static void
look (Replay *self, gint64 left_s, gboolean again)
{
  g_autoptr (GError) error = NULL;

  if (again)
    {
      self->request.resume = (char *) mig_result_writer_path (self->job.writer);
      mig_run_race_clear (&self->race);
      mig_run_race_init (&self->race, &self->job, self->skipped);
    }
  mig_run_race_extend (self->job.study->time_ns - left_s * MIG_NS_PER_S, &self->race, &error);
  g_assert_no_error (error);
}

/* play: the runs of a block, and what is said after it. */
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
  look (self, left_s, again);
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

/* Its time is over after the third block, and it is given more: it goes on as if it had had that
 * time at once, and what was decided is not decided again. */
static void
test_more_time (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  for (guint block = 0; block < 3; block++)
    play (&replay, block, block < 2 ? 240 : 1, FALSE);
  assert_labels (&replay, 4, "");
  g_assert_cmpuint (count (f, "12,end,*"), ==, 1);
  g_assert_cmpuint (count (f, "12,open,*"), >, 0);
  guint n_less = count (f, "*,less,*"), n_out = count (f, "*,out,*");
  g_assert_cmpuint (n_less, >=, 5);
  look (&replay, 240, TRUE);
  assert_labels (&replay, 4, "mc cm ");
  g_assert_cmpuint (count (f, "*,less,*"), ==, n_less);
  g_assert_cmpuint (count (f, "*,out,*"), ==, n_out);
  play (&replay, 3, 240, TRUE);
  g_assert_cmpuint (count (f, "14,alike,cm,mc,4,13349888,-336432701,363132478,*"), ==, 1);
  g_assert_cmpuint (count (f, "*,end,*"), ==, 1); /* the first one stays */
  replay_clear (&replay);
}

static void
set_until (Replay *self, const char *until)
{
  g_free (self->job.study->until);
  self->job.study->until = g_strdup (until);
}

/* A smaller share than before: cases that had dropped out are run again, which is said once, and
 * drop out again. */
static void
test_smaller_share (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  set_until (&replay, "50%");
  for (guint block = 0; block < 3; block++)
    play (&replay, block, 240, FALSE);
  assert_labels (&replay, 4, "");
  g_assert_cmpuint (count (f, "*,out,*"), ==, 4);
  g_assert_cmpuint (count (f, "12,end,*"), ==, 1);
  set_until (&replay, "5%");
  look (&replay, 240, TRUE);
  g_autofree char *fourth = labels (&replay, 4);
  g_assert_cmpuint (strlen (fourth), >, 0);
  guint n_in = count (f, "12,in,*");
  g_assert_cmpuint (n_in, ==, strlen (fourth) / strlen ("cm "));
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "12,in,*"), ==, n_in);
  set_until (&replay, "50%");
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "*,out,*"), ==, 4 + n_in);
  replay_clear (&replay);
}

/* By another rule, which is met by what earlier looks saw: n and the interval are those of now, so
 * the run is, too; a case is not out before it came in. */
static void
test_later_rule (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  set_until (&replay, NULL); /* its time alone */
  for (guint block = 0; block < N_BLOCKS; block++)
    play (&replay, block, 240, FALSE);
  g_assert_cmpuint (count (f, "*,out,*"), ==, 0);
  set_until (&replay, "50%");
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "*,out,*"), ==, 4);
  g_assert_cmpuint (count (f, "14,out,cm,,4,*"), ==, 1);
  g_assert_cmpuint (count (f, "14,out,cc,,3,*"), ==, 1);
  set_until (&replay, "0.1%");
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "14,in,*"), ==, 4);
  set_until (&replay, "50%");
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "14,out,*"), ==, 8);
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "*,out,*"), ==, 8);
  replay_clear (&replay);
}

/* Asked at once, cm is out after run 11 of the third block; after it came in, after the last. */
static void
test_out_after_in (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  set_until (&replay, "50%");
  for (guint block = 0; block < 3; block++)
    play (&replay, block, 240, FALSE);
  guint n_before = count (f, "12,out,*");
  g_assert_cmpuint (count (f, "*,out,*"), ==, 4);
  g_assert_cmpuint (n_before, <, 4);
  set_until (&replay, "0.1%");
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "12,in,*"), ==, 4);
  set_until (&replay, "50%");
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "12,out,*"), ==, n_before + 4);
  replay_clear (&replay);
}

static void
skip_all (Replay *self, GHashTable *skipped)
{
  for (guint i = 0; i < self->job.study->cases->len; i++)
    g_hash_table_insert (skipped, ((MigStudyCase *) self->job.study->cases->pdata[i])->label,
                         (gpointer) "why");
}

/* Cases that ran, and cannot run on the hosts as they are now, are given up: it is said why the run
 * ends. */
static void
test_skipped (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  for (guint block = 0; block < 3; block++)
    play (&replay, block, 240, FALSE);
  assert_labels (&replay, 4, "mc cm ");
  g_assert_cmpuint (count (f, "*,end,*"), ==, 0);
  skip_all (&replay, replay.skipped);
  look (&replay, 240, TRUE);
  assert_labels (&replay, 5, "");
  g_assert_cmpuint (count (f, "12,end,*the end: what is not decided cannot be measured here*"), ==,
                    1);
  replay_clear (&replay);
}

/* A case of which nothing can be decided any more is not called decided. */
static void
test_given_up (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  g_clear_pointer (&replay.job.study->claims, g_free);
  for (guint block = 0; block < 3; block++)
    play (&replay, block, 240, FALSE);
  g_hash_table_add (replay.skipped, (gpointer) "mc");
  look (&replay, 240, TRUE);
  g_assert_cmpuint (count (f, "12,out,cm,*what is not decided cannot be measured here*"), ==, 1);
  g_assert_cmpuint (count (f, "*,out,cc,*measured here*"), ==, 0);
  g_assert_cmpuint (count (f, "*,out,cc,*"), ==, 1);
  replay_clear (&replay);
}

static void
assert_continues_not (Replay *self, GHashTable *skipped, const char *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mig_run_race_continues (&self->job, skipped, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, why));
}

/* ... which is asked before a complete result is touched, as is whether its tables are of today. */
static void
test_continues_not (ResultFixture *f, gconstpointer data)
{
  Replay replay;
  g_autoptr (GHashTable) skipped = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  replay_init (&replay, f);
  for (guint block = 0; block < 3; block++)
    play (&replay, block, block < 2 ? 240 : 1, FALSE);
  replay.request.resume = (char *) mig_result_writer_path (replay.job.writer);
  replay.job.resume.repetitions = 3;
  g_assert_true (mig_run_race_continues (&replay.job, skipped, &error));
  g_assert_no_error (error);
  skip_all (&replay, skipped);
  assert_continues_not (&replay, skipped, "what is not decided cannot be measured here");
  result_fixture_put (f, "events.csv", "run,detail\n1,x\n");
  assert_continues_not (&replay, NULL, "events.csv:1: its columns differ");
  replay_clear (&replay);
}

/* What is kept of a run that goes on is on the disk before it is measured. */
static void
test_kept (ResultFixture *f, gconstpointer data)
{
  MigResultWriter *writer = result_fixture_writer (f);
  char *options[] = { (char *) "start=boot", NULL };
  MigStudy study = { .time_ns = 3600 * MIG_NS_PER_S };
  MigRunRequest request = { .resume = f->path,
                            .time = (char *) "1 h",
                            .repeat = MIG_RUN_NOT_GIVEN };
  g_autoptr (GError) error = NULL;

  g_assert_true (mig_result_writer_finish (writer, NULL));
  mig_result_writer_free (writer);
  writer = mig_result_writer_reopen (f->path, NULL);
  g_autoptr (GArray) schedule = g_array_new (FALSE, FALSE, sizeof (MigScheduleItem));
  const MigRunJob job = { .request = &request,
                          .options = options,
                          .study = &study,
                          .schedule = schedule,
                          .writer = writer,
                          .open_ended = TRUE };
  g_assert_true (mig_run_job_continue (&job, &error));
  g_assert_no_error (error);
  g_autofree char *environment = result_fixture_get (f, "environment.csv"); /* killed here */
  g_assert_nonnull (strstr (environment, "migcost,time limit,3600000000000,ns\n"));
  g_assert_nonnull (strstr (environment, "start=boot"));
  mig_result_writer_free (writer);
}

/* A complete result: whether anything would be measured with the time that it is given. */
static void
test_continues (ResultFixture *f, gconstpointer data)
{
  Replay replay;

  replay_init (&replay, f);
  for (guint block = 0; block < 3; block++)
    play (&replay, block, block < 2 ? 240 : 1, FALSE);
  replay.request.resume = (char *) mig_result_writer_path (replay.job.writer);
  replay.job.resume.repetitions = 3;
  for (guint i = 0; i < 3; i++)
    {
      static const struct {
        guint left_s, most;
        const char *why; /* NULL: it goes on */
      } given[] = { { 240, 100, NULL },
                    { 1, 100,
                      "deciding more would take longer than the 1.00 s left; give it more" },
                    { 240, 3, "3 repetitions, the most that were asked for" } };
      g_autoptr (GError) error = NULL;
      replay.job.resume.used_ns = 100 * MIG_NS_PER_S;
      replay.job.study->time_ns = (100 + given[i].left_s) * MIG_NS_PER_S;
      replay.job.study->repetitions = given[i].most;
      g_assert_true (mig_run_race_continues (&replay.job, NULL, &error) == !given[i].why);
      if (given[i].why)
        {
          g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, given[i].why));
        }
    }
  replay_clear (&replay);
}

/* What may end a run that is resumed. */
static void
test_end_taken (ResultFixture *f, gconstpointer data)
{
  static const struct {
    const char *was; /* until */
    gint64 limit_s;  /* 0: none */
    guint most;      /* 0: a fixed number */
    gboolean complete;
    const char *until, *time;
    int repeat;      /* 0: not given */
    const char *why; /* NULL: it is taken ... */
    const char *taken_until;
    gint64 taken_s;
    guint taken_most;
  } given[] = {
    /* 200 s and 3 repetitions of it are over */
    { "decided", 300, 9, TRUE, NULL, "20 min", 0, NULL, "decided", 1200, 9 },
    { "decided", 300, 9, FALSE, NULL, NULL, 0, NULL, "decided", 300, 9 },
    { "decided", 0, 9, FALSE, NULL, "300 s", 0, NULL, "decided", 300, 9 },
    { "decided", 300, 9, FALSE, "decided", NULL, 0, NULL, "decided", 300, 9 },
    { "5%", 300, 9, TRUE, "2%", NULL, 0, NULL, "2%", 300, 9 },
    { NULL, 300, 9, TRUE, "decided", "400 s", 0, NULL, "decided", 400, 9 },
    { "decided", 0, 3, TRUE, NULL, NULL, 12, NULL, "decided", 0, 12 },
    { "decided", 300, 3, TRUE, NULL, "400 s", 12, NULL, "decided", 400, 12 },
    { NULL, 0, 0, TRUE, NULL, NULL, 4, NULL, NULL, 0, 4 },
    { NULL, 0, 0, FALSE, NULL, NULL, 4, NULL, NULL, 0, 4 },
    { NULL, 0, 0, FALSE, NULL, NULL, 0, NULL, NULL, 0, 3 },
    { "decided", 300, 9, TRUE, "5%", "1 h", 0, "spends its 5 % of error on --until=decided" },
    { "5%", 300, 9, TRUE, "decided", "1 h", 0, "spends its 5 % of error on --until=5%" },
    { "decided", 300, 9, TRUE, NULL, "200 s", 0, "have taken 200 s; give more" },
    { "decided", 300, 9, TRUE, NULL, NULL, 0, "complete; a --time above 200 s may continue" },
    { "decided", 9, 9, TRUE, NULL, NULL, 0, "complete; a --time above 200 s may continue" },
    { "decided", 0, 9, TRUE, NULL, NULL, 0, "is complete" },
    { NULL, 0, 0, TRUE, NULL, "1 h", 0, "start a new one with --time and another --output" },
    { NULL, 0, 0, FALSE, "decided", NULL, 0, "start a new one with --until" },
    { NULL, 0, 0, TRUE, NULL, "1 h", 9, "start a new one with --time" },
    { NULL, 0, 0, TRUE, NULL, NULL, 0, "complete; a --repeat above 3 continues the run" },
    { NULL, 0, 0, TRUE, NULL, NULL, 3, "has 3 repetitions of each case; give more" },
    { NULL, 0, 0, FALSE, NULL, NULL, 3, NULL, NULL, 0, 3 },
    { NULL, 0, 0, FALSE, NULL, NULL, 2, "was to have 3 repetitions of each case; give that or" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GError) error = NULL;
      MigStudy study = { .repetitions = given[i].repeat ? (guint) given[i].repeat : 100,
                         .until = g_strdup (given[i].until) };
      MigRunRequest request = { .resume = (char *) "r",
                                .until = (char *) given[i].until,
                                .time = (char *) given[i].time,
                                .repeat = given[i].repeat ? given[i].repeat : MIG_RUN_NOT_GIVEN };
      MigRunJob job = { .request = &request,
                        .study = &study,
                        .resume = { .until = (char *) given[i].was,
                                    .time_ns = given[i].limit_s * MIG_NS_PER_S,
                                    .repetitions = 3,
                                    .most_repetitions = given[i].most,
                                    .complete = given[i].complete,
                                    .can_grow = TRUE,
                                    .used_ns = 200 * MIG_NS_PER_S } };
      if (given[i].time)
        g_assert_true (mig_units_parse_duration (given[i].time, &study.time_ns, NULL));
      g_assert_true (mig_run_end_take (&job, &error) == !given[i].why);
      if (given[i].why)
        g_assert_nonnull (strstr (error->message, given[i].why));
      else
        {
          g_assert_cmpstr (study.until, ==, given[i].taken_until);
          g_assert_cmpint (study.time_ns, ==, given[i].taken_s * MIG_NS_PER_S);
          g_assert_cmpuint (study.repetitions, ==, given[i].taken_most);
          g_assert_true (job.open_ended == (given[i].most > 0));
        }
      g_free (study.until);
    }
}

/* What is said of what will be run: as it will be, in the singular too. */
static void
test_end_text (void)
{
  static const struct {
    guint n, repetition, most; /* scheduled; of the last; of each case */
    gint64 limit_s;
    const char *until;
    gboolean open_ended, complete;
    const char *text;
  } given[] = {
    { 1, 1, 1, 0, NULL, FALSE, FALSE, "1 repetition to run" },
    { 8, 2, 2, 0, NULL, FALSE, FALSE, "8 repetitions to run" },
    { 4, 1, 1, 300, "decided", TRUE, FALSE, "4 repetitions to run" },
    { 4, 1, 6, 300, "decided", TRUE, FALSE,
      "4 repetitions, then more until what is asked is decided, at most 6 of each case, in at most "
      "300 s" },
    { 1, 1, MIG_STUDY_MAX_REPETITIONS, 300, NULL, TRUE, FALSE,
      "1 repetition, then more, in at most 300 s" },
    { 14, 4, MIG_STUDY_MAX_REPETITIONS, 0, "5%", TRUE, TRUE,
      "14 repetitions are done, then more until total times are known to 5%" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GArray) schedule = g_array_new (FALSE, TRUE, sizeof (MigScheduleItem));
      MigStudy study = { .repetitions = given[i].most,
                         .time_ns = given[i].limit_s * MIG_NS_PER_S,
                         .until = (char *) given[i].until };
      const MigRunJob job = { .study = &study,
                              .schedule = schedule,
                              .open_ended = given[i].open_ended,
                              .resume = { .complete = given[i].complete } };
      g_array_set_size (schedule, given[i].n);
      g_array_index (schedule, MigScheduleItem, given[i].n - 1).repetition = given[i].repetition;
      g_autofree char *text = mig_run_end_text (&job);
      g_assert_cmpstr (text, ==, given[i].text);
    }
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
  assert_need (3, 1, 37.4, "about 1 more repetition, 37.4 s");
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
  g_test_add ("/run-race/more-time", ResultFixture, NULL, result_fixture_set_up, test_more_time,
              result_fixture_tear_down);
  g_test_add ("/run-race/smaller-share", ResultFixture, NULL, result_fixture_set_up,
              test_smaller_share, result_fixture_tear_down);
  g_test_add ("/run-race/later-rule", ResultFixture, NULL, result_fixture_set_up, test_later_rule,
              result_fixture_tear_down);
  g_test_add ("/run-race/out-after-in", ResultFixture, NULL, result_fixture_set_up,
              test_out_after_in, result_fixture_tear_down);
  g_test_add ("/run-race/skipped", ResultFixture, NULL, result_fixture_set_up, test_skipped,
              result_fixture_tear_down);
  g_test_add ("/run-race/given-up", ResultFixture, NULL, result_fixture_set_up, test_given_up,
              result_fixture_tear_down);
  g_test_add ("/run-race/continues-not", ResultFixture, NULL, result_fixture_set_up,
              test_continues_not, result_fixture_tear_down);
  g_test_add ("/run-race/kept", ResultFixture, NULL, result_fixture_set_up, test_kept,
              result_fixture_tear_down);
  g_test_add ("/run-race/continues", ResultFixture, NULL, result_fixture_set_up, test_continues,
              result_fixture_tear_down);
  g_test_add ("/run-race/end-taken", ResultFixture, NULL, result_fixture_set_up, test_end_taken,
              result_fixture_tear_down);
  g_test_add_func ("/run-race/end-text", test_end_text);
  g_test_add_func ("/run-race/need-text", test_need_text);
  return g_test_run ();
}
