/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/fit-rows.h"

/* Downtimes and what goes before the first round vary more than times do. */
#define DOWNTIME_WEIGHT 0.5
#define SETUP_WEIGHT 0.5

static double
difference (double predicted, double measured)
{
  return predicted > 0 && measured > 0 ? log (predicted / measured) : 0;
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
        return difference (round->start_s - cost->start_s - cost->disk_s, measured_s);
    }
  return 0;
}

/* --- memory: each migration's time without disks, downtime, and set-up; its rounds --- */

static guint
moves_of (const MigTrainingRun *run)
{
  return run->moves->len;
}

static guint
memory_rows_of (const MigTrainingRun *run)
{
  return 3 * run->moves->len + run->rounds->len;
}

static void
compare_memory (const MigTrainingRun *run, const MigMoveCost *costs, const GArray *trace, guint row,
                gsl_vector *result)
{
  for (guint i = 0; i < run->moves->len; i++)
    {
      const MigMeasured *measured = &g_array_index (run->measured, MigMeasured, i);
      gsl_vector_set (
          result, row++,
          difference (mig_move_cost_memory_s (&costs[i]), measured->time_s - measured->disk_s));
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

const MigFitRows mig_fit_memory_rows = { moves_of, memory_rows_of, compare_memory };

/* --- disks: the time that each migration took to copy some --- */

static guint
copies_of (const MigTrainingRun *run)
{
  guint n = 0;

  for (guint i = 0; i < run->measured->len; i++)
    n += mig_training_run_tells_disks (run, i);
  return n;
}

static void
compare_disks (const MigTrainingRun *run, const MigMoveCost *costs, const GArray *trace, guint row,
               gsl_vector *result)
{
  for (guint i = 0; i < run->measured->len; i++)
    if (mig_training_run_tells_disks (run, i))
      gsl_vector_set (
          result, row++,
          difference (costs[i].disk_s, g_array_index (run->measured, MigMeasured, i).disk_s));
}

const MigFitRows mig_fit_disk_rows = { copies_of, copies_of, compare_disks };
