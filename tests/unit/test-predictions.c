/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "measure/predictions.h"

/* What a study predicts comes into the result directory as it stands. */

static const char xml[] =
    "<study name='t'><hosts><host name='a'/><host name='b'/></hosts>"
    "<workload name='c' type='cpu'/><workload name='m' type='memory' wss='64 MB'/>"
    "<guest name='c1' workload='c'/><guest name='m1' workload='m'/>"
    "<cases>"
    "<sequence>c1 m1<prediction order='plan, by name' model='by hand'>"
    "<case quantity='lost-work' value='-1.5 s' low='-2 s' high='1 s'/>"
    "<move guest='m1' quantity='start' value='10 ms'/></prediction></sequence>"
    "<sequence>m1 c1<prediction><case quantity='downtime' value='2 s'/></prediction></sequence>"
    "<sequence>c1</sequence>"
    "</cases></study>";

/* carried: the rows of a run of these cases. */
static GPtrArray *
carried (const char *only)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);
  const MigManifest manifest = { .study_name = (char *) "t", .study_title = (char *) "t" };
  g_autoptr (MigStudy) study = mig_study_parse (xml, sizeof xml - 1, "t.xml", &error);

  g_assert_no_error (error);
  MigResultWriter *writer = mig_result_writer_new (path, study->xml, study->xml_size, &manifest,
                                                   &error);
  g_assert_no_error (error);
  g_assert_true (mig_predictions_write (writer, study, only, &error));
  g_assert_true (mig_result_writer_finish (writer, &error));
  mig_result_writer_free (writer);
  g_autoptr (MigResult) result = mig_result_open (path, &error);
  g_assert_no_error (error);
  GPtrArray *rows = mig_result_load (result, MIG_TABLE_PREDICTIONS, &error);
  g_assert_no_error (error);
  g_assert_true (mig_files_remove_tree (top, &error));
  return rows;
}

static void
test_rows (void)
{
  g_autoptr (GPtrArray) rows = carried (NULL);

  g_assert_cmpuint (rows->len, ==, 3);
  const MigPredictionRecord *first = rows->pdata[0], *second = rows->pdata[1],
                            *third = rows->pdata[2];
  g_assert_cmpstr (first->case_label, ==, "cm");
  g_assert_cmpstr (first->order_name, ==, "plan, by name");
  g_assert_null (first->guest);
  g_assert_cmpstr (first->quantity, ==, "lost-work");
  g_assert_cmpint (first->value_ns, ==, -1500000000);
  g_assert_cmpint (first->low_ns, ==, -2000000000);
  g_assert_cmpint (first->high_ns, ==, 1000000000);
  g_assert_cmpstr (first->model, ==, "by hand");
  g_assert_cmpstr (second->guest, ==, "m1");
  g_assert_cmpint (second->value_ns, ==, 10000000);
  g_assert_true (MIG_IS_MISSING (second->low_ns) && MIG_IS_MISSING (second->high_ns));
  g_assert_cmpstr (third->case_label, ==, "mc");
  g_assert_null (third->order_name);
  g_assert_null (third->model);
}

/* Of the cases that are run only. */
static void
test_only (void)
{
  g_autoptr (GPtrArray) one = carried ("m*"), none = carried ("c");

  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/predictions/rows", test_rows);
  g_test_add_func ("/predictions/only", test_only);
  return g_test_run ();
}
