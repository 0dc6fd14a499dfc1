/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/calibrate.h"
#include "model/quantity.h"

/* What the cases of a scaled study are expected to cost at full size, by the model that was
 * calibrated with that very run. Pure. doc/model.md. */

/* A case: sums over its sequence. */
typedef struct {
  char *label;
  guint n_runs;
  double measured_time_s, measured_downtime_s; /* at its scale: means; NaN: not known */
  MigPredicted time, downtime; /* at full size; the interval is that of a repetition */
} MigFullSizeCase;

typedef struct {
  guint n_migrations;    /* that it was calibrated with */
  gboolean by_technique; /* those of each technique by themselves, where they were enough */
  GPtrArray *cases; /* of MigFullSizeCase, by label, as in a summary; empty: there is why_not */
  char *why_not;    /* NULL: there are cases */
} MigFullSize;

/* mig_full_size_new: rule: that all migrations were stopped by; NULL: not one for all of them. */
MigFullSize *mig_full_size_new (const MigTraining *training, double scale, const char *rule);

void mig_full_size_free (MigFullSize *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigFullSize, mig_full_size_free)

/* mig_full_size_fleet: a fleet as it was before it was scaled. */
MigFleet *mig_full_size_fleet (const MigFleet *fleet, double scale);
