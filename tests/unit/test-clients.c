/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/figures.h"
#include "report/run-sections.h"
#include "tests/unit/run-tables.h"

#define MS MIG_NS_PER_MS

/* summary: of two runs whose guest stood still for 300 ms and did not answer so many packets, one
 * each 10 ms, and whose clients' requests waited for 400 ms and 420 ms; 0: nobody asked. */
static MigSummary *
summary_of (gint64 lost)
{
  static const MadeRun made = { 0 };
  RunTables t;

  run_tables_init (&t);
  for (gint64 run = 1; run <= 2; run++)
    run_tables_add_run (&t, run, &made);
  for (gint64 run = 1; run <= 2; run++)
    {
      MigMigrationRecord *m = t.migrations->pdata[run - 1];
      m->suspended_ns = m->start_ns + 1000 * MS;
      m->resumed_ns = m->start_ns + 1300 * MS;
    }
  g_autoptr (MigAnalysis) analysis = mig_analysis_new (t.schedule, t.runs, t.guests, t.migrations);
  for (gint64 run = 1; run <= 2 && lost; run++)
    {
      gint64 start_ns = ((const MigMigrationRecord *) t.migrations->pdata[run - 1])->start_ns;
      MigProbeRecord probe;
      mig_record_init (MIG_TABLE_PROBES, &probe);
      probe.run = run;
      probe.guest = (char *) "g";
      probe.probe = (char *) MIG_PROBE_OF_PACKETS;
      probe.covers_ns = 10 * MS;
      for (probe.sequence = 0; probe.sequence < 300 + lost; probe.sequence++)
        {
          gboolean answered = probe.sequence < 200 || probe.sequence >= 200 + lost;
          probe.due_ns = probe.sent_ns = start_ns + (probe.sequence - 100) * 10 * MS;
          probe.answered_ns = answered ? probe.sent_ns + MS : MIG_MISSING_INT;
          mig_analysis_add_probe (analysis, &probe);
        }
      probe.probe = (char *) MIG_PROBE_OF_CONNECTIONS;
      for (probe.connection = 1; probe.connection <= 2; probe.connection++)
        {
          probe.sequence = 0;
          probe.sent_ns = start_ns + 1000 * MS;
          probe.answered_ns = probe.sent_ns + (380 + run * 20) * MS;
          mig_analysis_add_probe (analysis, &probe);
        }
    }
  MigSummary *summary = mig_analysis_finish (analysis);
  run_tables_clear (&t);
  return summary;
}

static char *
text_of (const MigSummary *summary, void (*add) (MigBlock *parent, const MigSummary *summary))
{
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, g_strdup ("t"));

  add (document->body, summary);
  return mig_document_render (document);
}

static void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("no '%s' in: %s", part, text);
}

static void
test_measured (void)
{
  g_autoptr (MigSummary) summary = summary_of (32);
  g_autofree char *section = text_of (summary, mig_section_clients);
  g_autofree char *items = text_of (summary, mig_clients_items);

  assert_has (section, "What clients noticed, in seconds");
  assert_has (section, "0.330"); /* silence: 32 periods and the one that always is */
  assert_has (items, "Clients noticed (g): an outage of 0.320");
  assert_has (items, "requests waited up to 0.41");
  g_assert_null (strstr (section, "spanning tree"));
  g_assert_null (strstr (items, "spanning tree"));
}

/* Half a minute, of which the hypervisor knows nothing. */
static void
test_advice (void)
{
  g_autoptr (MigSummary) summary = summary_of (2890);
  g_autofree char *section = text_of (summary, mig_section_clients);
  g_autofree char *items = text_of (summary, mig_clients_items);

  assert_has (items, "an outage of 28.9");
  assert_has (section, "spanning tree, forward delay");
  assert_has (items, "spanning tree, forward delay");
}

/* What counts is how long the guest itself stood still, not those that have no clients. */
static void
test_other_guests (void)
{
  g_autoptr (MigSummary) summary = summary_of (2890);

  ((MigCaseSummary *) summary->cases->pdata[0])->stats[MIG_METRIC_DOWNTIME_EVENTS].mean = 40;
  g_autofree char *section = text_of (summary, mig_section_clients);
  assert_has (section, "spanning tree, forward delay");
  assert_has (section, "0.300");
  for (guint i = 0; i < summary->migrations->len; i++)
    ((MigMigrationSummary *) summary->migrations->pdata[i])->downtime_events_s = 27.5;
  g_autofree char *long_downtime = text_of (summary, mig_section_clients);
  g_assert_null (strstr (long_downtime, "spanning tree"));
  assert_has (long_downtime, "27.5");

  /* as if both were of one run */
  ((MigMigrationSummary *) summary->migrations->pdata[1])->run =
      ((const MigMigrationSummary *) summary->migrations->pdata[0])->run;
  g_autofree char *items = text_of (summary, mig_clients_items);
  g_autofree char *summed = text_of (summary, mig_section_clients);
  assert_has (items, "Clients noticed (g): outages of 28.9");
  assert_has (items, "s in all; TCP");
  assert_has (summed, "55.0");
}

/* A request that was not answered at the window's end; clients of a guest that stays. */
static void
test_open (void)
{
  g_autoptr (MigSummary) summary = summary_of (32);
  MigCaseSummary *study_case = summary->cases->pdata[0];

  for (guint run = 1; run <= 2; run++)
    mig_stat_add (&study_case->stats[MIG_METRIC_VMCO_SILENCE], run, run, 0.07);
  mig_stat_compute (&study_case->stats[MIG_METRIC_VMCO_SILENCE]);
  study_case->stats[MIG_METRIC_OPEN_REQUESTS].mean = 0.5;
  g_autofree char *section = text_of (summary, mig_section_clients);
  g_autofree char *items = text_of (summary, mig_clients_items);

  assert_has (items, "requests waited at least 0.41");
  assert_has (section, "Requests of g were still not answered");
  assert_has (section, "guests that stay");
  assert_has (section, "0.07");
}

/* Requests to a real server: the table, and that its longest is a lower bound where some were never
 * answered. */
static void
test_requests (void)
{
  g_autoptr (MigSummary) summary = summary_of (32);
  MigStat *stats = ((MigCaseSummary *) summary->cases->pdata[0])->stats;
  g_autofree char *before = text_of (summary, mig_section_clients);

  g_assert_null (strstr (before, "requests, ms"));
  for (guint unanswered = 0; unanswered <= 8; unanswered += 8)
    {
      for (guint run = 1; run <= 2 && unanswered == 0; run++)
        {
          mig_stat_add (&stats[MIG_METRIC_REQUEST_MAX_DURING], run, run, 26.8);
          mig_stat_add (&stats[MIG_METRIC_REQUESTS_UNANSWERED], run, run, 0);
        }
      mig_stat_compute (&stats[MIG_METRIC_REQUEST_MAX_DURING]);
      mig_stat_compute (&stats[MIG_METRIC_REQUESTS_UNANSWERED]);
      stats[MIG_METRIC_REQUESTS_UNANSWERED].mean = unanswered;
      g_autofree char *section = text_of (summary, mig_section_clients);
      assert_has (section, "requests, ms");
      assert_has (section, "26800");
      g_assert_true ((strstr (section, "server of g were never answered") != NULL) ==
                     (unanswered > 0));
    }
}

/* A downtime of 0.3 s: a client that sends as it begins sends again after 0.207 s, in vain, and
 * after 0.414 s. */
static void
test_figure (void)
{
  g_autoptr (MigSummary) summary = summary_of (32);
  g_autoptr (MigSummary) none = summary_of (0);
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func (mig_figure_free);
  MigLoadedResult report = { .summary = none };

  mig_figures_clients (&report, figures);
  g_assert_cmpuint (figures->len, ==, 0);
  report.summary = summary;
  mig_figures_clients (&report, figures);
  g_assert_cmpuint (figures->len, ==, 1);
  const MigFigure *figure = figures->pdata[0];
  g_assert_cmpstr (figure->id, ==, "tcp-stall");
  g_assert_cmpstr (figure->data->str, ==,
                   "0.3 0.4\n0.3 0.42\n\n\n"
                   "0.15 0.207\n0.207 0.207\n0.207 0.414\n0.414 0.414\n0.414 0.828\n"
                   "0.828 0.828\n0.828 1.656\n0.84 1.656\n\n\n");
  assert_has (figure->caption, "(n = 2)");
  g_assert_null (strstr (figure->caption, "At least"));
  ((MigMigrationSummary *) summary->migrations->pdata[1])->stall_at_least = TRUE;
  mig_figures_clients (&report, figures);
  figure = figures->pdata[1];
  g_assert_true (g_str_has_prefix (figure->data->str, "0.3 0.4\n\n\n0.3 0.42\n\n\n"));
  assert_has (figure->caption, "At least");
}

static void
test_nobody (void)
{
  g_autoptr (MigSummary) summary = summary_of (0);
  g_autofree char *section = text_of (summary, mig_section_clients);
  g_autofree char *items = text_of (summary, mig_clients_items);

  g_assert_null (strstr (section, "lients"));
  g_assert_null (strstr (items, "lients"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clients/measured", test_measured);
  g_test_add_func ("/clients/advice", test_advice);
  g_test_add_func ("/clients/other-guests", test_other_guests);
  g_test_add_func ("/clients/open", test_open);
  g_test_add_func ("/clients/requests", test_requests);
  g_test_add_func ("/clients/figure", test_figure);
  g_test_add_func ("/clients/nobody", test_nobody);
  return g_test_run ();
}
