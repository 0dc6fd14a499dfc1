/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/run-job.h"
#include "tests/unit/result-fixture.h"

/* What a run is to do, and what one that has ended is given more of: its schedule, in memory and in
 * its directory. */

static const GOptionEntry no_options[] = { { .long_name = NULL } };

static MigRunRequest
request_of (const char *output, const char *resume, int repeat)
{
  return (MigRunRequest){ .output = (char *) output,
                          .resume = (char *) resume,
                          .repeat = repeat,
                          .only = (char *) (resume ? NULL : "c*"),
                          .seed = resume ? 0 : 7,
                          .entries = no_options };
}

static void
prepare (MigRunJob *job, const MigRunRequest *request)
{
  const char *top = g_getenv ("top_srcdir") ? g_getenv ("top_srcdir") : ".";
  g_autofree char *study = g_build_filename (top, "studies", "maintenance.xml", NULL);
  g_autoptr (GError) error = NULL;

  mig_run_job_prepare (job, request, request->resume ? NULL : study, &error);
  g_assert_no_error (error);
}

/* begun: a run of so many repetitions of each of three cases that has ended, in f->top/name. The
 * caller frees that path. */
static char *
begun (ResultFixture *f, const char *name, int repeat)
{
  char *path = g_build_filename (f->top, name, NULL);
  const MigRunRequest request = request_of (path, NULL, repeat);
  MigRunJob job = { 0 };

  prepare (&job, &request);
  g_assert_cmpuint (job.schedule->len, ==, 3 * repeat);
  g_assert_true (mig_result_writer_finish (job.writer, NULL));
  mig_run_job_clear (&job);
  return path;
}

static char *
schedule_in (const char *path)
{
  g_autofree char *name = g_build_filename (path, "schedule.csv", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (name, &text, NULL, NULL));
  return text;
}

static gboolean
is_complete (const char *path)
{
  g_autofree char *name = g_build_filename (path, "COMPLETE", NULL);

  return g_file_test (name, G_FILE_TEST_EXISTS);
}

/* Repetitions are added in the order that they would have had at once, and not before the run goes
 * on. */
static void
test_more_repetitions (ResultFixture *f, gconstpointer data)
{
  g_autofree char *path = begun (f, "two", 2), *whole = begun (f, "five", 5);
  g_autofree char *before = schedule_in (path), *expected = schedule_in (whole);
  const MigRunRequest request = request_of (NULL, path, 5);
  MigRunJob job = { 0 };
  g_autoptr (GError) error = NULL;

  prepare (&job, &request);
  g_assert_cmpuint (job.schedule->len, ==, 15);
  g_assert_cmpuint (g_array_index (job.schedule, MigScheduleItem, 14).position, ==, 15);
  g_assert_false (job.open_ended);
  g_autofree char *asked = schedule_in (path);
  g_assert_cmpstr (asked, ==, before);
  g_assert_true (is_complete (path));
  mig_run_job_continue (&job, &error);
  g_assert_no_error (error);
  g_autofree char *after = schedule_in (path);
  g_assert_cmpstr (after, ==, expected);
  g_assert_false (is_complete (path));
  mig_run_job_clear (&job);
}

/* They are kept where the run is interrupted, and resumed by that alone. */
static void
test_interrupted (ResultFixture *f, gconstpointer data)
{
  g_autofree char *path = begun (f, "two", 2);
  const MigRunRequest request = request_of (NULL, path, 4),
                      again = request_of (NULL, path, MIG_RUN_NOT_GIVEN);
  MigRunJob job = { 0 }, resumed = { 0 };
  g_autoptr (GError) error = NULL;

  prepare (&job, &request);
  mig_run_job_continue (&job, &error);
  g_assert_no_error (error);
  mig_run_job_clear (&job);
  g_autofree char *before = schedule_in (path);
  prepare (&resumed, &again);
  mig_run_job_continue (&resumed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (resumed.schedule->len, ==, 12);
  g_autofree char *after = schedule_in (path);
  g_assert_cmpstr (after, ==, before);
  mig_run_job_clear (&resumed);
}

/* A result of another version, with other columns, stays as it is. */
static void
test_other_columns (ResultFixture *f, gconstpointer data)
{
  g_autofree char *path = begun (f, "two", 2), *name = g_build_filename (path, "events.csv", NULL);
  const MigRunRequest request = request_of (NULL, path, 4),
                      plain = request_of (NULL, path, MIG_RUN_NOT_GIVEN);
  MigRunJob job = { 0 }, again = { 0 };
  g_autoptr (GError) error = NULL, refused = NULL;

  g_assert_true (g_file_set_contents (name, "run,detail\n1,x\n", -1, NULL));
  g_assert_false (mig_run_job_prepare (&job, &request, NULL, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_true (is_complete (path));
  mig_run_job_clear (&job);
  /* nor is it advised to give it more */
  g_assert_false (mig_run_job_prepare (&again, &plain, NULL, &refused));
  g_assert_nonnull (strstr (refused->message, "complete; this version of migcost cannot add to"));
  mig_run_job_clear (&again);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/run-job/more-repetitions", ResultFixture, NULL, result_fixture_set_up,
              test_more_repetitions, result_fixture_tear_down);
  g_test_add ("/run-job/interrupted", ResultFixture, NULL, result_fixture_set_up, test_interrupted,
              result_fixture_tear_down);
  g_test_add ("/run-job/other-columns", ResultFixture, NULL, result_fixture_set_up,
              test_other_columns, result_fixture_tear_down);
  return g_test_run ();
}
