/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Comparing the sequences of two cases. */

/* How a class updates memory: 0 not at all; grows with the dirty rate, then the working set. */
typedef struct {
  const char *class_name;
  double pages_per_s; /* HUGE_VAL: as fast as it can */
  double wss_bytes;
} MigDirtiness;

/* mig_dirtiness_new: of every class in the records: GArray of MigDirtiness. */
GArray *mig_dirtiness_new (const GPtrArray *guest_records);

/* mig_sequence_count_dirty: guests that the case moves and that update memory. */
guint mig_sequence_count_dirty (const MigCaseSummary *study_case, const GArray *dirtiness);

/* mig_sequence_is_ascending: from the least to the most dirty class. coarse: only whether they
 * update memory at all counts. */
gboolean mig_sequence_is_ascending (const MigCaseSummary *study_case, const GArray *dirtiness,
                                    gboolean coarse);

/* mig_sequence_same_conditions: both have the same value of everything that the study sweeps: what
 * differs is the sequence. */
gboolean mig_sequence_same_conditions (const MigCaseSummary *a, const MigCaseSummary *b);

/* mig_sequence_same_guests: both move the same number of guests of each class, one at a time. */
gboolean mig_sequence_same_guests (const MigCaseSummary *a, const MigCaseSummary *b);
