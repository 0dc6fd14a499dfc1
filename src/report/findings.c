/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/decided-claims.h"
#include "report/run-sections.h"
#include "summary/race.h"

/* What a result answers: which order, and the paper's conclusions. */

/* More comparisons than these are not all listed on a terminal. */
#define MOST_ROWS 16

/* add_order: which of two orders, in one or two sentences. */
static void
add_order (MigBlock *text, const MigRecommendation *r)
{
  const char *slower = r->time.mean < 0 ? "less" : "longer";
  guint digits = mig_number_decimals (r->time.mean);
  g_autofree char *time = mig_number (fabs (r->time.mean), digits);
  g_autofree char *interval = mig_number_interval (&r->time, 1, digits);
  g_autofree char *share = mig_number (100 * r->time_share, 1);
  g_autofree char *downtime = mig_number (r->downtime.mean, 3);
  g_autofree char *downtime_interval = mig_number_interval (&r->downtime, 1, 3);

  if (r->time.n == 0)
    mig_block_span (text,
                    "%s before %s, by the means of different repetitions: none has both. This is "
                    "uncertain: more repetitions are needed.",
                    r->best, r->other);
  else if (r->time.n == 1)
    mig_block_span (text,
                    "%s before %s, by one repetition: %s takes %s s %s. This is uncertain: more "
                    "repetitions are needed.",
                    r->best, r->other, r->other, time, slower);
  else if (r->shown)
    mig_block_span (text,
                    "%s rather than %s: %s takes %s s %s in total (95 %% interval %s s; %s %%; "
                    "n=%u). Its %s differs by %s s (%s s).",
                    r->best, r->other, r->other, time, slower, interval, share, r->time.n,
                    mig_metric_info (r->downtime_metric)->name, downtime, downtime_interval);
  else
    mig_block_span (text,
                    "no difference between %s and %s shown: %s takes %s s %s in total (95 %% "
                    "interval %s s; n=%u).",
                    r->best, r->other, r->other, time, slower, interval, r->time.n);
}

/* more_matters: whether more repetitions would show a difference that is not shown now. */
static gboolean
more_matters (const MigRecommendation *r)
{
  return !r->shown && r->time.n >= 2 && !MIG_IS_MISSING (r->more_repetitions);
}

static void
add_more (MigBlock *text, const MigRecommendation *r)
{
  mig_block_span (text,
                  "Further repetitions needed to show a difference of 5 %% in total time with a "
                  "chance of 80 %%: %" G_GINT64_FORMAT ".",
                  r->more_repetitions);
}

static const MigStat *
total_time (const MigCaseSummary *study_case)
{
  return &study_case->stats[MIG_METRIC_TOTAL_TIME];
}

/* add_cheapest: of all cases, where the study does not compare orders of the same guests. */
static void
add_cheapest (MigBlock *text, const MigSummary *summary)
{
  const MigCaseSummary *best = NULL, *worst = NULL;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      double mean = total_time (study_case)->mean;
      if (isnan (mean))
        continue;
      if (!best || mean < total_time (best)->mean)
        best = study_case;
      if (!worst || mean > total_time (worst)->mean)
        worst = study_case;
    }
  if (!best)
    {
      mig_block_span (text, "No sound run yet, so no answer.");
      return;
    }
  g_autofree char *low = mig_number_stat (total_time (best), 1, best->n_sound);
  g_autofree char *high = mig_number_stat (total_time (worst), 1, worst->n_sound);
  if (best == worst)
    mig_block_span (text, "Case %s takes %s s in total (n=%u).", best->label, low, best->n_sound);
  else
    mig_block_span (
        text,
        "Case %s is the cheapest with %s s of total time (n=%u), case %s the dearest with %s s "
        "(n=%u). They move different guests or in different ways: that is a cost, not a choice "
        "between orders.",
        best->label, low, best->n_sound, worst->label, high, worst->n_sound);
}

static void
add_answer (MigBlock *parent, const MigRecommendation *r)
{
  MigBlock *answer = mig_block_paragraph (parent, MIG_ROLE_ANSWER, "%s", "");

  mig_block_strong (answer, "Which order?");
  mig_block_span (answer, " ");
  add_order (answer, r);
  if (!more_matters (r))
    return;
  mig_block_span (answer, " ");
  add_more (answer, r);
}

void
mig_section_answers (MigBlock *parent, const MigSummary *summary)
{
  const GPtrArray *orders = summary->recommendations;
  gboolean page = mig_block_is_page (parent);

  if (page && orders->len == 0)
    add_cheapest (mig_block_paragraph (parent, MIG_ROLE_ANSWER, "%s", ""), summary);
  for (guint i = 0; i < orders->len && page; i++)
    add_answer (parent, orders->pdata[i]);
  if (page)
    return;
  MigBlock *section = mig_block_section (parent, NULL, "Which order of the same guests");
  for (guint i = 0; i < orders->len; i++)
    {
      add_order (mig_block_item (section, "%s", ""), orders->pdata[i]);
      if (more_matters (orders->pdata[i]))
        add_more (mig_block_item (section, "%s", ""), orders->pdata[i]);
    }
}

/* --- the paper's conclusions --- */

static void
add_test (MigGrid *grid, const MigPairedTest *e)
{
  const MigMetricInfo *info = mig_metric_info (e->metric);
  MigShown shown = mig_number_shown (info, fmax (e->mean_a, e->mean_b));
  guint digits = mig_number_decimals (fmax (fabs (e->mean_a), fabs (e->mean_b)) * shown.factor);

  mig_grid_text (grid, e->a);
  mig_grid_text (grid, e->b);
  mig_grid_format (grid, "%s%s%s, %s", info->name, e->class_name ? " " : "",
                   e->class_name ? e->class_name : "", shown.unit);
  mig_grid_number (grid, e->mean_a * shown.factor, digits);
  mig_grid_number (grid, e->mean_b * shown.factor, digits);
  mig_grid_number (grid, e->difference.mean * shown.factor, digits);
  mig_grid_interval (grid, e->difference.ci_low * shown.factor,
                     e->difference.ci_high * shown.factor, digits);
  mig_grid_text (grid, mig_verdict_text (e->verdict));
}

static guint
count_inconclusive (const MigConclusion *conclusion)
{
  guint n = 0;

  for (guint i = 0; i < conclusion->evidence->len; i++)
    n += ((MigPairedTest *) conclusion->evidence->pdata[i])->verdict == MIG_VERDICT_INCONCLUSIVE;
  return n;
}

/* add_evidence: a row per comparison; on a terminal of many those that tell something. */
static void
add_evidence (MigBlock *entry, const MigConclusion *conclusion)
{
  static const char *const headings[] = { "A", "B",        "metric",        "A",
                                          "B", "B less A", "95 % interval", "verdict",
                                          NULL };
  guint n = conclusion->evidence->len;
  gboolean all = mig_block_is_page (entry) || n <= MOST_ROWS;
  guint silent = all ? 0 : count_inconclusive (conclusion);

  if (silent < n)
    {
      MigGrid *grid = mig_grid_new ("lllrrrrl", headings);
      for (guint i = 0; i < n; i++)
        {
          const MigPairedTest *e = conclusion->evidence->pdata[i];
          if (silent == 0 || e->verdict != MIG_VERDICT_INCONCLUSIVE)
            add_test (grid, e);
        }
      mig_block_table (entry, grid);
    }
  if (silent > 0)
    mig_block_paragraph (entry, MIG_ROLE_PLAIN,
                         "%u of %u comparisons are inconclusive and not listed: --format html and "
                         "--format json have them.",
                         silent, n);
}

static void
add_conclusion (MigBlock *section, const MigConclusion *conclusion)
{
  gboolean page = mig_block_is_page (section);
  MigBlock *entry = mig_block_add (section, MIG_BLOCK_ENTRY);

  mig_block_span (entry, "%u. %s%s", conclusion->number, conclusion->claim, page ? " " : ": ");
  mig_block_mark (entry, mig_verdict_mark (conclusion->verdict),
                  mig_verdict_text (conclusion->verdict));
  if (conclusion->verdict == MIG_VERDICT_NOT_TESTED)
    return;
  MigBlock *test = mig_block_paragraph (entry, MIG_ROLE_PLAIN, "Test: %s.", conclusion->test);
  if (conclusion->note)
    mig_block_span (page ? test : mig_block_paragraph (entry, MIG_ROLE_PLAIN, "%s", ""),
                    "%sFound: %s.", page ? " " : "", conclusion->note);
  add_evidence (entry, conclusion);
}

void
mig_section_conclusions (MigBlock *parent, const MigLoadedResult *result)
{
  const GPtrArray *conclusions = result->conclusions;
  gboolean raced = mig_race_until_decided (result->summary->race);
  g_autofree char *decided = raced ? mig_decided_claims_text (result, FALSE) : NULL;
  gboolean page = mig_block_is_page (parent);
  MigBlock *section = mig_block_section (parent, "conclusions",
                                         "The paper's conclusions on this data%s",
                                         page ? "" : " (differences within the same repetition)");

  if (page && conclusions->len > 0)
    mig_block_paragraph (section, MIG_ROLE_PLAIN,
                         "Cases are compared within repetitions, whose cases ran next to each "
                         "other. Inconclusive: more repetitions are needed; it does not mean that "
                         "there is no difference.");
  if (decided)
    mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s", decided);
  if (decided)
    mig_block_paragraph (
        section, page ? MIG_ROLE_PLAIN : MIG_ROLE_META,
        "The run looked at these comparisons after each block: their intervals hold however often "
        "it looked, and the chance that any of its decisions is wrong, about total time or these, "
        "is at most 5 %% (migcost-run(1), DECIDING). One without an interval was not looked at, "
        "or has fewer than %d repetitions.",
        MIG_FIRST_LOOK);
  for (guint i = 0; i < conclusions->len; i++)
    add_conclusion (section, conclusions->pdata[i]);
}

void
mig_section_verdicts (MigBlock *parent, const MigLoadedResult *result)
{
  const GPtrArray *conclusions = result->conclusions;
  g_autoptr (GString) untested = g_string_new (NULL);
  g_autofree char *facts = mig_paper_counts (result);

  for (guint i = 0; i < conclusions->len; i++)
    {
      const MigConclusion *conclusion = conclusions->pdata[i];
      if (conclusion->verdict == MIG_VERDICT_NOT_TESTED)
        {
          g_string_append_printf (untested, "%s%u", untested->len > 0 ? ", " : "",
                                  conclusion->number);
          continue;
        }
      MigBlock *item = mig_block_item (parent, "%s", "");
      mig_block_mark (item, mig_verdict_mark (conclusion->verdict),
                      mig_verdict_text (conclusion->verdict));
      mig_block_span (item, " conclusion %u of the paper: %s", conclusion->number,
                      conclusion->claim);
    }
  if (facts)
    mig_block_item (parent, "%s", facts);
  if (untested->len > 0)
    mig_block_item (parent, "Not tested by this study: conclusions of the paper, number %s.",
                    untested->str);
}
