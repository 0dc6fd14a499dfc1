/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/training.h"

/* The model's parameters from measured migrations, and how far it and others' models are from what
 * was measured in cases that they have not seen. Pure. doc/model.md. */

typedef enum {
  MIG_PARAMETER_SOURCE,
  MIG_PARAMETER_DESTINATION,
  MIG_PARAMETER_SOURCE_CONSTANT,
  MIG_PARAMETER_DESTINATION_CONSTANT,
  MIG_PARAMETER_SWITCH,
  MIG_PARAMETER_SETUP,
  MIG_PARAMETER_SOURCE_DISK, /* the first of those of disks */
  MIG_PARAMETER_DESTINATION_DISK,
  MIG_N_PARAMETERS,
  MIG_N_MEMORY_PARAMETERS = MIG_PARAMETER_SOURCE_DISK
} MigParameter;

typedef struct {
  const char *id; /* "source_s_per_byte" */
  const char *meaning;
  const char *unit; /* as shown ... */
  double factor;    /* ... multiplied with this */
  gsize offset;     /* in MigModel */
} MigParameterInfo;

const MigParameterInfo *mig_parameter_info (MigParameter parameter);

typedef struct {
  double value, low, high; /* 95 % interval */
} MigEstimate;

/* Whose prediction. */
typedef enum {
  MIG_PREDICTOR_MODEL,
  MIG_PREDICTOR_LIM,
  MIG_PREDICTOR_BREITGAND,
  MIG_PREDICTOR_AKOUSH,
  MIG_PREDICTOR_LINK,
  MIG_PREDICTOR_REPEAT, /* no model: the mean of the case's other runs: what noise leaves */
  MIG_N_PREDICTORS
} MigPredictor;

/* mig_predictor_name, _id: "this model", "model". disks: some were copied. */
const char *mig_predictor_name (MigPredictor predictor, gboolean disks);
const char *mig_predictor_id (MigPredictor predictor);

/* Mean absolute percentage errors, as ratios; NaN: it predicts no such thing. */
typedef struct {
  double time, downtime;           /* of single migrations */
  double case_time, case_downtime; /* of a case's mean sums over its sequence */
  double rank;                     /* Spearman's correlation of the cases' times; NaN: too few */
  double lost;                     /* of a guest's lost work, as a share of the sequence's time */
  guint n_time, n_downtime;        /* migrations */
  guint n_lost;                    /* guests */
  double disk;                     /* of the time that single migrations copied disks */
  guint n_disk;                    /* migrations; 0: none copied any */
} MigErrors;

/* A case that was predicted without having been seen. Sums over its sequence. */
typedef struct {
  char *label;
  guint n_runs;
  double time_s[MIG_N_PREDICTORS], downtime_s[MIG_N_PREDICTORS];
  double measured_time_s, measured_downtime_s;
} MigCasePrediction;

typedef struct {
  char *technique; /* of the migrations that it learnt from; NULL: of all that there were */
  MigModel model;
  MigEstimate parameters[MIG_N_PARAMETERS];
  guint n_parameters; /* found, the first so many; the rest, of disks, are as in the rule: too few
                         migrations copied any */
  guint n_runs, n_migrations;
  GPtrArray *cases; /* of MigCasePrediction */
  MigErrors errors[MIG_N_PREDICTORS];
} MigCalibration;

/* mig_calibrate: rule: its stop rule, cap and downtime limit; the other parameters are found.
 * Errors: INVALID where there are too few migrations. */
MigCalibration *mig_calibrate (const MigTraining *training, const MigModel *rule, GError **error);

/* mig_calibration_source: what a model was calibrated with, in a phrase. The caller frees it. */
char *mig_calibration_source (const MigCalibration *calibration, const char *directory);

void mig_calibration_free (MigCalibration *calibration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigCalibration, mig_calibration_free)

/* mig_fit: parameters from the runs of all cases but one (NULL: of all), by least squares of the
 * logarithms, those of memory and those of disks each by themselves; estimates may be NULL. Returns
 * how many were found, the first so many: those of disks only where migrations copied some; the
 * others stay in the model as they were; 0: the solver failed. */
guint mig_fit (const MigTraining *training, const char *without, MigModel *model,
               MigEstimate estimates[MIG_N_PARAMETERS]);

/* mig_predict_run: what one predicts for each migration of a run, having learnt from the runs of
 * all cases but one (MIG_PREDICTOR_REPEAT: from all but this run); costs: the time in end_s, with
 * start_s 0, downtime_s and disk_s; lost: of each VM of the run's fleet; NaN where it cannot. */
void mig_predict_run (const MigTraining *training, const char *without, MigPredictor predictor,
                      const MigModel *fitted, const MigTrainingRun *run, MigMoveCost *costs,
                      double *lost);
