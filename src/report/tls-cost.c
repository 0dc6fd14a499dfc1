/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/number.h"
#include "report/run-sections.h"
#include "summary/paired-time.h"
#include "summary/sequences.h"

/* What encryption costs both hosts: cases by TLS beside those that differ in nothing else. */

#define ERROR_OF_INTERVAL 0.05

typedef struct {
  const char *name;
  MigMetric metric;
  gboolean share; /* per second: the time is that of the migrations */
} Cost;

static const Cost costs[] = {
  { "CPU on the source, s", MIG_METRIC_MANAGEMENT_SOURCE, TRUE },
  { "CPU on the destination, s", MIG_METRIC_MANAGEMENT_DESTINATION, TRUE },
  { "total time, s", MIG_METRIC_TOTAL_TIME, FALSE },
};

static double
product (double a, double b)
{
  return a * b;
}

/* cost_of: each run's; the stat that was made, or the case's own. The caller clears the former. */
static const MigStat *
cost_of (const Cost *cost, const MigCaseSummary *study_case, MigStat *made)
{
  const MigStat *stats = study_case->stats;

  if (cost->share)
    mig_stat_combined (made, &stats[cost->metric], &stats[MIG_METRIC_WALL_TIME], product);
  else
    mig_stat_init (made);
  return cost->share ? made : &stats[cost->metric];
}

/* is_other: whether that is the same case without TLS. */
static gboolean
is_other (const MigCaseSummary *tls, const MigCaseSummary *plain)
{
  g_autofree char *order = mig_sequence_order (tls), *other = mig_sequence_order (plain);

  if (g_strcmp0 (mig_sequence_value (plain, "tls"), "no") != 0 ||
      g_strcmp0 (tls->experiment, plain->experiment) != 0 || g_strcmp0 (order, other) != 0 ||
      tls->parameters->len != plain->parameters->len)
    return FALSE;
  for (guint i = 0; i < tls->parameters->len; i++)
    {
      const MigParameterRecord *record = tls->parameters->pdata[i];
      if (g_strcmp0 (record->parameter, "tls") != 0 &&
          g_strcmp0 (record->value, mig_sequence_value (plain, record->parameter)) != 0)
        return FALSE;
    }
  return TRUE;
}

/* find_plain: NULL: the study has no such case. */
static const MigCaseSummary *
find_plain (const MigSummary *summary, const MigCaseSummary *tls)
{
  if (g_strcmp0 (mig_sequence_value (tls, "tls"), "yes") != 0)
    return NULL;
  for (guint i = 0; i < summary->cases->len; i++)
    if (is_other (tls, summary->cases->pdata[i]))
      return summary->cases->pdata[i];
  return NULL;
}

/* add_row: label: "": that of the row above. */
static void
add_row (MigGrid *grid, const char *label, const char *what, const MigStat *plain,
         const MigStat *tls, gboolean looked)
{
  MigStat difference;
  double low, high;

  mig_stat_paired (&difference, plain, tls);
  mig_looked_interval (&difference, ERROR_OF_INTERVAL, looked, &low, &high);
  guint digits = mig_number_decimals (difference.mean);
  mig_grid_text (grid, label);
  mig_grid_text (grid, what);
  mig_grid_stat (grid, plain, 1, plain->n);
  mig_grid_stat (grid, tls, 1, tls->n);
  mig_grid_number (grid, difference.mean, digits);
  mig_grid_interval (grid, low, high, digits);
  mig_grid_count (grid, difference.n);
  mig_stat_clear (&difference);
}

static void
add_pair (MigGrid *grid, const MigSummary *summary, const MigCaseSummary *plain,
          const MigCaseSummary *tls)
{
  for (guint i = 0; i < G_N_ELEMENTS (costs); i++)
    {
      MigStat made[2];
      const MigStat *before = cost_of (&costs[i], plain, &made[0]);
      const MigStat *after = cost_of (&costs[i], tls, &made[1]);
      add_row (grid, i == 0 ? tls->label : "", costs[i].name, before, after, summary->race != NULL);
      mig_stat_clear (&made[0]);
      mig_stat_clear (&made[1]);
    }
}

void
mig_section_tls_cost (MigBlock *parent, const MigSummary *summary)
{
  g_autoptr (MigGrid) grid = mig_grid_new (
      "llrrrrr", (const char *const[]){ "case", "what", "without", "by TLS", "TLS adds",
                                        "95 % interval", "n", NULL });

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *tls = summary->cases->pdata[i];
      const MigCaseSummary *plain = find_plain (summary, tls);
      if (plain && plain->n_sound > 0 && tls->n_sound > 0)
        add_pair (grid, summary, plain, tls);
    }
  if (mig_grid_rows (grid) == 1) /* its heading */
    return;
  MigBlock *section = mig_block_section (parent, "tls-cost", "What TLS costs");
  mig_block_table (section, g_steal_pointer (&grid));
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Each case by TLS beside the one that differs in nothing else, within the repetitions that "
      "have both. CPU: time of what sends and receives, from the first migration's start to the "
      "last one's end; of several destinations, their mean. Of migrations of a few seconds most of "
      "it is missed, unless CPU time was sampled often (--sampling 100ms).");
}
