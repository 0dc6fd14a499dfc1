/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* SYNTHETIC results: made by a formula, through the writer, for tests of what reads results. No
 * measurement. Four guests, c1 c2 (cpu) and m1 m2 (memory), share host "source"; a case's label
 * says which two move to "destination". */
typedef struct {
  guint repetitions;
  gint64 period_ns; /* of heartbeats */
  gint64 window_ns;
  gboolean with_failures; /* also one timed-out migration, one damaged guest and their repetition */
  gboolean with_stamps;   /* FALSE: as on a hypervisor without events and job statistics */
  gboolean with_dirty_rates; /* before and in three rounds, of guests that move */
} SyntheticOptions;

/* synthetic_write: a complete result directory of the cases cc, cm, mc, mm. */
void synthetic_write (const char *path, const SyntheticOptions *options);

/* What the formula puts in, in seconds: total time and downtime of one migration of a class that is
 * the first or second in its sequence, in a repetition. */
double synthetic_time_s (char class_name, guint step, guint repetition);
double synthetic_downtime_s (char class_name);
