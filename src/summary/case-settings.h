/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/migration-settings.h"
#include "summary/summary.h"

/* mig_case_settings_set: how the cases migrate: what was asked for, which the records of their runs
 * (of MigRunState) go before where they tell it. settings: NULL: only they do. */
void mig_case_settings_set (MigSummary *summary, const MigSettings *settings,
                            const GPtrArray *runs);

/* What is another way in the same cases. */
typedef struct {
  char *scope; /* of which cases: "migrations", "migrations of cm, mc" */
  MigSetting setting;
  const char *base, *now; /* the cases' */
} MigSettingChange;

/* mig_case_settings_differ: of cases (const MigCaseSummary), one beside the other, by setting;
 * bases: NULL: from what holds by default. A value that is not known differs from none; what the
 * case's parameters name is left out, as its label says it. An array of MigSettingChange; the
 * caller frees it. */
GPtrArray *mig_case_settings_differ (const GPtrArray *bases, const GPtrArray *cases);
