/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "virt/guest.h"

/* A host as it answers now: over the run's connection or, where that is lost, one of its own. */
typedef struct {
  const MigRunHost *host;
  MigHost *again; /* NULL: the run's is used */
} MigReachedHost;

/* A daemon that ended is started again by most systems: so long it is waited for, also on a busy
 * machine, and so often asked. */
#define MIG_REACHED_HOST_PATIENCE_NS (20 * MIG_NS_PER_S)
#define MIG_REACHED_HOST_RETRY_NS (MIG_NS_PER_S / 4)

void mig_reached_host_clear (MigReachedHost *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigReachedHost, mig_reached_host_clear)

/* mig_reached_host: the connection that answered last. */
MigHost *mig_reached_host (const MigReachedHost *self);

/* mig_reached_host_state: as mig_host_guest_state(); where the host does not tell, over a new
 * connection. Once: whoever has patience asks again. */
gboolean mig_reached_host_state (MigReachedHost *self, const char *uuid, MigGuestState *state,
                                 GError **error);
