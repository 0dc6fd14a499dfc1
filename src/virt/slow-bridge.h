/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* mig_guest_slow_bridges: networks and bridges that would connect the guest on that host, and that
 * forward nothing for a while after it has come: they have a spanning tree and a forward delay, as
 * far as libvirt knows there. NULL-ended: "network 'lan'", "bridge 'br0'"; never NULL; the caller
 * frees it with g_strfreev(). */
char **mig_guest_slow_bridges (MigGuest *guest, MigHost *host);

/* mig_host_slow_bridge: the same of one of its bridges or, with that NULL, of libvirt's networks;
 * NULL: it is none. The caller frees it. */
char *mig_host_slow_bridge (MigHost *host, const char *bridge, const char *network);
