/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "paper/tables.h"
#include "report/compare.h"
#include "report/json.h"
#include "report/loaded-result.h"
#include "report/plan.h"
#include "report/replication.h"

/* Keys of JSON, and values of which the schema knows all, are identifiers: programs read them, and
 * a sentence that is put better must not break one. The schemas are doc/report.schema.json,
 * doc/compare.schema.json and doc/paper.schema.json. */

#define IDENTIFIER "abcdefghijklmnopqrstuvwxyz0123456789_-"

static const char *const results[] = { "recorded-smoke", "recorded-load-balancing",
                                       "recorded-paper", "recorded-xen-interference" };

static char *
source_path (const char *folder, const char *name)
{
  const char *top = g_getenv ("top_srcdir");
  return g_build_filename (top ? top : ".", folder, name, NULL);
}

static JsonNode *
parse (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static JsonNode *
load_schema (const char *name)
{
  g_autofree char *path = source_path ("doc", name), *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return parse (text);
}

static void
assert_identifier (const char *text)
{
  if (!*text || text[strspn (text, IDENTIFIER)])
    g_error ("'%s' is no identifier", text);
}

/* assert_keys: of all objects in a value. */
static void
assert_keys (JsonNode *value)
{
  if (JSON_NODE_HOLDS_OBJECT (value))
    {
      JsonObjectIter iter;
      const char *key;
      JsonNode *member;
      json_object_iter_init (&iter, json_node_get_object (value));
      while (json_object_iter_next (&iter, &key, &member))
        {
          assert_identifier (key);
          assert_keys (member);
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (value))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
      assert_keys (json_array_get_element (json_node_get_array (value), i));
}

/* resolve: what a reference in the schema refers to: "#/$defs/NAME". */
static JsonObject *
resolve (JsonObject *schema, JsonObject *part)
{
  if (!json_object_has_member (part, "$ref"))
    return part;
  const char *name = json_object_get_string_member (part, "$ref") + strlen ("#/$defs/");
  return json_object_get_object_member (json_object_get_object_member (schema, "$defs"), name);
}

static void
assert_enum (JsonArray *words, JsonNode *value, guint *n_enums)
{
  gboolean found = FALSE;

  for (guint i = 0; i < json_array_get_length (words); i++)
    {
      const char *word = json_array_get_string_element (words, i);
      assert_identifier (word);
      found |= strcmp (word, json_node_get_string (value)) == 0;
    }
  if (!found)
    g_error ("the schema has no '%s' there", json_node_get_string (value));
  (*n_enums)++;
}

/* walk: a value, beside the part of the schema that describes it. */
static void
walk (JsonObject *schema, JsonObject *part, JsonNode *value, guint *n_enums)
{
  part = resolve (schema, part);
  if (json_object_has_member (part, "enum") && !JSON_NODE_HOLDS_NULL (value))
    assert_enum (json_object_get_array_member (part, "enum"), value, n_enums);
  if (JSON_NODE_HOLDS_ARRAY (value) && json_object_has_member (part, "items"))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
      walk (schema, json_object_get_object_member (part, "items"),
            json_array_get_element (json_node_get_array (value), i), n_enums);
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return;
  JsonObject *properties = json_object_has_member (part, "properties")
                               ? json_object_get_object_member (part, "properties")
                               : NULL;
  JsonObjectIter iter;
  const char *key;
  JsonNode *member;
  json_object_iter_init (&iter, json_node_get_object (value));
  while (json_object_iter_next (&iter, &key, &member))
    if (properties && json_object_has_member (properties, key))
      walk (schema, json_object_get_object_member (properties, key), member, n_enums);
    else if (json_object_has_member (part, "additionalProperties"))
      walk (schema, json_object_get_object_member (part, "additionalProperties"), member, n_enums);
    else
      g_error ("the schema has no member '%s' there", key);
}

static void
check (const char *schema_name, const char *text)
{
  g_autoptr (JsonNode) schema = load_schema (schema_name), value = parse (text);
  JsonObject *root = json_node_get_object (schema);
  guint n_enums = 0;

  assert_keys (value);
  walk (root, root, value, &n_enums);
  g_assert_cmpuint (n_enums, >, 0);
}

static MigLoadedResult *
load (const char *name)
{
  g_autofree char *path = source_path ("tests/data", name);
  g_autoptr (GError) error = NULL;
  MigLoadedResult *result = mig_loaded_result_read (path, &error);

  g_assert_no_error (error);
  return result;
}

static void
test_report (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (MigLoadedResult) result = load (results[i]);
      g_autofree char *text = mig_report_json (result);
      check ("report.schema.json", text);
    }
}

static void
test_compare (void)
{
  const MigCompareOptions options = { .threshold = MIG_COMPARE_THRESHOLD };
  g_autoptr (MigLoadedResult) base = load ("recorded-load-balancing");

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (MigLoadedResult) now = load (results[i]);
      g_autoptr (MigComparison) comparison = mig_compare (base->summary, now->summary, &options);
      mig_compare_environments (comparison, base->environment, now->environment);
      g_autofree char *text = mig_compare_json (base, now, comparison);
      if (comparison->changes->len > 0)
        check ("compare.schema.json", text);
      g_autoptr (JsonNode) value = parse (text);
      assert_keys (value);
    }
}

static void
test_paper (void)
{
  g_autoptr (MigReplication) replication = mig_replication_new ();

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    mig_replication_add (replication, NULL, load (results[i]));
  mig_replication_compare (replication);
  g_autofree char *text = mig_replication_json (replication);
  check ("paper.schema.json", text);
}

/* test_words: all of them, also those that no result here has. */
static void
test_words (void)
{
  for (guint i = 0; i < MIG_N_CHANGES; i++)
    assert_identifier (mig_change_id (i));
  for (guint i = 0; i <= MIG_VERDICT_NOT_TESTED; i++)
    assert_identifier (mig_verdict_id (i));
  for (guint i = 0; i <= MIG_FIELD_UNKNOWN; i++)
    assert_identifier (mig_field_verdict_id (i));
  for (guint i = 0; i <= MIG_PAPER_MISSING; i++)
    assert_identifier (mig_paper_verdict_id (i));
  for (guint i = 0; i <= MIG_CLAIM_UNTESTED; i++)
    assert_identifier (mig_claim_verdict_id (i));
  for (guint i = 0; i < MIG_N_METRICS; i++)
    assert_identifier (mig_metric_info (i)->id);
  for (guint i = 0; i < MIG_N_QUANTITIES; i++)
    assert_identifier (mig_quantity_info (i)->id);
  for (guint i = 0; i < MIG_N_PREDICTORS; i++)
    assert_identifier (mig_predictor_id (i));
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    assert_identifier (mig_parameter_info (i)->id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/report", test_report);
  g_test_add_func ("/json/compare", test_compare);
  g_test_add_func ("/json/paper", test_paper);
  g_test_add_func ("/json/words", test_words);
  return g_test_run ();
}
