/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/calibrate.h"
#include "report/document.h"

/* mig_calibration_line: what a model was calibrated with. The caller frees it. */
char *mig_calibration_line (const MigCalibration *calibration, const char *directory);

/* mig_calibration_add: the model's parameters, its errors in cases that were left out, and each of
 * those cases. */
void mig_calibration_add (MigBlock *body, const MigCalibration *calibration, const char *directory);
