/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "model/training.h"

/* What results have that are older than the choice. */
#define DEFAULT_TECHNIQUE "pre-copy"

MigTrainingRun *
mig_training_run_new (gint64 number, const char *case_label)
{
  MigTrainingRun *run = g_new0 (MigTrainingRun, 1);

  run->run = number;
  run->case_label = g_strdup (case_label);
  run->technique = mig_training_technique (NULL, FALSE);
  run->fleet = mig_fleet_new ();
  run->moves = g_array_new (FALSE, FALSE, sizeof (MigMove));
  run->measured = g_array_new (FALSE, FALSE, sizeof (MigMeasured));
  run->rounds = g_array_new (FALSE, FALSE, sizeof (MigMeasuredRound));
  run->lost = g_array_new (FALSE, FALSE, sizeof (double));
  return run;
}

void
mig_training_run_free (MigTrainingRun *run)
{
  mig_fleet_free (run->fleet);
  g_array_unref (run->moves);
  g_array_unref (run->measured);
  g_array_unref (run->rounds);
  g_array_unref (run->lost);
  g_free (run->case_label);
  g_free (run->technique);
  g_free (run);
}

MigSimulation *
mig_training_run_simulate (const MigTrainingRun *run, const MigModel *model, const MigFleet *fleet,
                           GArray *rounds, MigMoveCost *costs)
{
  MigSimulation *simulation = mig_simulation_new (model, fleet);
  MigPlanCost sum;

  mig_simulation_trace (simulation, rounds);
  mig_simulation_run (simulation, NULL, (const MigMove *) (gpointer) run->moves->data,
                      run->moves->len, costs, &sum);
  return simulation;
}

MigTraining *
mig_training_join (const GPtrArray *trainings, GError **error)
{
  const MigTraining *first = trainings->pdata[0];
  g_autoptr (MigTraining) self = g_new0 (MigTraining, 1);
  double end_s = 0;

  self->runs = g_ptr_array_new ();
  self->sched_entity = first->sched_entity;
  self->link_bytes_per_s = first->link_bytes_per_s;
  for (guint i = 0; i < trainings->len; i++)
    {
      const MigTraining *one = trainings->pdata[i];
      if (one->sched_entity != self->sched_entity)
        {
          g_set_error_literal (
              error, MIG_ERROR, MIG_ERROR_INVALID,
              "cannot learn from results whose guests and migrations share CPUs in different ways "
              "(another hypervisor; \"cpu sharing\" in environment.csv)");
          return NULL;
        }
      g_ptr_array_extend (self->runs, one->runs, NULL, NULL);
      self->n_migrations += one->n_migrations;
      end_s += one->end_s * one->n_migrations;
    }
  self->end_s = self->n_migrations > 0 ? end_s / self->n_migrations : first->end_s;
  return g_steal_pointer (&self);
}

char *
mig_training_technique (const char *name, gboolean tls)
{
  return g_strconcat (name ? name : DEFAULT_TECHNIQUE, tls ? ", TLS" : NULL, NULL);
}

MigTraining *
mig_training_of_technique (const MigTraining *training, const char *technique)
{
  MigTraining *self = g_memdup2 (training, sizeof *training);

  self->runs = g_ptr_array_new ();
  self->n_migrations = 0;
  for (guint i = 0; i < training->runs->len; i++)
    {
      MigTrainingRun *run = training->runs->pdata[i];
      if (strcmp (run->technique, technique) != 0)
        continue;
      g_ptr_array_add (self->runs, run);
      self->n_migrations += run->moves->len;
    }
  return self;
}

void
mig_training_free (MigTraining *self)
{
  g_ptr_array_unref (self->runs);
  g_free (self);
}
