/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-progress.h"
#include "results/result.h"
#include "virt/stop-limits.h"

/* An execution that did not come to its end, as its result has it. */
typedef struct {
  GPtrArray *moves;   /* of MigPlannedMove: of all plans. RUNNING: begun, and nobody knows how it
                         ended; WAITING: of the last plan, not begun */
  GHashTable *starts; /* move -> MigInterruptedStart, of those that are RUNNING, and of those that
                         failed and were to take their autostart along */
  GArray *open;       /* of gint64: runs that have no row in runs.csv */
  guint plans;        /* the number of the last one */
} MigInterrupted;

/* What was noted of a migration that had begun. */
typedef struct {
  gint64 begun_ns;
  gint64 job_seen_ns;      /* the first event of its job; missing: none came */
  MigStopCause stop_cause; /* it was made to end; NOT_YET: it was not */
  gint64 stop_ns;
} MigInterruptedStart;

/* mig_interrupted_load: of a result directory. Errors: INVALID where it is complete, or no
 * execution's, or of a version that noted no moves. */
MigInterrupted *mig_interrupted_load (const char *path, GError **error);
void mig_interrupted_free (MigInterrupted *interrupted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigInterrupted, mig_interrupted_free)

/* mig_interrupted_left: moves of the last plan that were not begun, or broken off (of
 * MigPlannedMove; borrowed). The caller unrefs the array. */
GPtrArray *mig_interrupted_left (const MigInterrupted *interrupted);

/* mig_planned_move_record: the row of a move, and the move of a row: NULL where the row is not
 * whole. What the record points to is the move's, but for after, which the caller frees. */
MigMoveRecord mig_planned_move_record (const MigPlannedMove *move, gint64 run);
MigPlannedMove *mig_planned_move_of (const MigMoveRecord *record);
