/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/runs.h"
#include "summary/summary.h"

/* mig_cases_add_run: a finished run: its rows in the summary and, where it counts, its values in
 * its case's statistics. environment: of MigEnvironmentRecord, parameters: of MigParameterRecord,
 * for what disturbed it. */
void mig_cases_add_run (MigSummary *summary, const MigRunState *run, const GPtrArray *environment,
                        const GPtrArray *parameters);

/* mig_cases_finish: after the last run: computes the statistics; sorts. */
void mig_cases_finish (MigSummary *summary);
