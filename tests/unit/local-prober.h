/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/prober-client.h"

/* A prober of the test's own process, and servers for it, on loopback. */

/* local_server_listen: a socket at a port, which nobody answers where it is not open. */
int local_server_listen (gboolean open, guint *port);

/* local_prober_begin: one that asks that one alone. */
MigProberClient *local_prober_begin (const char *spec, MigProberTold *told);
