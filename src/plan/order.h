/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"

/* An order and what it would cost. */
typedef struct {
  const char *name; /* "name order"; a literal */
  GArray *moves;    /* of MigMove, by source and group */
  GArray *costs;    /* of MigMoveCost, one each */
  GArray *lost;     /* of double: lost work of each VM of the fleet */
  GArray *waits;    /* of MigWait: who starts when whose migration has ended; NULL: groups do */
  guint parked;     /* VMs that move twice: over a third host */
  MigPlanCost cost;
  gboolean allowed; /* keeps the VMs' limits of downtime, and all converge */
} MigOrder;

/* mig_order_evaluate: fills costs, lost, cost and allowed from the moves. */
void mig_order_evaluate (MigOrder *order, const MigModel *model, const MigFleet *fleet);
void mig_order_clear (MigOrder *order);
void mig_order_free (gpointer order); /* of one on the heap */

/* mig_order_before: of each move an array (of MigWait) of what it waits for: its waits, or all
 * moves of the group before it; NULL: nothing. The caller unrefs it. */
GPtrArray *mig_order_before (const MigOrder *order, const MigFleet *fleet);

/* mig_order_memory_wait: seconds that the i-th move waits for memory and nothing else, before it
 * starts; before: of mig_order_before(). */
double mig_order_memory_wait (const MigOrder *order, const GPtrArray *before, guint i);

/* mig_order_same: no difference but that VMs which cost the same have changed places. */
gboolean mig_order_same (const MigFleet *fleet, const MigOrder *a, const MigOrder *b);

/* mig_order_source: host that the i-th move leaves. */
guint mig_order_source (const MigOrder *order, const MigFleet *fleet, guint i);
