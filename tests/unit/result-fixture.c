/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "tests/unit/result-fixture.h"

const MigManifest result_fixture_manifest = {
  .study_name = (char *) "smoke",
  .study_title = (char *) "Smoke; with = and\nmore",
  .seed = 42,
  .started_utc_ns = 1700000000 * MIG_NS_PER_S,
  .started_clock_ns = 5 * MIG_NS_PER_S,
};

void
result_fixture_set_up (ResultFixture *f, gconstpointer data)
{
  f->top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  f->path = g_build_filename (f->top, "result", NULL);
}

void
result_fixture_tear_down (ResultFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  mig_files_remove_tree (f->top, &error);
  g_assert_no_error (error);
  g_free (f->top);
  g_free (f->path);
}

MigResultWriter *
result_fixture_writer (ResultFixture *f)
{
  g_autoptr (GError) error = NULL;
  MigResultWriter *writer = mig_result_writer_new (f->path, "<study/>\n", 9,
                                                   &result_fixture_manifest, &error);
  g_assert_no_error (error);
  return writer;
}

MigResult *
result_fixture_open (ResultFixture *f)
{
  g_autoptr (GError) error = NULL;
  MigResult *result = mig_result_open (f->path, &error);
  g_assert_no_error (error);
  return result;
}

void
result_fixture_put (ResultFixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->path, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

char *
result_fixture_get (ResultFixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->path, name, NULL);
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

void
result_fixture_append_event (MigResultWriter *writer, gint64 run, const char *detail)
{
  g_autoptr (GError) error = NULL;
  MigEventRecord event;

  mig_record_init (MIG_TABLE_EVENTS, &event);
  event.run = run;
  event.detail = (char *) detail;
  g_assert_true (mig_result_writer_append (writer, MIG_TABLE_EVENTS, &event, &error));
  g_assert_no_error (error);
}
