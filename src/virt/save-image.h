/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* A guest as a file on its host: libvirt's save image. Both calls take as long as the guest's
 * memory takes to be written or read, and have a connection of their own. */

/* mig_guest_save: ends the guest; what it is goes into that file, which its hypervisor makes, for
 * itself alone. FALSE: it may have ended all the same, and a part of the file may be there. */
gboolean mig_guest_save (MigGuest *guest, const char *path, GError **error);

/* mig_guest_abort_save: asks; mig_guest_save() then fails, and the guest goes on. FALSE: it
 * refuses, as where saving has not begun, or is over. */
gboolean mig_guest_abort_save (MigGuest *guest);

/* mig_guest_restore: the guest of that UUID, as it was saved, paused; the file stays. Errors:
 * FAILED: it is gone, damaged, or the hypervisor refuses it. */
MigGuest *mig_guest_restore (MigHost *host, const char *path, const char *uuid, GError **error);
