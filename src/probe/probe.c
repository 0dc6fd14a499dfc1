/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/probe-kind.h"
#include "base/units.h"
#include "probe/probe.h"

#define N_FIELDS 8

static const char *const kinds[MIG_N_PROBE_KINDS] = {
  [MIG_PROBE_UDP] = MIG_PROBE_OF_PACKETS,
  [MIG_PROBE_TCP] = MIG_PROBE_OF_CONNECTIONS,
  [MIG_PROBE_ICMP] = MIG_PROBE_OF_PINGS,
  [MIG_PROBE_CONNECT] = MIG_PROBE_OF_CONNECTS,
  [MIG_PROBE_HTTP] = MIG_PROBE_OF_HTTP,
  [MIG_PROBE_STREAM_TO] = MIG_PROBE_OF_STREAM_TO,
  [MIG_PROBE_STREAM_FROM] = MIG_PROBE_OF_STREAM_FROM,
};

const char *
mig_probe_kind_name (MigProbeKind kind)
{
  return kinds[kind];
}

void
mig_probe_number_format (GString *text, gint64 value)
{
  if (MIG_IS_MISSING (value))
    g_string_append (text, " -");
  else
    g_string_append_printf (text, " %" G_GINT64_FORMAT, value);
}

void
mig_probe_format (GString *text, const MigProbe *probe)
{
  g_string_append_printf (text, "%u %s %u", probe->guest, kinds[probe->kind], probe->connection);
  mig_probe_number_format (text, probe->sequence);
  mig_probe_number_format (text, probe->due_ns);
  mig_probe_number_format (text, probe->sent_ns);
  mig_probe_number_format (text, probe->answered_ns);
  mig_probe_number_format (text, probe->covers_ns);
  g_string_append_c (text, '\n');
}

gboolean
mig_probe_number_parse (const char *text, gint64 *value)
{
  *value = MIG_MISSING_INT;
  return strcmp (text, "-") == 0 || g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, value, NULL);
}

gboolean
mig_probe_parse (const char *line, MigProbe *probe)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", N_FIELDS + 1);
  guint64 guest = 0, connection = 0;
  guint kind = 0;

  if (g_strv_length (fields) != N_FIELDS)
    return FALSE;
  while (kind < MIG_N_PROBE_KINDS && strcmp (fields[1], kinds[kind]) != 0)
    kind++;
  probe->kind = kind;
  if (kind == MIG_N_PROBE_KINDS ||
      !g_ascii_string_to_unsigned (fields[0], 10, 0, G_MAXUINT, &guest, NULL) ||
      !g_ascii_string_to_unsigned (fields[2], 10, 0, MIG_PROBE_CONNECTIONS - 1, &connection, NULL))
    return FALSE;
  probe->guest = (guint) guest;
  probe->connection = (guint) connection;
  return mig_probe_number_parse (fields[3], &probe->sequence) &&
         mig_probe_number_parse (fields[4], &probe->due_ns) &&
         mig_probe_number_parse (fields[5], &probe->sent_ns) &&
         mig_probe_number_parse (fields[6], &probe->answered_ns) &&
         mig_probe_number_parse (fields[7], &probe->covers_ns) &&
         !MIG_IS_MISSING (probe->sequence) && !MIG_IS_MISSING (probe->due_ns) &&
         !MIG_IS_MISSING (probe->sent_ns);
}

guint64
mig_probe_event (guint guest, guint channel)
{
  return (guint64) channel << 32 | guest;
}

guint
mig_probe_guest_of (guint64 data)
{
  return (guint) data;
}

guint
mig_probe_channel_of (guint64 data)
{
  return (guint) (data >> 32);
}

gint64
mig_probe_due (gint64 start_ns, gint64 period_ns, gint64 now_ns)
{
  return now_ns < start_ns ? start_ns : start_ns + (now_ns - start_ns) / period_ns * period_ns;
}
