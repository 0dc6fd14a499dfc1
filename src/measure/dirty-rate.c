/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "measure/run-guest-state.h"
#include "virt/demand.h"

/* How fast a guest dirties its memory before it moves, by the hypervisor's word. */

/* how long the hypervisor watches its pages, at the beginning of the baseline */
#define DIRTY_RATE_S 1
/* and how long a baseline is that has room for it */
#define LEAST_BASELINE_NS (2 * MIG_NS_PER_S)

static gboolean
has_dirty_rate (const MigRunGuest *run_guest)
{
  gboolean room = run_guest->run->study->baseline_ns >= LEAST_BASELINE_NS;

  return (run_guest->guest->existing || (run_guest->migrates && room)) &&
         mig_host_can (run_guest->where->host, MIG_CAN_DIRTY_RATE);
}

void
mig_run_guest_start_dirty_rate (MigRunGuest *run_guest)
{
  MigGuest *guest = mig_run_guest_handle (run_guest, run_guest->where);
  g_autoptr (GError) error = NULL;

  if (!has_dirty_rate (run_guest))
    return;
  gboolean ring = mig_guest_has_dirty_ring (guest);
  if (mig_guest_start_dirty_rate (guest, DIRTY_RATE_S, ring, &error))
    run_guest->dirty_method = ring ? MIG_DIRTY_RING : MIG_DIRTY_SAMPLING;
  else if (run_guest->guest->existing)
    mig_warning ("%s", error->message);
}

void
mig_run_guest_read_dirty_rate (MigRunGuest *run_guest)
{
  if (run_guest->dirty_method &&
      !mig_guest_dirty_rate (mig_run_guest_handle (run_guest, run_guest->where),
                             &run_guest->dirty_bytes_per_s))
    run_guest->dirty_method = NULL;
}
