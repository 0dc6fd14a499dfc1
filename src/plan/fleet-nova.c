/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "plan/fleet-reader.h"
#include "plan/sheet.h"

/* What OpenStack's client prints. */

static const MigFleetEntry *
find_flavor (const MigFleetReader *self, const MigFleetEntry *server)
{
  static const char *const names[] = { "flavor id", "flavor name", "flavor" };
  const char *keys[] = { "id", "name", "name" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *wanted = mig_fleet_entry (server, names[i]);
      for (guint j = 0; wanted && j < self->entries->len; j++)
        {
          const MigFleetEntry *entry = self->entries->pdata[j];
          if (mig_fleet_entry (entry, "ram") && !mig_fleet_entry (entry, "host") &&
              g_strcmp0 (mig_fleet_entry (entry, keys[i]), wanted) == 0)
            return entry;
        }
    }
  return server;
}

/* host_of: NULL where the client does not say it: to others than administrators, and in CSV by
 * Python's word for it. */
static const char *
host_of (const MigFleetEntry *server)
{
  const char *host = mig_fleet_entry_any (server, "host", "os-ext-srv-attr:host");

  return g_strcmp0 (host, "None") == 0 ? NULL : host;
}

/* local_disk: of its flavor, unless it is booted from a volume; NULL: not known. */
static char *
local_disk (const MigFleetEntry *server, const MigFleetEntry *flavor)
{
  const char *image = mig_fleet_entry (server, "image name");
  double root = mig_fleet_entry_number (flavor, "disk"),
         ephemeral = mig_fleet_entry_number (flavor, "ephemeral");
  gboolean volume = !image || strstr (image, "booted from volume");

  return mig_fleet_reader_mebibytes (MIG_KIB *
                                     ((volume ? 0 : root) + (isnan (ephemeral) ? 0 : ephemeral)));
}

static gboolean
read_server (MigFleetReader *self, const MigFleetEntry *server)
{
  const char *host = host_of (server), *status = mig_fleet_entry (server, "status");
  const MigFleetEntry *flavor = find_flavor (self, server);

  if (status && strcmp (status, "ACTIVE") != 0)
    {
      self->stopped++;
      return TRUE;
    }
  if (!host)
    {
      self->homeless++;
      return TRUE;
    }
  MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, mig_fleet_entry (server, "name"), host,
                                           server->line);
  vm->id = g_strdup (mig_fleet_entry (server, "id"));
  vm->cpus = mig_fleet_entry_number (flavor, "vcpus");
  vm->memory = mig_fleet_reader_mebibytes (mig_fleet_entry_number (flavor, "ram"));
  vm->local_disk = local_disk (server, flavor);
  return mig_fleet_reader_need_memory (
      self, vm, "that of its flavor: append the output of 'openstack flavor list --all'");
}

/* host_name: as servers name it: that of the compute service is the first part of some. */
static char *
host_name (const MigFleetReader *self, const char *hypervisor)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const char *host = host_of (self->entries->pdata[i]);
      gsize n = host ? strlen (host) : 0;
      if (n > 0 && strncmp (hypervisor, host, n) == 0 && hypervisor[n] == '.')
        return g_strdup (host);
    }
  return g_strdup (hypervisor);
}

static gboolean
any_vm (const MigFleetReader *self)
{
  for (guint i = 0; i < self->draft->rows->len; i++)
    if (((const MigFleetRecord *) self->draft->rows->pdata[i])->vm)
      return TRUE;
  return FALSE;
}

gboolean
mig_fleet_read_nova (MigFleetReader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      const char *hypervisor = mig_fleet_entry (entry, "hypervisor hostname");
      gboolean server = mig_fleet_entry (entry, "name") && !hypervisor &&
                        (mig_fleet_entry (entry, "status") || mig_fleet_entry (entry, "host"));
      if (server && !read_server (self, entry))
        return FALSE;
      if (!hypervisor)
        continue;
      g_autofree char *name = host_name (self, hypervisor);
      if (g_strcmp0 (mig_fleet_entry (entry, "state"), "down") == 0)
        {
          mig_fleet_draft_leave_out (self->draft, name, "down");
          continue;
        }
      MigFleetRecord *host = mig_fleet_draft_host (self->draft, name, entry->line);
      host->cpus = mig_fleet_entry_number (entry, "vcpus");
      host->memory = mig_fleet_reader_mebibytes (mig_fleet_entry_number (entry, "memory mb"));
      if (!isnan (host->cpus))
        continue;
      mig_fleet_draft_assume (self->draft,
                              "the CPUs of host '%s' are not in the file: 64 are "
                              "assumed",
                              name);
      host->cpus = 64;
    }
  return self->homeless == 0 || any_vm (self) ||
         mig_sheet_error (self->error, self->label, 1,
                          "the hosts of the servers are not in the file; list them with --long, as "
                          "an administrator");
}
