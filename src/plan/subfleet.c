/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "plan/subfleet.h"

static void
add_host (MigSubfleet *self, const MigFleet *fleet, guint host)
{
  if (self->hosts[host] == MIG_NO_INDEX)
    self->hosts[host] = mig_fleet_add_host (self->fleet, mig_fleet_host (fleet, host));
}

static void
add_vms (MigSubfleet *self, const MigFleet *fleet, guint source)
{
  guint next = 0;

  for (guint i = 0; i < fleet->vms->len; i++)
    {
      if (self->hosts[mig_fleet_vm (fleet, i)->host] == MIG_NO_INDEX)
        continue;
      MigFleetVm vm = *mig_fleet_vm (fleet, i);
      if (vm.host == source)
        self->cpu_before += vm.cpu;
      gboolean moves = next < self->candidates->len &&
                       g_array_index (self->candidates, guint, next) == i;
      if (moves)
        self->to[next] = vm.to;
      vm.host = self->hosts[vm.host];
      vm.to = moves ? self->hosts[vm.to] : MIG_NO_INDEX;
      guint index = mig_fleet_add_vm (self->fleet, &vm);
      if (moves)
        self->vms[next++] = index;
    }
  g_assert (next == self->candidates->len);
}

MigSubfleet *
mig_subfleet_new (const MigModel *model, const MigFleet *fleet, const GArray *candidates)
{
  MigSubfleet *self = g_new0 (MigSubfleet, 1);
  guint source = mig_fleet_vm (fleet, g_array_index (candidates, guint, 0))->host;

  self->fleet = mig_fleet_new ();
  self->candidates = candidates;
  self->vms = g_new (guint, candidates->len);
  self->to = g_new (guint, candidates->len);
  self->hosts = g_new (guint, fleet->hosts->len);
  for (guint i = 0; i < fleet->hosts->len; i++)
    self->hosts[i] = MIG_NO_INDEX;
  add_host (self, fleet, source);
  for (guint i = 0; i < candidates->len; i++)
    add_host (self, fleet, mig_fleet_vm (fleet, g_array_index (candidates, guint, i))->to);
  mig_fleet_lend_as (self->fleet, fleet, self->hosts);
  add_vms (self, fleet, source);
  self->places = g_new (guint, self->fleet->vms->len);
  mig_subfleet_place (self, NULL, 0);
  self->simulation = mig_simulation_new (model, self->fleet);
  return self;
}

void
mig_subfleet_free (MigSubfleet *self)
{
  mig_simulation_free (self->simulation);
  mig_fleet_free (self->fleet);
  g_free (self->vms);
  g_free (self->to);
  g_free (self->hosts);
  g_free (self->places);
  g_free (self);
}

const MigFleetVm *
mig_subfleet_candidate (const MigSubfleet *self, guint candidate)
{
  return mig_fleet_vm (self->fleet, self->vms[candidate]);
}

MigMove
mig_subfleet_move (const MigSubfleet *self, guint candidate)
{
  return (MigMove){ g_array_index (self->candidates, guint, candidate), self->to[candidate], 0 };
}

gboolean
mig_subfleet_same (const MigSubfleet *self, guint a, guint b)
{
  return mig_fleet_vm_same (mig_subfleet_candidate (self, a), mig_subfleet_candidate (self, b));
}

void
mig_subfleet_place (MigSubfleet *self, const guint *candidates, guint n)
{
  if (n == 0)
    for (guint i = 0; i < self->fleet->vms->len; i++)
      self->places[i] = mig_fleet_vm (self->fleet, i)->host;
  for (guint i = 0; i < n; i++)
    self->places[self->vms[candidates[i]]] = mig_subfleet_candidate (self, candidates[i])->to;
}

gboolean
mig_subfleet_simulate (MigSubfleet *self, const guint *group, guint n, MigPlanCost *cost)
{
  g_autofree MigMove *moves = g_new0 (MigMove, n);
  g_autofree MigMoveCost *costs = g_new (MigMoveCost, n);
  gboolean allowed = TRUE;

  for (guint i = 0; i < n; i++)
    moves[i] = (MigMove){ self->vms[group[i]], mig_subfleet_candidate (self, group[i])->to, 0 };
  mig_simulation_run (self->simulation, self->places, moves, n, costs, cost);
  for (guint i = 0; i < n; i++)
    allowed = allowed && costs[i].converges &&
              costs[i].downtime_s <= mig_subfleet_candidate (self, group[i])->max_downtime_s;
  return allowed;
}
