/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "tests/unit/result-fixture.h"

static void
test_manifest (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);
  struct stat st;

  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0700);
  g_clear_pointer (&writer, mig_result_writer_free);
  g_autoptr (MigResult) result = result_fixture_open (f);
  const MigManifest *read = mig_result_manifest (result);
  g_assert_cmpstr (read->study_name, ==, result_fixture_manifest.study_name);
  g_assert_cmpstr (read->study_title, ==, result_fixture_manifest.study_title);
  g_assert_cmpstr (read->tool_version, ==, PACKAGE_VERSION);
  g_assert_cmpint (read->seed, ==, 42);
  g_assert_cmpint (read->format, ==, 1);
  g_assert_cmpint (read->started_utc_ns, ==, result_fixture_manifest.started_utc_ns);
  g_assert_cmpint (read->started_clock_ns, ==, result_fixture_manifest.started_clock_ns);
  g_assert_false (mig_result_is_complete (result));
  g_clear_pointer (&result, mig_result_free);

  result_fixture_put (f, "MANIFEST", "[migcost]\nformat=2\ntool_version=9.9\n");
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_nonnull (error);
  result_fixture_put (
      f, "MANIFEST",
      "[migcost]\nformat=2\ntool_version=9.9\nseed=1\nstarted_utc_ns=1\nstarted_clock_ns=1\n");
  g_clear_error (&error);
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "use migcost 9.9"));
  result_fixture_put (f, "MANIFEST", "[migcost]\nformat=1\nseed=many\n");
  g_clear_error (&error);
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "seed"));
}

static void
test_exists (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *link = g_build_filename (f->top, "link", NULL);
  struct stat st;

  g_assert_cmpint (g_mkdir (f->path, 0755), ==, 0);
  mig_result_writer_free (result_fixture_writer (f)); /* empty: taken, and closed to others */
  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0700);
  g_assert_null (mig_result_writer_new (f->path, "", 0, &result_fixture_manifest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_cmpint (symlink (f->top, link), ==, 0);
  g_assert_null (mig_result_writer_new (link, "", 0, &result_fixture_manifest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (
      mig_result_writer_new ("/proc/nothing/here", "", 0, &result_fixture_manifest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "/proc"));
}

static void
test_resume (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);

  result_fixture_append_event (writer, 1, "x");
  result_fixture_append_event (writer, 7, "x");
  g_assert_null (mig_result_writer_resume (f->path, &error)); /* still being written */
  g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_clear_pointer (&writer, mig_result_writer_free);
  g_autofree char *before = result_fixture_get (f, "events.csv");
  g_autofree char *torn = g_strconcat (before, "8,12345,\"ha", NULL);
  result_fixture_put (f, "events.csv", torn);
  result_fixture_put (f, "runs.csv", "run,case_la");

  writer = mig_result_writer_resume (f->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mig_result_writer_last_run (writer), ==, 7);
  result_fixture_append_event (writer, 8, "y");
  g_assert_true (mig_result_writer_finish (writer, &error));
  g_clear_pointer (&writer, mig_result_writer_free);
  g_autofree char *after = result_fixture_get (f, "events.csv");
  g_autofree char *expected = g_strconcat (before, "8,,,,,y\n", NULL);
  g_assert_cmpstr (after, ==, expected);
  g_autofree char *runs = result_fixture_get (f, "runs.csv");
  g_assert_true (g_str_has_prefix (runs, "run,case_label,repetition,status,"));

  g_assert_null (mig_result_writer_resume (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
}

static gboolean
is_complete (ResultFixture *f)
{
  g_autoptr (MigResult) result = result_fixture_open (f);
  return mig_result_is_complete (result);
}

/* A complete one stays complete until it is to grow, and is complete again at its end alone. */
static void
test_reopen (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MigResultWriter *writer = result_fixture_writer (f);

  result_fixture_append_event (writer, 1, "x");
  g_assert_true (mig_result_writer_finish (writer, &error));
  mig_result_writer_free (writer);
  g_autofree char *before = result_fixture_get (f, "events.csv");

  writer = mig_result_writer_reopen (f->path, &error);
  g_assert_no_error (error);
  g_assert_null (mig_result_writer_reopen (f->path, NULL)); /* locked */
  mig_result_writer_free (writer);
  g_assert_true (is_complete (f)); /* nothing was to be added */

  writer = mig_result_writer_reopen (f->path, &error);
  g_assert_true (mig_result_writer_continue (writer, &error));
  g_assert_no_error (error);
  g_assert_false (is_complete (f)); /* from the disk, before the first row */
  result_fixture_append_event (writer, 2, "y");
  mig_result_writer_free (writer); /* killed here */
  g_assert_false (is_complete (f));

  writer = mig_result_writer_reopen (f->path, &error); /* as resume does */
  g_assert_no_error (error);
  g_assert_cmpint (mig_result_writer_last_run (writer), ==, 2);
  g_assert_true (mig_result_writer_continue (writer, &error));
  g_assert_true (mig_result_writer_finish (writer, &error));
  mig_result_writer_free (writer);
  g_assert_true (is_complete (f));
  g_autofree char *after = result_fixture_get (f, "events.csv");
  g_autofree char *expected = g_strconcat (before, "2,,,,,y\n", NULL);
  g_assert_cmpstr (after, ==, expected);
}

static void
assert_cannot_grow (ResultFixture *f, const char *why)
{
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_autoptr (GError) error = NULL;

  g_assert_false (mig_result_can_grow (result, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, why));
}

/* Whether a complete one can be continued is known without touching it. */
static void
test_can_grow (ResultFixture *f, gconstpointer data)
{
  MigResultWriter *writer = result_fixture_writer (f);
  g_autofree char *table = g_build_filename (f->path, "events.csv", NULL);

  g_assert_true (mig_result_writer_finish (writer, NULL));
  mig_result_writer_free (writer);
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_assert_true (mig_result_can_grow (result, NULL));
  result_fixture_put (f, "events.csv", "run,detail\n1,x\n");
  assert_cannot_grow (f, "events.csv:1: its columns differ");
  result_fixture_put (f, "events.csv", "run\n");
  assert_cannot_grow (f, "events.csv:1: its columns differ");
  g_assert_cmpint (g_unlink (table), ==, 0);
  assert_cannot_grow (f, "events.csv is missing");
  g_assert_false (g_file_test (table, G_FILE_TEST_EXISTS));
}

static void
test_resume_other_columns (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mig_result_writer_free (result_fixture_writer (f));
  result_fixture_put (f, "events.csv", "run,detail\n1,x\n");
  g_assert_null (mig_result_writer_resume (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "events.csv:1: its columns differ"));
}

static void
test_files (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);

  g_assert_false (mig_result_writer_has (writer, "domains/1-c1.xml"));
  g_assert_true (mig_result_writer_save (writer, "domains/1-c1.xml", "<a/>", 4, &error));
  g_assert_true (mig_result_writer_has (writer, "domains/1-c1.xml"));
  g_assert_true (mig_result_writer_save (writer, "domains/1-c1.xml", "<b/>", 4, &error));
  g_assert_true (mig_result_writer_append_file (writer, "console/1.log", "12345", 5, 8, &error));
  g_assert_true (mig_result_writer_append_file (writer, "console/1.log", "67890", 5, 8, &error));
  g_assert_true (mig_result_writer_commit (writer, &error));
  g_assert_true (mig_result_writer_append_file (writer, "console/1.log", "x", 1, 8, &error));
  g_assert_true (mig_result_writer_append_file (writer, "run.log", "all\n", 4, 0, &error));
  g_assert_no_error (error);
  g_autofree char *domain = result_fixture_get (f, "domains/1-c1.xml");
  g_autofree char *console = result_fixture_get (f, "console/1.log");
  g_assert_cmpstr (domain, ==, "<b/>");
  g_assert_cmpstr (console, ==, "12345678");
}

static void
test_links (ResultFixture *f, gconstpointer data)
{
  static const char *const bad[] = { "../x", "/etc/x", "a//b",   "",
                                     ".",    "a/..",   "link/x", "linked.log" };
  g_autofree char *link = g_build_filename (f->path, "link", NULL);
  g_autofree char *linked = g_build_filename (f->path, "linked.log", NULL);
  g_autofree char *target = g_build_filename (f->top, "target", NULL);

  mig_result_writer_free (result_fixture_writer (f));
  g_assert_cmpint (symlink (f->top, link), ==, 0);
  g_assert_cmpint (symlink (target, linked), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MigResultWriter) writer = mig_result_writer_resume (f->path, NULL);
      g_assert_nonnull (writer);
      g_assert_false (mig_result_writer_append_file (writer, bad[i], "x", 1, 0, &error));
      g_assert_nonnull (error);
      /* the failure is kept */
      g_assert_false (mig_result_writer_commit (writer, NULL));
    }
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

/* fill_disk: in a child, for the limit on the size of files can't be taken back. */
static void
fill_disk (ResultFixture *f)
{
  const struct rlimit limit = { 100 * 1000, 100 * 1000 };
  const MigEventRecord event = { .run = 1, .detail = (char *) "0123456789" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);
  guint rows = 0;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  while (rows < 100000 && mig_result_writer_append (writer, MIG_TABLE_EVENTS, &event, &error))
    rows++;
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "result/events.csv': File too large"));
  g_assert_false (mig_result_writer_finish (writer, &again));
  g_assert_cmpstr (again->message, ==, error->message);
  g_clear_pointer (&writer, mig_result_writer_free);
  /* what is there can be read, and gone on with */
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_assert_false (mig_result_is_complete (result));
  g_autoptr (GPtrArray) read = mig_result_load (result, MIG_TABLE_EVENTS, NULL);
  g_assert_cmpuint (read->len, >, 1000);
  g_assert_cmpuint (read->len, <=, rows);
  writer = mig_result_writer_resume (f->path, NULL);
  g_assert_nonnull (writer);
}

static void
test_full_disk (ResultFixture *f, gconstpointer data)
{
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      fill_disk (f);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

#define THREADS 4
#define ROWS_EACH 5000

static gpointer
append_many (gpointer data)
{
  MigHeartbeatRecord beat = { .run = 1, .guest = (char *) "c1", .host = (char *) "source" };

  for (beat.sequence = 0; beat.sequence < ROWS_EACH; beat.sequence++)
    if (!mig_result_writer_append (data, MIG_TABLE_HEARTBEATS, &beat, NULL))
      return NULL;
  return data;
}

static void
test_threads (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);
  GThread *threads[THREADS];

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("append", append_many, writer);
  for (guint i = 0; i < THREADS; i++)
    g_assert_true (g_thread_join (threads[i]) == writer);
  g_assert_true (mig_result_writer_finish (writer, NULL));
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_autoptr (GPtrArray) rows = mig_result_load (result, MIG_TABLE_HEARTBEATS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, THREADS * ROWS_EACH);
}

#define TEST(name)                                                                                 \
  g_test_add ("/result-writer/" #name, ResultFixture, NULL, result_fixture_set_up, test_##name,    \
              result_fixture_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  TEST (manifest);
  TEST (exists);
  TEST (resume);
  TEST (reopen);
  TEST (can_grow);
  TEST (resume_other_columns);
  TEST (files);
  TEST (links);
  TEST (full_disk);
  TEST (threads);
  return g_test_run ();
}
