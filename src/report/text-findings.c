/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/number.h"
#include "paper/tables.h"
#include "report/table.h"
#include "report/text-parts.h"

/* More comparisons than these are not all listed as text. */
#define MOST_ROWS 16

char *
mig_finding_order (const MigRecommendation *r)
{
  const char *slower = r->time.mean < 0 ? "less" : "longer";
  g_autofree char *best = mig_text_clean (r->best), *other = mig_text_clean (r->other);
  guint digits = mig_number_decimals (r->time.mean);
  g_autofree char *time = mig_number (fabs (r->time.mean), digits);
  g_autofree char *interval = mig_number_interval (&r->time, 1, digits);
  g_autofree char *share = mig_number (100 * r->time_share, 1);
  g_autofree char *downtime = mig_number (r->downtime.mean, 3);
  g_autofree char *downtime_interval = mig_number_interval (&r->downtime, 1, 3);
  return r->time.n < 2
             ? g_strdup_printf (
                   "%s before %s, by one repetition: %s takes %s s %s. Not sure at all: more "
                   "repetitions are needed.",
                   best, other, other, time, slower)
         : r->shown ? g_strdup_printf ("%s rather than %s: %s takes %s s %s in total (95 %% "
                                       "interval %s s; %s %%; n=%u). "
                                       "Its %s differs by %s s (%s s).",
                                       best, other, other, time, slower, interval, share, r->time.n,
                                       mig_metric_info (r->downtime_metric)->name, downtime,
                                       downtime_interval)
                    : g_strdup_printf (
                          "no difference between %s and %s shown: %s takes %s s %s in total (95 "
                          "%% interval %s s; "
                          "n=%u).",
                          best, other, other, time, slower, interval, r->time.n);
}

char *
mig_finding_more (const MigRecommendation *r)
{
  if (r->shown || r->time.n < 2 || MIG_IS_MISSING (r->more_repetitions))
    return NULL;
  return g_strdup_printf (
      "Repetitions more, to show 5 %% of difference in total time with a chance of 80 %%: "
      "%" G_GINT64_FORMAT ".",
      r->more_repetitions);
}

void
mig_text_recommendations (const MigSummary *summary, GString *out)
{
  if (summary->recommendations->len == 0)
    return;
  g_string_append (out, "\nWhich order of the same guests\n");
  for (guint i = 0; i < summary->recommendations->len; i++)
    {
      g_autofree char *text = mig_finding_order (summary->recommendations->pdata[i]);
      g_autofree char *more = mig_finding_more (summary->recommendations->pdata[i]);
      mig_text_wrap (out, 2, text);
      if (more)
        mig_text_wrap (out, 2, more);
    }
}

/* add_evidence: one comparison, as a row. */
static void
add_evidence (MigTextTable *table, const MigPairedTest *e)
{
  const MigMetricInfo *info = mig_metric_info (e->metric);
  MigShown shown = mig_number_shown (info, fmax (e->mean_a, e->mean_b));
  guint decimals = mig_number_decimals (fmax (fabs (e->mean_a), fabs (e->mean_b)) * shown.factor);

  mig_text_table_cell (table, e->a);
  mig_text_table_cell (table, e->b);
  mig_text_table_add_owned (table,
                            g_strdup_printf ("%s%s%s, %s", info->name, e->class_name ? " " : "",
                                             e->class_name ? e->class_name : "", shown.unit));
  mig_text_table_add_owned (table, mig_number (e->mean_a * shown.factor, decimals));
  mig_text_table_add_owned (table, mig_number (e->mean_b * shown.factor, decimals));
  mig_text_table_add_owned (table, mig_number (e->difference.mean * shown.factor, decimals));
  mig_text_table_add_owned (table, mig_number_interval (&e->difference, shown.factor, decimals));
  mig_text_table_cell (table, mig_verdict_text (e->verdict));
}

MigTextTable *
mig_table_evidence (const MigConclusion *conclusion, gboolean telling)
{
  MigTextTable *table = mig_text_table_new ("lllrrrrl");

  for (const char *const *heading = (const char *const[]){ "A", "B", "metric", "A", "B", "B less A",
                                                           "95 % interval", "verdict", NULL };
       *heading; heading++)
    mig_text_table_cell (table, *heading);
  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *e = conclusion->evidence->pdata[i];
      if (!telling || e->verdict != MIG_VERDICT_INCONCLUSIVE)
        add_evidence (table, e);
    }
  return table;
}

static guint
n_inconclusive (const MigConclusion *conclusion)
{
  guint n = 0;

  for (guint i = 0; i < conclusion->evidence->len; i++)
    n += ((MigPairedTest *) conclusion->evidence->pdata[i])->verdict == MIG_VERDICT_INCONCLUSIVE;
  return n;
}

/* append_evidence: of many comparisons those that tell something. */
static void
append_evidence (const MigConclusion *conclusion, GString *out)
{
  guint silent = conclusion->evidence->len > MOST_ROWS ? n_inconclusive (conclusion) : 0;

  if (silent < conclusion->evidence->len)
    {
      g_autoptr (MigTextTable) table = mig_table_evidence (conclusion, silent > 0);
      mig_text_table_append (table, 5, out);
    }
  if (silent == 0)
    return;
  g_autofree char *left_out = g_strdup_printf (
      "%u of %u comparisons are inconclusive and not listed: --format html "
      "and --format json have them.",
      silent, conclusion->evidence->len);
  mig_text_wrap (out, 5, left_out);
}

void
mig_text_conclusions (const GPtrArray *conclusions, GString *out)
{
  if (conclusions->len == 0)
    return;
  g_string_append (
      out, "\nThe paper's conclusions on this data (differences within the same repetition)\n");
  for (guint i = 0; i < conclusions->len; i++)
    {
      const MigConclusion *conclusion = conclusions->pdata[i];
      g_autofree char *line = g_strdup_printf ("%u. %s: %s", conclusion->number, conclusion->claim,
                                               mig_verdict_text (conclusion->verdict));
      mig_text_wrap (out, 2, line);
      if (conclusion->verdict == MIG_VERDICT_NOT_TESTED)
        continue;
      g_autofree char *test = g_strdup_printf ("Test: %s.", conclusion->test);
      mig_text_wrap (out, 5, test);
      if (conclusion->note)
        {
          g_autofree char *note = g_strdup_printf ("Found: %s.", conclusion->note);
          mig_text_wrap (out, 5, note);
        }
      if (conclusion->evidence->len > 0)
        append_evidence (conclusion, out);
    }
}

static char *
paper_interval (const MigPaperRow *row)
{
  const MigStat interval = { .ci_low = row->low, .ci_high = row->high };
  return isnan (row->here) ? g_strdup ("-") : mig_number_interval (&interval, 1, 2);
}

/* add_paper_row: below a figure the verdict comes first, where it is seen without scrolling. */
static void
add_paper_row (MigTextTable *table, const MigPaperRow *row, gboolean verdict_first)
{
  gboolean plain = strcmp (row->unit, "1") == 0;

  if (verdict_first)
    mig_text_table_cell (table, mig_paper_verdict_text (row->verdict));
  mig_text_table_add_owned (
      table, g_strdup_printf ("%s%s%s", row->what, plain ? "" : ", ", plain ? "" : row->unit));
  mig_text_table_add_owned (table, row->says ? g_strdup (row->says) : mig_number (row->paper, 2));
  mig_text_table_add_owned (table, mig_number (row->here, 2));
  mig_text_table_add_owned (table, paper_interval (row));
  mig_text_table_cell (table, row->claim ? row->claim : "-");
  if (!verdict_first)
    mig_text_table_cell (table, mig_paper_verdict_text (row->verdict));
}

char *
mig_paper_counts (const MigSummary *summary)
{
  g_autoptr (GArray) rows = mig_paper_rows (summary);
  guint n[MIG_PAPER_MISSING + 1] = { 0 };

  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (rows, MigPaperRow, i);
      n[row->verdict] += row->claim != NULL;
    }
  return !rows ? NULL
               : g_strdup_printf ("Of what the paper claims of its figures, as far as this study "
                                  "tests it: %u held, "
                                  "%u contradicted, %u not shown, %u not measured here.",
                                  n[MIG_PAPER_HOLDS], n[MIG_PAPER_FAILS], n[MIG_PAPER_NOT_SHOWN],
                                  n[MIG_PAPER_MISSING]);
}

MigTextTable *
mig_table_paper (const MigSummary *summary, const char *figure)
{
  static const char *const headings[] = { "verdict",       "what",  "paper",  "here",
                                          "95 % interval", "claim", "verdict" };
  const guint first = figure ? 0 : 1, n_headings = G_N_ELEMENTS (headings) - (figure ? 1 : 0);
  g_autoptr (GArray) rows = mig_paper_rows (summary);
  MigTextTable *table = NULL;

  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (rows, MigPaperRow, i);
      if (figure && strcmp (row->figure, figure) != 0)
        continue;
      if (!table)
        {
          table = mig_text_table_new (figure ? "llrrrl" : "llrrrll");
          if (!figure)
            mig_text_table_cell (table, "fig.");
          for (guint j = first; j < n_headings; j++)
            mig_text_table_cell (table, headings[j]);
        }
      if (!figure)
        mig_text_table_cell (table, row->figure);
      add_paper_row (table, row, figure != NULL);
    }
  return table;
}

const char *
mig_paper_explained (void)
{
  return "The paper measured Xen 4.4 on one core with Gigabit Ethernet: compare the shape, not the "
         "seconds. "
         "A claim is judged by the 95 % interval of its value over the repetitions: it holds where "
         "the "
         "whole interval is within the claim, does not hold where it is wholly outside, and else "
         "is not "
         "shown: more repetitions are needed, or the difference is too small to matter.";
}

void
mig_text_paper (const MigSummary *summary, GString *out)
{
  g_autoptr (MigTextTable) table = mig_table_paper (summary, NULL);

  if (!table)
    return;
  g_string_append (out, "\nThe paper's figures, and what of them holds here\n");
  g_autofree char *counts = mig_paper_counts (summary);
  mig_text_wrap (out, 2, counts);
  mig_text_wrap (out, 2, mig_paper_explained ());
  mig_text_table_append (table, 2, out);
}
