/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/order-map.h"

/* What a map of orders depends on: of each parameter that is swept, the pairs of fields that differ
 * in nothing else. Pure. */
typedef struct {
  const char *parameter;
  guint n_changed; /* pairs of known verdicts that differ */
  guint n_same;
  guint n_unknown; /* pairs of which a verdict is not known */
} MigOrderFactor;

/* mig_order_same_orders: whether two fields compare the same two orders, of the same experiment. */
gboolean mig_order_same_orders (const MigOrderField *a, const MigOrderField *b);

/* mig_order_group: how many of n fields, from the first, compare the same two orders. */
guint mig_order_group (MigOrderField *const *fields, guint n);

/* mig_order_factors: GArray of MigOrderFactor, as the study sweeps them; of fields of the same two
 * orders. */
GArray *mig_order_factors (MigOrderField *const *fields, guint n);
