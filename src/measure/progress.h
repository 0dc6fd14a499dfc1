/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* What a run tells of itself while it goes on. */

typedef enum {
  MIG_PHASE_STARTING, /* guests boot */
  MIG_PHASE_SETTLING, /* waiting for steady throughput */
  MIG_PHASE_BASELINE,
  MIG_PHASE_MIGRATING,
  MIG_PHASE_AFTER,  /* the rest of the window */
  MIG_PHASE_ENDING, /* guests are destroyed */
} MigPhase;

const char *mig_phase_name (MigPhase phase);

/* One migration under way; sent_bytes and round are MIG_MISSING_INT where the hypervisor does not
 * tell. */
typedef struct {
  const char *guest;
  const char *destination;
  gint64 elapsed_ns;
  gint64 round;
  gint64 sent_bytes;
} MigProgressMigration;

typedef struct {
  guint position, total; /* of the schedule; total 0: its end is not known yet */
  const char *case_label;
  guint repetition, repetitions; /* repetitions 0: the same */
  gint64 time_ns;                /* within which the run is to end; 0: no limit */
  MigPhase phase;
  gint64 elapsed_ns;       /* since the run began */
  gint64 remaining_ns;     /* estimate, or the rest of its limit; missing: not known */
  const char *waiting_for; /* while guests start: the names of those not ready yet; before the
                              baseline: whose clients are not answered yet; NULL: nothing */
  const MigProgressMigration *migrations;
  guint n_migrations;
} MigProgress;

typedef struct {
  /* At each change of phase and about twice a second; in the runner's thread. */
  void (*progress) (const MigProgress *progress, gpointer data);
  /* After each repetition, when it is on the disk. migrations: of MigMigrationRecord pointers. */
  void (*finished) (const MigRunRecord *run, const GPtrArray *migrations, gpointer data);
  /* What mig_run_hold() waits for has ended; in any thread, under the run's lock. */
  void (*may_stop) (void);
  gpointer data;
} MigRunObserver;
