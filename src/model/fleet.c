/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/fleet.h"

static void
clear_host (gpointer data)
{
  g_free (((MigFleetHost *) data)->name);
}

static void
clear_vm (gpointer data)
{
  MigFleetVm *vm = data;

  g_free (vm->name);
  g_free (vm->apart);
  g_free (vm->avoid);
  g_free (vm->id);
}

MigFleet *
mig_fleet_new (void)
{
  MigFleet *self = g_new0 (MigFleet, 1);

  self->hosts = g_array_new (FALSE, FALSE, sizeof (MigFleetHost));
  g_array_set_clear_func (self->hosts, clear_host);
  self->vms = g_array_new (FALSE, FALSE, sizeof (MigFleetVm));
  g_array_set_clear_func (self->vms, clear_vm);
  return self;
}

void
mig_fleet_free (MigFleet *self)
{
  g_array_unref (self->hosts);
  g_array_unref (self->vms);
  g_free (self);
}

guint
mig_fleet_add_host (MigFleet *self, const MigFleetHost *host)
{
  MigFleetHost copy = *host;

  copy.name = g_strdup (host->name);
  g_array_append_val (self->hosts, copy);
  return self->hosts->len - 1;
}

guint
mig_fleet_add_vm (MigFleet *self, const MigFleetVm *vm)
{
  MigFleetVm copy = *vm;

  copy.name = g_strdup (vm->name);
  copy.apart = g_strdup (vm->apart);
  copy.avoid = g_strdup (vm->avoid);
  copy.id = g_strdup (vm->id);
  g_array_append_val (self->vms, copy);
  return self->vms->len - 1;
}

guint
mig_fleet_find_host (const MigFleet *self, const char *name)
{
  for (guint i = 0; i < self->hosts->len; i++)
    if (g_strcmp0 (mig_fleet_host (self, i)->name, name) == 0)
      return i;
  return MIG_NO_INDEX;
}

guint
mig_fleet_find_vm (const MigFleet *self, const char *name)
{
  for (guint i = 0; i < self->vms->len; i++)
    if (g_strcmp0 (mig_fleet_vm (self, i)->name, name) == 0)
      return i;
  return MIG_NO_INDEX;
}

gboolean
mig_fleet_vm_same (const MigFleetVm *x, const MigFleetVm *y)
{
  return x->host == y->host && x->to == y->to && x->memory_bytes == y->memory_bytes &&
         x->used_bytes == y->used_bytes && x->vcpus == y->vcpus && x->cpu == y->cpu &&
         x->wss_bytes == y->wss_bytes && x->dirty_pages_per_s == y->dirty_pages_per_s &&
         x->max_downtime_s == y->max_downtime_s;
}
