/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/calibrate.h"

/* A training's calibrations, by technique: what encrypts or compresses takes CPU time for each
 * byte, so migrations that were sent otherwise say nothing of it. Pure. doc/model.md. */
typedef struct _MigCalibrations MigCalibrations;

/* mig_calibrations_new: rule: as for mig_calibrate(). The training must outlive it. */
MigCalibrations *mig_calibrations_new (const MigTraining *training, const MigModel *rule);

/* mig_calibrations_find: with the migrations of that technique, of mig_training_technique(); where
 * they are too few, or it is NULL, with all (then the calibration's own technique is NULL). It
 * stays theirs. NULL: all are too few. Errors: those of mig_calibrate(). */
const MigCalibration *mig_calibrations_find (MigCalibrations *self, const char *technique,
                                             GError **error);

void mig_calibrations_free (MigCalibrations *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigCalibrations, mig_calibrations_free)
