/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/run-job.h"

/* Where a run ends when its questions are decided, or its time is over: what is run next. */
typedef struct {
  const MigRunJob *job;
  const GHashTable *skipped; /* label of a case that cannot be run -> why */
  GHashTable *told;          /* decisions that are written already: a set of their texts */
  gint64 last_run;
} MigRunRace;

void mig_run_race_init (MigRunRace *self, const MigRunJob *job, const GHashTable *skipped);
void mig_run_race_clear (MigRunRace *self);

/* mig_run_race_extend: as MigRunnerOptions.extend, with a MigRunRace: looks at what is measured,
 * tells and writes what is decided, and appends the next block to the schedule, in memory and on
 * the disk, or nothing. Errors: FAILED: the result directory can't be read or written. */
gboolean mig_run_race_extend (gint64 used_ns, gpointer data, GError **error);
