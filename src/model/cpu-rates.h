/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* A host's CPUs, shared among its guests and the threads that send and receive; where these have
 * CPUs of their own, or use another host's, each pool among those that use it. */

/* mig_cpu_rates_share: what they let each migration's thread send or receive at most. */
void mig_cpu_rates_share (MigSimulation *self, guint host);

/* mig_cpu_rates_share_guests: the guests' CPUs, beside what the threads really take. Where
 * everybody had enough and still has, nothing changes. */
void mig_cpu_rates_share_guests (MigSimulation *self, guint host);

/* mig_cpu_rates_advance_guest: brings it up to now, that is all. */
void mig_cpu_rates_advance_guest (MigSimulation *self, guint vm);
