/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/fleet-part.h"

static void
add_hosts (MigFleetPart *self, const MigFleet *fleet, const gboolean *hosts)
{
  for (guint i = 0; i < fleet->hosts->len; i++)
    self->hosts[i] = hosts[i] ? mig_fleet_add_host (self->fleet, mig_fleet_host (fleet, i))
                              : MIG_NO_INDEX;
}

static void
add_vms (MigFleetPart *self, const MigFleet *fleet)
{
  for (guint i = 0; i < self->vms->len; i++)
    {
      MigFleetVm vm = *mig_fleet_vm (fleet, g_array_index (self->vms, guint, i));
      vm.host = self->hosts[vm.host];
      vm.to = vm.to == MIG_NO_INDEX ? MIG_NO_INDEX : self->hosts[vm.to];
      mig_fleet_add_vm (self->fleet, &vm);
    }
}

MigFleetPart *
mig_fleet_part_new (const MigFleet *fleet, const gboolean *hosts, const GArray *vms)
{
  MigFleetPart *self = g_new0 (MigFleetPart, 1);

  self->fleet = mig_fleet_new ();
  self->vms = g_array_new (FALSE, FALSE, sizeof (guint));
  if (vms->len > 0)
    g_array_append_vals (self->vms, vms->data, vms->len);
  self->hosts = g_new (guint, fleet->hosts->len);
  for (guint i = 0; i < fleet->groups->len; i++)
    mig_fleet_add_group (self->fleet, mig_fleet_group (fleet, i));
  add_hosts (self, fleet, hosts);
  mig_fleet_lend_as (self->fleet, fleet, self->hosts);
  add_vms (self, fleet);
  return self;
}

void
mig_fleet_part_free (MigFleetPart *self)
{
  mig_fleet_free (self->fleet);
  g_array_unref (self->vms);
  g_free (self->hosts);
  g_free (self);
}
