/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/html-parts.h"
#include "report/number.h"
#include "report/text-parts.h"

/* Which of the paper's conclusions rest on which of its figures. */
static const struct {
  const char *figure;
  guint conclusions[4]; /* ended by 0 */
} grounds[] = {
  { "4", { 1 } }, { "5", { 1, 2, 4 } }, { "6", { 1, 2, 4 } }, { "7", { 3 } }, { "8", { 3 } },
};

static void
append_verdicts (GString *out, const GPtrArray *conclusions, const char *figure)
{
  for (guint i = 0; i < G_N_ELEMENTS (grounds); i++)
    {
      if (strcmp (grounds[i].figure, figure) != 0)
        continue;
      g_string_append (out, "<p class=\"meta\">");
      for (guint j = 0; grounds[i].conclusions[j]; j++)
        for (guint k = 0; k < conclusions->len; k++)
          {
            const MigConclusion *conclusion = conclusions->pdata[k];
            if (conclusion->number != grounds[i].conclusions[j])
              continue;
            g_string_append_printf (out, "%sConclusion %u: ", j ? " " : "", conclusion->number);
            mig_html_verdict (out, conclusion->verdict);
          }
      g_string_append (out, "</p>\n");
    }
}

void
mig_html_figure (GString *out, const MigFigure *figure, const MigReport *report, gboolean wide)
{
  g_string_append_printf (out, "<figure id=\"%s\">\n<h3>", figure->id);
  if (figure->paper)
    g_string_append_printf (out, "Figure %s of the paper: ", figure->paper);
  mig_html_text (out, figure->heading);
  g_string_append_printf (out, "</h3>\n<div class=\"scroll%s\">%s</div>\n", wide ? " wide" : "",
                          figure->svg);
  mig_html_element (out, "figcaption", figure->caption);
  if (figure->paper)
    {
      g_autoptr (MigTextTable) facts = mig_table_paper (report->summary, figure->paper);
      g_string_append (out, "<div class=\"facts\">\n");
      mig_html_table (out, facts);
      g_string_append (out, "</div>\n");
      append_verdicts (out, report->conclusions, figure->paper);
    }
  g_string_append (out, "</figure>\n");
}

void
mig_html_figures (GString *out, const MigPage *page)
{
  if (page->why_not)
    {
      mig_html_element (out, "p", page->why_not);
      return;
    }
  const char *experiment = NULL;
  g_string_append (out, "<div class=\"figures\">\n");
  for (guint i = 0; i < page->figures->len; i++)
    {
      const MigFigure *figure = page->figures->pdata[i];
      if (figure->run || figure->of_plan)
        continue;
      if (g_strcmp0 (figure->experiment, experiment) != 0)
        {
          experiment = figure->experiment;
          g_string_append (out, "</div>\n<h3 class=\"part\">Experiment ");
          mig_html_text (out, experiment);
          g_string_append (out, "</h3>\n<div class=\"figures\">\n");
        }
      mig_html_figure (out, figure, page->report, FALSE);
    }
  g_string_append (out, "</div>\n");
}

gboolean
mig_html_has_conclusions (const MigPage *page)
{
  return page->report->conclusions->len > 0;
}

void
mig_html_conclusions (GString *out, const MigPage *page)
{
  const GPtrArray *conclusions = page->report->conclusions;

  mig_html_element (out, "p",
                    "Cases are compared within repetitions, whose cases ran next to each other. "
                    "Inconclusive: more "
                    "repetitions are needed; it does not mean that there is no difference.");
  for (guint i = 0; i < conclusions->len; i++)
    {
      const MigConclusion *conclusion = conclusions->pdata[i];
      g_string_append_printf (out, "<h3>%u. ", conclusion->number);
      mig_html_text (out, conclusion->claim);
      g_string_append_c (out, ' ');
      mig_html_verdict (out, conclusion->verdict);
      g_string_append (out, "</h3>\n");
      if (conclusion->verdict == MIG_VERDICT_NOT_TESTED)
        continue;
      g_autofree char *how = g_strdup_printf (
          "Test: %s.%s%s%s", conclusion->test, conclusion->note ? " Found: " : "",
          conclusion->note ? conclusion->note : "", conclusion->note ? "." : "");
      mig_html_element (out, "p", how);
      g_autoptr (MigTextTable)
          table = conclusion->evidence->len > 0 ? mig_table_evidence (conclusion, FALSE) : NULL;
      mig_html_table (out, table);
    }
}

/* The first run of each case stands open; the others are a line to click on. */
void
mig_html_timelines (GString *out, const MigPage *page)
{
  const char *label = NULL;
  guint n = 0;

  for (guint i = 0; i < page->figures->len && !page->why_not; i++)
    {
      const MigFigure *figure = page->figures->pdata[i];
      if (!figure->run)
        continue;
      gboolean first = n++ == 0 || g_strcmp0 (label, figure->run->case_label) != 0;
      label = figure->run->case_label;
      g_string_append_printf (out, "<details%s>\n", first ? " open=\"\"" : "");
      mig_html_element (out, "summary", figure->heading);
      g_string_append_printf (out, "<figure id=\"%s\">\n<div class=\"scroll wide\">%s</div>\n",
                              figure->id, figure->svg);
      mig_html_element (out, "figcaption", figure->caption);
      g_string_append (out, "</figure>\n</details>\n");
    }
  if (n == 0)
    mig_html_element (
        out, "p",
        page->why_not
            ? page->why_not
            : "This result holds no heartbeats and no CPU samples of a run, so there are none.");
}

static void
append_seconds (MigTextTable *table, double value)
{
  mig_text_table_add_owned (table, mig_number (value, mig_number_decimals (value)));
}

static MigTextTable *
migrations_table (const MigSummary *summary)
{
  static const char *const headings[] = {
    "run",           "case",        "rep.",      "step",     "guest",     "way", "status",
    "total time, s", "reported, s", "events, s", "guest, s", "bounds, s", "MB",  "rounds",
  };
  MigTextTable *table = mig_text_table_new ("llrrlllrrrrrrr");

  for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
    mig_text_table_cell (table, headings[i]);
  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      guint digits = mig_number_decimals (m->downtime_guest_high_s);
      g_autofree char *low = mig_number (m->downtime_guest_low_s, digits);
      g_autofree char *high = mig_number (m->downtime_guest_high_s, digits);
      mig_text_table_add_owned (table, g_strdup_printf ("%" G_GINT64_FORMAT, m->run));
      mig_text_table_cell (table, m->case_label);
      mig_text_table_add_owned (table, g_strdup_printf ("%" G_GINT64_FORMAT, m->repetition));
      mig_text_table_add_owned (table, g_strdup_printf ("%" G_GINT64_FORMAT, m->step));
      mig_text_table_cell (table, m->guest);
      mig_text_table_add_owned (table, g_strdup_printf ("%s to %s", m->source ? m->source : "?",
                                                        m->destination ? m->destination : "?"));
      mig_text_table_add_owned (table, g_strdup_printf ("%s%s%s", m->status ? m->status : "?",
                                                        m->reason ? ": " : "",
                                                        m->reason ? m->reason : ""));
      append_seconds (table, m->total_s);
      append_seconds (table, m->downtime_reported_s);
      append_seconds (table, m->downtime_events_s);
      append_seconds (table, m->downtime_guest_s);
      mig_text_table_add_owned (table, g_strdup_printf ("%s to %s", low, high));
      mig_text_table_add_owned (table, MIG_IS_MISSING (m->sent_bytes)
                                           ? g_strdup ("-")
                                           : mig_number ((double) m->sent_bytes / 1e6, 1));
      mig_text_table_add_owned (table, MIG_IS_MISSING (m->rounds)
                                           ? g_strdup ("-")
                                           : g_strdup_printf ("%" G_GINT64_FORMAT, m->rounds));
    }
  return table;
}

void
mig_html_tables (GString *out, const MigPage *page)
{
  const MigSummary *summary = page->report->summary;
  g_autoptr (MigTextTable) work = mig_table_work (summary);
  g_autoptr (MigTextTable) paper = mig_table_paper (summary, NULL);
  g_autoptr (MigTextTable) migrations = migrations_table (summary);

  if (work)
    {
      g_autofree char *window = mig_text_window (summary);
      g_autofree char *text = g_strdup_printf (
          "Lost while migrations ran, in seconds of the guests' work (negative: more was done than "
          "before: a guest "
          "that has moved no longer shares its CPU); left: throughput of one guest of the class "
          "left behind, over the "
          "first %s of each window, from its baseline on (the shortest window of any run).",
          window);
      g_string_append (out, "<h3>The guests' work</h3>\n");
      mig_html_table (out, work);
      mig_html_element (out, "p class=\"meta\"", text);
    }
  if (paper)
    {
      g_string_append (out, "<h3>The paper's figures, and what of them holds here</h3>\n");
      mig_html_element (out, "p class=\"meta\"", mig_paper_explained ());
    }
  mig_html_table (out, paper);
  g_string_append (out, "<h3>Every migration</h3>\n<p class=\"meta\">reported, events, guest: "
                        "downtime; bounds: of what "
                        "the guest sees.</p>\n");
  mig_html_table (out, migrations);
}

void
mig_html_sureness (GString *out, const MigPage *page)
{
  g_autoptr (GPtrArray) lists = mig_text_lists (page->report);

  for (guint i = 0; i < lists->len; i++)
    {
      const MigTextList *list = lists->pdata[i];
      if (list->lines->len > 0)
        mig_html_element (out, "h3", list->heading);
      mig_html_list (out, list->lines);
    }
}

void
mig_html_environment (GString *out, const MigPage *page)
{
  g_autoptr (MigTextTable) table = mig_text_table_new ("lll");

  mig_text_table_cell (table, "of");
  mig_text_table_cell (table, "what");
  mig_text_table_cell (table, "value");
  for (guint i = 0; i < page->report->environment->len; i++)
    {
      const MigEnvironmentRecord *fact = page->report->environment->pdata[i];
      mig_text_table_cell (table, fact->scope);
      mig_text_table_cell (table, fact->name);
      mig_text_table_add_owned (table, mig_number_fact (fact->value, fact->unit));
    }
  mig_html_table (out, table);
}

void
mig_html_metrics (GString *out, const MigPage *page)
{
  static const char *const better[] = {
    [MIG_BETTER_LOWER] = "lower",
    [MIG_BETTER_HIGHER] = "higher",
    [MIG_BETTER_NEITHER] = "-",
  };
  g_autoptr (MigTextTable) table = mig_text_table_new ("llll");

  for (const char *const *heading =
           (const char *const[]){ "metric", "unit", "better", "how", NULL };
       *heading; heading++)
    mig_text_table_cell (table, *heading);
  for (guint i = 0; i < MIG_N_METRICS; i++)
    {
      const MigMetricInfo *info = mig_metric_info (i);
      mig_text_table_cell (table, info->name);
      mig_text_table_cell (table, info->unit);
      mig_text_table_cell (table, better[info->better]);
      mig_text_table_cell (table, info->meaning);
    }
  mig_html_table (out, table);
}
