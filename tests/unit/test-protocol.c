/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "workloads/protocol.h"

static MigLineKind
parse_text (const char *text, MigLine *line)
{
  mig_protocol_parse (text, strlen (text), line);
  return line->kind;
}

/* body with its right checksum, as a line without '\n' */
static char *
seal (const char *body)
{
  return g_strdup_printf ("%s %04x", body, mig_protocol_crc16 (body, strlen (body)));
}

static void
test_crc (void)
{
  g_assert_cmphex (mig_protocol_crc16 ("123456789", 9), ==, 0x29b1);
  g_assert_cmphex (mig_protocol_crc16 ("", 0), ==, 0xffff);
}

static void
test_heartbeat (void)
{
  static const guint64 values[] = { 0, 1, 0x7fffffff, G_MAXUINT64 };
  char buffer[MIG_PROTOCOL_MAX_LINE];
  MigLine line;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      size_t length = mig_protocol_format_heartbeat (buffer, values[i], values[i] / 3,
                                                     values[i] / 7, values[i] / 9);
      g_assert_cmpuint (length, <, MIG_PROTOCOL_MAX_LINE);
      g_assert_cmpint (buffer[length - 1], ==, '\n');
      mig_protocol_parse (buffer, length - 1, &line);
      g_assert_cmpint (line.kind, ==, MIG_LINE_HEARTBEAT);
      g_assert_cmpuint (line.sequence, ==, values[i]);
      g_assert_cmpuint (line.guest_ns, ==, values[i] / 3);
      g_assert_cmpuint (line.work_units, ==, values[i] / 7);
      g_assert_cmpuint (line.period_ns, ==, values[i] / 9);
    }
}

static void
test_ready (void)
{
  char buffer[MIG_PROTOCOL_MAX_LINE];
  MigLine line;
  size_t length = mig_protocol_format_ready (buffer, "memory", 10000000, "page");

  mig_protocol_parse (buffer, length - 1, &line);
  g_assert_cmpint (line.kind, ==, MIG_LINE_READY);
  g_assert_cmpuint (line.version, ==, MIG_PROTOCOL_VERSION);
  g_assert_cmpuint (line.period_ns, ==, 10000000);
  g_assert_cmpstr (line.text, ==, "memory page");
}

/* to the guest: it fits an UART's FIFO of 16 bytes at the periods that migcost asks for */
static void
test_period (void)
{
  char buffer[MIG_PROTOCOL_MAX_LINE];
  MigLine line;
  size_t length = mig_protocol_format_period (buffer, 100 * 1000 * 1000);

  g_assert_cmpuint (length, <=, 16);
  mig_protocol_parse (buffer, length - 1, &line);
  g_assert_cmpint (line.kind, ==, MIG_LINE_PERIOD);
  g_assert_cmpuint (line.period_ns, ==, 100 * 1000 * 1000);
}

/* of another version only the version is understood */
static void
test_other_version (void)
{
  g_autofree char *text = seal ("@R 3 what ever may come later");
  MigLine line;

  g_assert_cmpint (parse_text (text, &line), ==, MIG_LINE_READY);
  g_assert_cmpuint (line.version, ==, 3);
  g_assert_cmpstr (line.text, ==, "");
  g_autofree char *unknown = seal ("@Z of a kind that is not known");
  g_assert_cmpint (parse_text (unknown, &line), ==, MIG_LINE_OTHER);
}

static void
test_texts (void)
{
  char buffer[MIG_PROTOCOL_MAX_LINE], lengthy[1000];
  MigLine line;
  size_t length = mig_protocol_format_fatal (buffer, "no\nmemory\t\x1b\xc3\xa4 left");

  mig_protocol_parse (buffer, length - 1, &line);
  g_assert_cmpint (line.kind, ==, MIG_LINE_FATAL);
  g_assert_cmpstr (line.text, ==, "no?memory???? left");

  memset (lengthy, 'x', sizeof lengthy - 1);
  lengthy[sizeof lengthy - 1] = '\0';
  length = mig_protocol_format_damage (buffer, lengthy);
  g_assert_cmpuint (length, ==, MIG_PROTOCOL_MAX_LINE - 1);
  mig_protocol_parse (buffer, length - 1, &line);
  g_assert_cmpint (line.kind, ==, MIG_LINE_DAMAGE);
  g_assert_cmpuint (strlen (line.text), ==, 190);

  length = mig_protocol_format_fatal (buffer, "");
  mig_protocol_parse (buffer, length - 1, &line);
  g_assert_cmpint (line.kind, ==, MIG_LINE_FATAL);
  g_assert_cmpstr (line.text, ==, "");
}

/* one '\r' at the end is a console's; two are not */
static void
test_carriage_return (void)
{
  g_autofree char *body = seal ("@H 1 2 3 4");
  g_autofree char *one = g_strconcat (body, "\r", NULL);
  g_autofree char *two = g_strconcat (body, "\r\r", NULL);
  MigLine line;

  g_assert_cmpint (parse_text (one, &line), ==, MIG_LINE_HEARTBEAT);
  g_assert_cmpuint (line.work_units, ==, 3);
  g_assert_cmpint (parse_text (two, &line), ==, MIG_LINE_MALFORMED);
}

static void
test_other (void)
{
  static const char *const others[] = {
    "",
    "\r",
    "@",
    "@h 1 2 3 29b1",
    "@1",
    "@Hello",
    "[    1.2] Run /init as init process",
    " @H 1 2 3 0000",
    "H 1 2 3",
    "BUG: unable to handle page fault",
  };
  MigLine line;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpint (parse_text (others[i], &line), ==, MIG_LINE_OTHER);
}

/* fields that are wrong although the checksum is right */
static void
test_bad_fields (void)
{
  static const char *const bodies[] = {
    "@H",
    "@H ",
    "@H 1 2",
    "@H 1 2 3",
    "@H 1 2 3 4 5",
    "@H 1  2 3 4",
    "@H 1 2 3 4 ",
    "@H 1 2 3 g",
    "@H -1 2 3 4",
    "@H 0x1 2 3 4",
    "@H +1 2 3 4",
    "@H 1 2 3 10000000000000000",
    "@H 1\t2 3 4",
    "@R",
    "@R 2",
    "@R 2 memory",
    "@R 2 memory 10",
    "@R 2 memory x page",
    "@R 2 memory 10 page more",
    "@R  memory 10 page",
    "@R 2 memory 10 ",
    "@F a\x7f",
    "@F caf\xc3\xa9",
    "@D \x01",
    "@P",
    "@P ",
    "@P x",
    "@P 1 2",
    "@P -1",
  };
  MigLine line;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *text = seal (bodies[i]);
      g_test_message ("%s", bodies[i]);
      g_assert_cmpint (parse_text (text, &line), ==, MIG_LINE_MALFORMED);
      g_assert_cmpuint (line.sequence, ==, 0);
      g_assert_cmpstr (line.text, ==, "");
    }
}

/* every single wrong bit of a good line is found, and every cut */
static void
test_damaged_lines (void)
{
  char buffer[MIG_PROTOCOL_MAX_LINE];
  MigLine line;
  size_t length = mig_protocol_format_heartbeat (buffer, 0x1234, 0x56789abc, 0xdef0, 0x989680) - 1;

  for (size_t i = 0; i < length * 8; i++)
    {
      gboolean only_case = (i % 8) == 5 && g_ascii_isxdigit (buffer[i / 8]) &&
                           i / 8 >= length - 4; /* a digit of the checksum as a capital */
      buffer[i / 8] ^= 1 << (i % 8);
      mig_protocol_parse (buffer, length, &line);
      if (!(only_case && g_ascii_isxdigit (buffer[i / 8])))
        g_assert_cmpint (line.kind, !=, MIG_LINE_HEARTBEAT);
      buffer[i / 8] ^= 1 << (i % 8);
    }
  for (size_t cut = 0; cut < length; cut++)
    {
      mig_protocol_parse (buffer, cut, &line);
      g_assert_cmpint (line.kind, ==, cut < 2 ? MIG_LINE_OTHER : MIG_LINE_MALFORMED);
    }
}

/* the line ends where the length says, in memory of just that size, whatever it holds */
static void
test_hostile_bytes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);
  MigLine line;

  for (guint round = 0; round < 20000; round++)
    {
      gsize length = (gsize) g_rand_int_range (rand, 0, 300);
      g_autofree char *bytes = g_malloc (length ? length : 1);
      for (gsize i = 0; i < length; i++)
        bytes[i] = (char) g_rand_int_range (rand, 0, 256);
      if (length > 3)
        memcpy (bytes, "@H ", 3);
      mig_protocol_parse (bytes, length, &line);
      g_assert_cmpint (line.kind, ==, length > 3 ? MIG_LINE_MALFORMED : MIG_LINE_OTHER);
    }
}

static void
test_long_lines (void)
{
  static const gsize lengths[] = { 194, 195, 1000, 1 << 20 };
  MigLine line;

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *body = g_strnfill (lengths[i] - 1, 'x');
      memcpy (body, "@F ", 3);
      g_autofree char *text = seal (body);
      g_assert_cmpint (parse_text (text, &line), ==, i == 0 ? MIG_LINE_FATAL : MIG_LINE_MALFORMED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/crc", test_crc);
  g_test_add_func ("/protocol/heartbeat", test_heartbeat);
  g_test_add_func ("/protocol/ready", test_ready);
  g_test_add_func ("/protocol/period", test_period);
  g_test_add_func ("/protocol/other-version", test_other_version);
  g_test_add_func ("/protocol/texts", test_texts);
  g_test_add_func ("/protocol/carriage-return", test_carriage_return);
  g_test_add_func ("/protocol/other", test_other);
  g_test_add_func ("/protocol/bad-fields", test_bad_fields);
  g_test_add_func ("/protocol/damaged-lines", test_damaged_lines);
  g_test_add_func ("/protocol/hostile-bytes", test_hostile_bytes);
  g_test_add_func ("/protocol/long-lines", test_long_lines);
  return g_test_run ();
}
