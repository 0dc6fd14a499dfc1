/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/runs.h"

/* What clients of a run's guests noticed: which probes tell of which migration. */

static void
guest_probes_free (gpointer data)
{
  MigGuestProbes *probes = data;
  mig_probe_series_free (probes->series);
  g_free (probes);
}

static void
add_probes (MigGuestState *guest, const MigMigrationRecord *migration, const MigProbeSpan *span)
{
  MigGuestProbes *added = g_new0 (MigGuestProbes, 1);

  added->migration = migration;
  added->series = mig_probe_series_new (span);
  g_ptr_array_add (guest->probes, added);
}

/* begin_probes: at a guest's first row. Its migrations share what lies between them. */
static void
begin_probes (const MigRunState *self, MigGuestState *guest)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  MigProbeSpan span = { .from_ns = MIG_MISSING_INT,
                        .start_ns = mig_outage_start_ns (self->record->migrations_start_ns,
                                                         self->record->migrations_end_ns),
                        .next_ns = MIG_MISSING_INT,
                        .end_ns = self->record->window_end_ns };

  guest->probes = g_ptr_array_new_with_free_func (guest_probes_free);
  for (guint i = 0; i < self->migrations->len; i++)
    {
      MigMigrationRecord *m = self->migrations->pdata[i];
      if (g_strcmp0 (m->guest, guest->record->guest) == 0)
        g_ptr_array_add (own, m);
    }
  if (own->len == 0)
    add_probes (guest, NULL, &span);
  for (guint i = 0; i < own->len; i++)
    {
      const MigMigrationRecord *m = own->pdata[i];
      const MigMigrationRecord *next = i + 1 < own->len ? own->pdata[i + 1] : NULL;
      span.start_ns = mig_outage_start_ns (m->start_ns, m->end_ns);
      span.next_ns = next ? mig_outage_start_ns (next->start_ns, next->end_ns) : MIG_MISSING_INT;
      add_probes (guest, m, &span);
      span.from_ns = m->end_ns;
    }
}

void
mig_run_probe (MigRunState *self, MigGuestState *guest, const MigProbeRecord *probe)
{
  if (!guest->probes)
    begin_probes (self, guest);
  for (guint i = 0; i < guest->probes->len; i++)
    mig_probe_series_add (((MigGuestProbes *) guest->probes->pdata[i])->series, probe);
}

gboolean
mig_run_find_outage (const MigGuestState *guest, const MigMigrationRecord *migration,
                     MigOutage *outage)
{
  for (guint i = 0; guest && guest->probes && i < guest->probes->len; i++)
    {
      const MigGuestProbes *probes = guest->probes->pdata[i];
      if (probes->migration != migration)
        continue;
      *outage = mig_probe_series_outage (probes->series);
      return TRUE;
    }
  return FALSE;
}
