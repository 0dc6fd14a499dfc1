/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "hosts/undo.h"

/* mig_storage_place_prepare: a place for guests' files or disks on that host (virt/pool.h), before
 * anything is put there: it is looked at, and undo ends the pool that is made for a directory.
 * Errors: of mig_host_check_place(). */
gboolean mig_storage_place_prepare (MigRunHost *host, const char *place, MigUndo *undo,
                                    GError **error);
