/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/training.h"

/* Measurements that a model makes itself, for tests of what learns from them. */

/* training_new: without runs, on a link of 1 Gbit/s. */
MigTraining *training_new (const MigModel *model);

/* training_truth: a model whose parameters, those of disks too, a calibration is to find again; its
 * stop rule is Xen 4.4's. training_rule: the default model with that rule: what is known before. */
MigModel training_truth (void);
MigModel training_rule (void);

/* training_measure: adds the run (which is taken), with the fleet that it has: two hosts, and four
 * guests, c, c, m and m; those that its label names move from the one host to the other, one after
 * the other, or together with the one before behind a '+', as the model says, but for a factor. */
void training_measure (MigTraining *training, MigTrainingRun *run, const MigModel *model,
                       double factor);

/* training_add: two runs of each of n cases, the first shorter and the second longer than the model
 * says, by the share noise. Of each two guests of a kind, the second has a disk of that size, and
 * the first one four times as large; 0: none has one. */
void training_add (MigTraining *training, const MigModel *model, const char *const *labels, guint n,
                   double disk_bytes, double noise);

/* training_of: such runs alone, by the model of training_truth(). */
MigTraining *training_of (const char *const *labels, guint n, double disk_bytes, double noise);
