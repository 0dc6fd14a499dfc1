/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/noise.h"
#include "base/units.h"
#include "report/number.h"
#include "report/run-sections.h"

/* Single runs that failed, were disturbed or stand out. */

/* More noisy runs than these are told of by kind. */
#define MOST_NOISY_RUNS 8

#define RUN "run %" G_GINT64_FORMAT ", %s, repetition %" G_GINT64_FORMAT

static void
append_link (const MigSummary *summary, MigBlock *out)
{
  g_autofree char *configured = mig_units_format_rate ((gint64) summary->link_bytes_per_s);
  g_autofree char *measured = mig_units_format_rate ((gint64) summary->link_measured_bytes_per_s);

  mig_block_item (
      out, "the link is slower than configured: %s of %s when it was measured, before the runs",
      measured, configured);
}

/* append_kind: how many runs were noisy in one way, and how bad the worst was. */
static void
append_kind (const MigSummary *summary, MigNoise noise, MigBlock *out)
{
  const MigNoiseInfo *info = mig_noise_info (noise);
  const MigRunSummary *worst = NULL;
  guint n = 0, n_known = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      double share = mig_noise_share (run, noise);
      n_known += !isnan (share);
      if (!mig_noise_is (run, noise))
        continue;
      n++;
      if (!worst || (info->below ? share < mig_noise_share (worst, noise)
                                 : share > mig_noise_share (worst, noise)))
        worst = run;
    }
  if (!worst)
    return;
  g_autofree char *most = mig_number (100 * mig_noise_share (worst, noise), 1);
  mig_block_item (out, "%s: %s %.0f %% in %u of %u runs; at worst %s %%, in " RUN, info->name,
                  info->below ? "below" : "above", 100 * info->limit, n, n_known, most, worst->run,
                  worst->case_label, worst->repetition);
}

void
mig_section_noise (MigBlock *parent, const MigSummary *summary)
{
  MigBlock *out = mig_block_section (parent, NULL,
                                     "Noisy runs: counted, but disturbed from outside (stolen CPU "
                                     "above %.0f %%, others' CPU above %.0f %%, "
                                     "sending below %.0f %% of the case's median, migcost's own "
                                     "wait for a CPU above %.0f %% of the window, observing "
                                     "above %.0f %% of a CPU)",
                                     100 * mig_noise_info (MIG_NOISE_STOLEN)->limit,
                                     100 * mig_noise_info (MIG_NOISE_OTHERS)->limit,
                                     100 * mig_noise_info (MIG_NOISE_SENDING)->limit,
                                     100 * mig_noise_info (MIG_NOISE_OWN_WAIT)->limit,
                                     100 * mig_noise_info (MIG_NOISE_OBSERVING)->limit);
  gboolean each = summary->n_noisy <= MOST_NOISY_RUNS;

  if (summary->link_is_slow)
    append_link (summary, out);
  for (guint kind = 0; kind < MIG_N_NOISES && !each; kind++)
    append_kind (summary, kind, out);
  if (!each)
    mig_block_item (out, "each of the %u runs: see the JSON", summary->n_noisy);
  for (guint i = 0; i < summary->runs->len && each; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (run->noise)
        mig_block_item (out, RUN ": %s", run->run, run->case_label, run->repetition, run->noise);
    }
}

static void
append_outlier (const MigCaseSummary *study_case, const char *class_name, MigMetric metric,
                const MigStat *stat, const MigValue *value, MigBlock *out)
{
  MigShown shown = mig_number_shown (mig_metric_info (metric), stat->max);
  guint decimals = mig_number_decimals (stat->median * shown.factor);
  g_autofree char *is = mig_number (value->value * shown.factor, decimals);
  g_autofree char *median = mig_number (stat->median * shown.factor, decimals);
  g_autofree char *score = mig_number (value->score, 1);

  mig_block_item (out, RUN ": %s%s%s %s%s%s, median %s, score %s", value->run, study_case->label,
                  value->repetition, mig_metric_info (metric)->name, class_name ? " " : "",
                  class_name ? class_name : "", is, *shown.unit ? " " : "", shown.unit, median,
                  score);
}

/* append_outliers: of the metrics that are compared by default; the other ones are counted. */
static guint
append_outliers (const MigCaseSummary *study_case, const char *class_name, const MigStat *stats,
                 guint from, guint to, MigBlock *out)
{
  guint others = 0;

  for (guint metric = from; metric < to; metric++)
    if (!mig_metric_info (metric)->compared)
      others += stats[metric].n_outliers;
    else
      for (guint i = 0; i < stats[metric].values->len; i++)
        {
          const MigValue *value = &g_array_index (stats[metric].values, MigValue, i);
          if (mig_stat_is_outlier (value))
            append_outlier (study_case, class_name, metric, &stats[metric], value, out);
        }
  return others;
}

void
mig_section_outliers (MigBlock *parent, const MigSummary *summary)
{
  MigBlock *out = mig_block_section (
      parent, NULL, "Outliers: counted; modified z-score beyond %.1f", MIG_OUTLIER_SCORE);
  guint others = 0;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      others += append_outliers (study_case, NULL, study_case->stats, 0, MIG_FIRST_CLASS_METRIC,
                                 out);
      for (guint k = 0; k < study_case->classes->len; k++)
        {
          const MigClassSummary *of_class = study_case->classes->pdata[k];
          others += append_outliers (study_case, of_class->info->name, of_class->stats,
                                     MIG_FIRST_CLASS_METRIC, MIG_N_METRICS, out);
        }
    }
  if (others > 0)
    mig_block_item (out, "%u in other metrics: see the JSON", others);
}

static void
append_failure_counts (const MigSummary *summary, MigBlock *out)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      for (guint j = 0; j < study_case->failures->len; j++)
        {
          const MigFailureCount *failure = study_case->failures->pdata[j];
          mig_block_item (out, "%s: %u of %u runs: %s", study_case->label, failure->n,
                          study_case->n_runs, failure->reason);
        }
    }
}

void
mig_section_failures (MigBlock *parent, const MigSummary *summary)
{
  MigBlock *runs = mig_block_section (parent, NULL, "Runs that are not counted");

  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (!run->sound)
        mig_block_item (runs, RUN ": %s", run->run, run->case_label, run->repetition, run->reason);
    }
  append_failure_counts (summary, mig_block_section (parent, NULL, "Failures by case and reason"));
  MigBlock *damaged = mig_block_section (
      parent, NULL, "Damaged guests: this pair of hypervisors cannot be trusted with migrations");
  for (guint i = 0; i < summary->damaged->len; i++)
    mig_block_item (damaged, "%s", (char *) summary->damaged->pdata[i]);
}
