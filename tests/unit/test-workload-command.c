/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "workloads/command.h"
#include "workloads/protocol.h"

static guint64
feed (MigLineReader *reader, const char *text)
{
  uint64_t period_ns = 0;
  return mig_command_feed (reader, text, strlen (text), &period_ns) ? period_ns : 0;
}

static char *
command (guint64 period_ns)
{
  char line[MIG_PROTOCOL_MAX_LINE];
  return g_strndup (line, mig_protocol_format_period (line, period_ns));
}

static void
test_whole (void)
{
  MigLineReader reader = { .length = 0 };
  g_autofree char *fast = command (10000000), *slow = command (1000000000);
  g_autofree char *both = g_strconcat (fast, slow, NULL);

  g_assert_cmpuint (feed (&reader, fast), ==, 10000000);
  g_assert_cmpuint (feed (&reader, both), ==, 1000000000);
  g_assert_cmpuint (feed (&reader, ""), ==, 0);
}

/* as a console may deliver it */
static void
test_in_pieces (void)
{
  MigLineReader reader = { .length = 0 };
  g_autofree char *line = command (100000000);
  guint64 got = 0;

  for (guint i = 0; line[i]; i++)
    {
      const char piece[] = { line[i], '\0' };
      got = feed (&reader, piece);
      g_assert_cmpuint (got, ==, line[i + 1] ? 0 : 100000000);
    }
}

/* what lost its beginning at the switch-over ends with the newline in front of the next one */
static void
test_after_rest (void)
{
  MigLineReader reader = { .length = 0 };
  g_autofree char *line = command (100000000);
  g_autofree char *text = g_strconcat (line + 3, "\n", line, NULL);

  g_assert_cmpuint (feed (&reader, text), ==, 100000000);
}

static void
test_not_for_the_guest (void)
{
  g_autofree char *none = command (0), *short_one = command (999999),
                  *lengthy = command (60000000001);
  g_autofree char *good = command (1000000), *padding = g_strnfill (1000, 'x');
  g_autofree char *longer = g_strconcat (padding, good, NULL);
  const char *const lines[] = { none, short_one, lengthy,         longer, "@P 989680 0000\n",
                                "\n", "ls\n",    "@H 1 2 3 4 5\n" };
  MigLineReader reader = { .length = 0 };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_cmpuint (feed (&reader, lines[i]), ==, 0);
  g_assert_cmpuint (feed (&reader, good), ==, 1000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workload-command/whole", test_whole);
  g_test_add_func ("/workload-command/in-pieces", test_in_pieces);
  g_test_add_func ("/workload-command/after-rest", test_after_rest);
  g_test_add_func ("/workload-command/not-for-the-guest", test_not_for_the_guest);
  return g_test_run ();
}
