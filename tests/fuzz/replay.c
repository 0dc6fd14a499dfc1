/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

/* Runs a target on every file of its corpus: $top_srcdir/tests/fuzz/corpus/NAME, where the program
 * is called replay-NAME. */

static void
replay (gconstpointer path)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &bytes, &size, &error);
  g_assert_no_error (error);
  /* a copy of the exact size: a sanitizer sees a step beyond it */
  g_autofree uint8_t *exact = g_malloc (MAX (size, 1));
  memcpy (exact, bytes, size);
  g_assert_cmpint (LLVMFuzzerTestOneInput (exact, size), ==, 0);
}

int
main (int argc, char **argv)
{
  const char *name = strstr (argv[0], "replay-") + strlen ("replay-");
  g_autofree char *corpus = g_build_filename (g_getenv ("top_srcdir"), "tests/fuzz/corpus", name,
                                              NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  const char *entry;

  g_test_init (&argc, &argv, NULL);
  g_autoptr (GDir) dir = g_dir_open (corpus, 0, &error);
  g_assert_no_error (error);
  while ((entry = g_dir_read_name (dir)))
    {
      g_autofree char *test = g_strdup_printf ("/%s/%s", name, entry);
      char *path = g_build_filename (corpus, entry, NULL);
      g_ptr_array_add (paths, path);
      g_test_add_data_func (test, path, replay);
    }
  g_assert_cmpuint (paths->len, >, 0);
  return g_test_run ();
}
