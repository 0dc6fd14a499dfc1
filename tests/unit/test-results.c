/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "tests/unit/result-fixture.h"

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
test_round_trip (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);
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

  g_autoptr (MigResult) result = result_fixture_open (f);
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
test_not_a_result (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mig_result_open (f->top, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (mig_result_open (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
}

static void
test_texts (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);
  g_autofree char *huge = g_strnfill (1000 * 1000, '"');

  result_fixture_append_event (writer, 1, "two\nlines\r\n\x1b[31mred");
  result_fixture_append_event (writer, 2, "bad \xff utf-8");
  result_fixture_append_event (writer, 3, huge);
  result_fixture_append_event (writer, 4, "=1+1");
  g_assert_true (mig_result_writer_finish (writer, NULL));
  g_autofree char *csv = result_fixture_get (f, "events.csv");
  g_assert_nonnull (strstr (csv, "\"'=1+1\""));
  g_autoptr (MigResult) result = result_fixture_open (f);
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
  { "\n\n", "events.csv:3: lines without text, and no header" },
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
test_strange (ResultFixture *f, gconstpointer data)
{
  mig_result_writer_free (result_fixture_writer (f));
  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      g_autoptr (GError) error = NULL;
      result_fixture_put (f, "events.csv", strange[i].csv);
      g_autoptr (MigResult) result = result_fixture_open (f);
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
test_too_long (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *cell = g_strnfill (100 * 1000, 'x');
  g_autofree char *line = g_strnfill (3000 * 1000, 'x');
  g_autofree char *long_cell = g_strdup_printf ("run,detail\n1,%s\n", cell);
  g_autofree char *long_line = g_strdup_printf ("run,detail\n1,\"%s", line);

  mig_result_writer_free (result_fixture_writer (f));
  result_fixture_put (f, "events.csv", long_cell);
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_assert_null (mig_result_load (result, MIG_TABLE_EVENTS, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "events.csv:2: cell longer than"));
  g_clear_error (&error);
  result_fixture_put (f, "events.csv", long_line);
  g_assert_null (mig_result_load (result, MIG_TABLE_EVENTS, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "events.csv:2: line longer than"));
}

/* assert_damaged: it cannot be opened, for that reason. */
static void
assert_damaged (ResultFixture *f, const char *name, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_strdup_printf ("%s/%s: %s", f->path, name, reason);

  g_assert_null (mig_result_open (f->path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, message);
}

static void
remove_file (ResultFixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->path, name, NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
assert_readable (ResultFixture *f)
{
  g_autoptr (MigResult) result = result_fixture_open (f);

  for (guint table = 0; table < MIG_N_TABLES; table++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) rows = mig_result_load (result, table, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (rows->len, ==, 0);
    }
}

/* With COMPLETE each table has a first line and ends with a line break, and three are there.
 * Without it the first line may not be written yet, and the last one may be half-written. */
static void
test_damaged (ResultFixture *f, gconstpointer data)
{
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);

  g_assert_true (mig_result_writer_finish (writer, NULL));
  assert_readable (f);
  for (guint table = 0; table < MIG_N_TABLES; table++)
    {
      g_autofree char *name = g_strconcat (mig_table_info (table)->name, ".csv", NULL);
      g_autofree char *header = result_fixture_get (f, name);
      g_autofree char *cut = g_strdup_printf ("%s1", header);
      gboolean needed = table == MIG_TABLE_RUNS || table == MIG_TABLE_GUESTS ||
                        table == MIG_TABLE_MIGRATIONS;

      result_fixture_put (f, name, "");
      assert_damaged (f, name, "empty, without a header: damaged; copy it again");
      result_fixture_put (f, name, cut);
      assert_damaged (f, name,
                      "the last line has no line break: the file was cut off; copy it again");
      remove_file (f, "COMPLETE");
      assert_readable (f);
      result_fixture_put (f, name, "");
      assert_readable (f);
      remove_file (f, name);
      assert_readable (f);
      result_fixture_put (f, "COMPLETE", "");
      if (needed)
        assert_damaged (f, name,
                        "missing from a result that is marked complete: damaged; copy it again");
      else
        assert_readable (f);
      result_fixture_put (f, name, header);
    }
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
test_callback_stops (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResultWriter) writer = result_fixture_writer (f);
  guint count = 0;

  for (guint i = 1; i <= 10; i++)
    result_fixture_append_event (writer, i, "x");
  g_assert_true (mig_result_writer_commit (writer, NULL));
  g_autoptr (MigResult) result = result_fixture_open (f);
  g_assert_false (mig_result_foreach (result, MIG_TABLE_EVENTS, stop_at_three, &count, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INTERRUPTED);
  g_assert_cmpuint (count, ==, 3);
}

#define TEST(name)                                                                                 \
  g_test_add ("/results/" #name, ResultFixture, NULL, result_fixture_set_up, test_##name,          \
              result_fixture_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  TEST (round_trip);
  TEST (not_a_result);
  TEST (texts);
  TEST (strange);
  TEST (too_long);
  TEST (damaged);
  TEST (callback_stops);
  return g_test_run ();
}
