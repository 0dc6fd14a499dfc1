/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "hosts/probe-row.h"
#include "hosts/probe-selection.h"

void
mig_probe_row_fill (MigProbeRecord *row, gint64 run, const char *guest, const MigProbe *probe)
{
  *row = (MigProbeRecord){
    .run = run,
    .guest = (char *) guest,
    .probe = (char *) mig_probe_kind_name (probe->kind),
    .connection = probe->kind == MIG_PROBE_TCP ? (gint64) probe->connection + 1 : MIG_MISSING_INT,
    .sequence = probe->sequence,
    .due_ns = probe->due_ns,
    .sent_ns = probe->sent_ns,
    .answered_ns = probe->answered_ns,
    .covers_ns = probe->covers_ns,
  };
}

GArray *
mig_probe_rows (const GArray *probes, guint guest, gint64 run, const char *name)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (MigProbeRecord));

  for (guint i = 0; i < probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (probes, MigProbe, i);
      MigProbeRecord row;
      if (probe->guest != guest)
        continue;
      mig_probe_row_fill (&row, run, name, probe);
      g_array_append_val (rows, row);
    }
  return rows;
}

gboolean
mig_announcement_row_fill (MigAnnouncementRecord *row, gint64 run, const char *guest,
                           const char *const *macs, gint64 start_ns, gint64 end_ns,
                           const MigAnnouncement *announcement)
{
  *row = (MigAnnouncementRecord){
    .run = run,
    .guest = (char *) guest,
    .packet = (char *) mig_announcement_kind_name (announcement->kind),
    .time_ns = announcement->time_ns,
  };
  return !MIG_IS_MISSING (start_ns) && !MIG_IS_MISSING (end_ns) &&
         g_strv_contains (macs, announcement->mac) && announcement->time_ns >= start_ns &&
         announcement->time_ns <= end_ns + MIG_PROBES_AFTER_NS;
}
