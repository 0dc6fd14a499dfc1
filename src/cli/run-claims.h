/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/run-decisions.h"

/* mig_run_claims_write: what is decided of the claims that the study tests, and of the comparisons
 * that they rest on. Errors: as mig_run_decisions_append(). */
gboolean mig_run_claims_write (MigRunDecisions *decisions, const MigSummary *summary,
                               const GPtrArray *conclusions, GError **error);

/* mig_run_claims_write_open: at the end: what is not. */
gboolean mig_run_claims_write_open (MigRunDecisions *decisions, const MigSummary *summary,
                                    const GPtrArray *conclusions, const MigClaimRace *claims,
                                    GError **error);
