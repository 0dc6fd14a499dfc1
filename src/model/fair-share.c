/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/fair-share.h"

double
mig_fair_share_level (const MigFairShare *shares, guint n, double capacity)
{
  double level = 0, weights = 0, demands = 0;
  guint satisfied = 0, before;

  for (guint i = 0; i < n; i++)
    {
      weights += shares[i].weight;
      demands += shares[i].demand;
    }
  if (demands <= capacity)
    return INFINITY;
  /* the level only rises: each pass leaves more to those that are not satisfied yet; what rounding
   * takes back does not count */
  level = capacity / weights;
  do
    {
      double left = capacity, rest = 0;
      before = satisfied;
      satisfied = 0;
      for (guint i = 0; i < n; i++)
        if (shares[i].demand <= shares[i].weight * level)
          {
            left -= shares[i].demand;
            satisfied++;
          }
        else
          rest += shares[i].weight;
      if (rest <= 0)
        return INFINITY;
      level = left / rest;
    }
  while (satisfied > before);
  return level;
}

double
mig_fair_share_most (const double *demands, const double *sums, guint n, guint at, double capacity)
{
  guint low = 0, high = n - 1;

  /* of the others, those below its level get what they want, the rest get the level as it does */
  while (low < high)
    {
      guint middle = (low + high) / 2; /* of the others satisfied, at least one more */
      guint index = middle < at ? middle : middle + 1;
      double used = sums[index + 1] - (index >= at ? demands[at] : 0);
      if (used + demands[index] * (n - 1 - middle) <= capacity)
        low = middle + 1;
      else
        high = middle;
    }
  double used = sums[low < at ? low : low + 1] - (low >= at ? demands[at] : 0);
  return fmax (0, (capacity - used) / (n - low));
}
