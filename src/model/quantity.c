/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/quantity.h"

static const MigQuantityInfo quantities[MIG_N_QUANTITIES] = {
  [MIG_QUANTITY_START] = { "start", "start", FALSE, TRUE, FALSE },
  [MIG_QUANTITY_TOTAL_TIME] = { "total-time", "total time", TRUE, TRUE, TRUE },
  [MIG_QUANTITY_WALL_TIME] = { "wall-time", "wall time", TRUE, FALSE, TRUE },
  [MIG_QUANTITY_DOWNTIME] = { "downtime", "downtime", TRUE, TRUE, TRUE },
  [MIG_QUANTITY_WORST_DOWNTIME] = { "worst-downtime", "worst downtime", TRUE, FALSE, TRUE },
  [MIG_QUANTITY_LOST_WORK] = { "lost-work", "lost work", TRUE, TRUE, FALSE },
  [MIG_QUANTITY_OUTAGE] = { "outage", "outage", FALSE, TRUE, TRUE },
  [MIG_QUANTITY_STALL] = { "tcp-stall", "TCP stall", FALSE, TRUE, TRUE },
};

const MigQuantityInfo *
mig_quantity_info (MigQuantity quantity)
{
  g_return_val_if_fail ((guint) quantity < MIG_N_QUANTITIES, NULL);
  return &quantities[quantity];
}

gboolean
mig_quantity_find (const char *id, MigQuantity *quantity)
{
  for (guint i = 0; i < MIG_N_QUANTITIES; i++)
    if (g_strcmp0 (quantities[i].id, id) == 0)
      {
        *quantity = i;
        return TRUE;
      }
  return FALSE;
}
