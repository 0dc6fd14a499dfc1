/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/fleet-reader.h"

/* What RVTools prints. */

gboolean
mig_fleet_read_rvtools (MigFleetReader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      const char *name = mig_fleet_entry (entry, "vm"), *host = mig_fleet_entry (entry, "host"),
                 *state = mig_fleet_entry (entry, "powerstate");
      if (g_ascii_strcasecmp (name && mig_fleet_entry (entry, "template")
                                  ? mig_fleet_entry (entry, "template")
                                  : "",
                              "true") == 0)
        self->templates++;
      else if (name && g_strcmp0 (state, "poweredOn") != 0)
        self->stopped++;
      else if (name)
        {
          double active = mig_fleet_entry_number (entry, "active memory");
          MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, name, host, entry->line);
          vm->cpus = mig_fleet_entry_number (entry, "cpus");
          vm->memory = mig_fleet_reader_mebibytes (mig_fleet_entry_number (entry, "memory"));
          vm->wss = active > 0 ? mig_fleet_reader_mebibytes (active) : NULL;
          if (!mig_fleet_reader_need_memory (self, vm,
                                             "column 'Memory', as RVTools has it in vInfo"))
            return FALSE;
        }
      else if (host)
        {
          MigFleetRecord *row = mig_fleet_draft_host (self->draft, host, entry->line);
          row->cpus = mig_fleet_entry_number (entry, "# cores");
          row->memory = mig_fleet_reader_mebibytes (mig_fleet_entry_number (entry, "# memory"));
        }
    }
  return TRUE;
}
