/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run.h"

/* How long calls to the hosts of a run took in one repetition: MigRunHost -> GArray of gint64. */
GHashTable *mig_round_trip_log_new (void);

/* mig_round_trip_log_time: some calls to each host, not to one that is lost. */
void mig_round_trip_log_time (GHashTable *log, MigRun *run);

/* mig_round_trip_log_write: what all took, a row for each host. */
void mig_round_trip_log_write (GHashTable *log, MigRun *run);
