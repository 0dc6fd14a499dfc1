/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "report/json-write.h"
#include "results/records.h"

/* json-glib reads what is written as it is made, and writes the same bytes. */

static char *
written_again (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  json_generator_set_root (generator, json_parser_get_root (parser));
  json_generator_set_pretty (generator, TRUE);
  g_autofree char *again = json_generator_to_data (generator, NULL);
  return g_strconcat (again, "\n", NULL);
}

static void
write_values (MigJson *json)
{
  static const double numbers[] = { 0, -1, 2.5, 1e-5, 123456789.125, -0.0, 1. / 3, 1e15 };
  static const char *const texts[] = {
    "", "plain", "\"quoted\"", "back\\slash", "two\nlines\tand \001 \177", "Büro – 日本語", "/",
  };

  mig_json_begin_array (json, "numbers");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    mig_json_number (json, NULL, numbers[i]);
  mig_json_end_array (json);
  mig_json_begin_array (json, "texts");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    mig_json_text (json, NULL, texts[i]);
  mig_json_end_array (json);
  mig_json_number (json, "missing", NAN);
  mig_json_number (json, "endless", INFINITY);
  mig_json_integer (json, "integer", -7);
  mig_json_integer (json, "no_integer", MIG_MISSING_INT);
  mig_json_text (json, "no_text", NULL);
  mig_json_boolean (json, "boolean", TRUE);
}

static void
test_same_bytes (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  MigJson json = { .out = out };

  mig_json_begin_object (&json, NULL);
  write_values (&json);
  mig_json_begin_array (&json, "none");
  mig_json_end_array (&json);
  mig_json_begin_array (&json, "nested");
  for (guint i = 0; i < 2; i++)
    {
      mig_json_begin_object (&json, NULL);
      mig_json_begin_object (&json, "within");
      mig_json_integer (&json, "i", i);
      mig_json_end_object (&json);
      mig_json_begin_array (&json, "lists");
      mig_json_begin_array (&json, NULL);
      mig_json_integer (&json, NULL, i);
      mig_json_end_array (&json);
      mig_json_end_array (&json);
      mig_json_end_object (&json);
    }
  mig_json_end_array (&json);
  mig_json_end_object (&json);
  g_autofree char *again = written_again (out->str);
  g_assert_cmpstr (out->str, ==, again);
}

/* Nine digits: the last bits do not show. What is large has an exponent, and no point behind it. */
static void
test_numbers (void)
{
  static const struct {
    double value;
    const char *text;
  } cases[] = { { 0.1 + 0.2, "0.29999999999999999" },
                { 1234567890.4, "1234567890.0" },
                { 1e20, "1e+20" },
                { 3, "3.0" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      MigJson json = { .out = out };
      mig_json_number (&json, NULL, cases[i].value);
      g_assert_cmpstr (out->str, ==, cases[i].text);
    }
}

static GString *drained;
static gsize longest;

static void
drain (GString *text)
{
  longest = MAX (longest, text->len);
  g_string_append_len (drained, text->str, (gssize) text->len);
  g_string_truncate (text, 0);
}

static void
write_objects (MigJson *json, guint n)
{
  mig_json_begin_object (json, NULL);
  mig_json_begin_array (json, "moves");
  for (guint i = 0; i < n; i++)
    {
      mig_json_begin_object (json, NULL);
      mig_json_integer (json, "group", i);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
  mig_json_end_object (json);
}

/* What is taken on the way is the same; no more stays than an object needs. */
static void
test_drain (void)
{
  g_autoptr (GString) whole = g_string_new (NULL), rest = g_string_new (NULL);
  MigJson plain = { .out = whole }, json = { .out = rest, .drain = drain };

  drained = g_string_new (NULL);
  write_objects (&plain, 10000);
  write_objects (&json, 10000);
  g_string_append (drained, rest->str);
  g_assert_cmpstr (drained->str, ==, whole->str);
  g_assert_cmpuint (longest, <, 100);
  g_string_free (drained, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-stream/same-bytes", test_same_bytes);
  g_test_add_func ("/json-stream/numbers", test_numbers);
  g_test_add_func ("/json-stream/drain", test_drain);
  return g_test_run ();
}
