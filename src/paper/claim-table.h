/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/claims.h"

/* What several results say of the paper's claims, side by side: a column for each platform, whose
 * results may be several. Pure. */

typedef struct {
  const char *platform; /* "Xen" */
  MigClaimSource source;
  gboolean disturbed; /* observing, or others on the machine, took so much from its guests that
                         their rates are not those of a run that nobody observes or disturbs */
  gboolean scaled;    /* it is not of full size */
} MigClaimSet;

typedef struct {
  MigClaimFinding finding;
  guint set;         /* that it is of: index from 0 */
  gboolean marked;   /* it is of rates, and that set's are disturbed */
  gboolean disputed; /* another result of the platform decides it the other way */
} MigClaimCell;

typedef struct {
  GPtrArray *columns; /* of char *: platforms, in the order of their first set */
  GArray *cells;      /* of MigClaimCell, by claim, then by column */
  GArray *of_sets;    /* of MigClaimCell: what each set says, by claim, then by set */
  GArray *column_of;  /* of guint, by set */
} MigClaimTable;

/* mig_claim_table_new: for each claim and platform the result that tests it best: one that tests it
 * at all before one that does not; whose rates stand, where it is of rates; that decides it; where
 * it is of all comparisons and they support it, that has the most of them; the narrowest interval,
 * beside the times or downtimes that the value is formed of, a ratio itself, or 100 %; of full
 * size. The sets are borrowed while it is made, their summaries for as long as it lives. */
MigClaimTable *mig_claim_table_new (const MigClaimSet *sets, guint n);

const MigClaimCell *mig_claim_table_at (const MigClaimTable *table, guint claim, guint column);

/* mig_claim_table_others: of MigClaimCell, by set: what the platform's other sets that test the
 * claim come to; empty where all of them come to the verdict of the one that is shown. Sets whose
 * rates are disturbed count for nothing where that one's are not. */
GArray *mig_claim_table_others (const MigClaimTable *table, guint claim, guint column);

void mig_claim_table_free (MigClaimTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigClaimTable, mig_claim_table_free)
