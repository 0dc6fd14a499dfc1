/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/repetition.h"

/* The guests of a repetition: how they come to be, and their end. */

/* mig_repetition_start_guests: all that the study has, restored where they were saved, else booted.
 * All are built before the first one runs: where they share a CPU with the management, as Xen's
 * with Domain-0, each that runs slows the building of the next. */
gboolean mig_repetition_start_guests (MigRepetition *repetition, const MigStudyCase *study_case,
                                      GError **error);

/* mig_repetition_await_guests: until all are ready. */
gboolean mig_repetition_await_guests (MigRepetition *repetition, GError **error);

/* mig_repetition_save_guests: those that booted, are ready and will be needed again; then all start
 * again, so that each repetition begins in the same way. FALSE with error also where the run must
 * stop, which ends what is being saved. */
gboolean mig_repetition_save_guests (MigRepetition *repetition, const MigStudyCase *study_case,
                                     GError **error);

/* mig_repetition_forget_rates: their throughput so far, all guests', unless each one was restored:
 * what they did while others were pinned, or brought home, says nothing. */
void mig_repetition_forget_rates (MigRepetition *repetition);

/* mig_repetition_end_guests: what cannot be ended is tried again at the end of the run. */
void mig_repetition_end_guests (MigRepetition *repetition);
