/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "measure/heartbeat-stream.h"

typedef struct {
  guint heartbeats, others;
  GString *texts;
} Seen;

static void
on_line (const MigLine *line, const char *text, gint64 arrival_ns, gpointer user)
{
  Seen *seen = user;
  if (line->kind == MIG_LINE_HEARTBEAT)
    seen->heartbeats++;
  else
    {
      seen->others++;
      g_string_append_printf (seen->texts, "%s|", text);
    }
}

static char *
heartbeat (guint64 sequence)
{
  char line[MIG_PROTOCOL_MAX_LINE];
  gsize length = mig_protocol_format_heartbeat (line, sequence, sequence * 1000, sequence * 10, 10);
  return g_strndup (line, length);
}

static void
feed (MigHeartbeatStream *stream, Seen *seen, const char *data, gint64 arrival_ns)
{
  mig_heartbeat_stream_feed (stream, data, strlen (data), arrival_ns, on_line, seen);
}

static void
feed_heartbeat (MigHeartbeatStream *stream, Seen *seen, guint64 sequence)
{
  g_autofree char *line = heartbeat (sequence);
  feed (stream, seen, line, (gint64) sequence * 100);
}

/* However the bytes are cut into pieces, the same lines come out. */
static void
test_pieces (void)
{
  g_autoptr (GString) all = g_string_new ("[    0.1] booting\r\n");
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *line = heartbeat (i);
      g_string_append (all, line);
    }
  for (gsize piece = 1; piece < 100; piece++)
    {
      MigHeartbeatStream stream;
      Seen seen = { .texts = g_string_new (NULL) };
      mig_heartbeat_stream_init (&stream);
      for (gsize at = 0; at < all->len; at += piece)
        mig_heartbeat_stream_feed (&stream, all->str + at, MIN (piece, all->len - at), (gint64) at,
                                   on_line, &seen);
      g_assert_cmpuint (seen.heartbeats, ==, 20);
      g_assert_cmpuint (seen.others, ==, 1);
      g_assert_cmpint (stream.lost, ==, 0);
      g_assert_cmpint (stream.first_sequence, ==, 0);
      g_assert_cmpint (stream.last_sequence, ==, 19);
      g_string_free (seen.texts, TRUE);
    }
}

static void
test_sequence (void)
{
  static const guint64 sequence[] = { 5, 6, 9, 9, 8, 10 };
  MigHeartbeatStream stream;
  Seen seen = { .texts = g_string_new (NULL) };

  mig_heartbeat_stream_init (&stream);
  for (guint i = 0; i < G_N_ELEMENTS (sequence); i++)
    feed_heartbeat (&stream, &seen, sequence[i]);
  g_assert_cmpint (stream.heartbeats, ==, 6);
  g_assert_cmpint (stream.lost, ==, 2 + 1); /* 7 and 8; from 8 to 10 */
  g_assert_cmpint (stream.backwards, ==, 2);
  g_assert_cmpint (stream.first_arrival_ns, ==, 500);
  g_assert_cmpint (stream.last_arrival_ns, ==, 1000);
  feed (&stream, &seen, "@H 1 2 3 0000\n", 1);
  g_assert_cmpint (stream.malformed, ==, 1);
  g_string_free (seen.texts, TRUE);
}

/* A line of any length is cut and does not swallow the next one. */
static void
test_overlong (void)
{
  MigHeartbeatStream stream;
  Seen seen = { .texts = g_string_new (NULL) };
  g_autofree char *flood = g_strnfill (100000, 'x');

  mig_heartbeat_stream_init (&stream);
  feed (&stream, &seen, flood, 1);
  g_assert_cmpuint (stream.lines.length, <=, 1024);
  feed (&stream, &seen, "\n", 2);
  feed_heartbeat (&stream, &seen, 0);
  g_assert_cmpuint (seen.heartbeats, ==, 1);
  g_assert_cmpuint (seen.others, ==, 1);
  g_string_free (seen.texts, TRUE);
}

/* A line that the guest had begun when it was stopped is finished on the destination. */
static void
test_switch_inside_a_line (void)
{
  g_autofree char *line = heartbeat (1);

  for (gsize cut = 0; cut <= strlen (line); cut++)
    {
      MigHeartbeatStream source, destination;
      Seen seen = { .texts = g_string_new (NULL) };
      g_autofree char *rest = g_strconcat (line + cut, NULL);
      gint64 lost, backwards;

      mig_heartbeat_stream_init (&source);
      mig_heartbeat_stream_init (&destination);
      feed_heartbeat (&source, &seen, 0);
      mig_heartbeat_stream_feed (&source, line, cut, 5, on_line, &seen);
      if (*rest)
        {
          mig_heartbeat_stream_continue (&destination, &source, rest, strlen (rest));
          feed (&destination, &seen, rest, 10);
        }
      feed_heartbeat (&destination, &seen, 2);
      g_assert_cmpuint (seen.heartbeats, ==, 3);
      mig_heartbeat_stream_switch (&source, &destination, &lost, &backwards);
      g_assert_cmpint (lost, ==, 0);
      g_assert_cmpint (backwards, ==, 0);
      g_string_free (seen.texts, TRUE);
    }
}

static void
test_switch (void)
{
  static const struct {
    guint64 last, first;
    gint64 lost, backwards;
  } cases[] = {
    { 10, 11, 0, 0 },
    { 10, 14, 3, 0 },
    { 10, 10, 0, 1 },
    { 510, 1, 0, 510 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MigHeartbeatStream source, destination;
      Seen seen = { .texts = g_string_new (NULL) };
      gint64 lost, backwards;
      mig_heartbeat_stream_init (&source);
      mig_heartbeat_stream_init (&destination);
      mig_heartbeat_stream_switch (&source, &destination, &lost, &backwards);
      g_assert_true (MIG_IS_MISSING (lost) && MIG_IS_MISSING (backwards));
      feed_heartbeat (&source, &seen, cases[i].last);
      feed_heartbeat (&destination, &seen, cases[i].first);
      mig_heartbeat_stream_switch (&source, &destination, &lost, &backwards);
      g_assert_cmpint (lost, ==, cases[i].lost);
      g_assert_cmpint (backwards, ==, cases[i].backwards);
      g_string_free (seen.texts, TRUE);
    }
}

static void
test_alarm (void)
{
  g_assert_nonnull (
      mig_console_alarm ("[   12.3] Kernel panic - not syncing: Attempted to kill init!"));
  g_assert_nonnull (mig_console_alarm ("BUG: unable to handle page fault for address: ffff"));
  g_assert_nonnull (mig_console_alarm ("init[1]: segfault at 0 ip 0000"));
  g_assert_null (mig_console_alarm ("[    0.0] Linux version 6.1.0"));
  g_assert_null (mig_console_alarm (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream/pieces", test_pieces);
  g_test_add_func ("/stream/sequence", test_sequence);
  g_test_add_func ("/stream/overlong", test_overlong);
  g_test_add_func ("/stream/switch-inside-a-line", test_switch_inside_a_line);
  g_test_add_func ("/stream/switch", test_switch);
  g_test_add_func ("/stream/alarm", test_alarm);
  return g_test_run ();
}
