/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* On which CPUs of its host a running guest may run. Definitions of it are never changed. */

/* mig_guest_pin: vCPUs to one CPU and, where the host can, the management threads to one; -1: they
 * stay as they are. */
gboolean mig_guest_pin (MigGuest *guest, int cpu, int management_cpu, GError **error);

/* mig_guest_pins: as they are: a text for mig_guest_put_pins, without tabs and line breaks; the
 * caller frees it. */
char *mig_guest_pins (MigGuest *guest, GError **error);

/* mig_guest_put_pins: back to that, be it on another host: what was on all CPUs is on all, and a
 * CPU that is not there counts for nothing. */
gboolean mig_guest_put_pins (MigGuest *guest, const char *pins, GError **error);

/* mig_pins_are_valid: whether a text is of that form. */
gboolean mig_pins_are_valid (const char *pins);
