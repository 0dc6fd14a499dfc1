/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "measure/predictions.h"
#include "plan/study-forecast.h"
#include "report/forecast-table.h"

/* What a model expects of a study's cases, and how it is told. */

#define HOSTS                                                                                      \
  "<hosts><host name='a' cpu='0' management-cpu='spare'/><host name='b' cpu='0'/></hosts>"         \
  "<workload name='c' type='cpu'/>"
#define MOVES "<guest name='c1' workload='c' memory='512 MiB'/>"
#define STAYS "<guest name='c2' workload='c' memory='512 MiB' host='b'/>"

static MigStudy *
parse (const char *guests, const char *migration)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = g_strconcat ("<study name='t'>" HOSTS, guests,
                                      "<cases><sequence>c1</sequence></cases>", migration,
                                      "</study>", NULL);
  MigStudy *study = mig_study_parse (xml, strlen (xml), "t.xml", &error);

  g_assert_no_error (error);
  return study;
}

static char *
recorded (void)
{
  const char *top = g_getenv ("top_srcdir") ? g_getenv ("top_srcdir") : ".";
  return g_build_filename (top, "tests/data/recorded-load-balancing", NULL);
}

/* total_time: of the study's only case, ns. */
static gint64
total_time (const MigStudy *study)
{
  const MigStudyPrediction *of = ((MigStudyCase *) study->cases->pdata[0])->prediction;

  for (guint i = 0; i < of->values->len; i++)
    {
      const MigStudyPredicted *value = &g_array_index (of->values, MigStudyPredicted, i);
      if (!value->guest && strcmp (value->quantity, "total-time") == 0)
        return value->value_ns;
    }
  g_assert_not_reached ();
}

static gint64
expected (const char *guests, const char *migration, const guint *lenders)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = parse (guests, migration);
  g_autofree char *directory = recorded ();

  g_assert_true (mig_study_forecast (study, directory, lenders, &error));
  g_assert_no_error (error);
  return total_time (study);
}

/* On the lab a spare CPU is the other host's, which uses it, too; a host of one's own has one. */
static void
test_lenders (void)
{
  static const guint other[] = { 1, 1 }, none[] = { 0, 1 };
  gint64 own = expected (MOVES STAYS, "", NULL);

  g_assert_cmpint (own, >, 0);
  g_assert_cmpint (expected (MOVES STAYS, "", none), ==, own);
  g_assert_cmpint (expected (MOVES STAYS, "", other), >, own);
}

/* copying: seconds that the copying of a disk of 1 GB adds; written: by the guest. */
static double
copying (gboolean written, const char *migration)
{
#define DISK " memory='512 MiB' disk='1000001536 B'/>"
  const char *guest = written ? "<workload name='d' type='io' wss='500000768 B' rate='1'/>"
                                "<guest name='c1' workload='d'" DISK
                              : "<guest name='c1' workload='c'" DISK;
  g_autofree char *all = g_strconcat ("<migration copy-storage='all' ", migration, "/>", NULL);
  g_autofree char *none = g_strconcat ("<migration ", migration, "/>", NULL);

  return (double) (expected (guest, all, NULL) - expected (guest, none, NULL)) / MIG_NS_PER_S;
}

/* A disk that is copied takes what the link lets what is written on it take, or as a whole what the
 * limit of bandwidth lets it take. */
static void
test_disks (void)
{
  double link = copying (TRUE, ""), limit = 1000001536. / (10 << 20);

  g_assert_cmpfloat (link, >, 4); /* 0.5 GB over 1 Gbit/s */
  g_assert_cmpfloat (link, <, 5);
  g_assert_cmpfloat (copying (FALSE, ""), ==, 0);
  g_assert_cmpfloat_with_epsilon (copying (TRUE, "bandwidth='10 MiB/s'"), limit, 0.01);
  g_assert_cmpfloat_with_epsilon (copying (FALSE, "bandwidth='10 MiB/s'"), limit, 0.01);
}

static void
test_existing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = parse ("<guest name='c1' existing='yes'/>", "");
  g_autofree char *directory = recorded ();

  g_assert_false (mig_study_forecast (study, directory, NULL, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "t.xml:1: guest 'c1' exists already: "));
}

/* --- how it is told --- */

static void
add (GArray *records, const char *label, const char *guest, const char *quantity, double value_s,
     double low_s, double high_s)
{
  const MigPredictionRecord record = {
    .case_label = (char *) label,
    .guest = (char *) guest,
    .quantity = (char *) quantity,
    .value_ns = (gint64) (value_s * MIG_NS_PER_S),
    .low_ns = low_s < 0 ? MIG_MISSING_INT : (gint64) (low_s * MIG_NS_PER_S),
    .high_ns = high_s < 0 ? MIG_MISSING_INT : (gint64) (high_s * MIG_NS_PER_S),
    .model = (char *) "a model",
  };

  g_array_append_val (records, record);
}

static void
test_table (void)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (MigPredictionRecord));

  g_assert_null (mig_report_forecast (records));
  add (records, "cm", NULL, "total-time", 9, -1, -1);
  add (records, "cm", "c1", "total-time", 4, -1, -1);
  add (records, "cm", NULL, "downtime", 0.5, -1, -1);
  add (records, "mc", NULL, "total-time", 12, -1, -1);
  g_autofree char *plain = mig_report_forecast (records);
  g_assert_true (
      g_regex_match_simple ("case +total time, s +downtime, s +lost work, s", plain, 0, 0));
  g_assert_true (g_regex_match_simple ("cm +9\\.00 +0\\.500? +-", plain, 0, 0));
  g_assert_true (g_regex_match_simple ("mc +12\\.0+ +- +-", plain, 0, 0));
  g_assert_nonnull (strstr (plain, "Predicted by: a model."));
  g_assert_null (strstr (plain, "brackets"));
  add (records, "mm", NULL, "total-time", 20, 18, 23);
  g_autofree char *brackets = mig_report_forecast (records);
  g_assert_nonnull (strstr (brackets, "20.00 (18.00 to 23.00)"));
  g_assert_nonnull (strstr (brackets, "In brackets: the 95 % prediction interval."));
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *label = g_strdup_printf ("m rate=%u", i);
      add (records, g_intern_string (label), NULL, "total-time", 1, -1, -1);
    }
  g_autofree char *many = mig_report_forecast (records);
  g_assert_nonnull (strstr (many, "... and 13 more cases: predictions.csv"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-forecast/lenders", test_lenders);
  g_test_add_func ("/study-forecast/disks", test_disks);
  g_test_add_func ("/study-forecast/existing", test_existing);
  g_test_add_func ("/study-forecast/table", test_table);
  return g_test_run ();
}
