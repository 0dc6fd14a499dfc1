/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How the guests of a lab, and all else that works for it, share a CPU. A kernel with autogroups
 * gives each session, and so each QEMU, a share of its own, among which it is unfair for seconds on
 * end, to the kernel's own threads too; one cgroup for the lab does not mend that (doc/lab.md has
 * figures). So they are off while there is a lab. */

/* mig_autogroups_disable: if they are on, and this process is not in a cgroup with the cpu
 * controller, where there are none. That they were on is noted in the lab's directory. root: where
 * /proc and the mounts are, "" but for tests. Errors: they are on and may not be turned off. */
gboolean mig_autogroups_disable (const char *root, const char *lab_directory, GError **error);

/* mig_autogroups_restore: as they were before that lab; if another lab beside it needs them to be
 * off, it is for that one to restore them. The base directory's lock is held. */
void mig_autogroups_restore (const char *root, const char *lab_directory);
