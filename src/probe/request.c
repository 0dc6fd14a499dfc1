/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "probe/probe.h"
#include "probe/request.h"

#define WORD "request"
#define N_FIELDS 6

/* hey's columns: response-time, DNS+dialup, DNS, Request-write, Response-delay, Response-read,
 * status-code, offset; times are seconds, with four digits behind the point */
enum { RESPONSE_TIME, STATUS_CODE = 6, OFFSET, N_COLUMNS };
#define LONGEST_S 1e6
/* of an answer; a longer header is none */
#define MAX_HEADER_BYTES 65536

void
mig_request_format (GString *text, const MigRequest *request)
{
  g_string_append_printf (text, WORD " %u", request->guest);
  mig_probe_number_format (text, request->sent_ns);
  mig_probe_number_format (text, request->answered_ns);
  mig_probe_number_format (text, request->status);
  mig_probe_number_format (text, request->given_up_ns);
  g_string_append_c (text, '\n');
}

gboolean
mig_request_parse (const char *line, MigRequest *request)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", N_FIELDS + 1);
  guint64 guest;

  if (g_strv_length (fields) != N_FIELDS || !g_str_equal (fields[0], WORD) ||
      !g_ascii_string_to_unsigned (fields[1], 10, 0, G_MAXUINT, &guest, NULL) ||
      !mig_probe_number_parse (fields[2], &request->sent_ns) ||
      !mig_probe_number_parse (fields[3], &request->answered_ns) ||
      !mig_probe_number_parse (fields[4], &request->status) ||
      !mig_probe_number_parse (fields[5], &request->given_up_ns))
    return FALSE;
  request->guest = (guint) guest;
  gboolean open = MIG_IS_MISSING (request->answered_ns);
  return !MIG_IS_MISSING (request->sent_ns) && MIG_IS_MISSING (request->status) == open &&
         MIG_IS_MISSING (request->given_up_ns) != open;
}

/* read_seconds: as ns. */
static gboolean
read_seconds (const char *text, gint64 *ns)
{
  char *end;
  double s = g_ascii_strtod (text, &end);

  if (end == text || *end || !isfinite (s) || s < 0 || s > LONGEST_S)
    return FALSE;
  *ns = mig_units_ns (s);
  return TRUE;
}

gboolean
mig_request_parse_hey (const char *line, gint64 start_ns, MigRequest *request)
{
  g_auto (GStrv) fields = g_strsplit (line, ",", N_COLUMNS + 1);
  gint64 took_ns, offset_ns;

  if (g_strv_length (fields) != N_COLUMNS || !read_seconds (fields[RESPONSE_TIME], &took_ns) ||
      !read_seconds (fields[OFFSET], &offset_ns) ||
      !g_ascii_string_to_signed (fields[STATUS_CODE], 10, 0, G_MAXINT, &request->status, NULL))
    return FALSE;
  request->sent_ns = start_ns + offset_ns;
  request->answered_ns = request->sent_ns + took_ns;
  request->given_up_ns = MIG_MISSING_INT;
  return TRUE;
}

guint64
mig_answer_lacks (const char *beginning, gsize size)
{
  static const char length[] = "\ncontent-length:";
  const char *end = g_strstr_len (beginning, (gssize) size, "\r\n\r\n");

  if (!end)
    return size < MAX_HEADER_BYTES ? MIG_ANSWER_UNKNOWN : 0;
  g_autofree char *header = g_ascii_strdown (beginning, end - beginning);
  const char *found = strstr (header, length);
  guint64 body = found ? g_ascii_strtoull (found + strlen (length), NULL, 10) : 0;
  return body - MIN (body, size - (gsize) (end + strlen ("\r\n\r\n") - beginning));
}
