/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "hosts/probe-row.h"

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
