/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_files_remove_tree: removes a directory and all in it. Never follows a symbolic link and never
 * crosses into another file system. A path that is not there is no error. */
gboolean mig_files_remove_tree (const char *path, GError **error);

/* mig_files_write: creates or replaces a file by writing a new one beside it, syncing and renaming:
 * a reader sees the old or the new content, whole. A symbolic link stays: what it leads to is
 * replaced. A device or a pipe is written to. */
gboolean mig_files_write (const char *path, const char *data, gsize size, GError **error);

/* mig_files_load: the first max_bytes of a file, with a NUL behind them; kind: "the study", for the
 * message "cannot read KIND 'PATH': ...". Reads pipes too. The caller frees it. */
char *mig_files_load (const char *path, const char *kind, gsize max_bytes, gsize *size,
                      GError **error);

/* mig_files_is_still: whether the path names what the descriptor stands for: nobody has removed or
 * replaced it since it was opened. */
gboolean mig_files_is_still (int fd, const char *path);

/* mig_files_copy: copies a file's content to a new file with the given mode. Errors: EXISTS where
 * the destination is there. */
gboolean mig_files_copy (const char *from, const char *to, int mode, GError **error);

/* mig_files_find_data: path of a file that migcost ships (e.g. "studies/smoke.xml"), looked for in
 * $MIGCOST_DATADIR, then in the installed data directory. NULL where there is none. */
char *mig_files_find_data (const char *name);

/* mig_files_find_template: path of a domain template: of one that migcost ships by its name; what
 * has a '/' is a path. NULL: there is none of that name, or name is NULL. The caller frees it. */
char *mig_files_find_template (const char *name);

/* mig_files_find_program: path of a helper program that migcost ships (e.g. "migcost-lab"), looked
 * for in $MIGCOST_LIBEXECDIR, then in the installed directory. NULL where there is none. */
char *mig_files_find_program (const char *name);
