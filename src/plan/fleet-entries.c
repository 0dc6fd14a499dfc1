/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "plan/fleet-entries.h"

/* A tool's lists nest no deeper. */
#define DEPTH_MAX 16

static void
free_entry (gpointer data)
{
  MigFleetEntry *entry = data;

  g_hash_table_unref (entry->values);
  g_free (entry);
}

static MigFleetEntry *
add_entry (GPtrArray *entries, guint line)
{
  MigFleetEntry *entry = g_new (MigFleetEntry, 1);

  entry->line = line;
  entry->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_ptr_array_add (entries, entry);
  return entry;
}

static void
set_value (MigFleetEntry *entry, const char *name, const char *value)
{
  g_hash_table_replace (entry->values, g_utf8_strdown (name, -1), g_strdup (value));
}

const char *
mig_fleet_entry (const MigFleetEntry *entry, const char *name)
{
  const char *value = g_hash_table_lookup (entry->values, name);

  return value && *value ? value : NULL;
}

double
mig_fleet_entry_number (const MigFleetEntry *entry, const char *name)
{
  const char *text = mig_fleet_entry (entry, name);
  g_autoptr (GString) number = g_string_new (text);
  char *end;

  g_string_replace (number, ",", "", 0);
  double value = g_ascii_strtod (number->str, &end);
  return text && end != number->str && *end == '\0' && isfinite (value) ? value : NAN;
}

/* --- JSON --- */

static void flatten (MigFleetEntry *entry, const char *name, JsonNode *node, guint depth);

static void
flatten_value (MigFleetEntry *entry, const char *name, JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;

  if (JSON_NODE_HOLDS_NULL (node))
    return;
  if (type == G_TYPE_STRING)
    text = g_utf8_make_valid (json_node_get_string (node), -1);
  else if (type == G_TYPE_INT64)
    text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_BOOLEAN)
    text = g_strdup (json_node_get_boolean (node) ? "true" : "false");
  else
    text = g_strdup (g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
  set_value (entry, name, text);
}

static void
flatten_object (MigFleetEntry *entry, const char *name, JsonObject *object, guint depth)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &member, &node))
    {
      g_autofree char *valid = g_utf8_make_valid (member, -1);
      g_autofree char *path = *name ? g_strconcat (name, ".", valid, NULL) : g_strdup (valid);
      flatten (entry, path, node, depth + 1);
    }
}

static void
flatten (MigFleetEntry *entry, const char *name, JsonNode *node, guint depth)
{
  if (depth > DEPTH_MAX)
    return;
  if (JSON_NODE_HOLDS_OBJECT (node))
    flatten_object (entry, name, json_node_get_object (node), depth);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        g_autofree char *path = g_strdup_printf ("%s.%u", name, i);
        flatten (entry, path, json_array_get_element (json_node_get_array (node), i), depth + 1);
      }
  else
    flatten_value (entry, name, node);
}

/* add_list: the things in a list; lists in it are lists of things too. */
static void
add_list (GPtrArray *entries, JsonNode *node, guint depth)
{
  static const char *const lists[] = { "items", "data" };

  if (depth > DEPTH_MAX)
    return;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      for (guint i = 0; i < json_array_get_length (array); i++)
        add_list (entries, json_array_get_element (array, i), depth + 1);
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *object = json_node_get_object (node);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonNode *list = json_object_get_member (object, lists[i]);
      if (!list || !JSON_NODE_HOLDS_ARRAY (list))
        continue;
      add_list (entries, list, depth + 1);
      return;
    }
  flatten (add_entry (entries, 0), "", node, 0);
}

/* join_lists: several lists, one after another, as one; a line break cannot stand in a text. */
static char *
join_lists (const char *text)
{
  g_autoptr (GRegex) between = g_regex_new ("([\\]}])[ \\t\\r]*\\n\\s*([\\[{])", 0, 0, NULL);
  g_autofree char *joined = g_regex_replace (between, text, -1, 0, "\\1,\n\\2", 0, NULL);

  return g_strconcat ("[", joined, "]", NULL);
}

GPtrArray *
mig_fleet_entries_json (const char *text, const char *label, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (free_entry);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  g_autofree char *joined = join_lists (text);

  if (!json_parser_load_from_data (parser, joined, -1, &cause))
    {
      mig_sheet_error (error, label, json_parser_get_current_line (parser), "not valid JSON: %s",
                       cause->message);
      return NULL;
    }
  add_list (entries, json_parser_get_root (parser), 0);
  return g_steal_pointer (&entries);
}

/* --- CSV --- */

static gboolean
is_head (const char *cell, const char *const *heads)
{
  for (guint i = 0; heads[i]; i++)
    if (g_ascii_strcasecmp (cell, heads[i]) == 0)
      return TRUE;
  return FALSE;
}

GPtrArray *
mig_fleet_entries_csv (const MigSheet *sheet, const char *const *heads)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (free_entry);
  const MigSheetRow *head = mig_sheet_row (sheet, 0);

  for (guint i = 1; i < sheet->rows->len; i++)
    {
      const MigSheetRow *row = mig_sheet_row (sheet, i);
      if (is_head (row->cells[0], heads))
        {
          head = row;
          continue;
        }
      MigFleetEntry *entry = add_entry (entries, row->line);
      for (guint j = 0; j < MIN (row->n, head->n); j++)
        set_value (entry, head->cells[j], row->cells[j]);
    }
  return entries;
}

/* --- text --- */

/* read_line: of a text that is a list of things. */
static gboolean
read_line (GPtrArray *entries, char *line, guint number, char **host)
{
  char *colon = strstr (line, ": "), *equals = strchr (line, '=');
  MigFleetEntry *entry = entries->len > 0 ? entries->pdata[entries->len - 1] : NULL;

  if (g_str_has_prefix (line, "Domain: "))
    {
      gsize n = strlen (line + 8);
      gboolean quoted = n >= 2 && line[8] == '\'' && line[8 + n - 1] == '\'';
      g_autofree char *name = g_strndup (line + 8 + quoted, n - 2 * quoted);
      entry = add_entry (entries, number);
      set_value (entry, "domain", name);
      if (*host)
        set_value (entry, "host", *host);
    }
  else if (equals && entry && mig_fleet_entry (entry, "domain") && (!colon || equals < colon))
    {
      *equals = '\0';
      set_value (entry, line, equals + 1);
    }
  else if (colon)
    {
      if (!entry || mig_fleet_entry (entry, "domain") ||
          g_strcmp0 (mig_fleet_entry (entry, "host"), *host) != 0)
        entry = add_entry (entries, number);
      *colon = '\0';
      set_value (entry, line, g_strstrip (colon + 2));
      if (*host)
        set_value (entry, "host", *host);
    }
  else if (!strpbrk (line, " ="))
    {
      g_free (*host);
      *host = g_strdup (line);
    }
  else
    return FALSE;
  return TRUE;
}

GPtrArray *
mig_fleet_entries_text (const char *text, const char *label, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (free_entry);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *host = NULL;

  for (guint i = 0; lines[i]; i++)
    {
      g_strstrip (lines[i]);
      if (*lines[i] && !read_line (entries, lines[i], i + 1, &host))
        {
          mig_sheet_error (error, label, i + 1,
                           "'%.60s' is not what virsh prints; expected the output of 'virsh "
                           "hostname', 'virsh nodeinfo' and 'virsh domstats', host by host",
                           lines[i]);
          return NULL;
        }
    }
  return g_steal_pointer (&entries);
}

const char *
mig_fleet_entry_any (const MigFleetEntry *entry, const char *first, const char *second)
{
  const char *value = mig_fleet_entry (entry, first);

  return value ? value : mig_fleet_entry (entry, second);
}
