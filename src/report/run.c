/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "report/accuracy.h"
#include "report/run.h"
#include "report/run-sections.h"

/* The report on a result: which sections, in which order. */

/* why_incomplete: and what to do about it. */
static char *
why_incomplete (const MigLoadedResult *result)
{
  gboolean execution = g_str_equal (result->manifest.study_name, MIG_EXECUTION_NAME) &&
                       g_str_equal (result->manifest.study_title, MIG_EXECUTION_TITLE);

  return g_strdup_printf (
      "This result is not complete: %s or was interrupted (%s %s does the rest).",
      execution ? "the plan is still being executed" : "the run is still going on",
      execution ? "migcost plan --execute --yes --resume" : "migcost run --resume", result->path);
}

static char *
title_of (const MigLoadedResult *result)
{
  return g_strdup_printf ("%s: %s", result->manifest.study_name, result->manifest.study_title);
}

/* study_line: when, by what, how much of it. */
static char *
study_line (const MigLoadedResult *result)
{
  g_autofree char *utc = mig_clock_format_utc (result->manifest.started_utc_ns);
  const MigSummary *summary = result->summary;
  gint64 planned = 0;
  guint sound = 0;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      planned += study_case->planned;
      sound += study_case->n_sound;
    }
  return g_strdup_printf ("%s, migcost %s, seed %" G_GINT64_FORMAT
                          ", %u cases, %u of %" G_GINT64_FORMAT
                          " planned runs measured, %u runs not counted",
                          utc, result->manifest.tool_version, result->manifest.seed,
                          summary->cases->len, sound, planned, summary->runs->len - sound);
}

static void
add_sureness (MigBlock *parent, const MigLoadedResult *result)
{
  mig_section_quality (parent, result);
  mig_section_destinations (parent, result->summary);
  mig_section_noise (parent, result->summary);
  mig_section_outliers (parent, result->summary);
  mig_section_failures (parent, result->summary);
  mig_section_impossible (parent, result->summary);
  mig_section_missing (parent, result);
}

static void
add_accuracy (MigBlock *parent, const MigLoadedResult *result, const GPtrArray *figures)
{
  if (!result->accuracy)
    return;
  MigBlock *section = mig_block_section (parent, "predictions", MIG_ACCURACY_HEADING);
  mig_accuracy_summarise (section, result->accuracy);
  if (figures)
    mig_section_figures_of_plan (section, figures);
  mig_accuracy_tabulate (section, result->accuracy);
}

char *
mig_report_text (const MigLoadedResult *result)
{
  const MigSummary *summary = result->summary;
  g_autoptr (MigDocument)
      document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, title_of (result));
  g_autofree char *study = study_line (result);
  MigBlock *head = document->head, *body = document->body;

  mig_block_paragraph (head, MIG_ROLE_PLAIN, "%s", document->title);
  mig_block_paragraph (head, MIG_ROLE_META, "%s", study);
  if (!result->complete)
    {
      g_autofree char *why = why_incomplete (result);
      mig_block_paragraph (head, MIG_ROLE_PLAIN, "%s", why);
    }
  mig_block_paragraph (head, MIG_ROLE_META,
                       "Mean ± half of its 95 %% confidence interval (Student's t).");
  mig_section_costs (body, summary);
  mig_section_work (body, summary);
  add_accuracy (body, result, NULL);
  mig_section_answers (body, summary);
  mig_section_conclusions (body, result->conclusions);
  mig_section_paper (body, summary);
  add_sureness (body, result);
  mig_section_environment (body, result);
  return mig_document_render (document);
}

/* --- the page --- */

static void
add_warnings (MigBlock *parent, const MigLoadedResult *result, const char *why_not)
{
  const MigSummary *summary = result->summary;
  MigBlock *warning = mig_block_add (parent, MIG_BLOCK_WARNING);
  guint bad = 0;

  if (!result->complete)
    {
      g_autofree char *why = why_incomplete (result);
      mig_block_item (warning, "%s", why);
    }
  if (summary->damaged->len > 0)
    mig_block_item (warning,
                    "%u guests came out damaged: this pair of hypervisors cannot be trusted with "
                    "migrations.",
                    summary->damaged->len);
  for (guint i = 0; i < summary->runs->len; i++)
    bad += !((const MigRunSummary *) summary->runs->pdata[i])->sound;
  if (summary->impossible->len > 0)
    mig_block_item (warning, "%u values are impossible and not counted; they are listed below.",
                    summary->impossible->len);
  if (bad > 0)
    mig_block_item (warning, "%u of %u runs are not counted; the reasons are below.", bad,
                    summary->runs->len);
  if (summary->n_noisy > 0 || summary->link_is_slow)
    mig_block_item (
        warning, "%u runs were disturbed from outside%s; they count, and are listed below.",
        summary->n_noisy, summary->link_is_slow ? ", and the link is slower than configured" : "");
  if (why_not)
    mig_block_item (warning, "%c%s.", g_ascii_toupper (*why_not), why_not + 1);
}

static void
add_short (MigBlock *body, const MigLoadedResult *result, const char *why_not)
{
  MigBlock *section = mig_block_section (body, "summary", "In short");

  add_warnings (section, result, why_not);
  mig_section_answers (section, result->summary);
  mig_section_verdicts (section, result);
  mig_section_costs (section, result->summary);
}

char *
mig_report_html (const MigLoadedResult *result, const GPtrArray *figures, const char *why_not)
{
  const MigSummary *summary = result->summary;
  g_autoptr (MigDocument)
      document = mig_document_new (MIG_MEDIUM_PAGE, "What live migration costs", title_of (result));
  g_autofree char *study = study_line (result);
  MigBlock *body = document->body;

  document->links = TRUE;
  mig_block_paragraph (document->head, MIG_ROLE_META, "%s", study);
  add_short (body, result, why_not);
  add_accuracy (body, result, why_not ? NULL : figures);
  mig_section_figures (body, result, figures, why_not);
  mig_section_conclusions (body, result->conclusions);
  mig_section_timelines (body, figures, why_not);
  MigBlock *tables = mig_block_section (body, "tables", "Tables");
  mig_section_work (tables, summary);
  mig_section_paper (tables, summary);
  mig_section_migrations (tables, summary);
  add_sureness (mig_block_section (body, "sure", "Data quality and missing values"), result);
  mig_section_environment (body, result);
  mig_section_metrics (body);
  return mig_document_render (document);
}

/* --- the first page of figures in print --- */

GPtrArray *
mig_report_front (const MigLoadedResult *result)
{
  g_autoptr (MigDocument) answers = mig_document_new (MIG_MEDIUM_PAGE, NULL, title_of (result));
  const GPtrArray *conclusions = result->conclusions;
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  mig_section_answers (answers->body, result->summary);
  g_ptr_array_add (lines, g_strdup (answers->title));
  g_ptr_array_add (lines, study_line (result));
  for (guint i = 0; i < answers->body->children->len; i++)
    g_ptr_array_add (lines, mig_block_text (answers->body->children->pdata[i]));
  for (guint i = 0; i < conclusions->len; i++)
    {
      const MigConclusion *conclusion = conclusions->pdata[i];
      g_ptr_array_add (lines,
                       g_strdup_printf ("Conclusion %u, %s: %s", conclusion->number,
                                        conclusion->claim, mig_verdict_text (conclusion->verdict)));
    }
  return lines;
}
