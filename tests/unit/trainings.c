/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "tests/unit/fleets.h"
#include "tests/unit/trainings.h"

#define MOVES_MAX 4

static const char *const class_names[] = { "c", "m" };

static void
free_run (gpointer data)
{
  mig_training_run_free (data);
}

MigTraining *
training_new (const MigModel *model)
{
  MigTraining *training = g_new0 (MigTraining, 1);

  training->runs = g_ptr_array_new_with_free_func (free_run);
  training->end_s = model->end_s;
  training->link_bytes_per_s = 125e6;
  return training;
}

MigModel
training_truth (void)
{
  MigModel model = training_rule ();

  model.source_s_per_byte = 6e-9;
  model.destination_s_per_byte = 3e-9;
  model.source_s_per_constant = model.destination_s_per_constant = 9e-6;
  model.source_s_per_disk_byte = 12e-9;
  model.destination_s_per_disk_byte = 4e-9;
  model.switch_s = 0.08;
  model.setup_s = 0.5;
  model.end_s = 0.4;
  return model;
}

MigModel
training_rule (void)
{
  MigModel model = mig_model_default ();

  model.max_rounds = 29;
  model.min_pages = 50;
  model.max_ram = 3;
  model.downtime_limit_s = 0;
  return model;
}

static void
add_moves (MigTrainingRun *run)
{
  guint next[] = { 0, 2 }, group = 0;

  for (const char *p = run->case_label; *p; p++)
    {
      if (*p == '+')
        continue;
      group += p > run->case_label && p[-1] != '+';
      MigMove move = { next[*p == 'm']++, 1, group };
      g_array_append_val (run->moves, move);
    }
}

static void
add_rounds (MigTrainingRun *run, const MigMoveCost *costs, const GArray *trace, double factor)
{
  for (guint i = 0; i < trace->len; i++)
    {
      const MigRoundCost *cost = &g_array_index (trace, MigRoundCost, i);
      MigMeasuredRound round = { cost->move, cost->round, (cost->end_s - cost->start_s) * factor,
                                 cost->sent_bytes };
      MigMeasured *measured = &g_array_index (run->measured, MigMeasured, cost->move);
      if (cost->round == 1)
        measured->setup_s = (cost->start_s - costs[cost->move].start_s - costs[cost->move].disk_s) *
                            factor;
      if (!cost->stopped)
        g_array_append_val (run->rounds, round);
    }
}

void
training_measure (MigTraining *training, MigTrainingRun *run, const MigModel *model, double factor)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, run->fleet);
  g_autoptr (GArray) trace = g_array_new (FALSE, FALSE, sizeof (MigRoundCost));
  MigMoveCost costs[MOVES_MAX];
  MigPlanCost sum;

  add_moves (run);
  g_assert_cmpuint (run->moves->len, <=, MOVES_MAX);
  mig_simulation_trace (simulation, trace);
  mig_simulation_run (simulation, NULL, (const MigMove *) (gpointer) run->moves->data,
                      run->moves->len, costs, &sum);
  for (guint i = 0; i < run->moves->len; i++)
    {
      const MigMove *move = &g_array_index (run->moves, MigMove, i);
      MigMeasured measured = { .class_name = class_names[move->vm >= 2],
                               .step = move->group,
                               .time_s = (costs[i].end_s - costs[i].start_s) * factor,
                               .downtime_s = costs[i].downtime_s * factor,
                               .sent_bytes = costs[i].sent_bytes,
                               .setup_s = NAN,
                               .disk_s = costs[i].disk_s * factor };
      g_array_append_val (run->measured, measured);
    }
  run->time_s = sum.time_s;
  for (guint i = 0; i < run->fleet->vms->len; i++)
    {
      double lost = mig_simulation_lost (simulation, i);
      g_array_append_val (run->lost, lost);
    }
  add_rounds (run, costs, trace, factor);
  training->n_migrations += run->moves->len;
  g_ptr_array_add (training->runs, run);
}

/* new_run: two guests c, which update nothing, and two m, which do. */
static MigTrainingRun *
new_run (guint number, const char *label, double disk_bytes)
{
  MigTrainingRun *run = mig_training_run_new (number, label);

  fleet_host (run->fleet, "source", 1);
  fleet_host (run->fleet, "destination", 1);
  for (guint i = 0; i < 4; i++)
    {
      guint index = fleet_vm (run->fleet, i < 2 ? "c" : "m", 0, 1, i < 2 ? 0 : 200e6,
                              i < 2 ? 0 : 30000);
      MigFleetVm *vm = &g_array_index (run->fleet->vms, MigFleetVm, index);
      vm->used_bytes = i < 2 ? 100e6 : 400e6;
      vm->disk_bytes = i % 2 ? disk_bytes : 4 * disk_bytes;
    }
  return run;
}

void
training_add (MigTraining *training, const MigModel *model, const char *const *labels, guint n,
              double disk_bytes, double noise)
{
  guint before = training->runs->len;

  for (guint i = 0; i < 2 * n; i++)
    training_measure (training, new_run (before + i + 1, labels[i / 2], disk_bytes), model,
                      i % 2 ? 1 + noise : 1 / (1 + noise));
}

MigTraining *
training_of (const char *const *labels, guint n, double disk_bytes, double noise)
{
  MigModel model = training_truth ();
  MigTraining *training = training_new (&model);

  training_add (training, &model, labels, n, disk_bytes, noise);
  return training;
}
