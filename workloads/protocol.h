/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The heartbeat protocol (doc/protocol.md): what a guest writes to its console and how it is read.
 * Plain C and libc only: the same file is linked into the guest programs and into migcost.
 *
 * Every line begins with '@', a letter, a space; ends with a space, the CRC-16/CCITT-FALSE of all
 * before that space as four hex digits, and '\n' (a console may add '\r'). Numbers are hexadecimal,
 * without prefix.
 *
 *   @H SEQ GUEST_NS WORK PERIOD_NS CRC   heartbeat: sequence number from 0, the guest's
 * CLOCK_MONOTONIC in ns, work units done so far, the period that is in force
 *   @R VERSION WORKLOAD PERIOD_NS UNIT CRC   READY: sent once before the first heartbeat; UNIT is
 * what one work unit is, in words joined by '-'
 *   @F TEXT CRC                     FATAL: why the guest can't do its work; nothing follows
 *   @D TEXT CRC                     DAMAGE: a page does not hold what was last written, ...
 *
 * And one line in the other direction, from migcost to the guest:
 *
 *   @P PERIOD_NS CRC                PERIOD: beat at this period from now on; answered at once by a
 * heartbeat
 */
#define MIG_PROTOCOL_VERSION 2
#define MIG_PROTOCOL_MAX_LINE 200 /* with the newline */

/* A guest with a network sends back what comes to this port, by UDP and by TCP. */
#define MIG_PROTOCOL_ECHO_PORT 4747
/* ... and has streams at this one: it takes what comes and, where the first byte asks for it, gives
 * so many bytes so often. */
#define MIG_PROTOCOL_STREAM_PORT 4748
#define MIG_PROTOCOL_STREAM_GIVE 'g'
#define MIG_PROTOCOL_STREAM_BYTES 512
#define MIG_PROTOCOL_STREAM_PERIOD_NS INT64_C (10000000)

typedef enum {
  MIG_LINE_OTHER,     /* not of this protocol: the kernel's messages */
  MIG_LINE_MALFORMED, /* begins like one, but the checksum or a field is wrong */
  MIG_LINE_HEARTBEAT,
  MIG_LINE_READY,
  MIG_LINE_FATAL,
  MIG_LINE_DAMAGE,
  MIG_LINE_PERIOD,
} MigLineKind;

typedef struct {
  MigLineKind kind;
  uint64_t sequence, guest_ns, work_units; /* HEARTBEAT */
  uint64_t version;                        /* READY */
  uint64_t period_ns;                      /* READY, HEARTBEAT, PERIOD */
  char text[MIG_PROTOCOL_MAX_LINE]; /* READY: "memory page"; FATAL, DAMAGE: the text; NUL-ended */
} MigLine;

/* mig_protocol_parse: one line without its '\n' (a trailing '\r' is allowed), of any content; not
 * NUL-ended. Never fails: what is not understood is OTHER or MALFORMED. */
void mig_protocol_parse (const char *line, size_t length, MigLine *parsed);

/* mig_protocol_format_*: write a line with '\n' into buffer (MIG_PROTOCOL_MAX_LINE bytes), return
 * its length. Texts are cut where they do not fit; control characters become '?'. */
size_t mig_protocol_format_heartbeat (char *buffer, uint64_t sequence, uint64_t guest_ns,
                                      uint64_t work_units, uint64_t period_ns);
size_t mig_protocol_format_ready (char *buffer, const char *workload, uint64_t period_ns,
                                  const char *unit);
size_t mig_protocol_format_fatal (char *buffer, const char *text);
size_t mig_protocol_format_damage (char *buffer, const char *text);
size_t mig_protocol_format_period (char *buffer, uint64_t period_ns);

uint16_t mig_protocol_crc16 (const char *data, size_t length);
