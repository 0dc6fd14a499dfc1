/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "workloads/line-reader.h"
#include "workloads/protocol.h"

/* What comes through one opened console of a guest: bytes in, lines out, sequence numbers watched.
 * A guest that migrates has a stream on the source and one on the destination. Pure: no I/O. */
typedef struct {
  MigLineReader lines;
  gint64 first_sequence, last_sequence; /* MIG_MISSING_INT: no heartbeat yet */
  gint64 first_arrival_ns, last_arrival_ns;
  gint64 first_period_ns; /* in force at the first heartbeat */
  gint64 last_period_ns;  /* in force at the last heartbeat */
  gint64 heartbeats;
  gint64 lost;      /* sequence numbers missing inside the stream */
  gint64 backwards; /* sequence numbers that were not greater than the one before */
  gint64 malformed; /* lines of the protocol with a wrong checksum */
} MigHeartbeatStream;

/* Called for each whole line. line: what it says; text: the line itself, NUL-ended. */
typedef void (*MigLineFunc) (const MigLine *line, const char *text, gint64 arrival_ns,
                             gpointer user);

void mig_heartbeat_stream_init (MigHeartbeatStream *stream);

/* mig_heartbeat_stream_feed: data as it arrived. Hostile content is fine: overlong lines are cut.
 */
void mig_heartbeat_stream_feed (MigHeartbeatStream *stream, const char *data, gsize size,
                                gint64 arrival_ns, MigLineFunc func, gpointer user);

/* mig_heartbeat_stream_continue: the destination's first data is about to be fed: a line of which
 * the source sent the beginning before the guest was stopped is finished there. */
void mig_heartbeat_stream_continue (MigHeartbeatStream *destination, MigHeartbeatStream *source,
                                    const char *data, gsize size);

/* mig_heartbeat_stream_switch: compares the last heartbeat of the source with the first of the
 * destination. lost: numbers missing between them; backwards: by how much it went back (0: it did
 * not). Both are MIG_MISSING_INT where one side has no heartbeat. */
void mig_heartbeat_stream_switch (const MigHeartbeatStream *source,
                                  const MigHeartbeatStream *destination, gint64 *lost,
                                  gint64 *backwards);

/* mig_console_alarm: whether a line of the guest's kernel is a sign of damage (BUG, panic, ...):
 * the sign, or NULL. */
const char *mig_console_alarm (const char *text);
