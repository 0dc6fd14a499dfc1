/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "probe/request.h"

#define WORD "request"
#define N_FIELDS 5

/* hey's columns: response-time, DNS+dialup, DNS, Request-write, Response-delay, Response-read,
 * status-code, offset; times are seconds, with four digits behind the point */
enum { RESPONSE_TIME, STATUS_CODE = 6, OFFSET, N_COLUMNS };
#define LONGEST_S 1e6

void
mig_request_format (GString *text, const MigRequest *request)
{
  g_string_append_printf (
      text, WORD " %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
      request->guest, request->sent_ns, request->answered_ns, request->status);
}

gboolean
mig_request_parse (const char *line, MigRequest *request)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", N_FIELDS + 1);
  guint64 guest;

  if (g_strv_length (fields) != N_FIELDS || !g_str_equal (fields[0], WORD) ||
      !g_ascii_string_to_unsigned (fields[1], 10, 0, G_MAXUINT, &guest, NULL) ||
      !g_ascii_string_to_signed (fields[2], 10, 0, G_MAXINT64, &request->sent_ns, NULL) ||
      !g_ascii_string_to_signed (fields[3], 10, 0, G_MAXINT64, &request->answered_ns, NULL) ||
      !g_ascii_string_to_signed (fields[4], 10, 0, G_MAXINT64, &request->status, NULL))
    return FALSE;
  request->guest = (guint) guest;
  return TRUE;
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
  return TRUE;
}
