/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* mig_host_end_standstill: the guest with that UUID goes on, which is told, where libvirt stopped
 * it for the switch-over of a migration to the other host that nobody brings to its end: it is
 * paused for that reason, and no job is under way. Only for who knows that it ran before.
 * *resumed: it was such a one. Errors: FAILED: it stands still so, and the other host does not say
 * that it has no such guest, or it cannot be resumed. */
gboolean mig_host_end_standstill (MigHost *host, MigHost *other, const char *uuid,
                                  gboolean *resumed, GError **error);
