/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_text_printable: any bytes as text that cannot control a terminal: valid UTF-8, a space for
 * every control character (line breaks too) and every invisible one that reorders text; at most
 * max_chars characters and "..." (0: no limit). The caller frees it. */
char *mig_text_printable (const char *text, gsize max_chars);

/* mig_text_printable_lines: the same for size bytes that may hold NULs; line breaks and tabs stay.
 */
char *mig_text_printable_lines (const char *text, gsize size);

/* mig_text_clean: a text that a result directory holds, safe for a terminal and a table: control
 * and formatting characters become '?'. */
char *mig_text_clean (const char *text);

/* mig_text_width: columns of a terminal: wide (East Asian) characters take two, combining ones
 * none.
 */
guint mig_text_width (const char *text);

/* mig_text_shorten: to at most so many columns, with "..." in place of what is left out: more of
 * the end stays than of the beginning, as labels differ there. The caller frees it. */
char *mig_text_shorten (const char *text, guint columns);
