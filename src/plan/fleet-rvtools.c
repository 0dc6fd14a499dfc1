/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/fleet-reader.h"

/* What RVTools prints. */

static gboolean
is_true (const MigFleetEntry *entry, const char *name)
{
  const char *value = mig_fleet_entry (entry, name);

  return value && g_ascii_strcasecmp (value, "true") == 0;
}

static gboolean
read_rvtools_vm (MigFleetReader *self, const MigFleetEntry *entry)
{
  if (is_true (entry, "template"))
    self->templates++;
  else if (g_strcmp0 (mig_fleet_entry (entry, "powerstate"), "poweredOn") != 0)
    self->stopped++;
  else
    {
      double active = mig_fleet_entry_number (entry, "active memory");
      MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, mig_fleet_entry (entry, "vm"),
                                               mig_fleet_entry (entry, "host"), entry->line);
      vm->cpus = mig_fleet_entry_number (entry, "cpus");
      vm->memory = mig_fleet_reader_mebibytes (mig_fleet_entry_number (entry, "memory"));
      vm->wss = active > 0 ? mig_fleet_reader_mebibytes (active) : NULL;
      return mig_fleet_reader_need_memory (self, vm, "column 'Memory', as RVTools has it in vInfo");
    }
  return TRUE;
}

static void
read_rvtools_host (MigFleetReader *self, const MigFleetEntry *entry)
{
  const char *name = mig_fleet_entry (entry, "host");

  MigFleetRecord *host = mig_fleet_draft_host (self->draft, name, entry->line);
  host->cpus = mig_fleet_entry_number (entry, "# cores");
  host->memory = mig_fleet_reader_mebibytes (mig_fleet_entry_number (entry, "# memory"));
  if (is_true (entry, "in maintenance mode"))
    mig_fleet_draft_cordon (self->draft, host, "in maintenance mode");
}

gboolean
mig_fleet_read_rvtools (MigFleetReader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      gboolean is_vm = mig_fleet_entry (entry, "vm") != NULL;
      if (is_vm && !read_rvtools_vm (self, entry))
        return FALSE;
      if (!is_vm && mig_fleet_entry (entry, "host"))
        read_rvtools_host (self, entry);
    }
  return TRUE;
}
