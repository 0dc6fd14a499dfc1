/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

#include "workloads/guest.h"
#include "workloads/pacer.h"

/* What workloads have in common whose workers update things at a rate, or as fast as they can. */

extern const char *const mig_paced_orders[]; /* by MigGuestOrder */

#define MIG_PACED_RATE(things)                                                                     \
  {                                                                                                \
    .name = "rate", .kind = MIG_OPTION_NUMBER,                                                     \
    .offset = offsetof (MigGuestOptions, rate_pages_per_s), .minimum = 0,                          \
    .maximum = MIG_GUEST_RATE_MAX, .fallback = "0",                                                \
    .meaning = things " per second, 0 as fast as it can"                                           \
  }
#define MIG_PACED_ORDER                                                                            \
  {                                                                                                \
    .name = "order", .kind = MIG_OPTION_CHOICE, .offset = offsetof (MigGuestOptions, order),       \
    .choices = mig_paced_orders, .fallback = "sequential", .meaning = "order of the updates"       \
  }

/* mig_paced_share: worker i's part of what threads divide among them; the first get what is over.
 */
uint64_t mig_paced_share (uint64_t whole, uint64_t threads, uint64_t i);

/* mig_paced_init: worker i's part of the guest's rate, from now on. */
void mig_paced_init (MigPacer *pacer, const MigGuest *guest, uint64_t i);

/* mig_paced_step: a step of a workload (guest.h): what is due now, then a rest until the next
 * deadline; without a rate a batch. update: so many of them, in a row. */
void mig_paced_step (MigGuestWorker *worker, MigPacer *pacer, uint64_t batch,
                     void (*update) (MigGuestWorker *worker, uint64_t n));
