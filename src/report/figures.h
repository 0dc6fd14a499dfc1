/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/figure.h"
#include "report/loaded-result.h"

/* mig_figures_new: all that the result allows, in the paper's order, then what the paper lacks,
 * then the time lines of the runs. The report must have been loaded with its time lines and must
 * outlive the array. */
GPtrArray *mig_figures_new (const MigLoadedResult *report);

/* Its parts, for this room. Each appends the figures for which there is data. The report's summary
 * is one of mig_summary_by_experiment(), but for mig_figures_runs(). */
void mig_figures_sweep (const MigLoadedResult *report, GPtrArray *figures);
void mig_figures_cpu (const MigLoadedResult *report, GPtrArray *figures);
void mig_figures_cases (const MigLoadedResult *report, GPtrArray *figures);
void mig_figures_downtime (const MigLoadedResult *report, GPtrArray *figures);
void mig_figures_clients (const MigLoadedResult *report, GPtrArray *figures);
void mig_figures_runs (const MigLoadedResult *report, GPtrArray *figures);
void mig_figures_accuracy (const MigLoadedResult *report, GPtrArray *figures);
