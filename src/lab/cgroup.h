/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How the guests of a lab share a CPU. A kernel with autogroups gives each session, and so each QEMU, a share
 * of its own, among which it is unfair for seconds on end (seen with Linux 6.18 and four busy guests on one CPU:
 * 5 to 63 % of a second each; all threads alike: 21 %). In a cgroup with the cpu controller there are no
 * autogroups, and all threads are alike. */

/* mig_cgroup_parent: the directory in which a cgroup for the lab is to be made. NULL: none is needed; or, with
 * *why, one is needed and cannot be had. root: where /proc and the mounts are, "" but for tests. */
char *mig_cgroup_parent (const char *root, char **why);

/* mig_cgroup_enter: makes a cgroup in parent and puts this process, and with it all that it starts, into it.
 * Its path is kept in the lab's directory. Errors: it cannot be made or entered. */
gboolean mig_cgroup_enter (const char *parent, const char *lab_directory, GError **error);

/* mig_cgroup_remove: the lab's cgroup, if it has one, after everything in it has ended but, perhaps, this
 * process, which leaves it. */
void mig_cgroup_remove (const char *lab_directory);
