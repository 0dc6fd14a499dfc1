/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "hosts/undo.h"
#include "lab/boot-image.h"

/* mig_boot_files_send: this machine's guest kernel and migcost's initramfs into a storage pool or a
 * directory of the host, whose guests then boot from there; the initramfs has the modules that
 * these devices need. undo takes them away again, but not what was there already. */
gboolean mig_boot_files_send (MigRunHost *host, const char *place, MigDevices devices,
                              MigUndo *undo, GError **error);
