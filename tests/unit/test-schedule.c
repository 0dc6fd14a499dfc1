/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "study/study.h"

static MigStudy *
load (void)
{
  g_autoptr (GError) error = NULL;
  MigStudy *study = mig_study_load ("load-balancing", &error);
  g_assert_no_error (error);
  return study;
}

static char *
spell (const MigStudy *study, guint repetitions, guint64 seed, const char *only)
{
  g_autoptr (GArray) schedule = mig_schedule_new (study, repetitions, seed, only);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < schedule->len; i++)
    {
      const MigScheduleItem *item = &g_array_index (schedule, MigScheduleItem, i);
      g_string_append_printf (text, "%s%u:%s/%u", i ? " " : "", item->position,
                              item->study_case->label, item->repetition);
    }
  return g_string_free (text, FALSE);
}

/* A recorded seed must mean the same order in every version and on every machine. */
static void
test_golden (void)
{
  g_autoptr (MigStudy) study = load ();
  g_autofree char *low = spell (study, 3, 42, NULL);
  g_autofree char *high = spell (study, 1, G_GUINT64_CONSTANT (42) << 32, NULL);

  g_assert_cmpstr (
      low, ==,
      "1:cc/1 2:mm/1 3:cm/1 4:mc/1 5:mm/2 6:cm/2 7:mc/2 8:cc/2 9:cm/3 10:cc/3 11:mm/3 12:mc/3");
  g_assert_cmpstr (high, ==, "1:mc/1 2:mm/1 3:cc/1 4:cm/1");
}

static void
test_blocks (void)
{
  g_autoptr (MigStudy) study = load ();
  const guint cases = study->cases->len, repetitions = 50;

  for (guint64 seed = 0; seed < 20; seed++)
    {
      g_autoptr (GArray) schedule = mig_schedule_new (study, repetitions, seed, NULL);
      g_assert_cmpuint (schedule->len, ==, cases * repetitions);
      for (guint block = 0; block < repetitions; block++)
        {
          g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
          for (guint i = block * cases; i < (block + 1) * cases; i++)
            {
              const MigScheduleItem *item = &g_array_index (schedule, MigScheduleItem, i);
              g_assert_cmpuint (item->position, ==, i + 1);
              g_assert_cmpuint (item->repetition, ==, block + 1);
              g_assert_true (g_hash_table_add (seen, (gpointer) item->study_case));
            }
        }
    }
}

static void
test_seeds (void)
{
  g_autoptr (MigStudy) study = load ();
  g_autoptr (GHashTable) orders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint64 seed = 0; seed < 100; seed++)
    g_assert_true (g_hash_table_add (
        orders, spell (study, 20, seed * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15), NULL)));
  g_autofree char *once = spell (study, 20, 7, NULL), *again = spell (study, 20, 7, NULL);
  g_assert_cmpstr (once, ==, again);
}

/* Each case is as often first as any other: 4,000 blocks, 1,000 expected, 27.4 the standard
 * deviation. */
static void
test_fair (void)
{
  g_autoptr (MigStudy) study = load ();
  g_autoptr (GArray) schedule = mig_schedule_new (study, 4000, 1, NULL);
  guint first[4] = { 0 };

  for (guint i = 0; i < schedule->len; i += 4)
    {
      guint index = 0;
      g_assert_true (g_ptr_array_find (
          study->cases, g_array_index (schedule, MigScheduleItem, i).study_case, &index));
      first[index]++;
    }
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (first[i], >, 1000 - 5 * 28);
      g_assert_cmpuint (first[i], <, 1000 + 5 * 28);
    }
}

static void
test_only (void)
{
  g_autoptr (MigStudy) study = load ();
  g_autofree char *mc = spell (study, 2, 42, "mc"), *none = spell (study, 2, 42, "xx"),
                  *zero = spell (study, 0, 42, NULL);

  g_assert_cmpstr (mc, ==, "1:mc/1 2:mc/2");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (zero, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedule/golden", test_golden);
  g_test_add_func ("/schedule/blocks", test_blocks);
  g_test_add_func ("/schedule/seeds", test_seeds);
  g_test_add_func ("/schedule/fair", test_fair);
  g_test_add_func ("/schedule/only", test_only);
  return g_test_run ();
}
