/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock-gap.h"
#include "measure/migration.h"
#include "measure/probing.h"

/* One repetition of a case: its guests, their migrations, its row in runs.csv, and what is told of
 * it meanwhile. From its beginning to its end, events of the run's hosts go to its guests and
 * migrations. */
typedef struct {
  MigRun *run;
  GPtrArray *guests;     /* (L) MigRunGuest */
  GPtrArray *migrations; /* (L) MigMigration */
  MigRunRecord record;
  MigProgress progress; /* what is shown; position, total, labels as given */
  gint64 next_progress_ns;
  const char *awaits;  /* what is waited for besides, for people; NULL: nothing */
  MigProbing *probing; /* the runner's thread alone; NULL: no guest has a network */
  MigClockGap gap;     /* the runner's thread alone */
} MigRepetition;

/* mig_repetition_new: number run->number. progress: position, total, case_label, repetition and
 * repetitions, which outlive it. */
MigRepetition *mig_repetition_new (MigRun *run, const MigProgress *progress);
/* mig_repetition_free: no event comes any more, and all migrations have been waited for. */
void mig_repetition_free (MigRepetition *repetition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigRepetition, mig_repetition_free)

/* mig_repetition_add: a guest; taken. Not while a sampler runs. */
void mig_repetition_add (MigRepetition *repetition, MigRunGuest *run_guest);

/* mig_repetition_find_guest: NULL: it has none that the study knows so. */
MigRunGuest *mig_repetition_find_guest (const MigRepetition *repetition,
                                        const MigStudyGuest *guest);

/* mig_repetition_migrate: starts one; the repetition's. */
MigMigration *mig_repetition_migrate (MigRepetition *repetition, MigRunGuest *run_guest,
                                      const MigRunHost *to, guint step);

/* mig_repetition_enter: a phase begins; it is shown. */
void mig_repetition_enter (MigRepetition *repetition, MigPhase phase);

/* mig_repetition_wait: until `changed`, the deadline or the next progress tick. (L) */
void mig_repetition_wait (MigRepetition *repetition, gint64 deadline_ns);

/* mig_repetition_wait_for: until the condition holds (TRUE) or the deadline has passed (FALSE, no
 * error). FALSE with error: the run has to stop, or, where the guests must live, one has failed.
 * condition: called under the lock; NULL: the deadline alone. */
typedef gboolean (*MigCondition) (const MigRepetition *repetition);
gboolean mig_repetition_wait_for (MigRepetition *repetition, MigCondition condition,
                                  gint64 deadline_ns, gboolean guests_must_live, GError **error);

/* mig_repetition_wait_for_migrations: until all are over: by themselves, by their own deadline, or
 * because their watchers saw the cancellation. */
void mig_repetition_wait_for_migrations (MigRepetition *repetition);
