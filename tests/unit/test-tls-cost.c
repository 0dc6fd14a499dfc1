/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/run-sections.h"

/* What TLS costs: differences that are computed by hand. */

static MigParameterRecord with_tls = { NULL, (char *) "tls", (char *) "yes", 0, (char *) "" };
static MigParameterRecord without = { NULL, (char *) "tls", (char *) "no", 0, (char *) "" };
static MigParameterRecord slow = { NULL, (char *) "link", (char *) "250 Mbit/s", 31250000,
                                   (char *) "bytes/s" };
static MigParameterRecord fast = { NULL, (char *) "link", (char *) "10 Gbit/s", 1250000000,
                                   (char *) "bytes/s" };

static void
add_values (MigCaseSummary *study_case, MigMetric metric, double first, double step)
{
  for (guint i = 0; i < 3; i++)
    mig_stat_add (&study_case->stats[metric], i + 1, i + 1, first + i * step);
  mig_stat_compute (&study_case->stats[metric]);
}

/* add_case: of three repetitions; source: share of the first, each other one 0.05 more. */
static void
add_case (MigSummary *summary, const char *label, MigParameterRecord *tls, MigParameterRecord *link,
          double seconds, double source)
{
  MigCaseSummary *study_case = mig_summary_add_case (summary, label);

  g_ptr_array_add (study_case->parameters, link);
  g_ptr_array_add (study_case->parameters, tls);
  study_case->n_sound = 3;
  add_values (study_case, MIG_METRIC_WALL_TIME, seconds, 0);
  add_values (study_case, MIG_METRIC_TOTAL_TIME, seconds, 0);
  add_values (study_case, MIG_METRIC_MANAGEMENT_SOURCE, source, 0.05);
  add_values (study_case, MIG_METRIC_MANAGEMENT_DESTINATION, 0.1, 0);
}

static char *
section_of (const MigSummary *summary)
{
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, g_strdup ("t"));

  mig_section_tls_cost (document->body, summary);
  return mig_document_render (document);
}

/* row_of: the words of the line with this text, a space between two. */
static char *
row_of (const char *section, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (section, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    if (strstr (lines[i], text))
      {
        g_autoptr (GRegex) spaces = g_regex_new (" +", 0, 0, NULL);
        return g_strstrip (g_regex_replace (spaces, lines[i], -1, 0, " ", 0, NULL));
      }
  return g_strdup ("");
}

/* Source: 2, 2.5, 3 s without, 6, 6.6, 7.2 s by TLS: 4.1 more, of 2 degrees of freedom
 * 4.30265 x 0.1 / sqrt (3) = 0.248 to either side; before: 4.30265 x 0.5 / sqrt (3) = 1.242, after
 * 1.491. Destination: 1 s and 1.2 s in all three. */
static void
test_pair (void)
{
  g_autoptr (MigSummary) summary = mig_summary_new ();

  add_case (summary, "m tls=no", &without, &fast, 10, 0.2);
  add_case (summary, "m tls=yes", &with_tls, &fast, 12, 0.5);
  g_autofree char *section = section_of (summary);
  g_autofree char *source = row_of (section, "the source, s");
  g_autofree char *destination = row_of (section, "the destination, s");
  g_autofree char *total = row_of (section, "total time, s");
  g_assert_cmpstr (source, ==,
                   "m tls=yes CPU on the source, s 2.50 ± 1.24 6.60 ± 1.49 4.10 3.85 to 4.35 3");
  g_assert_nonnull (strstr (destination, " 0.200 0.200 to 0.200 3"));
  g_assert_nonnull (strstr (total, " 2.00 2.00 to 2.00 3"));
}

/* What differs in more than TLS is no pair; where nothing is, there is no section. */
static void
test_none (void)
{
  g_autoptr (MigSummary) summary = mig_summary_new ();

  add_case (summary, "m link=10Gbit/s tls=no", &without, &fast, 10, 0.2);
  add_case (summary, "m link=250Mbit/s tls=yes", &with_tls, &slow, 12, 0.5);
  add_case (summary, "c link=250Mbit/s tls=no", &without, &slow, 12, 0.5);
  g_autofree char *section = section_of (summary);
  g_assert_null (strstr (section, "TLS"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tls-cost/pair", test_pair);
  g_test_add_func ("/tls-cost/none", test_none);
  return g_test_run ();
}
