/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/manners.h"
#include "summary/summary.h"

/* mig_case_manners_set: how the cases migrate: what was asked for, which the records of their runs
 * (of MigRunState) go before where they tell it. manners: NULL: only they do. */
void mig_case_manners_set (MigSummary *summary, const MigManners *manners, const GPtrArray *runs);

/* What is another way in the same cases. */
typedef struct {
  char *scope; /* of which cases: "migrations", "migrations of cm, mc" */
  MigManner manner;
  const char *base, *now; /* the cases' */
} MigMannerChange;

/* mig_case_manners_differ: of cases (const MigCaseSummary), one beside the other, by manner; bases:
 * NULL: from what holds by default. A value that is not known differs from none; what the case's
 * parameters name is left out, as its label says it. An array of MigMannerChange; the caller frees
 * it. */
GPtrArray *mig_case_manners_differ (const GPtrArray *bases, const GPtrArray *cases);
