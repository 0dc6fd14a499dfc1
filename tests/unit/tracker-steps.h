/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "watch/migration-tracker.h"

/* Events that a tracker of migrations is given, and what it is to make of each. */
typedef struct {
  int host;
  MigEventKind kind;
  gboolean by_migration;
  MigTrackerChange seen;
  const char *guest, *uuid; /* NULL: "g", "u" */
  MigOperation operation;
  gboolean saved;
  MigPostCopy post_copy;
  gboolean end_only;
} Step;

/* tracker_play: the nth comes at 100 * n ns. Returns the migration of the last; the tracker's. */
MigTrackedMigration *tracker_play (MigMigrationTracker *tracker, const Step *steps, guint n);

#define PLAY(tracker, steps) tracker_play (tracker, steps, G_N_ELEMENTS (steps))

/* tracker_nth: of its migrations. */
const MigTrackedMigration *tracker_nth (const MigMigrationTracker *tracker, guint n);
