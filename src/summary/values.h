/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/runs.h"

/* A metric of one run: a value, or why there is none. */
typedef struct {
  double value;
  const char *why; /* NULL where there is a value; a literal */
} MigRunValue;

/* mig_run_values: the metrics of a whole run (up to MIG_FIRST_CLASS_METRIC) of a finished, sound
 * run. */
void mig_run_values (const MigRunState *run, MigRunValue values[MIG_N_METRICS]);

/* mig_run_value_add: a part to a sum that is missing as soon as one part is. */
void mig_run_value_add (MigRunValue *sum, double part, const char *why);

/* mig_run_client_values: of these, what clients noticed (client-values.c). */
void mig_run_client_values (const MigRunState *run, MigRunValue values[MIG_N_METRICS]);

/* mig_run_work_rate_before: units of work per second of a guest before the first migration; NaN:
 * not known. mig_run_cpu_before: CPUs that its vCPUs took then. Of a finished, sound run. */
double mig_run_work_rate_before (const MigRunState *run, const MigGuestState *guest);
double mig_run_cpu_before (const MigRunState *run, const MigGuestState *guest);

/* mig_run_lost_work: seconds of a guest's work that it did not do between the first migration's
 * start and end_ns, by its rate before; 0 of a guest that does none; NaN: not known. Of a finished,
 * sound run. */
double mig_run_lost_work (const MigRunState *run, const MigGuestState *guest, gint64 end_ns);

/* mig_run_class_values: the metrics from MIG_FIRST_CLASS_METRIC on, of one class. A value that the
 * class cannot have (none of its guests migrates, or all do) is NaN without a reason. guests: of
 * MigGuestState: its guests in the run. */
void mig_run_class_values (const MigRunState *run, const GPtrArray *guests,
                           MigRunValue values[MIG_N_METRICS]);
