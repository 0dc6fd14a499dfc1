/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/accuracy.h"
#include "report/conditions.h"
#include "report/document.h"
#include "report/overview.h"
#include "summary/order-map.h"

/* What is said of a field: for people and for programs. */

/* mig_order_map_verdict: "cm cheaper", "no difference of more than 1.2 s", "not known". The caller
 * frees it. */
char *mig_order_map_verdict (const MigOrderField *field);

/* mig_order_map_expected: first less second, as it was predicted before the run; NaN: it was not.
 * accuracy: NULL: nothing was predicted. */
double mig_order_map_expected (const MigAccuracy *accuracy, const MigOrderField *field);

/* mig_order_map_has: whether the map is of that experiment, NULL: of the study that has none. */
gboolean mig_order_map_has (const MigLoadedResult *result, const char *experiment);

/* mig_order_map_counts: of n fields of the same two orders, how many say what: "cm is cheaper in 3,
 * not known in 1"; parameter: of those alone that have this value of it; NULL: of all. The caller
 * frees it. */
char *mig_order_map_counts (MigOrderField *const *fields, guint n, const char *parameter,
                            const char *value);

/* mig_order_factors_text: with which conditions the verdicts of these change; values: and what they
 * are for each value. NULL: only one is swept. The caller frees it. */
char *mig_order_factors_text (const MigConditions *conditions, MigOrderField *const *fields,
                              guint n, gboolean values);

/* mig_order_map_brief: for the first sight: how many fields say what, on what that depends, and a
 * row for each; the rest is counted. Nothing where no map is. */
void mig_order_map_brief (MigBlock *parent, const MigLoadedResult *result,
                          const MigOverviewLimits *limits);
