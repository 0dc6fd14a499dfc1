/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run.h"

/* What observing takes: CPU time of this process and, in the lab, of the hosts' daemons, by phase.
 * While a guest migrates, what the migration itself takes of them is in it. */

/* mig_observing_cpu: CPU time that they have taken so far, as far as it is known. */
gint64 mig_observing_cpu (const MigRun *run);
void mig_observing_begin (MigRun *run);
/* mig_observing_end: the phase is over, and the next begins: CPU time that observing took in it, as
 * far as it is known. */
gint64 mig_observing_end (MigRun *run, MigObservedPhase phase);
/* mig_observing_write: as facts of the environment: shares of a CPU over all repetitions. */
void mig_observing_write (MigRun *run);
