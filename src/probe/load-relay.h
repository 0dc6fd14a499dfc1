/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe-address.h"

/* A relay between a load generator and the server that it asks: it passes on what either sends, and
 * knows which requests still lack their answers, of which a load generator does not tell. Inside
 * the prober only. */
typedef struct _MigLoadRelay MigLoadRelay;

/* mig_load_relay_new: to that server, from a port of loopback. NULL with errno. */
MigLoadRelay *mig_load_relay_new (const MigProbeAddress *server);
void mig_load_relay_free (MigLoadRelay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigLoadRelay, mig_load_relay_free)

guint mig_load_relay_port (const MigLoadRelay *relay);

/* mig_load_relay_fd: can be read when mig_load_relay_ready() has something to do. */
int mig_load_relay_fd (const MigLoadRelay *relay);
void mig_load_relay_ready (MigLoadRelay *relay);

/* mig_load_relay_give_up: all connections are reset, and none is taken any more. *sent: gint64, the
 * times of the requests that were sent and not answered: added. */
void mig_load_relay_give_up (MigLoadRelay *relay, GArray *sent);
