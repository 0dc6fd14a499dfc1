/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "measure/heartbeat-stream.h"

/* long enough for a kernel's message; what is longer is cut */
#define MAX_LINE 1024

void
mig_heartbeat_stream_init (MigHeartbeatStream *segment)
{
  *segment = (MigHeartbeatStream){ .partial = g_string_sized_new (MAX_LINE) };
  segment->first_sequence = segment->last_sequence = MIG_MISSING_INT;
  segment->first_arrival_ns = segment->last_arrival_ns = MIG_MISSING_INT;
}

void
mig_heartbeat_stream_clear (MigHeartbeatStream *segment)
{
  if (segment->partial)
    g_string_free (segment->partial, TRUE);
  segment->partial = NULL;
}

static void
count_heartbeat (MigHeartbeatStream *segment, const MigLine *line, gint64 arrival_ns)
{
  gint64 sequence = (gint64) line->sequence;

  if (segment->heartbeats == 0)
    {
      segment->first_sequence = sequence;
      segment->first_arrival_ns = arrival_ns;
    }
  else if (sequence <= segment->last_sequence)
    segment->backwards++;
  else
    segment->lost += sequence - segment->last_sequence - 1;
  segment->heartbeats++;
  segment->last_sequence = sequence;
  segment->last_arrival_ns = arrival_ns;
}

static void
end_line (MigHeartbeatStream *segment, gint64 arrival_ns, MigLineFunc func, gpointer user)
{
  MigLine line;

  mig_protocol_parse (segment->partial->str, segment->partial->len, &line);
  if (line.kind == MIG_LINE_HEARTBEAT)
    count_heartbeat (segment, &line, arrival_ns);
  else if (line.kind == MIG_LINE_MALFORMED)
    segment->malformed++;
  func (&line, segment->partial->str, arrival_ns, user);
  g_string_truncate (segment->partial, 0);
}

void
mig_heartbeat_stream_feed (MigHeartbeatStream *segment, const char *data, gsize size,
                           gint64 arrival_ns, MigLineFunc func, gpointer user)
{
  while (size > 0)
    {
      const char *newline = memchr (data, '\n', size);
      gsize length = newline ? (gsize) (newline - data) : size;

      if (!segment->skipping)
        {
          gsize room = MAX_LINE - segment->partial->len;
          g_string_append_len (segment->partial, data, MIN (length, room));
          segment->skipping = length > room;
        }
      if (!newline)
        return;
      segment->skipping = FALSE;
      end_line (segment, arrival_ns, func, user);
      data += length + 1;
      size -= length + 1;
    }
}

void
mig_heartbeat_stream_continue (MigHeartbeatStream *destination, MigHeartbeatStream *source,
                               const char *data, gsize size)
{
  /* '@' begins a line: then the rest of the source's line is lost */
  if (size == 0 || data[0] == '@' || source->skipping)
    return;
  g_string_append_len (destination->partial, source->partial->str, source->partial->len);
  g_string_truncate (source->partial, 0);
}

void
mig_heartbeat_stream_switch (const MigHeartbeatStream *source,
                             const MigHeartbeatStream *destination, gint64 *lost, gint64 *backwards)
{
  *lost = *backwards = MIG_MISSING_INT;
  if (source->heartbeats == 0 || destination->heartbeats == 0)
    return;
  gint64 step = destination->first_sequence - source->last_sequence;
  *lost = MAX (step - 1, 0);
  *backwards = step < 1 ? 1 - step : 0;
}

const char *
mig_console_alarm (const char *text)
{
  static const char *const signs[] = {
    "Kernel panic",     "BUG:",           "kernel BUG at", "Oops:",   "general protection fault",
    "unable to handle", "Bad page state", "bad pmd",       "bad pte", "segfault at",
    "double fault",     "stack segment",
  };
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strstr (text, signs[i]))
      return signs[i];
  return NULL;
}
