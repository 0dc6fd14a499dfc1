/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "virt/guest.h"

/* A small guest that does nothing, by which it is found out whether hosts can migrate in some way.
 */

/* mig_probe_guest_name: of the one with that UUID: no study's guest has such a name, nor has
 * another probe. The caller frees it. */
char *mig_probe_guest_name (const char *uuid);

/* mig_probe_guest_start: one of that UUID, on that host; its end is the caller's. template_file:
 * what it is made of; NULL: the host's choice; diskless: without its disks. It is not resumed, so
 * that its memory is empty and its migration is over in a moment, except where wants_running is
 * TRUE or its hypervisor can migrate only what has booted. Errors: TIMEOUT where it should have
 * said that it works and did not. */
MigGuest *mig_probe_guest_start (const MigRunHost *host, const char *template_file,
                                 const char *uuid, gboolean wants_running, gboolean diskless,
                                 GError **error);
