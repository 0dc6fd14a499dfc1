/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "results/result.h"

typedef struct {
  char *top;
  char *path;
} Fixture;

static const MigManifest manifest = {
  .study_name = (char *) "smoke",
  .study_title = (char *) "Smoke; with = and\nmore",
  .seed = 42,
  .started_utc_ns = 1700000000 * MIG_NS_PER_S,
  .started_clock_ns = 5 * MIG_NS_PER_S,
};

static void
set_up (Fixture *f, gconstpointer data)
{
  f->top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  f->path = g_build_filename (f->top, "result", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  mig_files_remove_tree (f->top, &error);
  g_assert_no_error (error);
  g_free (f->top);
  g_free (f->path);
}

static MigResultWriter *
writer_new (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  MigResultWriter *writer = mig_result_writer_new (f->path, "<study/>\n", 9, &manifest, &error);
  g_assert_no_error (error);
  return writer;
}

static MigResult *
result_open (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  MigResult *result = mig_result_open (f->path, &error);
  g_assert_no_error (error);
  return result;
}

static void
put_file (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->path, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
get_file (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->path, name, NULL);
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* fill: a record whose members all differ, or (seed divisible by 5) some of which are missing. */
static void
fill (MigTable table, gpointer record, guint seed)
{
  static const char *const texts[] = {
    "plain",
    "with, comma",
    "with \"quotes\"",
    " spaces ",
    "=HYPERLINK(\"x\")",
    "+1",
    "-1.5e3",
    "-cmd|x",
    "@sum",
    "'quoted'",
    "''",
    "",
    "snow \xe2\x98\x83",
    "1,5",
    "tail,",
    "+",
    "-0x10",
    "ok",
  };
  const MigTableInfo *info = mig_table_info (table);

  mig_record_init (table, record);
  for (guint i = 0; i < info->n_columns; i++)
    {
      gpointer member = G_STRUCT_MEMBER_P (record, info->columns[i].offset);
      if (i > 0 && (seed + i) % 5 == 0)
        continue;
      if (info->columns[i].type == MIG_TYPE_INT)
        *(gint64 *) member = (seed + i) % 7 == 0 ? -(gint64) seed
                                                 : (G_GINT64_CONSTANT (1) << 62) - 1 - seed - i;
      else if (info->columns[i].type == MIG_TYPE_DOUBLE)
        *(double *) member = (seed + i) % 7 == 0 ? -0.1 * seed : 1e9 / (seed + i);
      else
        *(char **) member = g_strdup (texts[(seed + i) % G_N_ELEMENTS (texts)]);
    }
}

static void
assert_same (MigTable table, gconstpointer a, gconstpointer b)
{
  const MigTableInfo *info = mig_table_info (table);

  for (guint i = 0; i < info->n_columns; i++)
    {
      gsize offset = info->columns[i].offset;
      if (info->columns[i].type == MIG_TYPE_INT)
        g_assert_cmpint (*(const gint64 *) ((const char *) a + offset), ==,
                         *(const gint64 *) ((const char *) b + offset));
      else if (info->columns[i].type == MIG_TYPE_DOUBLE)
        {
          double x = *(const double *) ((const char *) a + offset),
                 y = *(const double *) ((const char *) b + offset);
          g_assert_true (x == y || (isnan (x) && isnan (y)));
        }
      else
        g_assert_cmpstr (*(char *const *) ((const char *) a + offset), ==,
                         *(char *const *) ((const char *) b + offset));
    }
}

#define ROWS 40

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);
  union {
    MigMigrationRecord largest;
    MigGuestRecord guest;
    MigRunRecord run;
  } room;

  g_assert_cmpint (mig_result_writer_last_run (writer), ==, 0);
  for (guint table = 0; table < MIG_N_TABLES; table++)
    for (guint row = 0; row < ROWS; row++)
      {
        g_assert_cmpuint (mig_table_info (table)->record_size, <=, sizeof room);
        fill (table, &room, row);
        g_assert_true (mig_result_writer_append (writer, table, &room, &error));
        mig_record_clear (table, &room);
      }
  g_assert_true (mig_result_writer_finish (writer, &error));
  g_clear_pointer (&writer, mig_result_writer_free);

  g_autoptr (MigResult) result = result_open (f);
  g_assert_true (mig_result_is_complete (result));
  for (guint table = 0; table < MIG_N_TABLES; table++)
    {
      g_autoptr (GPtrArray) rows = mig_result_load (result, table, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (rows->len, ==, ROWS);
      for (guint row = 0; row < ROWS; row++)
        {
          fill (table, &room, row);
          assert_same (table, &room, rows->pdata[row]);
          mig_record_clear (table, &room);
        }
    }
}

static void
test_manifest (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);
  struct stat st;

  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0700);
  g_clear_pointer (&writer, mig_result_writer_free);
  g_autoptr (MigResult) result = result_open (f);
  const MigManifest *read = mig_result_manifest (result);
  g_assert_cmpstr (read->study_name, ==, manifest.study_name);
  g_assert_cmpstr (read->study_title, ==, manifest.study_title);
  g_assert_cmpstr (read->tool_version, ==, PACKAGE_VERSION);
  g_assert_cmpint (read->seed, ==, 42);
  g_assert_cmpint (read->format, ==, 1);
  g_assert_cmpint (read->started_utc_ns, ==, manifest.started_utc_ns);
  g_assert_cmpint (read->started_clock_ns, ==, manifest.started_clock_ns);
  g_assert_false (mig_result_is_complete (result));
  g_clear_pointer (&result, mig_result_free);

  put_file (f, "MANIFEST", "[migcost]\nformat=2\ntool_version=9.9\n");
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_nonnull (error);
  put_file (
      f, "MANIFEST",
      "[migcost]\nformat=2\ntool_version=9.9\nseed=1\nstarted_utc_ns=1\nstarted_clock_ns=1\n");
  g_clear_error (&error);
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "use migcost 9.9"));
  put_file (f, "MANIFEST", "[migcost]\nformat=1\nseed=many\n");
  g_clear_error (&error);
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "seed"));
}

static void
test_not_a_result (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mig_result_open (f->top, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
}

static void
test_exists (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *link = g_build_filename (f->top, "link", NULL);
  struct stat st;

  g_assert_cmpint (g_mkdir (f->path, 0755), ==, 0);
  mig_result_writer_free (writer_new (f)); /* empty: taken, and closed to others */
  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0700);
  g_assert_null (mig_result_writer_new (f->path, "", 0, &manifest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_cmpint (symlink (f->top, link), ==, 0);
  g_assert_null (mig_result_writer_new (link, "", 0, &manifest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (mig_result_writer_new ("/proc/nothing/here", "", 0, &manifest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "/proc"));
}

static void
append_event (MigResultWriter *writer, gint64 run, const char *detail)
{
  g_autoptr (GError) error = NULL;
  MigEventRecord event;

  mig_record_init (MIG_TABLE_EVENTS, &event);
  event.run = run;
  event.detail = (char *) detail;
  g_assert_true (mig_result_writer_append (writer, MIG_TABLE_EVENTS, &event, &error));
  g_assert_no_error (error);
}

static void
test_texts (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);
  g_autofree char *huge = g_strnfill (1000 * 1000, '"');

  append_event (writer, 1, "two\nlines\r\n\x1b[31mred");
  append_event (writer, 2, "bad \xff utf-8");
  append_event (writer, 3, huge);
  append_event (writer, 4, "=1+1");
  g_assert_true (mig_result_writer_finish (writer, NULL));
  g_autofree char *csv = get_file (f, "events.csv");
  g_assert_nonnull (strstr (csv, "\"'=1+1\""));
  g_autoptr (MigResult) result = result_open (f);
  g_autoptr (GPtrArray) rows = mig_result_load (result, MIG_TABLE_EVENTS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpstr (((MigEventRecord *) rows->pdata[0])->detail, ==, "two lines   [31mred");
  g_assert_cmpstr (((MigEventRecord *) rows->pdata[1])->detail, ==, "bad \xef\xbf\xbd utf-8");
  g_assert_cmpuint (strlen (((MigEventRecord *) rows->pdata[2])->detail), ==, 16 * 1024);
  g_assert_cmpstr (((MigEventRecord *) rows->pdata[3])->detail, ==, "=1+1");
}

/* Rows as they come from others' hands. NULL: fine. */
static const struct {
  const char *csv;
  const char *message;
} strange[] = {
  { "", NULL },
  { "run,time_ns\n", NULL },
  { "\xef\xbb\xbfrun,detail\r\n1,x\r\n", NULL },
  { "detail,new_column,run\nx,y,1\n", NULL },
  { "run,detail\n1,\"two\nlines\"\n", NULL },
  { "run,detail\n1,x\n2,half", NULL },
  { "run,detail\n1,\"ha", NULL },
  { "time_ns,detail\n1,x\n", "events.csv:1: column 'run' is missing" },
  { "run;detail\n1;x\n", "events.csv:1: column 'run' is missing" },
  { "run,run\n1,1\n", "events.csv:1: duplicate column 'run'" },
  { "run,detail\n1,x\n2\n", "events.csv:3: 1 cells where" },
  { "run,detail\n1,x,y\n", "events.csv:2: more cells" },
  { "run,detail\n1,x\nabc,x\n", "events.csv:3: 'abc' in column 'run' is not an integer" },
  { "run,detail\n1.5,x\n", "events.csv:2: '1.5'" },
  { "run,detail\n-9223372036854775808,x\n", "is not an integer" },
  { "run,detail\n4611686018427387904,x\n", "is not an integer" },
  { "run,detail\n99999999999999999999,x\n", "is not an integer" },
  { "run,detail\n1,x\"y\n", "events.csv:2: not valid CSV" },
  { "run,detail\n1,\"open\n2,x\n3,x\n", "events.csv:5: a quoted cell never ends" },
  { "run,detail\n1,\xff\n", "events.csv:2: column 'detail' holds bytes that are not UTF-8" },
};

static void
test_strange (Fixture *f, gconstpointer data)
{
  mig_result_writer_free (writer_new (f));
  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      g_autoptr (GError) error = NULL;
      put_file (f, "events.csv", strange[i].csv);
      g_autoptr (MigResult) result = result_open (f);
      g_autoptr (GPtrArray) rows = mig_result_load (result, MIG_TABLE_EVENTS, &error);
      if (!strange[i].message)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (rows->len, <=, 1);
          continue;
        }
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, strange[i].message));
    }
}

static void
test_too_long (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *cell = g_strnfill (100 * 1000, 'x');
  g_autofree char *line = g_strnfill (3000 * 1000, 'x');
  g_autofree char *long_cell = g_strdup_printf ("run,detail\n1,%s\n", cell);
  g_autofree char *long_line = g_strdup_printf ("run,detail\n1,\"%s", line);

  mig_result_writer_free (writer_new (f));
  put_file (f, "events.csv", long_cell);
  g_autoptr (MigResult) result = result_open (f);
  g_assert_null (mig_result_load (result, MIG_TABLE_EVENTS, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "events.csv:2: cell longer than"));
  g_clear_error (&error);
  put_file (f, "events.csv", long_line);
  g_assert_null (mig_result_load (result, MIG_TABLE_EVENTS, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "events.csv:2: line longer than"));
}

/* Without COMPLETE a last line without its line break is half-written; with it, an editor's. */
static void
test_last_line (Fixture *f, gconstpointer data)
{
  g_autoptr (MigResultWriter) writer = writer_new (f);

  g_assert_true (mig_result_writer_finish (writer, NULL));
  put_file (f, "events.csv", "run,detail\n1,x\n2,last");
  g_autoptr (MigResult) result = result_open (f);
  g_autoptr (GPtrArray) rows = mig_result_load (result, MIG_TABLE_EVENTS, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((MigEventRecord *) rows->pdata[1])->detail, ==, "last");
}

static gboolean
stop_at_three (gconstpointer record, gpointer data, GError **error)
{
  guint *count = data;
  if (++*count < 3)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INTERRUPTED, "enough");
  return FALSE;
}

static void
test_callback_stops (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);
  guint count = 0;

  for (guint i = 1; i <= 10; i++)
    append_event (writer, i, "x");
  g_assert_true (mig_result_writer_commit (writer, NULL));
  g_autoptr (MigResult) result = result_open (f);
  g_assert_false (mig_result_foreach (result, MIG_TABLE_EVENTS, stop_at_three, &count, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INTERRUPTED);
  g_assert_cmpuint (count, ==, 3);
}

static void
test_resume (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);

  append_event (writer, 1, "x");
  append_event (writer, 7, "x");
  g_assert_null (mig_result_writer_resume (f->path, &error)); /* still being written */
  g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_clear_pointer (&writer, mig_result_writer_free);
  g_autofree char *before = get_file (f, "events.csv");
  g_autofree char *torn = g_strconcat (before, "8,12345,\"ha", NULL);
  put_file (f, "events.csv", torn);
  put_file (f, "runs.csv", "run,case_la");

  writer = mig_result_writer_resume (f->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mig_result_writer_last_run (writer), ==, 7);
  append_event (writer, 8, "y");
  g_assert_true (mig_result_writer_finish (writer, &error));
  g_clear_pointer (&writer, mig_result_writer_free);
  g_autofree char *after = get_file (f, "events.csv");
  g_autofree char *expected = g_strconcat (before, "8,,,,,y\n", NULL);
  g_assert_cmpstr (after, ==, expected);
  g_autofree char *runs = get_file (f, "runs.csv");
  g_assert_true (g_str_has_prefix (runs, "run,case_label,repetition,status,"));

  g_assert_null (mig_result_writer_resume (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
}

static void
test_resume_other_columns (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mig_result_writer_free (writer_new (f));
  put_file (f, "events.csv", "run,detail\n1,x\n");
  g_assert_null (mig_result_writer_resume (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "events.csv:1: its columns differ"));
}

static void
test_files (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);

  g_assert_true (mig_result_writer_save (writer, "domains/1-c1.xml", "<a/>", 4, &error));
  g_assert_true (mig_result_writer_save (writer, "domains/1-c1.xml", "<b/>", 4, &error));
  g_assert_true (mig_result_writer_append_file (writer, "console/1.log", "12345", 5, 8, &error));
  g_assert_true (mig_result_writer_append_file (writer, "console/1.log", "67890", 5, 8, &error));
  g_assert_true (mig_result_writer_commit (writer, &error));
  g_assert_true (mig_result_writer_append_file (writer, "console/1.log", "x", 1, 8, &error));
  g_assert_true (mig_result_writer_append_file (writer, "run.log", "all\n", 4, 0, &error));
  g_assert_no_error (error);
  g_autofree char *domain = get_file (f, "domains/1-c1.xml");
  g_autofree char *console = get_file (f, "console/1.log");
  g_assert_cmpstr (domain, ==, "<b/>");
  g_assert_cmpstr (console, ==, "12345678");
}

static void
test_links (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = { "../x", "/etc/x", "a//b",   "",
                                     ".",    "a/..",   "link/x", "linked.log" };
  g_autofree char *link = g_build_filename (f->path, "link", NULL);
  g_autofree char *linked = g_build_filename (f->path, "linked.log", NULL);
  g_autofree char *target = g_build_filename (f->top, "target", NULL);

  mig_result_writer_free (writer_new (f));
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
fill_disk (Fixture *f)
{
  const struct rlimit limit = { 100 * 1000, 100 * 1000 };
  const MigEventRecord event = { .run = 1, .detail = (char *) "0123456789" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);
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
  g_autoptr (MigResult) result = result_open (f);
  g_assert_false (mig_result_is_complete (result));
  g_autoptr (GPtrArray) read = mig_result_load (result, MIG_TABLE_EVENTS, NULL);
  g_assert_cmpuint (read->len, >, 1000);
  g_assert_cmpuint (read->len, <=, rows);
  writer = mig_result_writer_resume (f->path, NULL);
  g_assert_nonnull (writer);
}

static void
test_full_disk (Fixture *f, gconstpointer data)
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
test_threads (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = writer_new (f);
  GThread *threads[THREADS];

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("append", append_many, writer);
  for (guint i = 0; i < THREADS; i++)
    g_assert_true (g_thread_join (threads[i]) == writer);
  g_assert_true (mig_result_writer_finish (writer, NULL));
  g_autoptr (MigResult) result = result_open (f);
  g_autoptr (GPtrArray) rows = mig_result_load (result, MIG_TABLE_HEARTBEATS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, THREADS * ROWS_EACH);
}

#define TEST(name) g_test_add ("/results/" #name, Fixture, NULL, set_up, test_##name, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  TEST (round_trip);
  TEST (manifest);
  TEST (not_a_result);
  TEST (exists);
  TEST (texts);
  TEST (strange);
  TEST (too_long);
  TEST (last_line);
  TEST (callback_stops);
  TEST (resume);
  TEST (resume_other_columns);
  TEST (files);
  TEST (links);
  TEST (full_disk);
  TEST (threads);
  return g_test_run ();
}
