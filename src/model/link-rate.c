/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/copied-disks.h"
#include "model/link-rate.h"
#include "results/facts.h"
#include "summary/runs.h"

/* 1, 10, 25, 40 or 100 Gbit/s. */
static const double common_links[] = { 125e6, 1250e6, 3125e6, 5e9, 12.5e9 };

double
mig_link_rate_known (const GPtrArray *environment)
{
  double measured = mig_fact_number (environment, MIG_FACT_LINK_MEASURED, NULL);
  double configured = mig_fact_number (environment, MIG_FACT_LINK_CONFIGURED, NULL);

  return measured > 0 ? measured : configured > 0 ? configured : INFINITY;
}

/* fastest: bytes of memory per second of a whole migration: no link was slower. */
static double
fastest (const GPtrArray *runs)
{
  double rate = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      const GPtrArray *migrations = ((const MigRunState *) runs->pdata[i])->migrations;
      for (guint j = 0; j < migrations->len; j++)
        {
          const MigMigrationRecord *m = migrations->pdata[j];
          double time = mig_units_seconds_between (m->start_ns, m->end_ns) - mig_copied_disks_s (m);
          if (!MIG_IS_MISSING (m->sent_bytes) && time > 0)
            rate = fmax (rate, m->sent_bytes / time);
        }
    }
  return rate;
}

double
mig_link_rate_guess (const GPtrArray *runs)
{
  double rate = fastest (runs);
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (common_links) && common_links[i] < rate)
    i++;
  return common_links[i];
}
