/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* manpage_items: the items of doc/NAME whose tag is ".It Cm WORD Pq UNIT", below the subsections
 * (.Ss): a set of texts "SUBSECTION|WORD|UNIT|TEXT". The test compares it with what the code says.
 */
GHashTable *manpage_items (const char *name);

/* manpage_take: removes one text, which must be there. */
void manpage_take (GHashTable *items, const char *section, const char *word, const char *unit,
                   const char *text);

/* manpage_assert_empty: nothing that the code does not know is left below a subsection whose name
 * ends with suffix. */
void manpage_assert_empty (GHashTable *items, const char *suffix);
