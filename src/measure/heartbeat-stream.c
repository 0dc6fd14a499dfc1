/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "measure/heartbeat-stream.h"

void
mig_heartbeat_stream_init (MigHeartbeatStream *stream)
{
  *stream = (MigHeartbeatStream){ .heartbeats = 0 };
  stream->first_sequence = stream->last_sequence = MIG_MISSING_INT;
  stream->first_arrival_ns = stream->last_arrival_ns = MIG_MISSING_INT;
  stream->first_period_ns = stream->last_period_ns = MIG_MISSING_INT;
}

static void
count_heartbeat (MigHeartbeatStream *stream, const MigLine *line, gint64 arrival_ns)
{
  gint64 sequence = (gint64) line->sequence;

  if (stream->heartbeats == 0)
    {
      stream->first_sequence = sequence;
      stream->first_arrival_ns = arrival_ns;
      stream->first_period_ns = (gint64) line->period_ns;
    }
  else if (sequence <= stream->last_sequence)
    stream->backwards++;
  else
    stream->lost += sequence - stream->last_sequence - 1;
  stream->heartbeats++;
  stream->last_sequence = sequence;
  stream->last_arrival_ns = arrival_ns;
  stream->last_period_ns = (gint64) line->period_ns;
}

void
mig_heartbeat_stream_feed (MigHeartbeatStream *stream, const char *data, gsize size,
                           gint64 arrival_ns, MigLineFunc func, gpointer user)
{
  MigLine line;

  while (mig_line_reader_next (&stream->lines, &data, &size))
    {
      mig_protocol_parse (stream->lines.text, stream->lines.length, &line);
      if (line.kind == MIG_LINE_HEARTBEAT)
        count_heartbeat (stream, &line, arrival_ns);
      else if (line.kind == MIG_LINE_MALFORMED)
        stream->malformed++;
      func (&line, stream->lines.text, arrival_ns, user);
    }
}

void
mig_heartbeat_stream_continue (MigHeartbeatStream *destination, MigHeartbeatStream *source,
                               const char *data, gsize size)
{
  MigLineReader *begun = &source->lines;

  /* '@' begins a line: then the rest of the source's line is lost */
  if (size == 0 || data[0] == '@' || begun->skipping || begun->whole)
    return;
  mig_line_reader_append (&destination->lines, begun->text, begun->length);
  *begun = (MigLineReader){ .length = 0 };
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
