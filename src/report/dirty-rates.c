/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/run-sections.h"

/* How fast guests dirtied their memory: before they moved, and in the rounds. */

#define MB 1e6

static void
add_rate (MigGrid *grid, const MigDirtyRate *rate)
{
  const MigPredicted before = { rate->before.mean / MB, rate->before_low / MB,
                                rate->before_high / MB };

  mig_grid_text (grid, rate->case_label);
  mig_grid_text (grid, rate->guest);
  mig_grid_count (grid, rate->before.n);
  mig_grid_measure (grid, rate->asked / MB);
  mig_grid_stat (grid, &rate->own, 1 / MB, rate->before.n);
  mig_grid_predicted (grid, before);
  mig_grid_text (grid, rate->method);
  mig_grid_stat (grid, &rate->during, 1 / MB, rate->before.n);
  mig_grid_measure (grid, rate->highest.max / MB);
  mig_grid_stat (grid, &rate->ratio, 1, rate->before.n);
}

void
mig_section_dirty_rates (MigBlock *parent, const GPtrArray *rates)
{
  if (rates->len == 0)
    return;
  MigGrid *grid = mig_grid_new (
      "llrrrrlrrr", (const char *const[]){ "case", "guest", "n", "asked", "its own", "before", "by",
                                           "rounds", "highest", "rounds / before", NULL });
  MigBlock *section = mig_block_section (parent, "dirty-rates",
                                         "Dirty rates before and during migrations, MB/s");

  for (guint i = 0; i < rates->len; i++)
    add_rate (grid, rates->pdata[i]);
  mig_block_table (section, grid);
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Its own: updates that a memory workload counts in the baseline, each of a page. Before: the "
      "hypervisor's measurement, over a second of the baseline, of pages that differ; in brackets "
      "what its method can resolve: page sampling looks at one page in 512. Rounds: the "
      "hypervisor's estimates, one a second at most; missing where rounds are shorter.");
}
