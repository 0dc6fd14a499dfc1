/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/xml.h"
#include "cli/option-values.h"

#define DOCUMENT_MAX_BYTES (1 << 20)
#define YES "yes"

static gboolean
is_array (const GOptionEntry *entry)
{
  return entry->arg == G_OPTION_ARG_STRING_ARRAY || entry->arg == G_OPTION_ARG_FILENAME_ARRAY;
}

static gboolean
is_file (const GOptionEntry *entry)
{
  return entry->arg == G_OPTION_ARG_FILENAME || entry->arg == G_OPTION_ARG_FILENAME_ARRAY;
}

static gboolean
is_given (const GOptionEntry *entry)
{
  return entry->arg == G_OPTION_ARG_NONE ? *(gboolean *) entry->arg_data
                                         : *(gpointer *) entry->arg_data != NULL;
}

/* is_wanted: except first: it may have numbers, which are not looked at. */
static gboolean
is_wanted (const GOptionEntry *entry, const char *const *except)
{
  return !g_strv_contains (except, entry->long_name) && is_given (entry);
}

const char *
mig_option_values_first (const GOptionEntry *entries, const char *const *except)
{
  for (; entries->long_name; entries++)
    if (is_wanted (entries, except))
      return entries->long_name;
  return NULL;
}

typedef void (*ValueFunc) (const GOptionEntry *entry, const char *value, gpointer data);

static void
show_value (const GOptionEntry *entry, const char *value, ValueFunc show, gpointer data)
{
  g_autofree char *path = is_file (entry) ? g_canonicalize_filename (value, NULL) : NULL;

  show (entry, path ? path : value, data);
}

static void
show_values (const GOptionEntry *entries, const char *const *except, ValueFunc show, gpointer data)
{
  for (; entries->long_name; entries++)
    {
      if (!is_wanted (entries, except))
        continue;
      if (entries->arg == G_OPTION_ARG_NONE)
        show_value (entries, YES, show, data);
      else if (!is_array (entries))
        show_value (entries, *(char **) entries->arg_data, show, data);
      else
        for (char **value = *(char ***) entries->arg_data; *value; value++)
          show_value (entries, *value, show, data);
    }
}

static void
append_element (const GOptionEntry *entry, const char *value, gpointer xml)
{
  g_autofree char *line = g_markup_printf_escaped ("  <option name=\"%s\" value=\"%s\"/>\n",
                                                   entry->long_name, value);
  g_string_append (xml, line);
}

void
mig_option_values_append (GString *xml, const GOptionEntry *entries, const char *const *except)
{
  show_values (entries, except, append_element, xml);
}

static void
add_text (const GOptionEntry *entry, const char *value, gpointer texts)
{
  g_autofree char *text = g_strdup_printf ("%s=%s", entry->long_name, value);
  g_strv_builder_add (texts, text);
}

char **
mig_option_values_list (const GOptionEntry *entries, const char *const *except)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  show_values (entries, except, add_text, texts);
  return g_strv_builder_end (texts);
}

static void
add_words (const GOptionEntry *entry, const char *value, gpointer words)
{
  g_autofree char *quoted = entry->arg == G_OPTION_ARG_NONE ? NULL : g_shell_quote (value);

  g_string_append_printf (words, " --%s%s%s", entry->long_name, quoted ? " " : "",
                          quoted ? quoted : "");
}

char *
mig_option_values_words (const GOptionEntry *entries, const char *const *except)
{
  GString *words = g_string_new (NULL);

  show_values (entries, except, add_words, words);
  return g_string_free (words, FALSE);
}

/* set_value: an array gets one more; of others the last value counts, as on a command line. */
static void
set_value (const GOptionEntry *entry, const char *value)
{
  if (entry->arg == G_OPTION_ARG_NONE)
    *(gboolean *) entry->arg_data = TRUE;
  else if (!is_array (entry))
    {
      g_free (*(char **) entry->arg_data);
      *(char **) entry->arg_data = g_strdup (value);
    }
  else
    {
      char ***values = entry->arg_data;
      guint n = *values ? g_strv_length (*values) : 0;
      *values = g_renew (char *, *values, n + 2);
      (*values)[n] = g_strdup (value);
      (*values)[n + 1] = NULL;
    }
}

static const GOptionEntry *
find_entry (const GOptionEntry *entries, const char *const *except, const char *name)
{
  for (; entries->long_name; entries++)
    if (strcmp (entries->long_name, name) == 0 && !g_strv_contains (except, name))
      return entries;
  return NULL;
}

static gboolean
take_option (const xmlNode *node, const GOptionEntry *entries, const char *const *except,
             GError **error)
{
  g_autofree char *name = mig_node_attribute (node, "name");
  g_autofree char *value = mig_node_attribute (node, "value");
  const GOptionEntry *entry = name && value ? find_entry (entries, except, name) : NULL;

  if (!entry)
    return mig_node_error (error, node, "unknown option '%s'", name ? name : "");
  set_value (entry, value);
  return TRUE;
}

gboolean
mig_option_values_load (const char *path, const char *root, const GOptionEntry *entries,
                        const char *const *except, GError **error)
{
  gsize size;
  g_autofree char *xml = mig_files_load (path, "what was begun", DOCUMENT_MAX_BYTES, &size, error);
  xmlDoc *doc = xml ? mig_xml_parse (xml, size, path, root, error) : NULL;
  const xmlNode *top = doc ? xmlDocGetRootElement (doc) : NULL;
  gboolean ok = top != NULL;

  if (ok && !mig_node_is (top, root))
    ok = mig_node_error (error, top, "expected <%s>: the result of another command", root);
  for (xmlNode *node = ok ? mig_node_next (top->children, "option") : NULL; node && ok;
       node = mig_node_next (node->next, "option"))
    ok = take_option (node, entries, except, error);
  xmlFreeDoc (doc);
  return ok;
}

/* set_texts: of "NAME=VALUE". */
static gboolean
set_texts (const GOptionEntry *entries, const char *const *except, char *const *texts,
           GError **error)
{
  for (; *texts; texts++)
    {
      const char *equals = strchr (*texts, '=');
      g_autofree char *name = equals ? g_strndup (*texts, (gsize) (equals - *texts)) : NULL;
      const GOptionEntry *entry = name ? find_entry (entries, except, name) : NULL;

      if (!entry)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "it was begun with the option '%s', which this version does not know",
                       *texts);
          return FALSE;
        }
      set_value (entry, equals + 1);
    }
  return TRUE;
}

gboolean
mig_option_values_restore (const GOptionEntry *entries, const char *const *except,
                           char *const *texts, GError **error)
{
  g_auto (GStrv) given = mig_option_values_list (entries, except);

  for (const GOptionEntry *entry = entries; entry->long_name; entry++)
    if (is_array (entry) && !g_strv_contains (except, entry->long_name))
      g_clear_pointer ((char ***) entry->arg_data, g_strfreev);
  return set_texts (entries, except, texts, error) && set_texts (entries, except, given, error);
}
