/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A command's result, which is printed whole once all went well. What is too much for memory waits
 * in a file without a name. */

/* mig_spool_drain: where text has grown large, its whole lines go to the file; where none can be
 * made they stay. */
void mig_spool_drain (GString *text);

/* mig_spool_print: the file, then text, to standard output. Errors: FAILED, also where the file
 * could not be written. */
gboolean mig_spool_print (const GString *text, GError **error);
