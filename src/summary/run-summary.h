/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/given-cpus.h"
#include "summary/runs.h"
#include "summary/summary.h"

/* mig_run_summary_add: a finished run: its row and its migrations' in the summary, what damaged its
 * guests, and its part of the sums over all runs. cpus: for what disturbed it. */
void mig_run_summary_add (MigSummary *summary, const MigRunState *run, const MigCpuTable *cpus);

/* mig_run_summary_was_not_run: to its end, for a reason that tells nothing of migrations; a guest
 * that was damaged until then does. */
gboolean mig_run_summary_was_not_run (const MigRunState *run);
