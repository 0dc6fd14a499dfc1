/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "analysis/model.h"
#include "results/records.h"

/* Measured migrations as the model sees them: what a calibration learns from. Pure. */

typedef struct {
  const char *class_name;
  guint step;
  double time_s;      /* as virDomainMigrate3 took */
  double downtime_s;  /* the guest's, else by events, else reported; NaN: none was measured */
  double sent_bytes;
} MigMeasured;

typedef struct {
  gint64 run;
  char *case_label;
  MigFleet *fleet;
  GArray *moves;    /* of MigMove */
  GArray *measured; /* of MigMeasured, one each */
} MigTrainingRun;

typedef struct {
  GPtrArray *runs;       /* of MigTrainingRun: the sound ones */
  guint n_migrations;
  double setup_s, end_s; /* medians: before the first round, after the guest's resumption */
  double link_bytes_per_s;
} MigTraining;

/* The tables of a result directory, whole: arrays of record pointers. */
typedef struct {
  GPtrArray *runs, *guests, *migrations, *rounds, *environment, *parameters;
} MigTrainingTables;

typedef struct _MigTrainer MigTrainer;

/* mig_trainer_new: tables are kept by reference to the records and must outlive the training. */
MigTrainer *mig_trainer_new (const MigTrainingTables *tables);

/* mig_trainer_add_heartbeat / _add_sample: rows of the big tables: the guests' rates and CPU before
 * the first migration. A directory without them is no obstacle. */
void mig_trainer_add_heartbeat (MigTrainer *trainer, const MigHeartbeatRecord *heartbeat);
void mig_trainer_add_sample (MigTrainer *trainer, const MigSampleRecord *sample);

/* mig_trainer_finish: frees the trainer. Never NULL; perhaps without runs. */
MigTraining *mig_trainer_finish (MigTrainer *trainer);

void mig_training_free (MigTraining *training);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigTraining, mig_training_free)
