/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Whether a guest's throughput is steady: rates of its last bins that differ by little. Pure. */

#define MIG_STEADY_BINS_MAX 3

typedef struct {
  gint64 least_ns;                   /* a bin's least length */
  gint64 start_ns, work;             /* of the bin under way; 0: none */
  double rates[MIG_STEADY_BINS_MAX]; /* work per ns in whole bins, the last first */
  guint n;                           /* whole bins so far */
} MigSteadyState;

/* mig_steady_state_init: scale: of the study, 1: full size, at which bins are the longest. */
void mig_steady_state_init (MigSteadyState *self, double scale_ratio);

/* mig_steady_state_add: a heartbeat with the work done so far, of a guest that beats so often. */
void mig_steady_state_add (MigSteadyState *self, gint64 arrival_ns, gint64 work, gint64 period_ns);

/* mig_steady_state_reached: restored: the guest was ready before, so that less has to be seen. */
gboolean mig_steady_state_reached (const MigSteadyState *self, gboolean restored);

/* mig_steady_state_reset: what was seen so far tells nothing. */
void mig_steady_state_reset (MigSteadyState *self);
