/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/option-values.h"

/* Options of an earlier command line, and those of the present one. */

static char *text, *file, **list;
static gboolean flag;
static int number;

static const GOptionEntry entries[] = {
  { "text", 0, 0, G_OPTION_ARG_STRING, &text, "", "T" },
  { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, "", "F" },
  { "list", 0, 0, G_OPTION_ARG_STRING_ARRAY, &list, "", "L" },
  { "flag", 0, 0, G_OPTION_ARG_NONE, &flag, "", NULL },
  { "number", 0, 0, G_OPTION_ARG_INT, &number, "", "N" },
  { NULL },
};
static const char *const except[] = { "number", NULL };

static void
clear (void)
{
  g_clear_pointer (&text, g_free);
  g_clear_pointer (&file, g_free);
  g_clear_pointer (&list, g_strfreev);
  flag = FALSE;
}

static void
assert_listed (const char *expected)
{
  g_auto (GStrv) texts = mig_option_values_list (entries, except);
  g_autofree char *joined = g_strjoinv ("|", texts);

  g_assert_cmpstr (joined, ==, expected);
}

static void
restore (const char *kept)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) texts = g_strsplit (kept, "|", -1);

  mig_option_values_restore (entries, except, texts, &error);
  g_assert_no_error (error);
}

static void
test_list (void)
{
  number = 7;
  assert_listed ("");
  text = g_strdup ("a=b");
  file = g_strdup ("/usr/../bin/x");
  list = g_strsplit ("a=test:///a,b=test:///b", ",", -1);
  flag = TRUE;
  assert_listed ("text=a=b|file=/bin/x|list=a=test:///a|list=b=test:///b|flag=yes");
  clear ();
}

/* As a shell reads them back. */
static void
test_words (void)
{
  text = g_strdup ("it's");
  list = g_strsplit ("a=test:///a b,-x", ",", -1);
  flag = TRUE;
  g_autofree char *words = mig_option_values_words (entries, except);
  g_assert_cmpstr (words, ==, " --text 'it'\\''s' --list 'a=test:///a b' --list '-x' --flag");
  clear ();
}

/* What is given now wins: a text takes the place of the other, of a list it comes last. */
static void
test_restore (void)
{
  restore ("text=old|list=a=1|list=b=2|flag=yes|text=newer");
  assert_listed ("text=newer|list=a=1|list=b=2|flag=yes");
  clear ();
  text = g_strdup ("now");
  list = g_strsplit ("b=3", ",", -1);
  restore ("text=old|list=a=1|list=b=2|file=/f");
  assert_listed ("text=now|file=/f|list=a=1|list=b=2|list=b=3");
  clear ();
}

static void
test_unknown (void)
{
  static const char *const unknown[] = { "other=1", "number=1", "text" };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autoptr (GError) error = NULL;
      char *texts[] = { (char *) unknown[i], NULL };
      g_assert_false (mig_option_values_restore (entries, except, texts, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, unknown[i]));
    }
  clear ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/option-values/list", test_list);
  g_test_add_func ("/option-values/words", test_words);
  g_test_add_func ("/option-values/restore", test_restore);
  g_test_add_func ("/option-values/unknown", test_unknown);
  return g_test_run ();
}
