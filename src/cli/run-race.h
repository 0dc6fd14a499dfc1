/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/run-decisions.h"

/* Where a run ends when its questions are decided, or its time is over: what is run next. */
typedef struct {
  const MigRunJob *job;
  const GHashTable *skipped; /* label of a case that cannot be run -> why */
  MigRunDecisions decisions;
} MigRunRace;

/* mig_run_race_continues: of a complete result that is to be resumed with another end: whether
 * anything would be measured, as it is where repetitions are added to a fixed number. skipped: as
 * above; NULL: that is not known yet. Errors: INVALID:
 * nothing would, and why; this version cannot continue it (mig_result_can_grow()); the directory
 * can't be read. */
gboolean mig_run_race_continues (const MigRunJob *job, const GHashTable *skipped, GError **error);

void mig_run_race_init (MigRunRace *self, const MigRunJob *job, const GHashTable *skipped);
void mig_run_race_clear (MigRunRace *self);

/* mig_run_race_extend: as MigRunnerOptions.extend, with a MigRunRace: looks at what is measured,
 * tells and writes what is decided, and appends the next block to the schedule, in memory and on
 * the disk, or nothing. While the time is limited, total time comes first: only its cases are run
 * until nothing more of it can be decided, then those of the claims that the study tests. Errors:
 * FAILED: the result directory can't be read or written. */
gboolean mig_run_race_extend (gint64 used_ns, gpointer data, GError **error);
