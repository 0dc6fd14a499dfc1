/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "hosts/undo.h"
#include "lab/boot-image.h"

/* mig_boot_files_send: this machine's guest kernel and migcost's initramfs into a place of the host
 * (hosts/storage-place.h has prepared it), whose guests then boot from there; the initramfs has the
 * modules that these devices need. What an earlier run has put there is used again. It stays there
 * for the next one, or, remove, undo takes it away, but not what others use or have put there. Of
 * what runs have left, what is older than a week and used by nobody goes when something is added.
 */
gboolean mig_boot_files_send (MigRunHost *host, const char *place, MigDevices devices,
                              gboolean remove, MigUndo *undo, GError **error);
