/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The options that a command was given, as text and back: what is interrupted goes on with them.
 * Tables have texts, flags and lists of texts; other options have to be in except. */

/* mig_option_values_first: the long name of the first option of a table that was given, or NULL;
 * names in except (NULL-ended) do not count. */
const char *mig_option_values_first (const GOptionEntry *entries, const char *const *except);

/* mig_option_values_append: an element <option name="NAME" value="VALUE"/> for each value. Names of
 * files become absolute. */
void mig_option_values_append (GString *xml, const GOptionEntry *entries,
                               const char *const *except);

/* mig_option_values_list: a text "NAME=VALUE" for each value; names of files become absolute. The
 * caller frees it with g_strfreev(). */
char **mig_option_values_list (const GOptionEntry *entries, const char *const *except);

/* mig_option_values_words: as a shell reads them, each behind a space: " --host 'a=URI' --tls";
 * names of files become absolute. The caller frees it. */
char *mig_option_values_words (const GOptionEntry *entries, const char *const *except);

/* mig_option_values_restore: gives the table's options the values of such a list, but what they
 * have already holds; of a list of texts it comes last. Errors: INVALID: an option that the table
 * has not. */
gboolean mig_option_values_restore (const GOptionEntry *entries, const char *const *except,
                                    char *const *texts, GError **error);

/* mig_option_values_load: gives the table's options the values that a document has; those in except
 * stay as they are. root: the document's element. Errors: INVALID, for an option that the table has
 * not, too; the file cannot be read. */
gboolean mig_option_values_load (const char *path, const char *root, const GOptionEntry *entries,
                                 const char *const *except, GError **error);
