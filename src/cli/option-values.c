/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

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

const char *
mig_option_values_first (const GOptionEntry *entries, const char *const *except)
{
  for (; entries->long_name; entries++)
    if (is_given (entries) && !g_strv_contains (except, entries->long_name))
      return entries->long_name;
  return NULL;
}

static void
append_value (GString *xml, const GOptionEntry *entry, const char *value)
{
  g_autofree char *path = is_file (entry) ? g_canonicalize_filename (value, NULL)
                                          : g_strdup (value);
  g_autofree char *line = g_markup_printf_escaped ("  <option name=\"%s\" value=\"%s\"/>\n",
                                                   entry->long_name, path);
  g_string_append (xml, line);
}

void
mig_option_values_append (GString *xml, const GOptionEntry *entries, const char *const *except)
{
  for (; entries->long_name; entries++)
    {
      if (!is_given (entries) || g_strv_contains (except, entries->long_name))
        continue;
      if (entries->arg == G_OPTION_ARG_NONE)
        append_value (xml, entries, YES);
      else if (!is_array (entries))
        append_value (xml, entries, *(char **) entries->arg_data);
      else
        for (char **value = *(char ***) entries->arg_data; *value; value++)
          append_value (xml, entries, *value);
    }
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

static gboolean
take_option (const xmlNode *node, const GOptionEntry *entries, const char *const *except,
             GError **error)
{
  g_autofree char *name = mig_node_attribute (node, "name");
  g_autofree char *value = mig_node_attribute (node, "value");

  for (; name && value && entries->long_name; entries++)
    if (strcmp (entries->long_name, name) == 0 && !g_strv_contains (except, name))
      {
        set_value (entries, value);
        return TRUE;
      }
  return mig_node_error (error, node, "unknown option '%s'", name ? name : "");
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
