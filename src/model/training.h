/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"
#include "results/migration-settings.h"
#include "results/records.h"

/* Measured migrations as the model sees them: what a calibration learns from. Pure. */

typedef struct {
  const char *class_name;
  guint step;
  double time_s;     /* as virDomainMigrate3 took, disks included */
  double downtime_s; /* the guest's, else by events, else reported; NaN: none was measured */
  double sent_bytes;
  double setup_s;  /* until the first round, disks left out; NaN: not known */
  double outage_s; /* of its clients; NaN: not known */
  double disk_s;   /* of its time: while disks were copied; 0: none was */
  gboolean holes;  /* in them, of which nothing was sent, whatever was counted */
} MigMeasured;

/* A live round that was long enough to tell a rate. */
typedef struct {
  guint move, round; /* index of the migration; from 1 */
  double time_s, sent_bytes;
} MigMeasuredRound;

typedef struct {
  gint64 run;
  char *case_label;
  char *technique; /* of its migrations: of mig_training_technique() */
  MigFleet *fleet;
  GArray *moves;    /* of MigMove */
  GArray *measured; /* of MigMeasured, one each */
  GArray *rounds;   /* of MigMeasuredRound, by move and round; perhaps none */
  GArray *lost;     /* of double, by VM: seconds of its work from the first migration's start to the
                       last one's end; NaN: not known */
  double time_s;    /* from the one to the other */
} MigTrainingRun;

/* mig_training_run_tells_disks: whether a migration of it tells what it takes to copy disks. */
static inline gboolean
mig_training_run_tells_disks (const MigTrainingRun *run, guint move)
{
  const MigMeasured *measured = &g_array_index (run->measured, MigMeasured, move);
  guint vm = g_array_index (run->moves, MigMove, move).vm;

  return measured->disk_s > 0 && !measured->holes && mig_fleet_vm (run->fleet, vm)->disk_bytes > 0;
}

/* mig_training_run_new: of a case, with nothing in it. */
MigTrainingRun *mig_training_run_new (gint64 run, const char *case_label);
void mig_training_run_free (MigTrainingRun *run);

/* mig_training_run_simulate: its migrations, by a model, in its fleet or another of the same VMs.
 * rounds: as for mig_simulation_trace(); NULL: not wanted. costs: of each migration. What lost work
 * is asked of is the caller's to free; the array of rounds and the fleet must outlive it. */
MigSimulation *mig_training_run_simulate (const MigTrainingRun *run, const MigModel *model,
                                          const MigFleet *fleet, GArray *rounds,
                                          MigMoveCost *costs);

typedef struct {
  GPtrArray *runs; /* of MigTrainingRun: the sound ones */
  guint n_migrations;
  double end_s;                /* median: after the guest's resumption */
  MigSchedEntity sched_entity; /* as in MigModel */
  double link_bytes_per_s;
} MigTraining;

/* mig_training_new: from the runs of a result (of MigRunState, finished: mig_analysis_runs()) and
 * three of its tables whole (of MigRoundRecord, MigEnvironmentRecord, MigParameterRecord). Names
 * are borrowed from the records, which must outlive it; settings are asked for TLS, and not kept. A
 * result without heartbeats and samples is no obstacle. Never NULL; perhaps without runs. */
MigTraining *mig_training_new (const GPtrArray *runs, const GPtrArray *rounds,
                               const GPtrArray *environment, const GPtrArray *parameters,
                               const MigSettings *settings);

/* mig_training_join: several as one (of const MigTraining, at least one); its runs stay theirs,
 * which must outlive it. Runs of the same case's name count as of one case. end_s: the mean by
 * migrations; link_bytes_per_s: the first one's. Errors: INVALID: CPUs are not shared alike. */
MigTraining *mig_training_join (const GPtrArray *trainings, GError **error);

/* mig_training_technique: how a migration is sent: a technique's name (NULL: as of results that do
 * not say it) with ", TLS" where it is encrypted. The caller frees it. */
char *mig_training_technique (const char *name, gboolean tls);

/* mig_training_of_technique: the runs of one; they stay the training's, which must outlive it. */
MigTraining *mig_training_of_technique (const MigTraining *training, const char *technique);

void mig_training_free (MigTraining *training);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigTraining, mig_training_free)
