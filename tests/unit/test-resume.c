/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "results/result.h"
#include "measure/resume.h"
#include "results/facts.h"

/* What an interrupted result directory says to the run that goes on with it. */

typedef struct {
  char *top, *path;
  MigResultWriter *writer;
} Fixture;

static const MigManifest manifest = { .study_name = (char *) "s",
                                      .study_title = (char *) "t",
                                      .seed = 7 };

static void
set_up (Fixture *f, gconstpointer data)
{
  f->top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  f->path = g_build_filename (f->top, "result", NULL);
  f->writer = mig_result_writer_new (f->path, "<study/>\n", 9, &manifest, NULL);
  g_assert_nonnull (f->writer);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_true (mig_files_remove_tree (f->top, NULL));
  g_free (f->top);
  g_free (f->path);
}

static void
add_plan (Fixture *f, gint64 position, gint64 repetition)
{
  MigScheduleRecord record = { position, (char *) "a#b/cm rate=1", repetition };
  g_assert_true (mig_result_writer_append (f->writer, MIG_TABLE_SCHEDULE, &record, NULL));
}

static void
add_begun (Fixture *f, gint64 run, const char *detail)
{
  MigEventRecord record = {
    .run = run, .time_ns = 100 * run, .event = (char *) MIG_EVENT_BEGUN, .detail = (char *) detail
  };
  g_assert_true (mig_result_writer_append (f->writer, MIG_TABLE_EVENTS, &record, NULL));
}

static void
add_run (Fixture *f, gint64 run, gint64 repetition, const char *status)
{
  MigRunRecord record;
  mig_record_init (MIG_TABLE_RUNS, &record);
  record.run = run;
  record.case_label = (char *) "a#b/cm rate=1";
  record.repetition = repetition;
  record.status = (char *) status;
  g_assert_true (mig_result_writer_append (f->writer, MIG_TABLE_RUNS, &record, NULL));
}

static void
load (Fixture *f, MigResume *resume)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&f->writer, mig_result_writer_free);
  mig_resume_load (f->path, resume, &error);
  g_assert_no_error (error);
}

/* Killed in its third run: that one, and no other, is known by its name. */
static void
test_cut_off (Fixture *f, gconstpointer data)
{
  MigResume resume = { 0 };

  for (gint64 r = 1; r <= 3; r++)
    add_plan (f, r, r);
  for (gint64 r = 1; r <= 3; r++)
    {
      g_autofree char *key = mig_run_key ("a#b/cm rate=1", r);
      add_begun (f, r, key);
    }
  const MigEventRecord moved = { .run = 2,
                                 .time_ns = 250,
                                 .host = (char *) "a",
                                 .guest = (char *) "web",
                                 .event = (char *) MIG_EVENT_AUTOSTART,
                                 .detail = (char *) "b" };
  g_assert_true (mig_result_writer_append (f->writer, MIG_TABLE_EVENTS, &moved, NULL));
  add_begun (f, 9, "no number");
  add_begun (f, 9, "case#0");
  add_run (f, 1, 1, "ok");
  add_run (f, 2, 2, "failed");
  load (f, &resume);
  g_assert_cmpuint (resume.begun->len, ==, 1);
  const MigRunRecord *run = resume.begun->pdata[0];
  g_assert_cmpint (run->run, ==, 3);
  g_assert_cmpstr (run->case_label, ==, "a#b/cm rate=1");
  g_assert_cmpint (run->repetition, ==, 3);
  g_assert_cmpint (run->started_ns, ==, 300);
  g_assert_null (run->status);
  g_assert_cmpuint (g_hash_table_size (resume.done), ==, 1);
  g_assert_cmpuint (g_hash_table_size (resume.planned), ==, 3);
  g_assert_cmpuint (resume.repetitions, ==, 3);
  g_assert_true (g_hash_table_contains (resume.autostarts, "web"));
  g_assert_cmpuint (g_hash_table_size (resume.autostarts), ==, 1);
  mig_resume_clear (&resume);
}

/* Killed before the hosts were there: the options are known, the environment is still to be
 * written. */
static void
test_before_the_first (Fixture *f, gconstpointer data)
{
  MigResume resume = { 0 };

  add_plan (f, 1, 1);
  mig_fact_write (f->writer, MIG_FACT_HEARTBEAT_OPTION, NULL, "5000000", NULL);
  mig_fact_write (f->writer, MIG_FACT_SAMPLING_OPTION, NULL, "0", NULL);
  mig_fact_write (f->writer, MIG_FACT_OPTION, NULL, "host=a=qemu:///system", NULL);
  mig_fact_write (f->writer, MIG_FACT_OPTION, NULL, "start=boot", NULL);
  load (f, &resume);
  g_assert_false (resume.has_environment);
  g_assert_false (resume.complete);
  g_autofree char *options = g_strjoinv ("|", resume.options);
  g_assert_cmpstr (options, ==, "host=a=qemu:///system|start=boot");
  g_assert_cmpint (resume.heartbeat_ns, ==, 5000000);
  g_assert_cmpint (resume.sampling_ns, ==, 0);
  g_assert_cmpuint (resume.most_repetitions, ==, 0);
  g_assert_null (resume.until);
  g_assert_cmpuint (resume.begun->len, ==, 0);
  mig_resume_clear (&resume);
}

static void
test_environment (Fixture *f, gconstpointer data)
{
  MigResume resume = { 0 };

  mig_fact_write (f->writer, MIG_FACT_HEARTBEAT, NULL, "50000000", NULL);
  mig_fact_write (f->writer, MIG_FACT_IDENTITY, "web", "a-uuid", NULL);
  mig_fact_write (f->writer, MIG_FACT_MOST_REPETITIONS, NULL, "12", NULL);
  mig_fact_write (f->writer, MIG_FACT_UNTIL, NULL, "decided", NULL);
  mig_fact_write (f->writer, MIG_FACT_TIME_LIMIT, NULL, "300000000000", NULL);
  load (f, &resume);
  g_assert_true (resume.has_environment);
  g_assert_cmpstr (g_hash_table_lookup (resume.identities, "web"), ==, "a-uuid");
  g_assert_cmpuint (g_hash_table_size (resume.identities), ==, 1);
  g_assert_cmpint (resume.heartbeat_ns, ==, 50000000);
  g_assert_true (MIG_IS_MISSING (resume.sampling_ns));
  g_assert_cmpuint (resume.most_repetitions, ==, 12);
  g_assert_cmpstr (resume.until, ==, "decided");
  g_assert_cmpint (resume.time_ns, ==, 300 * MIG_NS_PER_S);
  g_assert_cmpint (resume.used_ns, ==, 0);
  mig_resume_clear (&resume);
}

/* A complete one, continued twice: the last end holds, and it knows that it was complete. */
static void
test_more_time (Fixture *f, gconstpointer data)
{
  MigResume resume = { 0 };

  mig_fact_write (f->writer, MIG_FACT_MOST_REPETITIONS, NULL, "12", NULL);
  mig_fact_write (f->writer, MIG_FACT_UNTIL, NULL, "5%", NULL);
  mig_fact_write (f->writer, MIG_FACT_TIME_LIMIT, NULL, "300000000000", NULL);
  mig_fact_write (f->writer, MIG_FACT_TIME_LIMIT, NULL, "1200000000000", NULL);
  mig_fact_write (f->writer, MIG_FACT_UNTIL, NULL, "2%", NULL);
  g_assert_true (mig_result_writer_finish (f->writer, NULL));
  load (f, &resume);
  g_assert_true (resume.complete);
  g_assert_cmpstr (resume.until, ==, "2%");
  g_assert_cmpint (resume.time_ns, ==, 1200 * MIG_NS_PER_S);
  mig_resume_clear (&resume);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resume/cut-off", Fixture, NULL, set_up, test_cut_off, tear_down);
  g_test_add ("/resume/before-the-first", Fixture, NULL, set_up, test_before_the_first, tear_down);
  g_test_add ("/resume/environment", Fixture, NULL, set_up, test_environment, tear_down);
  g_test_add ("/resume/more-time", Fixture, NULL, set_up, test_more_time, tear_down);
  return g_test_run ();
}
