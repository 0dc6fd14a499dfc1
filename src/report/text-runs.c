/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "analysis/noise.h"
#include "base/units.h"
#include "report/number.h"
#include "report/text-parts.h"

/* What the report says of single runs: those that failed, were disturbed or stand out. */

#define RUN "run %" G_GINT64_FORMAT ", %s, repetition %" G_GINT64_FORMAT

static void
append_link (const MigSummary *summary, GString *out)
{
  g_autofree char *configured = mig_units_format_rate ((gint64) summary->link_bytes_per_s);
  g_autofree char *measured = mig_units_format_rate ((gint64) summary->link_measured_bytes_per_s);

  mig_text_line (out, "the link is slower than configured: %s of %s when it was measured, before the runs",
                 measured, configured);
}

void
mig_text_noise (const MigSummary *summary, GString *out)
{
  if (summary->n_noisy == 0 && !summary->link_is_slow)
    return;
  g_string_append_printf (out,
                          "\nNoisy runs: counted, but disturbed from outside (stolen CPU above %.0f %%, "
                          "others' CPU above\n%.0f %%, sending below %.0f %% of the case's median)\n",
                          100 * MIG_NOISE_STOLEN, 100 * MIG_NOISE_OTHERS, 100 * MIG_NOISE_SENDING);
  if (summary->link_is_slow)
    append_link (summary, out);
  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (run->noise)
        mig_text_line (out, RUN ": %s", run->run, run->case_label, run->repetition, run->noise);
    }
}

static void
append_outlier (const MigCaseSummary *study_case, const char *class_name, MigMetric metric,
                const MigStat *stat, const MigValue *value, GString *out)
{
  MigShown shown = mig_number_shown (mig_metric_info (metric), stat->max);
  guint decimals = mig_number_decimals (stat->median * shown.factor);
  g_autofree char *is = mig_number (value->value * shown.factor, decimals);
  g_autofree char *median = mig_number (stat->median * shown.factor, decimals);
  g_autofree char *score = mig_number (value->score, 1);

  mig_text_line (out, RUN ": %s%s%s %s%s%s, median %s, score %s", value->run, study_case->label,
                 value->repetition, mig_metric_info (metric)->name, class_name ? " " : "",
                 class_name ? class_name : "", is, *shown.unit ? " " : "", shown.unit, median, score);
}

/* append_outliers: of the metrics that are compared by default; the other ones are counted. */
static guint
append_outliers (const MigCaseSummary *study_case, const char *class_name, const MigStat *stats,
                 guint from, guint to, GString *out)
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
mig_text_outliers (const MigSummary *summary, GString *out)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  guint others = 0;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      others += append_outliers (study_case, NULL, study_case->stats, 0, MIG_FIRST_CLASS_METRIC, lines);
      for (guint k = 0; k < study_case->classes->len; k++)
        {
          const MigClassSummary *of_class = study_case->classes->pdata[k];
          others += append_outliers (study_case, of_class->info->name, of_class->stats,
                                     MIG_FIRST_CLASS_METRIC, MIG_N_METRICS, lines);
        }
    }
  if (lines->len + others == 0)
    return;
  g_string_append_printf (out, "\nOutliers: counted; modified z-score beyond %.1f\n%s", MIG_OUTLIER_SCORE,
                          lines->str);
  if (others > 0)
    mig_text_line (out, "%u in other metrics: see the JSON", others);
}

static void
append_failure_counts (const MigSummary *summary, GString *out)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      for (guint j = 0; j < study_case->failures->len; j++)
        {
          const MigFailureCount *failure = study_case->failures->pdata[j];
          mig_text_line (out, "%s: %u of %u runs: %s", study_case->label, failure->n, study_case->n_runs,
                         failure->reason);
        }
    }
}

void
mig_text_failures (const MigSummary *summary, GString *out)
{
  gboolean headed = FALSE;

  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (run->sound)
        continue;
      if (!headed)
        g_string_append (out, "\nRuns that are not counted\n");
      headed = TRUE;
      mig_text_line (out, RUN ": %s", run->run, run->case_label, run->repetition, run->reason);
    }
  g_autoptr (GString) counts = g_string_new (NULL);
  append_failure_counts (summary, counts);
  if (counts->len > 0)
    g_string_append_printf (out, "\nFailures by case and reason\n%s", counts->str);
  if (summary->damaged->len == 0)
    return;
  g_string_append (
      out, "\nDamaged guests: this pair of hypervisors cannot be trusted with migrations\n");
  for (guint i = 0; i < summary->damaged->len; i++)
    mig_text_line (out, "%s", (char *) summary->damaged->pdata[i]);
}
