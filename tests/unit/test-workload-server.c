/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "workloads/server.h"

/* The command of a guest's real server. */

static void
test_split (void)
{
  char text[] = "/usr/sbin/nginx\n-c\n/etc/nginx.conf\n", none[] = "\n\n";
  char *words[MIG_SERVER_MAX_WORDS];

  g_assert_cmpuint (mig_server_split (text, words), ==, 3);
  g_assert_cmpstr (words[0], ==, "/usr/sbin/nginx");
  g_assert_cmpstr (words[1], ==, "-c");
  g_assert_cmpstr (words[2], ==, "/etc/nginx.conf");
  g_assert_null (words[3]);
  g_assert_cmpuint (mig_server_split (none, words), ==, 0);
}

static void
test_too_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char *words[MIG_SERVER_MAX_WORDS];

  for (guint i = 0; i < MIG_SERVER_MAX_WORDS - 1; i++)
    g_string_append (text, "word\n");
  g_autofree char *most = g_strdup (text->str);
  g_assert_cmpuint (mig_server_split (most, words), ==, MIG_SERVER_MAX_WORDS - 1);
  g_string_append (text, "word\n");
  g_assert_cmpuint (mig_server_split (text->str, words), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workload-server/split", test_split);
  g_test_add_func ("/workload-server/too-many", test_too_many);
  return g_test_run ();
}
