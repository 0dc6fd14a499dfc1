/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/study-labels.h"

/* Characters of a label that are the name's; a number may follow. */
#define LABEL_MAX 24

/* is_label: a name that a study can have as it is. */
static gboolean
is_label (const char *name)
{
  return g_ascii_isalpha (*name) && strlen (name) <= LABEL_MAX + 8 &&
         strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (name);
}

/* label_of: short, of the letters that a study's names have, unlike those that are known. */
static char *
label_of (GHashTable *known, const char *name, const char *prefix)
{
  g_autofree char *stem = g_strconcat (g_ascii_isalpha (*name) ? "" : prefix, name, NULL);
  char *label = NULL;

  g_strcanon (stem, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '-');
  stem[MIN (strlen (stem), LABEL_MAX)] = '\0';
  for (guint i = 1; !label || g_hash_table_contains (known, label); i++)
    {
      g_free (label);
      label = i == 1 ? g_strdup (stem) : g_strdup_printf ("%s-%u", stem, i);
    }
  g_hash_table_add (known, label);
  return label;
}

char **
mig_study_labels (const GPtrArray *names, const char *prefix)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  char **labels = g_new0 (char *, names->len + 1);

  for (guint i = 0; i < names->len; i++)
    if (is_label (names->pdata[i]) && !g_hash_table_contains (known, names->pdata[i]))
      g_hash_table_add (known, labels[i] = g_strdup (names->pdata[i]));
  for (guint i = 0; i < names->len; i++)
    if (!labels[i])
      labels[i] = label_of (known, names->pdata[i], prefix);
  return labels;
}
