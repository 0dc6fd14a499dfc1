/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/pacer.h"

#define NS_PER_S UINT64_C (1000000000)

void
mig_pacer_init (MigPacer *pacer, uint64_t rate_per_s, int64_t now_ns)
{
  pacer->rate_per_s = rate_per_s;
  pacer->deadline_ns = now_ns;
  pacer->carried = 0;
}

int64_t
mig_pacer_skip (int64_t deadline_ns, int64_t step_ns, int64_t now_ns)
{
  if (now_ns < deadline_ns)
    return deadline_ns;
  return deadline_ns + ((now_ns - deadline_ns) / step_ns + 1) * step_ns;
}

uint64_t
mig_pacer_next (MigPacer *pacer, int64_t now_ns)
{
  if (now_ns < pacer->deadline_ns)
    return 0;
  int64_t late = (now_ns - pacer->deadline_ns) / MIG_PACER_SLICE_NS;
  if (late > 1)
    pacer->deadline_ns += (late - 1) * MIG_PACER_SLICE_NS;
  pacer->deadline_ns += MIG_PACER_SLICE_NS;
  pacer->carried += pacer->rate_per_s * (uint64_t) MIG_PACER_SLICE_NS;
  uint64_t units = pacer->carried / NS_PER_S;
  pacer->carried %= NS_PER_S;
  return units;
}
