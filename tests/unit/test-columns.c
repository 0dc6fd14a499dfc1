/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "results/columns.h"
#include "results/facts.h"
#include "tests/unit/manpage.h"

#define FACTS_OF "Facts of "

/* A member that no column describes would never be stored: every member has 8 bytes, so the columns
 * must fill the record without gap or overlap. */
static void
test_complete (void)
{
  for (guint table = 0; table < MIG_N_ALL_TABLES; table++)
    {
      const MigTableInfo *info = mig_table_info (table);
      g_assert_nonnull (info->name);
      /* some rows also know their line */
      gsize line = info->line_offset || table == MIG_TABLE_FLEET ? 8 : 0;
      g_assert_cmpuint (info->n_columns * 8 + line, ==, info->record_size);
      for (guint i = 0; i < info->n_columns; i++)
        g_assert_cmpuint (info->columns[i].offset, ==, i * 8);
    }
}

static void
test_names (void)
{
  for (guint table = 0; table < MIG_N_ALL_TABLES; table++)
    {
      const MigTableInfo *info = mig_table_info (table);
      for (guint i = 0; i < info->n_columns; i++)
        {
          for (guint j = 0; j < i; j++)
            g_assert_cmpstr (info->columns[i].name, !=, info->columns[j].name);
          for (const char *p = info->columns[i].name; *p; p++)
            g_assert_true (g_ascii_islower (*p) || *p == '_');
          g_assert_cmpuint (strlen (info->columns[i].meaning), >, 5);
        }
    }
}

/* The unit in the name's suffix and the unit in the table are one fact. */
static void
test_units (void)
{
  static const struct {
    const char *suffix, *unit;
  } suffixes[] = {
    { "_bytes_per_s", "bytes/s" },
    { "_pages_per_s", "pages/s" },
    { "_ns", "ns" },
    { "_bytes", "bytes" },
  };

  for (guint table = 0; table < MIG_N_ALL_TABLES; table++)
    {
      const MigTableInfo *info = mig_table_info (table);
      for (guint i = 0; i < info->n_columns; i++)
        {
          const MigColumn *column = &info->columns[i];
          const char *unit = column->type == MIG_TYPE_STRING ? NULL : "1";
          for (guint j = 0; j < G_N_ELEMENTS (suffixes); j++)
            if (g_str_has_suffix (column->name, suffixes[j].suffix))
              {
                unit = suffixes[j].unit;
                break;
              }
          g_assert_cmpstr (column->unit, ==, unit);
        }
    }
}

static void
test_copy (void)
{
  MigRunRecord run;

  mig_record_init (MIG_TABLE_RUNS, &run);
  g_assert_true (MIG_IS_MISSING (run.run) && MIG_IS_MISSING (run.ended_ns));
  g_assert_null (run.status);
  run.run = 3;
  run.status = g_strdup ("ok");
  MigRunRecord *copy = mig_record_copy (MIG_TABLE_RUNS, &run);
  g_assert_true (copy->status != run.status);
  mig_record_clear (MIG_TABLE_RUNS, &run);
  g_assert_null (run.status);
  g_assert_cmpint (copy->run, ==, 3);
  g_assert_cmpstr (copy->status, ==, "ok");
  g_assert_null (copy->reason);
  g_free (copy);
  mig_record_free (MIG_TABLE_RUNS, NULL);
}

/* compare_page: a manual page names every column of some tables with its unit and meaning, and no
 * other. */
static void
compare_page (const char *page, guint from, guint to)
{
  g_autoptr (GHashTable) items = manpage_items (page);

  for (guint table = from; table < to; table++)
    {
      const MigTableInfo *info = mig_table_info (table);
      g_autofree char *section = g_strconcat (info->name, ".csv", NULL);
      for (guint i = 0; i < info->n_columns; i++)
        manpage_take (items, section, info->columns[i].name,
                      info->columns[i].unit ? info->columns[i].unit : "text",
                      info->columns[i].meaning);
    }
  manpage_assert_empty (items, ".csv");
}

static void
test_manual (void)
{
  compare_page ("migcost-results.5", 0, MIG_N_TABLES);
  compare_page ("migcost-fleet.5", MIG_TABLE_FLEET, MIG_N_ALL_TABLES);
}

/* kind_of: what the page has in brackets. */
static char *
kind_of (const MigFactInfo *info)
{
  if (info->interval)
    return g_strconcat (info->unit ? info->unit : "", info->unit ? ", " : "", "interval", NULL);
  return g_strdup (info->unit ? info->unit : "text");
}

/* The page names every fact with its unit and meaning, below its scope, and no other. */
static void
test_facts (void)
{
  g_autoptr (GHashTable) items = manpage_items ("migcost-results.5");

  for (guint i = 0; i < MIG_N_FACTS; i++)
    {
      const MigFactInfo *info = mig_fact_info (i);
      const char *scope = mig_fact_scope_name (info->scope);
      g_autofree char *section = scope ? g_strconcat (FACTS_OF, "scope ", scope, NULL)
                                       : g_strdup (FACTS_OF "a host");
      g_autofree char *kind = kind_of (info);
      manpage_take (items, section, info->name ? info->name : "GUEST", kind, info->meaning);
      for (guint j = 0; j < i; j++)
        g_assert_true (mig_fact_info (j)->scope != info->scope ||
                       g_strcmp0 (mig_fact_info (j)->name, info->name) != 0);
    }
  for (GList *left = g_hash_table_get_keys (items); left; left = g_list_delete_link (left, left))
    if (g_str_has_prefix (left->data, FACTS_OF))
      g_error ("the manual page has what the code has not: %s", (char *) left->data);
}

/* The column scope says which there are. */
static void
test_scopes (void)
{
  const MigTableInfo *info = mig_table_info (MIG_TABLE_ENVIRONMENT);
  const char *meaning = info->columns[0].meaning;

  g_assert_cmpstr (info->columns[0].name, ==, "scope");
  for (guint i = 0; i < MIG_N_SCOPES; i++)
    {
      const char *name = mig_fact_scope_name (i);
      if (name && !strstr (meaning, name))
        g_error ("the column scope does not tell of '%s'", name);
    }
  g_assert_null (strstr (meaning, "guests"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/complete", test_complete);
  g_test_add_func ("/columns/names", test_names);
  g_test_add_func ("/columns/units", test_units);
  g_test_add_func ("/columns/copy", test_copy);
  g_test_add_func ("/columns/manual", test_manual);
  g_test_add_func ("/columns/facts", test_facts);
  g_test_add_func ("/columns/scopes", test_scopes);
  return g_test_run ();
}
