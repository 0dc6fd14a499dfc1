/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "base/log.h"

typedef struct {
  GString *got;
  guint id;
} Recorder;

static void
record (MigLogLevel level, const char *message, gpointer data)
{
  g_string_append_printf (((Recorder *) data)->got, "%s;", message);
}

static void
record_and_log (MigLogLevel level, const char *message, gpointer data)
{
  record (level, message, data);
  mig_info ("seen %s", message);
}

static void
record_once (MigLogLevel level, const char *message, gpointer data)
{
  record (level, message, data);
  mig_log_remove_sink (((Recorder *) data)->id);
}

/* A sink that logs: the others get that, it does not. One that removes itself gets no more. */
static void
test_sinks (void)
{
  Recorder plain = { g_string_new (NULL), 0 }, logs = { g_string_new (NULL), 0 },
           once = { g_string_new (NULL), 0 };

  plain.id = mig_log_add_sink (record, &plain);
  logs.id = mig_log_add_sink (record_and_log, &logs);
  once.id = mig_log_add_sink (record_once, &once);
  mig_info ("a");
  mig_warning ("b");
  mig_log_remove_sink (logs.id);
  mig_info ("c");
  mig_log_remove_sink (plain.id);
  mig_info ("d");
  g_assert_cmpstr (plain.got->str, ==, "a;seen a;b;seen b;c;");
  g_assert_cmpstr (logs.got->str, ==, "a;b;");
  g_assert_cmpstr (once.got->str, ==, "seen a;");
  g_string_free (plain.got, TRUE);
  g_string_free (logs.got, TRUE);
  g_string_free (once.got, TRUE);
}

int
main (int argc, char **argv)
{
  alarm (30); /* instead of a deadlock */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/sinks", test_sinks);
  return g_test_run ();
}
