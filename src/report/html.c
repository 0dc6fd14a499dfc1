/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/clock.h"
#include "report/accuracy-parts.h"
#include "report/html-parts.h"
#include "report/number.h"
#include "report/text-parts.h"

/* study_line: when, by what, how much of it. */
static char *
study_line (const MigReport *report)
{
  g_autofree char *utc = mig_clock_format_utc (report->manifest.started_utc_ns);
  gint64 planned = 0;
  guint sound = 0;

  for (guint i = 0; i < report->summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = report->summary->cases->pdata[i];
      planned += study_case->planned;
      sound += study_case->n_sound;
    }
  return g_strdup_printf (
      "%s, migcost %s, seed %" G_GINT64_FORMAT ", %u cases, %u of %" G_GINT64_FORMAT
      " planned runs measured, %u runs not counted",
      utc, report->manifest.tool_version, report->manifest.seed, report->summary->cases->len, sound,
      planned, report->summary->runs->len - sound);
}

/* cheapest: of all cases, where the study does not compare orders of the same guests. */
static char *
cheapest (const MigSummary *summary)
{
  const MigCaseSummary *best = NULL, *worst = NULL;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      double mean = study_case->stats[MIG_METRIC_TOTAL_TIME].mean;
      if (isnan (mean))
        continue;
      if (!best || mean < best->stats[MIG_METRIC_TOTAL_TIME].mean)
        best = study_case;
      if (!worst || mean > worst->stats[MIG_METRIC_TOTAL_TIME].mean)
        worst = study_case;
    }
  if (!best)
    return g_strdup ("There is no sound run yet, so nothing can be said.");
  g_autofree char *low = mig_number_stat (&best->stats[MIG_METRIC_TOTAL_TIME], 1, best->n_sound);
  g_autofree char *high = mig_number_stat (&worst->stats[MIG_METRIC_TOTAL_TIME], 1, worst->n_sound);
  if (best == worst)
    return g_strdup_printf ("Case %s takes %s s in total (n=%u).", best->label, low, best->n_sound);
  return g_strdup_printf (
      "Case %s is the cheapest with %s s of total time (n=%u), case %s the dearest with %s s "
      "(n=%u). They move different guests or in different ways: that is a cost, not a choice "
      "between orders.",
      best->label, low, best->n_sound, worst->label, high, worst->n_sound);
}

static GPtrArray *
answers (const MigSummary *summary)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < summary->recommendations->len; i++)
    {
      const MigRecommendation *r = summary->recommendations->pdata[i];
      g_autofree char *order = mig_finding_order (r), *more = mig_finding_more (r);
      g_ptr_array_add (lines, g_strconcat (order, more ? " " : NULL, more, NULL));
    }
  if (lines->len == 0)
    g_ptr_array_add (lines, cheapest (summary));
  return lines;
}

GPtrArray *
mig_report_front (const MigReport *report)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) found = answers (report->summary);

  g_ptr_array_add (
      lines, g_strdup_printf ("%s: %s", report->manifest.study_name, report->manifest.study_title));
  g_ptr_array_add (lines, study_line (report));
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (lines, g_strdup (found->pdata[i]));
  for (guint i = 0; i < report->conclusions->len; i++)
    {
      const MigConclusion *conclusion = report->conclusions->pdata[i];
      g_ptr_array_add (lines,
                       g_strdup_printf ("Conclusion %u, %s: %s", conclusion->number,
                                        conclusion->claim, mig_verdict_text (conclusion->verdict)));
    }
  return lines;
}

static void
append_warnings (GString *out, const MigPage *page)
{
  const MigReport *report = page->report;
  const MigSummary *summary = report->summary;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (!report->complete)
    g_ptr_array_add (
        lines,
        g_strdup ("This result is not complete: the run is still going on or was interrupted "
                  "(migcost run --resume does the rest)."));
  if (summary->damaged->len > 0)
    g_ptr_array_add (
        lines, g_strdup_printf ("%u guests came out damaged: this pair of hypervisors cannot be "
                                "trusted with migrations.",
                                summary->damaged->len));
  guint bad = 0;
  for (guint i = 0; i < summary->runs->len; i++)
    bad += !((const MigRunSummary *) summary->runs->pdata[i])->sound;
  if (bad > 0)
    g_ptr_array_add (lines,
                     g_strdup_printf ("%u of %u runs are not counted; the reasons are below.", bad,
                                      summary->runs->len));
  if (summary->n_noisy > 0 || summary->link_is_slow)
    g_ptr_array_add (
        lines,
        g_strdup_printf ("%u runs were disturbed from outside%s; they count, and are listed below.",
                         summary->n_noisy,
                         summary->link_is_slow ? ", and the link is slower than configured" : ""));
  if (page->why_not)
    g_ptr_array_add (
        lines, g_strdup_printf ("%c%s.", g_ascii_toupper (*page->why_not), page->why_not + 1));
  if (lines->len == 0)
    return;
  g_string_append (out, "<div class=\"warn\">");
  mig_html_list (out, lines);
  g_string_append (out, "</div>\n");
}

/* append_conclusions: what the data says of the paper's, and of its figures. */
static void
append_conclusions (GString *out, const MigReport *report)
{
  g_autoptr (GString) untested = g_string_new (NULL);
  g_autofree char *facts = mig_paper_counts (report->summary);

  if (report->conclusions->len == 0 && !facts)
    return;
  g_string_append (out, "<ul>\n");
  for (guint i = 0; i < report->conclusions->len; i++)
    {
      const MigConclusion *conclusion = report->conclusions->pdata[i];
      if (conclusion->verdict == MIG_VERDICT_NOT_TESTED)
        {
          g_string_append_printf (untested, "%s%u", untested->len > 0 ? ", " : "",
                                  conclusion->number);
          continue;
        }
      g_string_append (out, "<li>");
      mig_html_verdict (out, conclusion->verdict);
      g_string_append_printf (out, " conclusion %u of the paper: ", conclusion->number);
      mig_html_text (out, conclusion->claim);
      g_string_append (out, "</li>\n");
    }
  if (facts)
    mig_html_element (out, "li", facts);
  if (untested->len > 0)
    g_string_append_printf (
        out, "<li>Not tested by this study: conclusions of the paper, number %s.</li>\n",
        untested->str);
  g_string_append (out, "</ul>\n");
}

static void
append_summary (GString *out, const MigPage *page)
{
  const MigReport *report = page->report;
  g_autoptr (GPtrArray) found = answers (report->summary);

  append_warnings (out, page);
  for (guint i = 0; i < found->len; i++)
    {
      g_string_append_printf (out, "<p class=\"answer\">%s",
                              report->summary->recommendations->len > 0 ? "<b>Which order?</b> "
                                                                        : "");
      mig_html_text (out, found->pdata[i]);
      g_string_append (out, "</p>\n");
    }
  append_conclusions (out, report);
  g_autoptr (MigTextTable) costs = mig_table_costs (report->summary);
  mig_html_table (out, costs);
  mig_html_element (out, "p class=\"meta\"",
                    "Mean ± half of its 95 % confidence interval (Student's t); n: repetitions "
                    "counted. Sums over the "
                    "migrations of a case; reported, events, guest: downtime as the hypervisor, "
                    "libvirt's events and "
                    "the guest itself see it.");
}

typedef struct {
  const char *id, *heading;
  void (*append) (GString *out, const MigPage *page);
  gboolean (*wanted) (const MigPage *page); /* NULL: always */
} Section;

static const Section sections[] = {
  { "summary", "In short", append_summary, NULL },
  { "predictions", MIG_ACCURACY_HEADING, mig_html_accuracy, mig_html_has_accuracy },
  { "figures", "Figures", mig_html_figures, NULL },
  { "conclusions", "The paper's conclusions on this data", mig_html_conclusions,
    mig_html_has_conclusions },
  { "timelines", "Time lines", mig_html_timelines, NULL },
  { "tables", "Tables", mig_html_tables, NULL },
  { "sure", "How sure, and what is missing", mig_html_sureness, NULL },
  { "environment", "Environment", mig_html_environment, NULL },
  { "metrics", "How each metric is measured", mig_html_metrics, NULL },
};

static gboolean
is_wanted (const Section *section, const MigPage *page)
{
  return !section->wanted || section->wanted (page);
}

static void
append_header (GString *out, const MigPage *page, const char *title)
{
  const MigReport *report = page->report;
  g_autofree char *line = study_line (report);

  mig_html_head (out, title);
  g_string_append (out, "<header>\n");
  mig_html_element (out, "p class=\"meta\"", "What live migration costs");
  mig_html_element (out, "h1", title);
  mig_html_element (out, "p class=\"meta\"", line);
  g_string_append (out, "<nav>");
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    if (is_wanted (&sections[i], page))
      g_string_append_printf (out, "<a href=\"#%s\">%s</a>\n", sections[i].id, sections[i].heading);
  g_string_append (out, "</nav>\n</header>\n<main>\n");
}

char *
mig_report_html (const MigReport *report, const GPtrArray *figures, const char *why_not)
{
  const MigPage page = { report, figures, why_not };
  GString *out = g_string_new (NULL);
  g_autofree char *title = g_strdup_printf ("%s: %s", report->manifest.study_name,
                                            report->manifest.study_title);

  append_header (out, &page, title);
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      if (!is_wanted (&sections[i], &page))
        continue;
      mig_html_section (out, sections[i].id, sections[i].heading);
      sections[i].append (out, &page);
      g_string_append (out, "</section>\n");
    }
  g_string_append (out, "</main>\n</body>\n</html>\n");
  return g_string_free (out, FALSE);
}
