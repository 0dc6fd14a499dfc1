/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/resume.h"
#include "measure/run-handle.h"

/* Runs the schedule of a study. */
typedef struct {
  MigRunOptions run;
  const MigStudy *study;
  GArray *schedule; /* MigScheduleItem */
  /* Where the end of the schedule is reached: appends to it what is to be run next; nothing: that
   * was all. used_ns: since the runner began. NULL: nothing is ever appended. Errors end the run.
   */
  gboolean (*extend) (gint64 used_ns, gpointer data, GError **error);
  gpointer extend_data;
  gint64 time_ns;   /* within which the run is to end, to tell how long it may take; 0: no limit */
  GHashTable *done; /* mig_run_key() of what need not be run (resume); NULL: nothing */
  GHashTable *skipped; /* label of a case that cannot be run -> why; NULL: none */
  /* Gives the lab's link another rate; NULL: there is no such link. */
  gboolean (*shape_link) (guint64 bytes_per_s, gpointer data, GError **error);
  gpointer shape_data;
  gint64 last_run; /* number of the last run in the directory; 0: none */
} MigRunnerOptions;

typedef struct _MigRunner MigRunner;

/* mig_runner_new: options are copied, what they point to must outlive the runner. */
MigRunner *mig_runner_new (const MigRunnerOptions *options);

/* mig_runner_run: runs the schedule. Every repetition is on the disk before the next begins.
 * Whatever happens, guests are destroyed and pins put back before it returns. Errors: INTERRUPTED
 * where it is cancelled; FAILED where going on makes no sense (guests do not start, disk full,
 * host lost). A failed migration is no error but a row, and so is a case that is skipped. Sets the
 * numbers of repetitions that were sound and that failed; those that were skipped are neither. */
gboolean mig_runner_run (MigRunner *runner, guint *sound, guint *failed, GError **error);

/* mig_runner_handle: by which it is cancelled and held. */
MigRunHandle *mig_runner_handle (MigRunner *runner);

void mig_runner_free (MigRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigRunner, mig_runner_free)
