/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/calibration.h"
#include "report/number.h"

char *
mig_calibration_line (const MigCalibration *calibration, const char *directory)
{
  g_autofree char *with = mig_calibration_source (calibration, directory);
  return g_strconcat ("Calibrated with ", with, NULL);
}

static MigGrid *
parameters (const MigCalibration *calibration)
{
  MigGrid *grid = mig_grid_new (
      "lrl", (const char *const[]){ "parameter", "value", "95 % interval", NULL });

  for (guint i = 0; i < calibration->n_parameters; i++)
    {
      const MigParameterInfo *info = mig_parameter_info (i);
      const MigEstimate *estimate = &calibration->parameters[i];
      g_autofree char *low = mig_number_measure (estimate->low * info->factor);
      g_autofree char *high = mig_number_measure (estimate->high * info->factor);
      mig_grid_format (grid, "%s, %s", info->meaning, info->unit);
      mig_grid_measure (grid, estimate->value * info->factor);
      mig_grid_format (grid, "%s to %s", low, high);
    }
  mig_grid_text (grid, "after the guest's resumption, s");
  mig_grid_measure (grid, calibration->model.end_s);
  mig_grid_text (grid, "median");
  if (calibration->model.n_outages > 0)
    {
      mig_grid_text (grid, "outage beyond the downtime, s");
      mig_grid_measure (grid, calibration->model.outage_surplus_s);
      mig_grid_format (grid, "mean of %u", calibration->model.n_outages);
    }
  return grid;
}

/* has_disks: whether any were copied, so that there is a column of them. */
static gboolean
has_disks (const MigCalibration *calibration)
{
  return calibration->errors[MIG_PREDICTOR_MODEL].n_disk > 0;
}

static MigGrid *
errors (const MigCalibration *calibration)
{
  static const char *const heads[] = { "prediction by",   "time", "downtime",  "case's time",
                                       "case's downtime", "rank", "lost work", NULL };
  gboolean disks = has_disks (calibration);
  MigGrid *grid = mig_grid_new (disks ? "lrrrrrrr" : "lrrrrrr", heads);

  if (disks)
    mig_grid_text (grid, "disks");
  for (guint i = 0; i < MIG_N_PREDICTORS; i++)
    {
      const MigErrors *of = &calibration->errors[i];
      mig_grid_text (grid, mig_predictor_name (i, disks));
      mig_grid_percent (grid, of->time);
      mig_grid_percent (grid, of->downtime);
      mig_grid_percent (grid, of->case_time);
      mig_grid_percent (grid, of->case_downtime);
      mig_grid_number (grid, of->rank, 2);
      mig_grid_percent (grid, of->lost);
      if (disks)
        mig_grid_percent (grid, of->disk);
    }
  return grid;
}

static MigGrid *
cases (const MigCalibration *calibration)
{
  static const char *const heads[] = { "case",        "runs",      "time, s", "predicted",
                                       "downtime, s", "predicted", NULL };
  MigGrid *grid = mig_grid_new ("lrrrrr", heads);

  for (guint i = 0; i < calibration->cases->len; i++)
    {
      const MigCasePrediction *prediction = calibration->cases->pdata[i];
      mig_grid_text (grid, prediction->label);
      mig_grid_count (grid, prediction->n_runs);
      mig_grid_measure (grid, prediction->measured_time_s);
      mig_grid_measure (grid, prediction->time_s[MIG_PREDICTOR_MODEL]);
      mig_grid_measure (grid, prediction->measured_downtime_s);
      mig_grid_measure (grid, prediction->downtime_s[MIG_PREDICTOR_MODEL]);
    }
  return grid;
}

void
mig_calibration_add (MigBlock *body, const MigCalibration *calibration, const char *directory)
{
  g_autofree char *line = mig_calibration_line (calibration, directory);
  gboolean page = mig_block_is_page (body);
  MigBlock *section = mig_block_section (body, "calibration", "%s", page ? "The model" : line);

  if (page)
    mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s", line);
  mig_block_table (section, parameters (calibration));
  MigBlock *left_out = mig_block_section (section, NULL,
                                          "Mean absolute error in cases that were left out of the "
                                          "calibration (single migrations; sums of a case)");
  mig_block_table (left_out, errors (calibration));
  mig_block_paragraph (left_out, MIG_ROLE_META,
                       "The last line is what the measurements' own spread leaves. rank: "
                       "Spearman's, of the cases' times. lost work: a guest's, as a share of the "
                       "sequence's time.%s",
                       has_disks (calibration) ? " disks: the time that copying a guest's disks "
                                                 "took, which is part of its migration's time."
                                               : "");
  mig_block_table (mig_block_section (section, NULL,
                                      "Each case, predicted from the others: sums over its "
                                      "sequence"),
                   cases (calibration));
}
