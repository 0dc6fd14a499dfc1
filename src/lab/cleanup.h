/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* mig_cleanup_children: kills all children of this process and waits for them, until there is none.
 * A child subreaper gets its grandchildren as children when their parents end, so that it is rid of
 * all its descendants afterwards. A number is only signalled while it is a child not yet waited
 * for: it cannot belong to anybody else. */
void mig_cleanup_children (void);

/* mig_cleanup_leftovers: kills the processes that a crashed lab left: those whose home is below its
 * directory, as is the case for daemons and QEMUs of a lab and for nothing else. Returns their
 * number. */
guint mig_cleanup_leftovers (const char *directory);

/* mig_cleanup_locks: removes the locks on terminals that killed daemons left where no namespace
 * hides them: those whose process is gone and whose owner is this user or, for root, uid. */
#define MIG_CLEANUP_LOCKS "/var/lock"
void mig_cleanup_locks (uid_t uid);
