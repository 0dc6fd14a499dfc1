/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "model/calibrate.h"
#include "model/fit-rows.h"

/* What is not determined by the data stays near its default, a priori within a factor e^4 or so. */
#define PRIOR_WEIGHT 0.05
/* A step of the simulation's logarithms that its rounding cannot hide. */
#define DERIVATIVE_STEP_RATIO 1e-4
/* So many tell which start leads to the best solution. */
#define TRIAL_ITERATIONS 6
#define ITERATIONS_MAX 200
/* A ten-thousandth of a parameter is enough: its interval is percents wide. */
#define STEP_TOLERANCE_RATIO 1e-4
#define GRADIENT_TOLERANCE_RATIO 1e-5
#define CONFIDENCE 0.95

static const MigParameterInfo parameters[MIG_N_PARAMETERS] = {
  [MIG_PARAMETER_SOURCE] = { "source_s_per_byte", "CPU time of the sending side", "ns/byte", 1e9,
                             offsetof (MigModel, source_s_per_byte) },
  [MIG_PARAMETER_DESTINATION] = { "destination_s_per_byte", "CPU time of the receiving side",
                                  "ns/byte", 1e9, offsetof (MigModel, destination_s_per_byte) },
  [MIG_PARAMETER_SOURCE_CONSTANT] = { "source_s_per_constant",
                                      "CPU time of the sending side, pages of one repeated byte",
                                      "us/page", 1e6, offsetof (MigModel, source_s_per_constant) },
  [MIG_PARAMETER_DESTINATION_CONSTANT] = { "destination_s_per_constant",
                                           "CPU time of the receiving side, the same pages",
                                           "us/page", 1e6,
                                           offsetof (MigModel, destination_s_per_constant) },
  [MIG_PARAMETER_SWITCH] = { "switch_s", "CPU time on the destination while the guest stands", "s",
                             1, offsetof (MigModel, switch_s) },
  [MIG_PARAMETER_SETUP] = { "setup_s", "CPU time on the destination before the first round", "s", 1,
                            offsetof (MigModel, setup_s) },
  [MIG_PARAMETER_SOURCE_DISK] = { "source_s_per_disk_byte", "CPU time of the sending side, disks",
                                  "ns/byte", 1e9, offsetof (MigModel, source_s_per_disk_byte) },
  [MIG_PARAMETER_DESTINATION_DISK] = { "destination_s_per_disk_byte",
                                       "CPU time of the receiving side, disks", "ns/byte", 1e9,
                                       offsetof (MigModel, destination_s_per_disk_byte) },
};

const MigParameterInfo *
mig_parameter_info (MigParameter parameter)
{
  g_return_val_if_fail ((guint) parameter < MIG_N_PARAMETERS, NULL);
  return &parameters[parameter];
}

/* What is found together. */
typedef struct {
  const MigFitRows *rows;
  guint first, n; /* parameters */
  guint n_times;  /* the first so many of them are CPU times of either side in turn */
} Part;

static const Part memory = { &mig_fit_memory_rows, 0, MIG_N_MEMORY_PARAMETERS,
                             MIG_PARAMETER_SWITCH },
                  disks = { &mig_fit_disk_rows, MIG_PARAMETER_SOURCE_DISK,
                            MIG_N_PARAMETERS - MIG_N_MEMORY_PARAMETERS,
                            MIG_N_PARAMETERS - MIG_N_MEMORY_PARAMETERS };

typedef struct {
  const MigTraining *training;
  const char *without;
  const Part *part;
  MigModel model; /* all but the part's parameters */
  double prior[MIG_N_PARAMETERS];
} Problem;

static double *
parameter_of (MigModel *model, guint parameter)
{
  return &G_STRUCT_MEMBER (double, model, parameters[parameter].offset);
}

static void
set_parameters (const Part *part, MigModel *model, const gsl_vector *logs)
{
  for (guint i = 0; i < part->n; i++)
    *parameter_of (model, part->first + i) = exp (gsl_vector_get (logs, i));
}

/* copy_parameters: those of one part. */
static void
copy_parameters (const Part *part, MigModel *to, MigModel *from)
{
  for (guint i = part->first; i < part->first + part->n; i++)
    *parameter_of (to, i) = *parameter_of (from, i);
}

static gboolean
is_left_out (const Problem *problem, const MigTrainingRun *run)
{
  return g_strcmp0 (run->case_label, problem->without) == 0;
}

static void
compare_run (const Part *part, const MigModel *model, const MigTrainingRun *run, guint row,
             gsl_vector *result)
{
  g_autoptr (GArray) trace = g_array_new (FALSE, FALSE, sizeof (MigRoundCost));
  g_autofree MigMoveCost *costs = g_new (MigMoveCost, run->moves->len);

  mig_simulation_free (mig_training_run_simulate (run, model, run->fleet, trace, costs));
  part->rows->compare (run, costs, trace, row, result);
}

static int
residuals (const gsl_vector *logs, void *data, gsl_vector *result)
{
  Problem *problem = data;
  const Part *part = problem->part;
  MigModel model = problem->model;
  guint row = 0;

  set_parameters (part, &model, logs);
  for (guint i = 0; i < part->n; i++)
    gsl_vector_set (result, row++,
                    PRIOR_WEIGHT * (gsl_vector_get (logs, i) - problem->prior[part->first + i]));
  for (guint i = 0; i < problem->training->runs->len; i++)
    {
      const MigTrainingRun *run = problem->training->runs->pdata[i];
      if (is_left_out (problem, run))
        continue;
      compare_run (part, &model, run, row, result);
      row += part->rows->rows_of (run);
    }
  return GSL_SUCCESS;
}

/* count: of all runs that are learnt from. */
static guint
count (const Problem *problem, guint (*of) (const MigTrainingRun *run))
{
  guint n = 0;

  for (guint i = 0; i < problem->training->runs->len; i++)
    {
      const MigTrainingRun *run = problem->training->runs->pdata[i];
      n += is_left_out (problem, run) ? 0 : of (run);
    }
  return n;
}

/* set_estimates: intervals from the covariance at the solution, Student's t. What one migration
 * says in several rows counts once. */
static void
set_estimates (const Problem *problem, gsl_multifit_nlinear_workspace *workspace,
               MigEstimate estimates[MIG_N_PARAMETERS])
{
  const Part *part = problem->part;
  gsl_matrix *covariance = gsl_matrix_alloc (part->n, part->n);
  const gsl_vector *rest = gsl_multifit_nlinear_residual (workspace);
  guint degrees = count (problem, part->rows->observations_of) - part->n;
  double squares;

  gsl_multifit_nlinear_covar (gsl_multifit_nlinear_jac (workspace), 0, covariance);
  gsl_blas_ddot (rest, rest, &squares);
  for (guint i = 0; i < part->n; i++)
    {
      double at = gsl_vector_get (gsl_multifit_nlinear_position (workspace), i);
      double half = gsl_cdf_tdist_Pinv ((1 + CONFIDENCE) / 2, degrees) *
                    sqrt (squares / degrees * gsl_matrix_get (covariance, i, i));
      estimates[part->first + i] = (MigEstimate){ exp (at), exp (at - half), exp (at + half) };
    }
  gsl_matrix_free (covariance);
}

/* solve: from logs, which it moves; the sum of squares, or infinite. */
static double
solve (Problem *problem, guint rows, double *logs, guint iterations_max,
       MigEstimate estimates[MIG_N_PARAMETERS])
{
  const Part *part = problem->part;
  gsl_multifit_nlinear_parameters settings = gsl_multifit_nlinear_default_parameters ();
  gsl_multifit_nlinear_fdf function = {
    .f = residuals, .n = rows, .p = part->n, .params = problem
  };
  gsl_vector_view at = gsl_vector_view_array (logs, part->n);
  double squares = INFINITY;
  int info;

  settings.fdtype = GSL_MULTIFIT_NLINEAR_CTRDIFF;
  settings.h_df = DERIVATIVE_STEP_RATIO;
  gsl_multifit_nlinear_workspace *workspace = gsl_multifit_nlinear_alloc (
      gsl_multifit_nlinear_trust, &settings, rows, part->n);
  if (gsl_multifit_nlinear_init (&at.vector, &function, workspace) == GSL_SUCCESS)
    {
      /* a step that cannot be made smaller is a solution too: stop rules make the sum uneven */
      gsl_multifit_nlinear_driver (iterations_max, STEP_TOLERANCE_RATIO, GRADIENT_TOLERANCE_RATIO,
                                   0, NULL, NULL, &info, workspace);
      const gsl_vector *rest = gsl_multifit_nlinear_residual (workspace);
      gsl_blas_ddot (rest, rest, &squares);
      gsl_vector_memcpy (&at.vector, gsl_multifit_nlinear_position (workspace));
      if (estimates)
        set_estimates (problem, workspace, estimates);
    }
  gsl_multifit_nlinear_free (workspace);
  return squares;
}

/* find_start: which of several leads to the least sum of squares soon; logs: where it led. */
static gboolean
find_start (Problem *problem, guint rows, double logs[MIG_N_PARAMETERS])
{
  /* CPU time of either side: fast and slow machines, either side the slower one */
  static const double starts[][2] = { { 1, 1 }, { 10, 10 }, { 10, 1 }, { 1, 10 } };
  const Part *part = problem->part;
  double best = INFINITY;

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      double trial[MIG_N_PARAMETERS];
      for (guint j = 0; j < part->n; j++)
        trial[j] = problem->prior[part->first + j] +
                   (j < part->n_times ? log (starts[i][j % 2]) : 0);
      double squares = solve (problem, rows, trial, TRIAL_ITERATIONS, NULL);
      if (!(squares < best))
        continue;
      best = squares;
      memcpy (logs, trial, part->n * sizeof *logs);
    }
  return isfinite (best);
}

/* fit_part: into the problem's model. FALSE: there is too little to find it, or the solver failed.
 */
static gboolean
fit_part (Problem *problem, const Part *part, MigEstimate estimates[MIG_N_PARAMETERS])
{
  double logs[MIG_N_PARAMETERS] = { 0 };
  gsl_vector_const_view found = gsl_vector_const_view_array (logs, part->n);

  problem->part = part;
  guint rows = part->n + count (problem, part->rows->rows_of);
  if (count (problem, part->rows->observations_of) <= part->n ||
      !find_start (problem, rows, logs) ||
      !isfinite (solve (problem, rows, logs, ITERATIONS_MAX, estimates)))
    return FALSE;
  set_parameters (part, &problem->model, &found.vector);
  return TRUE;
}

guint
mig_fit (const MigTraining *training, const char *without, MigModel *model,
         MigEstimate estimates[MIG_N_PARAMETERS])
{
  gsl_error_handler_t *handler = gsl_set_error_handler_off ();
  Problem problem = { .training = training, .without = without, .model = *model };

  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    problem.prior[i] = log (*parameter_of (model, i));
  /* memory is sent after disks: what these take tells which migrations go on beside it */
  fit_part (&problem, &disks, NULL);
  gboolean found = fit_part (&problem, &memory, estimates);
  gboolean disks_found = found && fit_part (&problem, &disks, estimates);
  gsl_set_error_handler (handler);
  if (found)
    copy_parameters (&memory, model, &problem.model);
  if (disks_found)
    copy_parameters (&disks, model, &problem.model);
  return disks_found ? MIG_N_PARAMETERS : found ? MIG_N_MEMORY_PARAMETERS : 0;
}
