/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Comparing the sequences of two cases. */

/* mig_class_is_dirtier: a updates more memory than b: at a higher rate, or at the same one more of
 * it. coarse: a updates memory and b does not. */
gboolean mig_class_is_dirtier (const MigClassInfo *a, const MigClassInfo *b, gboolean coarse);

/* mig_sequence_count_dirty: guests that the case moves and that update memory. */
guint mig_sequence_count_dirty (const MigCaseSummary *study_case);

/* mig_sequence_is_ascending: from the least to the most dirty class. coarse: only whether they
 * update memory at all counts. */
gboolean mig_sequence_is_ascending (const MigCaseSummary *study_case, gboolean coarse);

/* mig_sequence_order: "cm", of the case "cm link=1Gbit/s". The caller frees it. */
char *mig_sequence_order (const MigCaseSummary *study_case);

/* mig_sequence_conditions: "link=1Gbit/s" of it. NULL: none. */
const char *mig_sequence_conditions (const MigCaseSummary *study_case);

/* mig_sequence_value: of what the study sweeps. NULL: not in this case. */
const char *mig_sequence_value (const MigCaseSummary *study_case, const char *parameter);

/* mig_sequence_same_conditions: both have the same value of everything that the study sweeps: what
 * differs is the sequence. */
gboolean mig_sequence_same_conditions (const MigCaseSummary *a, const MigCaseSummary *b);

/* mig_sequence_as_many: both move the same number of guests, one at a time. */
gboolean mig_sequence_as_many (const MigCaseSummary *a, const MigCaseSummary *b);

/* mig_sequence_same_guests: both move the same number of guests of each class, one at a time. */
gboolean mig_sequence_same_guests (const MigCaseSummary *a, const MigCaseSummary *b);

/* mig_sequence_key: cases of the same guests and conditions, as above, have the same one. NULL: it
 * moves no guests, or some at once. The caller frees it. */
char *mig_sequence_key (const MigCaseSummary *study_case);
