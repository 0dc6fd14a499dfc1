/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/given-cpus.h"
#include "summary/runs.h"
#include "summary/summary.h"

/* mig_cases_add_run: a finished run: its rows in the summary and, where it counts, its values in
 * its case's statistics. cpus: for what disturbed it. */
void mig_cases_add_run (MigSummary *summary, const MigRunState *run, const MigCpuTable *cpus);

/* mig_cases_finish: after the last run: computes the statistics; sorts. */
void mig_cases_finish (MigSummary *summary);

/* mig_cases_choose_downtime: the summary's downtime: the first of guest, events, reported that
 * every case with sound runs has by that run. */
void mig_cases_choose_downtime (MigSummary *summary, gint64 last_run);
