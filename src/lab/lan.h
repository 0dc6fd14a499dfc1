/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/setup.h"

/* The LAN of a lab's guests, beside the link between its hosts: a bridge in each host's namespace
 * with a tap for each guest, joined by a switch, to which a client is plugged in, too; switch and
 * client have namespaces of their own. */

/* mig_lan_up: makes it and starts the prober in the client's namespace; fills in state->prober.
 * Where that cannot be, the lab has none: state->lan_why_not says why. */
void mig_lan_up (MigSetup *setup);
