/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/runs.h"
#include "summary/summary.h"

/* mig_cases_add_run: a finished run, the last one that mig_run_summary_add() added: where it
 * counts, its values in its case's statistics. */
void mig_cases_add_run (MigSummary *summary, const MigRunState *run);

/* mig_cases_finish: after the last run: computes the statistics; sorts. */
void mig_cases_finish (MigSummary *summary);

/* mig_cases_choose_downtime: the summary's downtime: the first of guest, events, reported that
 * every case with sound runs has by that run. */
void mig_cases_choose_downtime (MigSummary *summary, gint64 last_run);
