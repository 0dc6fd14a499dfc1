/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/json.h"
#include "results/cell.h"

static void
append_number (GString *out, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (out, ',');
  if (number == number) /* not NaN: an empty cell */
    g_string_append (out, g_ascii_formatd (text, sizeof text, "%.9g", number));
}

static void
append_stat (GString *out, const char *label, const char *class_name, MigMetric metric,
             const MigStat *stat, double scale)
{
  const MigMetricInfo *info = mig_metric_info (metric);
  const double numbers[] = { stat->mean, stat->ci_low, stat->ci_high, stat->median, stat->min,
                             stat->max,  stat->sd,     stat->cv,      stat->mad };

  mig_cell_write_text (out, label);
  g_string_append_c (out, ',');
  mig_cell_write_text (out, class_name);
  g_string_append_printf (out, ",%s,%s,%u", info->id, info->unit, stat->n);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    append_number (out, stat->n > 0 ? numbers[i] : NAN);
  g_string_append_printf (out, ",%u", stat->n_outliers);
  append_number (out, scale);
  g_string_append_c (out, '\n');
}

char *
mig_report_csv (const MigLoadedResult *report)
{
  double scale = mig_manifest_scale (&report->manifest);
  GString *out = g_string_new ("case,class,metric,unit,n,mean,ci95_low,ci95_high,median,min,max,"
                               "sd,cv,mad,outliers,scale\n");

  for (guint i = 0; i < report->summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = report->summary->cases->pdata[i];
      for (guint j = 0; j < MIG_FIRST_CLASS_METRIC; j++)
        append_stat (out, study_case->label, NULL, j, &study_case->stats[j], scale);
      for (guint k = 0; k < study_case->classes->len; k++)
        {
          const MigClassSummary *class_summary = study_case->classes->pdata[k];
          for (guint j = MIG_FIRST_CLASS_METRIC; j < MIG_N_METRICS; j++)
            append_stat (out, study_case->label, class_summary->info->name, j,
                         &class_summary->stats[j], scale);
        }
    }
  return g_string_free (out, FALSE);
}
