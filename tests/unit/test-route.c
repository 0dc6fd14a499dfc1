/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "check/route.h"

/* Where guests are while a case runs: which hosts they move between, and how much memory a host has
 * to have. */

static MigStudy *
parse (const char *cases)
{
  g_autofree char *xml = g_strdup_printf (
      "<study name='t'><hosts><host name='a'/><host name='b'/><host name='d'/></hosts>"
      "<workload name='i' type='idle'/>"
      "<guest name='g1' workload='i' memory='100 MiB'/><guest name='g2' workload='i' memory='200 "
      "MiB'/>"
      "<guest name='g3' workload='i' memory='400 MiB' host='b'/>%s</study>",
      cases);
  g_autoptr (GError) error = NULL;
  MigStudy *study = mig_study_parse (xml, strlen (xml), "t.xml", &error);

  g_assert_no_error (error);
  return study;
}

static void
assert_pairs (const char *cases, const char *expected)
{
  g_autoptr (MigStudy) study = parse (cases);
  g_autoptr (GArray) pairs = mig_route_pairs (study, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < pairs->len; i++)
    g_string_append_printf (text, "%s%s>%s", i ? " " : "",
                            g_array_index (pairs, MigRoutePair, i).from,
                            g_array_index (pairs, MigRoutePair, i).to);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_pairs (void)
{
  assert_pairs ("<cases><sequence>g1 g2</sequence></cases>", "a>b");
  assert_pairs ("<cases><sequence>g1>b g2>d</sequence></cases>", "a>b a>d");
  /* the second move leaves from where the first one has brought it */
  assert_pairs ("<cases><sequence>g1>b g1>d g1>a</sequence></cases>", "a>b b>d d>a");
  /* each case begins anew */
  assert_pairs (
      "<cases><sequence>g1>d</sequence><sequence>g3>d</sequence><sequence>g1>b</sequence></cases>",
      "a>d b>d a>b");
}

static const MigRouteMemory ordinary = { FALSE, MIG_MISSING_INT };

static void
assert_memory (const char *cases, guint64 a, guint64 b, guint64 d)
{
  g_autoptr (MigStudy) study = parse (cases);

  g_assert_cmpuint (mig_route_memory (study, study, "a", &ordinary, NULL), ==, a * MIG_MIB);
  g_assert_cmpuint (mig_route_memory (study, study, "b", &ordinary, NULL), ==, b * MIG_MIB);
  g_assert_cmpuint (mig_route_memory (study, study, "d", &ordinary, NULL), ==, d * MIG_MIB);
}

static void
test_memory (void)
{
  assert_memory ("<cases><sequence>g1>b g2>d</sequence></cases>", 300, 500, 200);
  /* the most of any case */
  assert_memory ("<cases><sequence>g1>d g2>d</sequence><sequence>g2>b</sequence></cases>", 300, 600,
                 300);
  /* g3 arrives while the others are still there, or after they have left */
  assert_memory ("<cases><sequence>g3>a+g1>d</sequence></cases>", 700, 400, 100);
  assert_memory ("<cases><sequence>g1>d+g2>d g3>a</sequence></cases>", 400, 400, 300);
}

/* Existing guests: how much memory each has, and on which host it is now, is found out; what they
 * hold there needs no room. */
static void
test_existing (void)
{
  static const struct {
    const char *cases;
    const char *now[2]; /* where g1 and g2 are */
    guint64 a, b, d;
  } cases[] = {
    { "<sequence>g1>b g2>b</sequence>", { "a", "a" }, 0, 1100, 0 },
    { "<sequence>g1>b</sequence><sequence>g2>d</sequence>", { "a", "a" }, 0, 500, 600 },
    /* g1 goes home from b first, and holds its memory there now */
    { "<sequence>g1>b g2>b g1>a</sequence>", { "b", "a" }, 100, 1000, 0 },
    { "<sequence>g3>a</sequence>", { "a", "a" }, 400, 400, 0 },
    /* it comes home first */
    { "<sequence>g1>b</sequence>", { "d", "a" }, 100, 500, 0 },
  };
  g_autoptr (GHashTable) existing = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("<cases>%s</cases>", cases[i].cases);
      g_autoptr (MigStudy) study = parse (text);
      MigRouteGuest g1 = { 100 * MIG_MIB, cases[i].now[0], FALSE },
                    g2 = { 600 * MIG_MIB, cases[i].now[1], FALSE };
      const guint64 expected[] = { cases[i].a, cases[i].b, cases[i].d };
      g_hash_table_insert (existing, (char *) "g1", &g1);
      g_hash_table_insert (existing, (char *) "g2", &g2);
      for (guint h = 0; h < 3; h++)
        g_assert_cmpuint (mig_route_memory (study, study, ((const char *[]){ "a", "b", "d" })[h],
                                            &ordinary, existing),
                          ==, expected[h] * MIG_MIB);
    }
}

/* Huge pages are no part of ordinary memory, whose guest ever is in them, and those of a node are
 * what is bound to it. */
static void
test_kinds (void)
{
  static const char xml[] =
      "<study name='t'><hosts><host name='a'/><host name='b'/><host name='d'/></hosts>"
      "<workload name='i' type='idle'/>"
      "<guest name='g1' workload='i' memory='100 MiB' hugepages='yes' numa-node='1'/>"
      "<guest name='g2' workload='i' memory='200 MiB' numa-node='1'/>"
      "<guest name='g3' workload='i' memory='400 MiB' host='b'/>"
      "<guest name='g4' existing='yes'/>"
      "<cases><sequence>g1>b g4>b</sequence></cases></study>";
  static const struct {
    MigRouteMemory which;
    guint64 a, b, d;
  } cases[] = {
    { { FALSE, MIG_MISSING_INT }, 200, 400, 0 },
    { { TRUE, MIG_MISSING_INT }, 100, 100 + 800, 0 },
    { { FALSE, 1 }, 200, 0, 0 },
    { { TRUE, 1 }, 100, 100, 0 },
    { { TRUE, 0 }, 0, 0, 0 },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = mig_study_parse (xml, strlen (xml), "t.xml", &error);
  g_autoptr (GHashTable) existing = g_hash_table_new (g_str_hash, g_str_equal);
  MigRouteGuest g4 = { 800 * MIG_MIB, "a", TRUE };

  g_assert_no_error (error);
  g_hash_table_insert (existing, (char *) "g4", &g4);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint64 expected[] = { cases[i].a, cases[i].b, cases[i].d };
      for (guint h = 0; h < 3; h++)
        g_assert_cmpuint (mig_route_memory (study, study, ((const char *[]){ "a", "b", "d" })[h],
                                            &cases[i].which,
                                            MIG_IS_MISSING (cases[i].which.node) ? existing : NULL),
                          ==, expected[h] * MIG_MIB);
    }
}

/* A variant has hosts and guests of its own. */
static void
test_variants (void)
{
  g_autoptr (MigStudy) study = parse ("<cases><sequence>g1>d</sequence></cases>"
                                      "<sweep parameter='guest.g1.host' values='a, b'/>");
  MigStudy *first = mig_study_variant (study, 0), *second = mig_study_variant (study, 1);
  g_autoptr (GArray) all = mig_route_pairs (study, NULL);
  g_autoptr (GArray) own = mig_route_pairs (study, second);

  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (own->len, ==, 1);
  g_assert_cmpstr (g_array_index (own, MigRoutePair, 0).from, ==, "b");
  g_assert_cmpuint (mig_route_memory (study, first, "a", &ordinary, NULL), ==, 300 * MIG_MIB);
  g_assert_cmpuint (mig_route_memory (study, second, "a", &ordinary, NULL), ==, 200 * MIG_MIB);
  g_assert_cmpuint (mig_route_memory (study, second, "b", &ordinary, NULL), ==, 500 * MIG_MIB);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route/pairs", test_pairs);
  g_test_add_func ("/route/memory", test_memory);
  g_test_add_func ("/route/existing", test_existing);
  g_test_add_func ("/route/kinds", test_kinds);
  g_test_add_func ("/route/variants", test_variants);
  return g_test_run ();
}
