/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/accuracy.h"
#include "report/answer-text.h"
#include "report/order-map.h"
#include "report/decided-claims.h"
#include "report/more-time.h"
#include "report/overview.h"
#include "report/run.h"
#include "report/run-sections.h"
#include "summary/race.h"

/* The report on a result: which sections, in which order. */

static char *
title_of (const MigLoadedResult *result)
{
  g_autofree char *study = mig_manifest_study (&result->manifest);

  return g_strdup_printf ("%s: %s", study, result->manifest.study_title);
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

/* whole_text: all of it, for a terminal or as Markdown. */
static char *
whole_text (const MigLoadedResult *result, MigMedium medium)
{
  const MigSummary *summary = result->summary;
  g_autoptr (MigDocument) document = mig_document_new (medium, NULL, title_of (result));
  g_autofree char *study = study_line (result), *why = mig_overview_why_incomplete (result);
  MigBlock *head = document->head, *body = document->body;

  if (mig_block_is_terminal (head))
    mig_block_paragraph (head, MIG_ROLE_PLAIN, "%s", document->title);
  mig_block_paragraph (head, MIG_ROLE_META, "%s", study);
  if (why)
    mig_block_paragraph (head, MIG_ROLE_PLAIN, "%s", why);
  mig_more_time_paragraphs (head, result);
  mig_block_paragraph (head, MIG_ROLE_META,
                       "Mean ± half of its 95 %% confidence interval (Student's t).");
  mig_section_costs (body, summary);
  mig_section_clients (body, summary);
  mig_section_work (body, summary);
  mig_section_tls_cost (body, summary);
  mig_section_dirty_rates (body, result->dirty_rates);
  mig_section_full_size (body, result);
  add_accuracy (body, result, NULL);
  mig_section_answers (body, summary);
  mig_section_order_map (body, result, 0);
  mig_section_conclusions (body, result);
  mig_section_paper (body, result);
  add_sureness (body, result);
  mig_section_environment (body, result);
  return mig_document_render (document);
}

char *
mig_report_text (const MigLoadedResult *result)
{
  return whole_text (result, MIG_MEDIUM_TERMINAL);
}

char *
mig_report_markdown (const MigLoadedResult *result)
{
  return whole_text (result, MIG_MEDIUM_MARKDOWN);
}

/* --- the page --- */

static void
add_warnings (MigBlock *parent, const MigLoadedResult *result, const char *why_not)
{
  const MigSummary *summary = result->summary;
  MigBlock *warning = mig_block_add (parent, MIG_BLOCK_WARNING);
  g_autofree char *why = mig_overview_why_incomplete (result);
  guint bad = 0;

  if (why)
    mig_block_item (warning, "%s", why);
  if (summary->damaged->len > 0)
    mig_block_item (warning,
                    "%u guest%s came out damaged: this pair of hypervisors cannot be trusted with "
                    "migrations.",
                    summary->damaged->len, summary->damaged->len == 1 ? "" : "s");
  for (guint i = 0; i < summary->runs->len; i++)
    bad += !((const MigRunSummary *) summary->runs->pdata[i])->sound;
  if (summary->impossible->len > 0)
    mig_block_item (warning,
                    summary->impossible->len == 1
                        ? "%u value is impossible and not counted; it is listed below."
                        : "%u values are impossible and not counted; they are listed below.",
                    summary->impossible->len);
  if (bad > 0)
    mig_block_item (warning, "%u of %u runs are not counted; the reasons are below.", bad,
                    summary->runs->len);
  if (summary->n_noisy > 0 || summary->link_is_slow)
    mig_block_item (
        warning,
        summary->n_noisy == 1
            ? "%u run was disturbed from outside%s; it counts, and is listed below."
            : "%u runs were disturbed from outside%s; they count, and are listed below.",
        summary->n_noisy, summary->link_is_slow ? ", and the link is slower than configured" : "");
  if (why_not)
    mig_block_item (warning, "%c%s.", g_ascii_toupper (*why_not), why_not + 1);
}

/* add_short: the sentences of the first screen and the two figures that carry them. */
static void
add_short (MigBlock *body, const MigLoadedResult *result, const GPtrArray *figures,
           const char *why_not)
{
  const MigOverviewTable table = { 0 };
  const MigOverviewLimits all = MIG_OVERVIEW_ALL;
  MigBlock *section = mig_block_section (body, "summary", "In short");

  mig_order_map_brief (section, result, &all);
  mig_overview_answers (section, result, &all);
  if (!why_not)
    mig_section_leading_figures (section, result, figures);
  add_warnings (section, result, why_not);
  mig_overview_table (section, result, &all, &table);
  mig_clients_items (section, result->summary);
  mig_section_verdicts (section, result);
  mig_more_time_item (section, result);
}

/* add_numbers: the costs in full, and the orders with their intervals. */
static void
add_numbers (MigBlock *body, const MigLoadedResult *result)
{
  MigBlock *section = mig_block_section (body, "costs", "What the migrations cost");

  mig_section_answers (section, result->summary);
  mig_section_order_map (section, result, 0);
  mig_section_costs (section, result->summary);
  mig_section_clients (section, result->summary);
  mig_section_tls_cost (section, result->summary);
  mig_section_full_size (section, result);
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
  add_short (body, result, figures, why_not);
  add_numbers (body, result);
  add_accuracy (body, result, why_not ? NULL : figures);
  mig_section_figures (body, result, figures, why_not);
  mig_section_conclusions (body, result);
  mig_section_timelines (body, figures, why_not);
  MigBlock *tables = mig_block_section (body, "tables", "Tables");
  mig_section_work (tables, summary);
  mig_section_dirty_rates (tables, result->dirty_rates);
  mig_section_paper (tables, result);
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
  g_autoptr (GPtrArray) texts = mig_answer_texts (result->summary, result->answers);
  const GPtrArray *conclusions = result->conclusions;
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (lines, title_of (result));
  g_ptr_array_add (lines, study_line (result));
  for (guint i = 0; i < texts->len; i++)
    g_ptr_array_add (lines, g_strdup (texts->pdata[i]));
  for (guint i = 0; i < conclusions->len; i++)
    {
      const MigConclusion *conclusion = conclusions->pdata[i];
      if (conclusion->verdict == MIG_VERDICT_NOT_TESTED)
        continue;
      g_ptr_array_add (lines,
                       g_strdup_printf ("Conclusion %u, %s: %s", conclusion->number,
                                        conclusion->claim, mig_verdict_text (conclusion->verdict)));
    }
  return lines;
}

/* --- the first screen --- */

#define SCREEN_COLUMNS 80
#define MOST_SIGNS 3 /* ± in a row of a table: two columns each in ASCII */
#define SCREEN_LINES 24
/* what is left of each while something else can go */
#define FEWEST_ROWS 4
#define FIRST_ANSWERS 2
#define FEWEST_REMARKS 2
#define MOST_REMARKS 8
#define REMARK_CHARS 140 /* two lines, as words break */

static void
add_where (MigBlock *body, const MigLoadedResult *result, const MigScreen *screen)
{
  if (screen->page)
    mig_block_item (body, "Page: %s", screen->page);
  mig_block_item (body, "Result: %s (all of it: migcost report --full)", result->path);
}

static char *
render_screen (const MigLoadedResult *result, const MigScreen *screen,
               const MigOverviewLimits *limits)
{
  guint columns = SCREEN_COLUMNS - (screen->ascii ? MOST_SIGNS : 0);
  const MigOverviewTable table = { .width = columns, .bars = screen->bars, .ascii = screen->ascii };
  g_autoptr (MigDocument)
      document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, title_of (result));
  MigBlock *body = document->body;

  document->width = columns;
  mig_block_paragraph (body, MIG_ROLE_PLAIN, "%s", document->title);
  mig_order_map_brief (body, result, limits);
  mig_overview_answers (body, result, limits);
  if (result->order_map->len == 0)
    mig_overview_table (mig_block_add (body, MIG_BLOCK_APART), result, limits, &table);
  MigBlock *end = mig_block_add (body, MIG_BLOCK_APART);
  g_autofree char *full_size = mig_full_size_line (result);
  if (full_size)
    mig_block_item (end, "%s", full_size);
  g_autofree char *claims = limits->claims ? mig_decided_claims_text (result, TRUE) : NULL;
  if (claims)
    mig_block_item (end, "%s", claims);
  if (limits->more_time)
    mig_more_time_item (end, result);
  mig_clients_items (end, result->summary);
  mig_overview_state (end, result, limits);
  add_where (end, result, screen);
  return mig_document_render (document);
}

/* lines_of: that a line takes on the screen: a path may be longer. */
static guint
lines_of (const char *line)
{
  return MAX (1, (mig_text_width (line) + SCREEN_COLUMNS - 1) / SCREEN_COLUMNS);
}

static guint
count_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] && lines[i + 1]; i++)
    n += lines_of (lines[i]);
  return n;
}

/* reduce: by a little; FALSE: no more can be left out. Rows of the table go first, then answers but
 * the first ones, remarks, how to decide the claims (secondary) that are left, what signs mean, for
 * which that comes back: the question that a study asks may be the second one. */
static gboolean
reduce (MigOverviewLimits *limits, gboolean secondary)
{
  if (limits->rows > FEWEST_ROWS)
    limits->rows--;
  else if (limits->answers > FIRST_ANSWERS)
    limits->answers--;
  else if (limits->remark_chars == 0)
    limits->remark_chars = REMARK_CHARS;
  else if (limits->remarks > FEWEST_REMARKS)
    limits->remarks--;
  else if (limits->more_time && secondary)
    limits->more_time = FALSE;
  else if (limits->legend)
    {
      limits->legend = FALSE;
      limits->more_time = TRUE;
    }
  else if (limits->answers > 1)
    limits->answers--;
  else if (limits->rows > 1)
    limits->rows--;
  else
    return FALSE;
  return TRUE;
}

/* clip: a text that is still too long: without the lines in front of the last ones, which say where
 * all of it is. */
static char *
clip (const char *text, const MigLoadedResult *result, const MigScreen *screen)
{
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *out = g_string_new (NULL);

  document->width = SCREEN_COLUMNS;
  add_where (mig_block_add (document->body, MIG_BLOCK_APART), result, screen);
  g_autofree char *end = mig_document_render (document);
  guint room = SCREEN_LINES - MIN (SCREEN_LINES, count_lines (end) + 1);
  for (guint i = 0; lines[i] && lines_of (lines[i]) <= room; i++)
    {
      room -= lines_of (lines[i]);
      g_string_append_printf (out, "%s\n", lines[i]);
    }
  g_string_append_printf (out, "...\n%s", end);
  return g_string_free (out, FALSE);
}

/* add_claims: of a run of a fixed number of repetitions, whose question they are not: where that
 * leaves the rest as it is. */
static char *
add_claims (char *text, const MigLoadedResult *result, const MigScreen *screen,
            MigOverviewLimits limits)
{
  limits.claims = TRUE;
  char *more = render_screen (result, screen, &limits);
  gboolean fits = count_lines (more) <= SCREEN_LINES;

  g_free (fits ? text : more);
  return fits ? more : text;
}

static char *
fit_screen (const MigLoadedResult *result, const MigScreen *screen)
{
  MigOverviewLimits limits = {
    .rows = MIN (MAX (result->summary->cases->len, result->order_map->len), SCREEN_LINES),
    .answers = SCREEN_LINES,
    .remarks = MOST_REMARKS,
    .legend = TRUE,
    .more_time = TRUE,
    .claims = mig_race_until_decided (result->summary->race),
  };
  char *text = render_screen (result, screen, &limits);
  gboolean secondary = mig_more_time_is_of_claims (result);

  while (count_lines (text) > SCREEN_LINES && reduce (&limits, secondary))
    {
      g_free (text);
      text = render_screen (result, screen, &limits);
    }
  if (count_lines (text) <= SCREEN_LINES)
    return limits.claims ? text : add_claims (text, result, screen, limits);
  char *clipped = clip (text, result, screen);
  g_free (text);
  return clipped;
}

char *
mig_report_overview (const MigLoadedResult *result, const MigScreen *screen)
{
  g_autofree char *text = fit_screen (result, screen);

  if (!screen->ascii)
    return g_steal_pointer (&text);
  g_auto (GStrv) parts = g_strsplit (text, "±", -1);
  return g_strjoinv ("+-", parts);
}
