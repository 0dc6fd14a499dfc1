/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/text.h"

static void
is (const char *text, gsize max_chars, const char *expected)
{
  g_autofree char *out = mig_text_printable (text, max_chars);
  g_assert_cmpstr (out, ==, expected);
}

static void
test_printable (void)
{
  is ("", 0, "");
  is ("guest-1 (Gäste)", 0, "guest-1 (Gäste)");
  is ("a\033[2Jb\ac\r\nd\te", 0, "a [2Jb c  d e");
  is ("\302\233"
      "2J",
      0, " 2J");                    /* C1: CSI in one character */
  is ("a\342\200\256b", 0, "a b");  /* right-to-left override */
  is ("\377x", 0, "\357\277\275x"); /* no UTF-8 */
  is ("äöü", 2, "äö...");
  is ("äö", 2, "äö");
}

static void
test_lines (void)
{
  static const char text[] = "a\tb\n\033[31mc\0d\n";
  g_autofree char *out = mig_text_printable_lines (text, sizeof text - 1);
  g_assert_cmpstr (out, ==, "a\tb\n [31mc\357\277\275d\n");
}

static void
shortens (const char *text, guint columns, const char *expected)
{
  g_autofree char *out = mig_text_shorten (text, columns);
  g_assert_cmpstr (out, ==, expected);
  g_assert_cmpuint (mig_text_width (out), <=, columns);
}

static void
test_shorten (void)
{
  shortens ("technique=xbzrle", 16, "technique=xbzrle");
  shortens ("technique=xbzrle", 15, "tech...e=xbzrle");
  shortens ("technique=xbzrle", 4, "...e");
  shortens ("technique=xbzrle", 3, "...");
  shortens ("technique=xbzrle", 0, "");
  shortens ("", 0, "");
  shortens ("Gäste-ä-ö-ü", 9, "Gä...-ö-ü");
  shortens ("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 7, "...\xe6\xbc\xa2"); /* wide */
  g_assert_cmpuint (mig_text_width ("a\xe6\xbc\xa2"), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/printable", test_printable);
  g_test_add_func ("/text/lines", test_lines);
  g_test_add_func ("/text/shorten", test_shorten);
  return g_test_run ();
}
