/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/compare.h"
#include "report/load.h"
#include "report/table.h"

/* What every renderer of a comparison says. Texts are as they were recorded: each renderer makes
 * them safe; the caller frees what it gets, arrays of char * free their strings. */

/* What stands above mig_compare_conditions(). */
#define MIG_COMPARE_WARNING                                                                        \
  "not measured under the same conditions; what differs below may come from that"

/* mig_compare_side: one of the two results, in a line. */
char *mig_compare_side (const MigReport *report);

/* mig_compare_conditions: what differs and can explain a difference by itself; mig_compare_facts:
 * facts of the environment that differ, those that matter or the others. */
GPtrArray *mig_compare_conditions (const MigReport *base, const MigReport *now,
                                   const MigComparison *comparison);
GPtrArray *mig_compare_facts (const MigComparison *comparison, gboolean matters);

/* mig_compare_counts: how often each verdict was given. */
char *mig_compare_counts (const MigComparison *comparison);

/* mig_compare_table: a row per change, in their order, below the heading. */
MigTextTable *mig_compare_table (const MigComparison *comparison);

/* mig_compare_failures: cases with failed runs. mig_compare_labels: cases that one lacks; NULL:
 * none. */
GPtrArray *mig_compare_failures (const MigComparison *comparison);
char *mig_compare_labels (const char *heading, const GPtrArray *labels);

/* mig_compare_method: how it was decided, in a paragraph. */
char *mig_compare_method (const MigComparison *comparison);

/* All of it, for a comparison. */
typedef struct {
  GPtrArray *conditions, *failures, *others; /* as above; others: facts that do not matter */
  MigTextTable *table;
  char *counts, *method;
  char *only_base, *only_now; /* cases that the other lacks; NULL: none */
} MigCompareParts;

void mig_compare_parts_init (MigCompareParts *parts, const MigReport *base, const MigReport *now,
                             const MigComparison *comparison);
void mig_compare_parts_clear (MigCompareParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigCompareParts, mig_compare_parts_clear)
