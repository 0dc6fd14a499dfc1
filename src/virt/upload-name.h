/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What migcost calls its volumes: whoever shares a pool is safe from everybody else by the names.
 */

/* mig_upload_name: what a file of that content is called: "migcost-kernel-0123456789abcdef". role:
 * without a dash. The caller frees it. */
char *mig_upload_name (const char *role, const char *data, gsize size);

/* mig_upload_own_name: that with an ending that nobody else has: "-f1-0123456789abcdef". It begins
 * with the format of names and marks: what has another one belongs to another version of migcost,
 * whose marks are not known here, and is left alone. The caller frees it. */
char *mig_upload_own_name (const char *name);

/* mig_upload_is_own: whether some run of migcost has made a volume of that name, in this format. */
gboolean mig_upload_is_own (const char *name);

/* mig_upload_is_foreign: the same in another format. */
gboolean mig_upload_is_foreign (const char *name);

/* mig_upload_is_shared: whether other runs may use it, too: what guests boot. */
gboolean mig_upload_is_shared (const char *name);

/* mig_upload_lease_name: without its own ending, what a run calls the mark that it uses that upload
 * of an own name; mig_upload_removal_name: that it removes it. The caller frees them. */
char *mig_upload_lease_name (const char *own);
char *mig_upload_removal_name (const char *own);

/* Where a volume is, as it is noted before it is made: "PLACE/NAME", and, of a shared one, the mark
 * with which it is going to be removed: "PLACE/NAME MARK". Whoever takes up a removal that was cut
 * off so finds its mark again. */
typedef struct {
  char *place, *name;
  char *mark; /* NULL: none, it is not shared */
} MigUploadPlace;

/* mig_upload_place_text: with a new mark where it is shared. The caller frees it. */
char *mig_upload_place_text (const char *place, const char *name);

/* mig_upload_place_parse: FALSE: it is of another form. A shared one without a mark of its own gets
 * a new one. */
gboolean mig_upload_place_parse (const char *text, MigUploadPlace *place);
void mig_upload_place_clear (MigUploadPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigUploadPlace, mig_upload_place_clear)
