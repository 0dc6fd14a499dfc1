/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* Where labs live: one directory per lab below a base directory of the user's, with the file "lock"
 * in it. Its lock (fcntl) is held by migcost-lab for as long as the lab is alive: the kernel drops
 * it with the process, so that a crashed lab cannot be taken for a living one, nor another process
 * that got its number for it. */

/* mig_lab_directory_base: the base directory: /run/migcost for root, $XDG_RUNTIME_DIR/migcost, else
 * /tmp/migcost-UID. It need not exist. It is short, because libvirt puts Unix sockets below, whose
 * paths are limited to 107 bytes. Errors: it belongs to somebody else, others may write to it, or
 * it is a symbolic link. */
char *mig_lab_directory_base (GError **error);

/* mig_lab_directory_lock: creates the base directory where there is none and waits for its lock,
 * which is held while a lab's directory is created or the directories are gone through. -1: failed.
 */
int mig_lab_directory_lock (const char *base, GError **error);

/* mig_lab_directory_unlock: removes the base directory if it is empty and gives the lock back. */
void mig_lab_directory_unlock (const char *base, int lock_fd);

/* mig_lab_directory_create: creates the directory of a new lab and locks it for this process;
 * *lock_fd stays open until the lab ends. The caller frees the path. */
char *mig_lab_directory_create (const char *base, int *lock_fd, GError **error);

/* mig_lab_directory_list: paths of all labs, alive or not, in the order of their names; none where
 * there is no base directory. */
GPtrArray *mig_lab_directory_list (const char *base, GError **error);

/* mig_lab_directory_of: the directory of the lab that a path lies in, be it there or not; NULL: in
 * none. The caller frees it. */
char *mig_lab_directory_of (const char *base, const char *path);

/* mig_lab_directory_of_uri: of the lab that a host with this libvirt URI is of. */
char *mig_lab_directory_of_uri (const char *base, const char *uri);

/* mig_lab_directory_holder: the process that keeps this lab; 0: none, it has crashed; -1: cannot be
 * told. */
pid_t mig_lab_directory_holder (const char *directory);
