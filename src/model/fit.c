/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stddef.h>

#include "model/calibrate.h"

/* Downtimes and what goes before the first round vary more than times do. */
#define DOWNTIME_WEIGHT 0.5
#define SETUP_WEIGHT 0.5
/* What is not determined by the data stays near its default, a priori within a factor e^4 or so. */
#define PRIOR_WEIGHT 0.05
/* A step of the simulation's logarithms that its rounding cannot hide. */
#define DERIVATIVE_STEP_RATIO 1e-4
#define ITERATIONS_MAX 200
#define FIT_TOLERANCE_RATIO 1e-8
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
};

const MigParameterInfo *
mig_parameter_info (MigParameter parameter)
{
  g_return_val_if_fail ((guint) parameter < MIG_N_PARAMETERS, NULL);
  return &parameters[parameter];
}

typedef struct {
  const MigTraining *training;
  const char *without;
  MigModel model; /* all but the parameters */
  double prior[MIG_N_PARAMETERS];
} Problem;

static void
set_parameters (MigModel *model, const gsl_vector *logs)
{
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    G_STRUCT_MEMBER (double, model, parameters[i].offset) = exp (gsl_vector_get (logs, i));
}

static double
difference (double predicted, double measured)
{
  return predicted > 0 && measured > 0 ? log (predicted / measured) : 0;
}

static gboolean
is_left_out (const Problem *problem, const MigTrainingRun *run)
{
  return g_strcmp0 (run->case_label, problem->without) == 0;
}

/* Rows of one run: each migration's time, downtime, and set-up; its rounds. */
static guint
rows_of (const MigTrainingRun *run)
{
  return 3 * run->moves->len + run->rounds->len;
}

static guint
n_rounds_of (const MigTrainingRun *run, guint move)
{
  guint n = 0;

  for (guint i = 0; i < run->rounds->len; i++)
    n += g_array_index (run->rounds, MigMeasuredRound, i).move == move;
  return n;
}

/* round_difference: in the logarithm of the sending rate, which does not depend on how much there
 * was to send; 0 where the model has no such round. */
static double
round_difference (const GArray *trace, const MigMeasuredRound *measured)
{
  for (guint i = 0; i < trace->len; i++)
    {
      const MigRoundCost *cost = &g_array_index (trace, MigRoundCost, i);
      if (cost->move == measured->move && cost->round == measured->round && !cost->stopped)
        return difference (cost->sent_bytes / (cost->end_s - cost->start_s),
                           measured->sent_bytes / measured->time_s);
    }
  return 0;
}

static double
setup_difference (const GArray *trace, guint move, const MigMoveCost *cost, double measured_s)
{
  for (guint i = 0; i < trace->len; i++)
    {
      const MigRoundCost *round = &g_array_index (trace, MigRoundCost, i);
      if (round->move == move && round->round == 1)
        return difference (round->start_s - cost->start_s, measured_s);
    }
  return 0;
}

static void
compare_run (const MigModel *model, const MigTrainingRun *run, guint row, gsl_vector *result)
{
  g_autoptr (GArray) trace = g_array_new (FALSE, FALSE, sizeof (MigRoundCost));
  g_autofree MigMoveCost *costs = g_new (MigMoveCost, run->moves->len);

  mig_simulation_free (mig_training_run_simulate (run, model, run->fleet, trace, costs));
  for (guint i = 0; i < run->moves->len; i++)
    {
      const MigMeasured *measured = &g_array_index (run->measured, MigMeasured, i);
      gsl_vector_set (result, row++,
                      difference (costs[i].end_s - costs[i].start_s, measured->time_s));
      gsl_vector_set (result, row++,
                      DOWNTIME_WEIGHT * difference (costs[i].downtime_s, measured->downtime_s));
      gsl_vector_set (result, row++,
                      SETUP_WEIGHT * setup_difference (trace, i, &costs[i], measured->setup_s));
    }
  /* the rounds of a migration together weigh as much as its time */
  for (guint i = 0; i < run->rounds->len; i++)
    {
      const MigMeasuredRound *measured = &g_array_index (run->rounds, MigMeasuredRound, i);
      gsl_vector_set (result, row++,
                      round_difference (trace, measured) /
                          sqrt (n_rounds_of (run, measured->move)));
    }
}

static int
residuals (const gsl_vector *logs, void *data, gsl_vector *result)
{
  Problem *problem = data;
  MigModel model = problem->model;
  guint row = 0;

  set_parameters (&model, logs);
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    gsl_vector_set (result, row++, PRIOR_WEIGHT * (gsl_vector_get (logs, i) - problem->prior[i]));
  for (guint i = 0; i < problem->training->runs->len; i++)
    {
      const MigTrainingRun *run = problem->training->runs->pdata[i];
      if (is_left_out (problem, run))
        continue;
      compare_run (&model, run, row, result);
      row += rows_of (run);
    }
  return GSL_SUCCESS;
}

static guint
count_rows (const Problem *problem)
{
  guint n = MIG_N_PARAMETERS;

  for (guint i = 0; i < problem->training->runs->len; i++)
    {
      const MigTrainingRun *run = problem->training->runs->pdata[i];
      n += is_left_out (problem, run) ? 0 : rows_of (run);
    }
  return n;
}

static guint
count_migrations (const Problem *problem)
{
  guint n = 0;

  for (guint i = 0; i < problem->training->runs->len; i++)
    {
      const MigTrainingRun *run = problem->training->runs->pdata[i];
      n += is_left_out (problem, run) ? 0 : run->moves->len;
    }
  return n;
}

/* set_estimates: intervals from the covariance at the solution, Student's t. What one migration
 * says in several rows counts once. */
static void
set_estimates (gsl_multifit_nlinear_workspace *workspace, guint migrations,
               MigEstimate estimates[MIG_N_PARAMETERS])
{
  gsl_matrix *covariance = gsl_matrix_alloc (MIG_N_PARAMETERS, MIG_N_PARAMETERS);
  const gsl_vector *rest = gsl_multifit_nlinear_residual (workspace);
  guint degrees = migrations - MIG_N_PARAMETERS;
  double squares;

  gsl_multifit_nlinear_covar (gsl_multifit_nlinear_jac (workspace), 0, covariance);
  gsl_blas_ddot (rest, rest, &squares);
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    {
      double at = gsl_vector_get (gsl_multifit_nlinear_position (workspace), i);
      double half = gsl_cdf_tdist_Pinv ((1 + CONFIDENCE) / 2, degrees) *
                    sqrt (squares / degrees * gsl_matrix_get (covariance, i, i));
      estimates[i] = (MigEstimate){ exp (at), exp (at - half), exp (at + half) };
    }
  gsl_matrix_free (covariance);
}

/* solve: from one start; the sum of squares, or infinite. */
static double
solve (Problem *problem, guint rows, const double *start, MigModel *model,
       MigEstimate estimates[MIG_N_PARAMETERS])
{
  gsl_multifit_nlinear_parameters settings = gsl_multifit_nlinear_default_parameters ();
  gsl_multifit_nlinear_fdf function = {
    .f = residuals, .n = rows, .p = MIG_N_PARAMETERS, .params = problem
  };
  gsl_vector_const_view at = gsl_vector_const_view_array (start, MIG_N_PARAMETERS);
  double squares = INFINITY;
  int info;

  settings.fdtype = GSL_MULTIFIT_NLINEAR_CTRDIFF;
  settings.h_df = DERIVATIVE_STEP_RATIO;
  gsl_multifit_nlinear_workspace *workspace = gsl_multifit_nlinear_alloc (
      gsl_multifit_nlinear_trust, &settings, rows, MIG_N_PARAMETERS);
  if (gsl_multifit_nlinear_init (&at.vector, &function, workspace) == GSL_SUCCESS)
    {
      /* a step that cannot be made smaller is a solution too: stop rules make the sum uneven */
      gsl_multifit_nlinear_driver (ITERATIONS_MAX, FIT_TOLERANCE_RATIO, FIT_TOLERANCE_RATIO,
                                   FIT_TOLERANCE_RATIO, NULL, NULL, &info, workspace);
      const gsl_vector *rest = gsl_multifit_nlinear_residual (workspace);
      gsl_blas_ddot (rest, rest, &squares);
      set_parameters (model, gsl_multifit_nlinear_position (workspace));
      if (estimates)
        set_estimates (workspace, count_migrations (problem), estimates);
    }
  gsl_multifit_nlinear_free (workspace);
  return squares;
}

gboolean
mig_fit (const MigTraining *training, const char *without, MigModel *model,
         MigEstimate estimates[MIG_N_PARAMETERS])
{
  /* CPU time of either side, to begin with: fast and slow machines, either side the slower one */
  static const double starts[][2] = { { 1, 1 }, { 10, 10 }, { 10, 1 }, { 1, 10 } };
  gsl_error_handler_t *handler = gsl_set_error_handler_off ();
  Problem problem = { training, without, *model, { 0 } };
  guint rows = count_rows (&problem);
  double best = INFINITY;

  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    problem.prior[i] = log (G_STRUCT_MEMBER (double, model, parameters[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (starts) && count_migrations (&problem) > MIG_N_PARAMETERS;
       i++)
    {
      MigModel found = problem.model;
      MigEstimate found_estimates[MIG_N_PARAMETERS];
      double start[MIG_N_PARAMETERS];
      for (guint j = 0; j < MIG_N_PARAMETERS; j++)
        start[j] = problem.prior[j] + (j < MIG_PARAMETER_SWITCH ? log (starts[i][j % 2]) : 0);
      double squares = solve (&problem, rows, start, &found, found_estimates);
      if (!(squares < best))
        continue;
      best = squares;
      *model = found;
      for (guint j = 0; j < MIG_N_PARAMETERS && estimates; j++)
        estimates[j] = found_estimates[j];
    }
  gsl_set_error_handler (handler);
  return isfinite (best);
}
