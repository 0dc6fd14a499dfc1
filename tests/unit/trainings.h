/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/training.h"

/* Measurements that a model makes itself, for tests of what learns from them. */

/* training_new: without runs, on a link of 1 Gbit/s. */
MigTraining *training_new (const MigModel *model);

/* training_measure: adds the run (which is taken), with the fleet that it has: two hosts, and four
 * guests, c, c, m and m; those that its label names move from the one host to the other, one after
 * the other, or together with the one before behind a '+', as the model says, but for a factor. */
void training_measure (MigTraining *training, MigTrainingRun *run, const MigModel *model,
                       double factor);
