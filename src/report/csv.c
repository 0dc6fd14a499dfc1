/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/json.h"
#include "results/cell.h"

static void
append_stat (GString *out, const char *label, const char *class_name, MigMetric metric,
             const MigStat *stat)
{
  const MigMetricInfo *info = mig_metric_info (metric);
  const double numbers[] = { stat->mean, stat->ci_low, stat->ci_high, stat->median, stat->min,
                             stat->max,  stat->sd,     stat->cv,      stat->mad };

  mig_cell_write_text (out, label);
  g_string_append_c (out, ',');
  mig_cell_write_text (out, class_name);
  g_string_append_printf (out, ",%s,%s,%u", info->id, info->unit, stat->n);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];
      g_string_append_c (out, ',');
      if (stat->n > 0 && numbers[i] == numbers[i]) /* not NaN: an empty cell */
        g_string_append (out, g_ascii_formatd (text, sizeof text, "%.9g", numbers[i]));
    }
  g_string_append_printf (out, ",%u\n", stat->n_outliers);
}

char *
mig_report_csv (const MigLoadedResult *report)
{
  GString *out = g_string_new (
      "case,class,metric,unit,n,mean,ci95_low,ci95_high,median,min,max,sd,cv,mad,outliers\n");

  for (guint i = 0; i < report->summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = report->summary->cases->pdata[i];
      for (guint j = 0; j < MIG_FIRST_CLASS_METRIC; j++)
        append_stat (out, study_case->label, NULL, j, &study_case->stats[j]);
      for (guint k = 0; k < study_case->classes->len; k++)
        {
          const MigClassSummary *class_summary = study_case->classes->pdata[k];
          for (guint j = MIG_FIRST_CLASS_METRIC; j < MIG_N_METRICS; j++)
            append_stat (out, study_case->label, class_summary->info->name, j,
                         &class_summary->stats[j]);
        }
    }
  return g_string_free (out, FALSE);
}
