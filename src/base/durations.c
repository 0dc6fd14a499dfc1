/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/durations.h"
#include "base/units.h"

int
mig_durations_compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

gint64
mig_durations_quantile (const GArray *sorted, guint thousandths)
{
  guint rank = (guint) (((guint64) sorted->len * thousandths + 999) / 1000);

  return sorted->len ? g_array_index (sorted, gint64, MAX (rank, 1) - 1) : MIG_MISSING_INT;
}
