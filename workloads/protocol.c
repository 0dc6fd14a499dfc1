/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "workloads/protocol.h"

#define HEAD_LENGTH 3 /* "@H " */
#define TAIL_LENGTH 5 /* " CRC" */
/* what remains for a text beside head, tail, newline and NUL */
#define TEXT_MAX (MIG_PROTOCOL_MAX_LINE - HEAD_LENGTH - TAIL_LENGTH - 2)

/* What is left of a line's fields. */
typedef struct {
  const char *at, *end;
} Fields;

uint16_t
mig_protocol_crc16 (const char *data, size_t length)
{
  uint16_t crc = 0xffff;

  for (size_t i = 0; i < length; i++)
    {
      crc ^= (uint16_t) ((unsigned char) data[i] << 8);
      for (int bit = 0; bit < 8; bit++)
        crc = (uint16_t) (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
  return crc;
}

static int
hex_digit (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

static bool
parse_hex (const char *from, const char *to, uint64_t *value)
{
  uint64_t number = 0;

  if (from == to || to - from > 16)
    return false;
  for (; from < to; from++)
    {
      int digit = hex_digit (*from);
      if (digit < 0)
        return false;
      number = number << 4 | (unsigned) digit;
    }
  *value = number;
  return true;
}

/* Takes the next field off, up to a space or the end; false where there is none. */
static bool
next_word (Fields *fields, const char **from, const char **to)
{
  if (fields->at > fields->end)
    return false;
  *from = fields->at;
  *to = memchr (fields->at, ' ', (size_t) (fields->end - fields->at));
  if (!*to)
    *to = fields->end;
  fields->at = *to + 1;
  return *from < *to;
}

static bool
next_number (Fields *fields, uint64_t *value)
{
  const char *from, *to;
  return next_word (fields, &from, &to) && parse_hex (from, to, value);
}

static bool
at_end (const Fields *fields)
{
  return fields->at > fields->end;
}

static bool
is_printable (const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (text[i] < 0x20 || text[i] > 0x7e)
      return false;
  return true;
}

static MigLineKind
parse_heartbeat (Fields *fields, MigLine *parsed)
{
  if (!next_number (fields, &parsed->sequence) || !next_number (fields, &parsed->guest_ns) ||
      !next_number (fields, &parsed->work_units) || !next_number (fields, &parsed->period_ns) ||
      !at_end (fields))
    return MIG_LINE_MALFORMED;
  return MIG_LINE_HEARTBEAT;
}

static MigLineKind
parse_period (Fields *fields, MigLine *parsed)
{
  return next_number (fields, &parsed->period_ns) && at_end (fields) ? MIG_LINE_PERIOD
                                                                     : MIG_LINE_MALFORMED;
}

static MigLineKind
parse_ready (Fields *fields, MigLine *parsed)
{
  const char *workload, *workload_end, *unit, *unit_end;

  if (!next_number (fields, &parsed->version))
    return MIG_LINE_MALFORMED;
  if (parsed->version != MIG_PROTOCOL_VERSION)
    return MIG_LINE_READY; /* its other fields are not ours to understand */
  if (!next_word (fields, &workload, &workload_end) || !next_number (fields, &parsed->period_ns) ||
      !next_word (fields, &unit, &unit_end) || !at_end (fields))
    return MIG_LINE_MALFORMED;
  snprintf (parsed->text, sizeof parsed->text, "%.*s %.*s", (int) (workload_end - workload),
            workload, (int) (unit_end - unit), unit);
  return MIG_LINE_READY;
}

static MigLineKind
parse_text (const Fields *fields, MigLine *parsed, MigLineKind kind)
{
  size_t length = (size_t) (fields->end - fields->at);

  memcpy (parsed->text, fields->at, length);
  parsed->text[length] = '\0';
  return kind;
}

/* Looks like a line of ours: '@', a capital letter, then a space or nothing. */
static bool
begins_like_ours (const char *line, size_t length)
{
  return length >= 2 && line[0] == '@' && line[1] >= 'A' && line[1] <= 'Z' &&
         (length == 2 || line[2] == ' ');
}

/* Whole as it was sent: of a length that can be, printable, with the right checksum. */
static bool
is_intact (const char *line, size_t length)
{
  uint64_t crc;
  size_t checked = length - TAIL_LENGTH;

  return length >= HEAD_LENGTH + TAIL_LENGTH && length < MIG_PROTOCOL_MAX_LINE - 1 &&
         is_printable (line, length) && line[checked] == ' ' &&
         parse_hex (line + checked + 1, line + length, &crc) &&
         crc == mig_protocol_crc16 (line, checked);
}

static MigLineKind
parse_fields (char letter, Fields *fields, MigLine *parsed)
{
  switch (letter)
    {
    case 'H':
      return parse_heartbeat (fields, parsed);
    case 'R':
      return parse_ready (fields, parsed);
    case 'P':
      return parse_period (fields, parsed);
    case 'F':
      return parse_text (fields, parsed, MIG_LINE_FATAL);
    case 'D':
      return parse_text (fields, parsed, MIG_LINE_DAMAGE);
    default:
      return MIG_LINE_OTHER; /* intact, of a kind that this version does not know */
    }
}

void
mig_protocol_parse (const char *line, size_t length, MigLine *parsed)
{
  memset (parsed, 0, sizeof *parsed);
  parsed->kind = MIG_LINE_OTHER;
  if (length > 0 && line[length - 1] == '\r')
    length--;
  if (!begins_like_ours (line, length))
    return;
  if (!is_intact (line, length))
    {
      parsed->kind = MIG_LINE_MALFORMED;
      return;
    }
  Fields fields = { line + HEAD_LENGTH, line + length - TAIL_LENGTH };
  MigLineKind kind = parse_fields (line[1], &fields, parsed);
  if (kind == MIG_LINE_MALFORMED)
    memset (parsed, 0, sizeof *parsed);
  parsed->kind = kind;
}

/* Appends checksum and newline to the length bytes already in buffer. */
static size_t
seal (char *buffer, int length)
{
  uint16_t crc = mig_protocol_crc16 (buffer, (size_t) length);
  return (size_t) length +
         (size_t) snprintf (buffer + length, TAIL_LENGTH + 2, " %04x\n", (unsigned) crc);
}

size_t
mig_protocol_format_heartbeat (char *buffer, uint64_t sequence, uint64_t guest_ns,
                               uint64_t work_units, uint64_t period_ns)
{
  int length = snprintf (buffer, MIG_PROTOCOL_MAX_LINE,
                         "@H %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64, sequence, guest_ns,
                         work_units, period_ns);
  return seal (buffer, length);
}

size_t
mig_protocol_format_period (char *buffer, uint64_t period_ns)
{
  return seal (buffer, snprintf (buffer, MIG_PROTOCOL_MAX_LINE, "@P %" PRIx64, period_ns));
}

/* Writes text as far as it fits behind "@LETTER ". */
static size_t
format_text (char *buffer, char letter, const char *text)
{
  int length = snprintf (buffer, HEAD_LENGTH + TEXT_MAX + 1, "@%c %s", letter, text);

  if (length > HEAD_LENGTH + TEXT_MAX)
    length = HEAD_LENGTH + TEXT_MAX;
  for (int i = HEAD_LENGTH; i < length; i++)
    if (buffer[i] < 0x20 || buffer[i] > 0x7e)
      buffer[i] = '?';
  return seal (buffer, length);
}

size_t
mig_protocol_format_ready (char *buffer, const char *workload, uint64_t period_ns, const char *unit)
{
  char text[TEXT_MAX + 1];

  snprintf (text, sizeof text, "%x %s %" PRIx64 " %s", (unsigned) MIG_PROTOCOL_VERSION, workload,
            period_ns, unit);
  return format_text (buffer, 'R', text);
}

size_t
mig_protocol_format_fatal (char *buffer, const char *text)
{
  return format_text (buffer, 'F', text);
}

size_t
mig_protocol_format_damage (char *buffer, const char *text)
{
  return format_text (buffer, 'D', text);
}
