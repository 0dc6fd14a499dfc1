/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/error.h"
#include "results/manifest.h"
#include "tests/unit/studies.h"

/* Small-scale models. Expected values are worked out by hand. */

#define TITLE "title='A  test'>"
#define SCALED(scale) "scale='" scale "'>"

static MigStudy *
parse_scaled (const char *xml, gsize size, const char *path, const char *scale, GError **error)
{
  const MigStudyChanges changes = { .scale = scale };
  return mig_study_parse_changed (xml, size, path, &changes, error);
}

static void
test_parse (void)
{
  static const struct {
    const char *text;
    double scale;
  } good[] = { { "1/4", 0.25 }, { "0.25", 0.25 }, { "3/4", 0.75 }, { "1", 1 }, { "1/100", 0.01 } };
  static const char *const bad[] = { "",    "0",    "1/0", "1/101", "2",     "4/3", "-1/4",
                                     "nan", "1/ 4", "1/",  "/4",    "1/4/2", "25%", "1,5" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      double scale = 0;
      g_assert_true (mig_scale_parse (good[i].text, &scale, &error));
      g_assert_no_error (error);
      g_assert_cmpfloat (scale, ==, good[i].scale);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      double scale = 7;
      g_assert_false (mig_scale_parse (bad[i], &scale, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_cmpfloat (scale, ==, 7);
    }
}

static void
test_arithmetic (void)
{
  /* 70 + 442 / 4 = 180.5 */
  g_assert_cmpuint (mig_scale_memory (0.25, 512 * MIG_MIB), ==, 181 * MIG_MIB);
  g_assert_cmpuint (mig_scale_memory (0.5, 512 * MIG_MIB), ==, 291 * MIG_MIB);
  g_assert_cmpuint (mig_scale_memory (0.1, 170 * MIG_MIB), ==, 80 * MIG_MIB);
  g_assert_cmpuint (mig_scale_memory (0.25, 64 * MIG_MIB), ==, 64 * MIG_MIB);
  g_assert_cmpuint (mig_scale_memory (1, 512 * MIG_MIB + 1), ==, 512 * MIG_MIB + 1);
  g_assert_cmpfloat (mig_scale_full_memory (0.5, 291.0 * MIG_MIB), ==, 512.0 * MIG_MIB);
  g_assert_cmpfloat (mig_scale_full_memory (1, 291.0 * MIG_MIB), ==, 291.0 * MIG_MIB);
  g_assert_cmpuint (mig_scale_bytes (0.25, 0), ==, 0);
  g_assert_cmpuint (mig_scale_bytes (0.25, 4 * MIG_MIB), ==, MIG_MIB);
  g_assert_cmpuint (mig_scale_bytes (0.25, 460000000), ==, 28077 * MIG_PAGE_BYTES); /* 28076.2 */
  g_assert_cmpuint (mig_scale_bytes (0.01, MIG_PAGE_BYTES), ==, MIG_PAGE_BYTES);
  g_assert_cmpint (mig_scale_duration (0.25, 5 * MIG_NS_PER_S, 0), ==, 1250 * MIG_NS_PER_MS);
  g_assert_cmpint (mig_scale_duration (0.01, 5 * MIG_NS_PER_S, MIG_NS_PER_S), ==, MIG_NS_PER_S);
  g_assert_cmpint (mig_scale_duration (0.5, 10, 20), ==, 10); /* never longer than at full size */
}

/* Memory, working sets and what is observed; no rates, no bounds. */
static void
test_study (void)
{
  g_autoptr (MigStudy) full = study_parse_good (TITLE, SCALED ("1"));
  g_autoptr (MigStudy) study = study_parse_good (TITLE, SCALED (" 1/4 "));
  const MigStudyGuest *c1 = study->guests->pdata[0], *m1 = study->guests->pdata[2];

  g_assert_null (full->scale);
  g_assert_cmpfloat (full->scale_ratio, ==, 1);
  g_assert_cmpuint (((MigStudyGuest *) full->guests->pdata[2])->memory_bytes, ==, 256 * MIG_MIB);
  g_assert_cmpstr (study->scale, ==, "1/4");
  g_assert_cmpfloat (study->scale_ratio, ==, 0.25);
  g_assert_cmpuint (c1->memory_bytes, ==, 181 * MIG_MIB);
  g_assert_cmpuint (m1->memory_bytes, ==, 117 * MIG_MIB);                /* 70 + 186 / 4 */
  g_assert_cmpuint (m1->workload->wss_bytes, ==, 3907 * MIG_PAGE_BYTES); /* 16 MB */
  g_assert_cmpuint (m1->workload->rate_pages_per_s, ==, 100);
  g_assert_cmpint (study->baseline_ns, ==, 1250 * MIG_NS_PER_MS);
  g_assert_cmpint (study->window_ns, ==, 5 * MIG_NS_PER_S);
  g_assert_cmpint (study->settle_ns, ==, 10 * MIG_NS_PER_S);
  g_assert_cmpint (study->timeout_ns, ==, 600 * MIG_NS_PER_S);
  g_assert_cmpuint (study->link_bytes_per_s, ==, 125000000);
}

/* QEMU takes powers of two. */
static void
test_cache (void)
{
  g_autofree char *with = study_with ("<migration stop-rule='xen-4.6'/>",
                                      "<migration cache='128 MiB'/>");
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) full = mig_study_parse (with, strlen (with), "t.xml", &error);
  g_autoptr (MigStudy) scaled = parse_scaled (with, strlen (with), "t.xml", "1/3", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (full->cache_bytes, ==, 128 * MIG_MIB);
  g_assert_cmpuint (scaled->cache_bytes, ==, 32 * MIG_MIB); /* of 43 */
}

/* Swept values are those of full size. */
static void
test_sweep (void)
{
  g_autofree char *swept = study_with (
      "<migration stop-rule='xen-4.6'/>",
      "<sweep parameter='workload.m.wss' values='64 MB, 128 MB'/>");
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = parse_scaled (swept, strlen (swept), "t.xml", "1/4", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (study->variants->len, ==, 2);
  const MigStudy *variant = study->variants->pdata[1];
  const MigStudyWorkload *m = variant->workloads->pdata[1];
  g_assert_cmpfloat (variant->scale_ratio, ==, 0.25);
  g_assert_cmpuint (m->wss_bytes, ==, 7813 * MIG_PAGE_BYTES); /* 7812.5 */
  g_assert_cmpfloat (((MigStudyParameter *) variant->parameters->pdata[0])->number, ==, 128e6);
}

/* The text that a result keeps says the scale that was asked for, and reads as the same study. */
static void
test_kept (void)
{
  g_autofree char *xml = study_with (TITLE, SCALED ("1/2"));
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) asked = parse_scaled (xml, strlen (xml), "t.xml", "1/4", &error);
  g_assert_no_error (error);
  g_autoptr (MigStudy) kept = mig_study_parse (asked->xml, asked->xml_size, "kept.xml", &error);
  g_assert_no_error (error);
  g_autoptr (MigStudy) full = parse_scaled (asked->xml, asked->xml_size, "t.xml", "1", &error);
  g_assert_no_error (error);
  g_autoptr (MigStudy) given = mig_study_parse (xml, strlen (xml), "t.xml", &error);

  g_assert_cmpstr (given->xml, ==, xml);
  g_assert_cmpstr (kept->scale, ==, "1/4");
  for (guint i = 0; i < kept->guests->len; i++)
    g_assert_cmpuint (((MigStudyGuest *) kept->guests->pdata[i])->memory_bytes, ==,
                      ((MigStudyGuest *) asked->guests->pdata[i])->memory_bytes);
  g_assert_cmpint (kept->window_ns, ==, 5 * MIG_NS_PER_S);
  g_assert_cmpint (full->window_ns, ==, 20 * MIG_NS_PER_S);
}

static void
assert_refused (const char *from, const char *to, const char *message)
{
  g_autofree char *xml = study_with (from, to);
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_scaled (xml, strlen (xml), "t.xml", "1/4", &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refused (void)
{
  g_autofree char *none = study_with (TITLE, SCALED ("0.001"));

  study_assert_bad (none, strlen (none),
                    "t.xml:1: scale of study: '0.001' is not a scale; expected a share from 1/100 "
                    "to 1, such as '1/4' or '0.25'");
  assert_refused ("memory='256 MiB'", "memory='160 MiB'",
                  "t.xml:11: at scale 1/4 guest 'm1' has 93 MiB, too little to boot; expected at "
                  "least 96 MiB: use a larger scale, or give it more memory");
  assert_refused ("guest name='c2' workload='c'", "guest name='c2' existing='yes'",
                  "t.xml:10: scale='1/4' of study cannot be had: migcost does not change existing "
                  "guests, like 'c2'; expected guests that it starts, or no scale");
  assert_refused (
      STUDY_SEQUENCE, STUDY_PREDICTED (STUDY_START),
      "t.xml:13: scale='1/4' of study beside a prediction of case 'cm', which is one of "
      "full size; expected one of the two");
}

static void
test_manifest (void)
{
  MigManifest manifest = { 0 };

  g_assert_cmpfloat (mig_manifest_scale (&manifest), ==, 1);
  manifest.scale = (char *) "1/4";
  g_assert_cmpfloat (mig_manifest_scale (&manifest), ==, 0.25);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scale/parse", test_parse);
  g_test_add_func ("/scale/arithmetic", test_arithmetic);
  g_test_add_func ("/scale/study", test_study);
  g_test_add_func ("/scale/cache", test_cache);
  g_test_add_func ("/scale/sweep", test_sweep);
  g_test_add_func ("/scale/kept", test_kept);
  g_test_add_func ("/scale/refused", test_refused);
  g_test_add_func ("/scale/manifest", test_manifest);
  return g_test_run ();
}
