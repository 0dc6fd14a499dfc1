/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "base/files.h"
#include "base/cached-verdict.h"

/* Verdicts in a cache of the test's own. */

static void
assert_kept (const char *name, const char *key, const char *expected)
{
  g_autofree char *verdict = NULL;

  g_assert_true (mig_cached_verdict_recall (name, key, &verdict));
  g_assert_cmpstr (verdict, ==, expected);
}

static void
assert_unknown (const char *name, const char *key)
{
  g_autofree char *verdict = NULL;

  g_assert_false (mig_cached_verdict_recall (name, key, &verdict));
  g_assert_null (verdict);
}

static void
test_key (void)
{
  assert_unknown ("a", "machine 1");
  mig_cached_verdict_keep ("a", "machine 1", "slow; \"quoted\"\nof two lines");
  assert_kept ("a", "machine 1", "slow; \"quoted\"\nof two lines");
  assert_unknown ("a", "machine 2");
  assert_unknown ("a", NULL);
  assert_unknown ("b", "machine 1");
  mig_cached_verdict_keep ("a", "machine 2", NULL); /* in its place */
  assert_kept ("a", "machine 2", NULL);
  assert_unknown ("a", "machine 1");
  mig_cached_verdict_keep ("a", "machine 2", "");
  assert_kept ("a", "machine 2", "");
  mig_cached_verdict_keep ("c", NULL, "of nothing");
  assert_unknown ("c", "");
}

/* What another version has written is no verdict. */
static void
test_foreign (void)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "migcost", "old", NULL);

  g_assert_true (g_file_set_contents (path, "[old]\nkey=k\nwhy-not=none\n", -1, NULL));
  assert_unknown ("old", "k");
  g_assert_true (g_file_set_contents (path, "[verdict]\nkey=k\n", -1, NULL));
  assert_unknown ("old", "k");
  g_assert_true (g_file_set_contents (path, "\377", -1, NULL));
  assert_unknown ("old", "k");
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("migcost-XXXXXX", NULL);

  g_assert_nonnull (cache);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cached-verdict/key", test_key);
  g_test_add_func ("/cached-verdict/foreign", test_foreign);
  int status = g_test_run ();
  g_assert_true (mig_files_remove_tree (cache, NULL));
  return status;
}
