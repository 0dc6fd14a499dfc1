/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "virt/guest.h"

/* The domain of the guest by which it is found out whether hosts can migrate in some way. */
#define MIG_PROBE_GUEST_NAME "migcost-trial"

/* mig_probe_guest_start: a small guest that does nothing, on that host; its end is the caller's. It
 * is not resumed, so that its memory is empty and its migration is over in a moment, except where
 * wants_running is TRUE or its hypervisor can migrate only what has booted. Errors: TIMEOUT where
 * it should have said that it works and did not. */
MigGuest *mig_probe_guest_start (const MigRunHost *host, gboolean wants_running, GError **error);
