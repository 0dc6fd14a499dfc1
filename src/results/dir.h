/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Files below a directory that is held open. Nothing below it is ever reached through a symbolic
 * link. Names are relative paths without "." and "..". Errors: INVALID for a bad name, EXISTS,
 * FAILED with the path and the cause. */
typedef struct {
  int fd;
  char *path; /* as the user gave it, for messages */
} MigDir;

/* mig_dir_create: a new directory of mode 0700, its parents made where they are missing; an empty
 * one of this user's that is there is taken and gets that mode. Errors: EXISTS where path is
 * something else. */
gboolean mig_dir_create (MigDir *dir, const char *path, GError **error);

/* mig_dir_open: an existing directory; path itself may be a link. */
gboolean mig_dir_open (MigDir *dir, const char *path, GError **error);
void mig_dir_close (MigDir *dir);

/* mig_dir_lock: this process alone may write, until the directory is closed. Errors: EXISTS. */
gboolean mig_dir_lock (const MigDir *dir, GError **error);

/* mig_dir_open_file: flags as open(2); with O_CREAT, missing folders on the way are made. Only
 * regular files are opened. Returns the descriptor, or -1 with error set. */
int mig_dir_open_file (const MigDir *dir, const char *name, int flags, GError **error);

/* mig_dir_has: whether there is a file of that name. */
gboolean mig_dir_has (const MigDir *dir, const char *name);

/* mig_dir_save: a whole file, on the disk; replaces one of that name in one step. */
gboolean mig_dir_save (const MigDir *dir, const char *name, const char *data, gsize size,
                       GError **error);

/* mig_dir_remove: from the disk; it need not be there. */
gboolean mig_dir_remove (const MigDir *dir, const char *name, GError **error);

/* mig_dir_load: a whole file as a NUL-terminated text of at most max_bytes. */
char *mig_dir_load (const MigDir *dir, const char *name, gsize max_bytes, gsize *size,
                    GError **error);

/* mig_dir_sync: entries made so far are on the disk. */
gboolean mig_dir_sync (const MigDir *dir, GError **error);

/* mig_dir_write_all: all bytes, going on after signals and short writes. */
gboolean mig_dir_write_all (const MigDir *dir, const char *name, int fd, const char *data,
                            gsize size, GError **error);
