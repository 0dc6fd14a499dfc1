/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "measure/heartbeat-stream.h"
#include "tests/fuzz/fuzz.h"
#include "workloads/command.h"
#include "workloads/options.h"

static void
on_line (const MigLine *line, const char *text, gint64 arrival_ns, gpointer user)
{
  gint64 *heartbeats = user;

  *heartbeats += line->kind == MIG_LINE_HEARTBEAT;
  mig_console_alarm (text);
}

/* The same bytes in the other direction: a guest takes no period out of its range. */
static void
ask (const char *data, size_t size, size_t piece)
{
  MigLineReader reader = { .length = 0 };
  uint64_t period_ns = 0;

  for (size_t at = 0; at < size; at += MIN (piece, size - at))
    if (mig_command_feed (&reader, data + at, MIN (piece, size - at), &period_ns))
      g_assert (period_ns >= MIG_OPTION_PERIOD_MIN_NS && period_ns <= MIG_OPTION_PERIOD_MAX_NS);
}

/* A guest's console: byte 0 says where the guest moves, byte 1 in which pieces its bytes come. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  MigHeartbeatStream streams[2];
  gint64 heartbeats = 0, lost, backwards;

  if (size < 2)
    return 0;
  size_t cut = 2 + (size - 2) * data[0] / 255, piece = data[1] + 1u, at = 2;
  ask ((const char *) data + 2, size - 2, piece);
  for (guint s = 0; s < 2; s++)
    {
      size_t end = s == 0 ? cut : size;
      mig_heartbeat_stream_init (&streams[s]);
      if (s == 1)
        mig_heartbeat_stream_continue (&streams[1], &streams[0], (const char *) data + at,
                                       end - at);
      for (; at < end; at += MIN (piece, end - at))
        mig_heartbeat_stream_feed (&streams[s], (const char *) data + at, MIN (piece, end - at),
                                   (gint64) at, on_line, &heartbeats);
    }
  mig_heartbeat_stream_switch (&streams[0], &streams[1], &lost, &backwards);
  g_assert (heartbeats == streams[0].heartbeats + streams[1].heartbeats);
  g_assert (MIG_IS_MISSING (lost) == (streams[0].heartbeats == 0 || streams[1].heartbeats == 0));
  for (guint s = 0; s < 2; s++)
    {
      g_assert (streams[s].lost >= 0 && streams[s].backwards >= 0);
    }
  return 0;
}
