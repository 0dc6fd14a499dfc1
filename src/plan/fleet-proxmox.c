/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plan/fleet-reader.h"

/* What Proxmox' pvesh prints. */
#define COMMAND "as in 'pvesh get /cluster/resources'"

static gboolean
read_proxmox_guest (MigFleetReader *self, const MigFleetEntry *entry, gboolean container)
{
  const char *name = mig_fleet_entry_any (entry, "name", "id");
  double mem = mig_fleet_entry_number (entry, "mem"), cpu = mig_fleet_entry_number (entry, "cpu");

  if (g_strcmp0 (mig_fleet_entry (entry, "template"), "1") == 0)
    self->templates++;
  else if (g_strcmp0 (mig_fleet_entry (entry, "status"), "running") != 0)
    self->stopped++;
  else if (!mig_fleet_reader_need_name (self, name, entry->line, "guest", "'name', " COMMAND))
    return FALSE;
  else
    {
      MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, name, mig_fleet_entry (entry, "node"),
                                               entry->line);
      self->containers += container;
      vm->id = g_strdup (mig_fleet_entry (entry, "vmid"));
      vm->stays = container ? g_strdup ("container") : NULL;
      vm->memory = mig_fleet_draft_bytes (mig_fleet_entry_number (entry, "maxmem"));
      vm->used = mem > 0
                     ? mig_fleet_draft_bytes (fmin (mem, mig_fleet_entry_number (entry, "maxmem")))
                     : NULL;
      vm->local_disk = mig_fleet_draft_bytes (mig_fleet_entry_number (entry, "maxdisk"));
      vm->cpus = mig_fleet_entry_number (entry, "maxcpu");
      vm->cpu = cpu * (isnan (vm->cpus) ? 1 : vm->cpus); /* a share of all of them */
      return mig_fleet_reader_need_memory (self, vm, "'maxmem', " COMMAND);
    }
  return TRUE;
}

static gboolean
read_proxmox_node (MigFleetReader *self, const MigFleetEntry *entry)
{
  const char *name = mig_fleet_entry (entry, "node"), *status = mig_fleet_entry (entry, "status");

  if (!mig_fleet_reader_need_name (self, name, entry->line, "node", "'node', " COMMAND))
    return FALSE;
  if (status && strcmp (status, "online") != 0)
    {
      mig_fleet_draft_leave_out (self->draft, name, status);
      return TRUE;
    }
  MigFleetRecord *host = mig_fleet_draft_host (self->draft, name, entry->line);
  host->memory = mig_fleet_draft_bytes (mig_fleet_entry_number (entry, "maxmem"));
  host->cpus = mig_fleet_entry_number (entry, "maxcpu");
  return TRUE;
}

gboolean
mig_fleet_read_proxmox (MigFleetReader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      const char *type = mig_fleet_entry (entry, "type");
      gboolean container = g_strcmp0 (type, "lxc") == 0;
      if ((container || g_strcmp0 (type, "qemu") == 0) &&
          !read_proxmox_guest (self, entry, container))
        return FALSE;
      if (g_strcmp0 (type, "node") == 0 && !read_proxmox_node (self, entry))
        return FALSE;
    }
  return TRUE;
}
