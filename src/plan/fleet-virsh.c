/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "plan/fleet-reader.h"

/* What virsh prints. */

static void
read_virsh_host (MigFleetReader *self, const MigFleetEntry *entry)
{
  const char *memory = mig_fleet_entry (entry, "memory size");
  MigFleetRecord *host = mig_fleet_draft_host (
      self->draft, mig_fleet_entry_any (entry, "host", "none"), entry->line);

  if (!host->host)
    host->host = g_strdup ("host");
  host->memory = g_strdup (memory);
  host->cpus = mig_fleet_entry_number (entry, "cpu(s)");
}

static gboolean
read_virsh_domain (MigFleetReader *self, const MigFleetEntry *entry)
{
  const char *state = mig_fleet_entry (entry, "state.state"),
             *host = mig_fleet_entry (entry, "host");
  double current = mig_fleet_entry_number (entry, "balloon.current"),
         rss = mig_fleet_entry_number (entry, "balloon.rss"),
         dirty = mig_fleet_entry_number (entry, "dirtyrate.megabytes_per_second");

  if (state && strcmp (state, "1") != 0 && strcmp (state, "3") != 0)
    {
      self->stopped++;
      return TRUE;
    }
  MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, mig_fleet_entry (entry, "domain"),
                                           host ? host : "host", entry->line);
  vm->memory = mig_fleet_draft_bytes (current * MIG_KIB);
  vm->cpus = mig_fleet_entry_number (entry, "vcpu.current");
  if (rss > 0)
    vm->used = mig_fleet_draft_bytes (fmin (rss, current) * MIG_KIB);
  if (dirty >= 0)
    vm->dirty_pages_per_s = dirty * MIG_MIB / MIG_PAGE_BYTES;
  return mig_fleet_reader_need_memory (self, vm,
                                       "'balloon.current', as 'virsh domstats' prints it");
}

gboolean
mig_fleet_read_virsh (MigFleetReader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      if (!mig_fleet_entry (entry, "domain"))
        read_virsh_host (self, entry);
      else if (!read_virsh_domain (self, entry))
        return FALSE;
    }
  return TRUE;
}
