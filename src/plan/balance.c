/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plan/balance.h"

#define WITHIN 0.1 /* where it is not said */
/* Less is no difference. */
#define NOISE 1e-9

/* How much of a resource VMs use and hosts have. */
static double
cpu_of_vm (const MigFleetVm *vm)
{
  return vm->cpu;
}

static double
cpu_of_host (const MigFleetHost *host)
{
  return host->cpus;
}

static const struct {
  const char *name, *things;
  double (*vm) (const MigFleetVm *vm);
  double (*host) (const MigFleetHost *host);
} resources[] = {
  { "cpu", "CPUs", cpu_of_vm, cpu_of_host },
  { "memory", "memory", mig_fleet_vm_claim, mig_fleet_host_room },
};

typedef struct {
  const MigBalance *balance;
  const MigModel *model;
  MigFleet *fleet;
  guint resource;
  double mean;          /* use of the whole fleet */
  double *use, *memory; /* of each host: share of the resource; memory that is claimed */
  guint *places;        /* of each VM: its host */
} Balancing;

const char *
mig_balance_resource (guint index)
{
  return index < G_N_ELEMENTS (resources) ? resources[index].name : NULL;
}

gboolean
mig_balance_parse (const char *resource, const char *within, MigBalance *balance, GError **error)
{
  char *end = NULL;
  double share = within ? g_ascii_strtod (within, &end) : WITHIN;
  const char *known = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    if (strcmp (resources[i].name, resource) == 0)
      known = resources[i].name;
  if (!known)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--balance: unknown resource '%s'; expected cpu or memory", resource);
      return FALSE;
    }
  if (end && *end == '%')
    {
      share /= 100;
      end++;
    }
  if (within && (end == within || *end || !(share > 0 && share < 1)))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--within: '%s' is no share above 0 and below 1, such as 0.1 or 10%%", within);
      return FALSE;
    }
  *balance = (MigBalance){ known, share };
  return TRUE;
}

static double
load_of (const Balancing *self, guint vm, guint host)
{
  return resources[self->resource].vm (mig_fleet_vm (self->fleet, vm)) /
         resources[self->resource].host (mig_fleet_host (self->fleet, host));
}

/* counts: one that is cordoned neither takes nor gives, and is no part of the fleet's use. */
static gboolean
counts (const Balancing *self, guint host)
{
  return !mig_fleet_host (self->fleet, host)->cordoned;
}

/* excess: how far a use is out of bounds. */
static double
excess (const Balancing *self, double use)
{
  return fmax (0, fabs (use - self->mean) - self->balance->within);
}

static gboolean
has_room (const Balancing *self, guint vm, guint host)
{
  const MigFleetVm *one = mig_fleet_vm (self->fleet, vm);
  const MigFleetHost *there = mig_fleet_host (self->fleet, host);

  if (!counts (self, host) || mig_fleet_vm_closed (one, there))
    return FALSE;
  if (self->memory[host] + mig_fleet_vm_claim (one) > mig_fleet_host_room (there))
    return FALSE;
  for (guint i = 0; one->apart && i < self->fleet->vms->len; i++)
    if (i != vm && self->places[i] == host &&
        g_strcmp0 (mig_fleet_vm (self->fleet, i)->apart, one->apart) == 0)
      return FALSE;
  return TRUE;
}

/* gain: how much less out of bounds two hosts are where a VM goes from one to the other. */
static double
gain (const Balancing *self, guint vm, guint to)
{
  guint from = self->places[vm];

  return excess (self, self->use[from]) + excess (self, self->use[to]) -
         excess (self, self->use[from] - load_of (self, vm, from)) -
         excess (self, self->use[to] + load_of (self, vm, to));
}

static void
place (Balancing *self, guint vm, guint to)
{
  guint from = self->places[vm];
  double claim = mig_fleet_vm_claim (mig_fleet_vm (self->fleet, vm));

  self->use[from] -= load_of (self, vm, from);
  self->use[to] += load_of (self, vm, to);
  self->memory[from] -= claim;
  self->memory[to] += claim;
  self->places[vm] = to;
}

/* worst: the host that is furthest out of bounds; MIG_NO_INDEX: none is. */
static guint
worst (const Balancing *self)
{
  guint found = MIG_NO_INDEX;

  for (guint i = 0; i < self->fleet->hosts->len; i++)
    if (counts (self, i) && excess (self, self->use[i]) > NOISE &&
        (found == MIG_NO_INDEX || excess (self, self->use[i]) > excess (self, self->use[found])))
      found = i;
  return found;
}

typedef struct {
  guint vm, to;
  double gain;
} Choice;

/* consider: a move that gains more, or as much by sending less. */
static void
consider (const Balancing *self, guint vm, guint to, Choice *best)
{
  double won = gain (self, vm, to);

  if (won <= NOISE || won < best->gain - NOISE || !has_room (self, vm, to))
    return;
  if (best->vm != MIG_NO_INDEX && won <= best->gain + NOISE &&
      mig_model_vm_bytes (self->model, mig_fleet_vm (self->fleet, vm)) >=
          mig_model_vm_bytes (self->model, mig_fleet_vm (self->fleet, best->vm)))
    return;
  *best = (Choice){ vm, to, won };
}

static gboolean
may_move (const Balancing *self, guint vm)
{
  const MigFleetVm *one = mig_fleet_vm (self->fleet, vm);

  return !one->stays && !one->obstacle && counts (self, self->places[vm]);
}

/* choose: the best move out of a host, or into it. */
static Choice
choose (const Balancing *self, guint host)
{
  gboolean out = self->use[host] > self->mean;
  Choice best = { MIG_NO_INDEX, 0, 0 };

  for (guint vm = 0; vm < self->fleet->vms->len; vm++)
    {
      if (!may_move (self, vm) || (self->places[vm] == host) != out)
        continue;
      if (!out)
        consider (self, vm, host, &best);
      for (guint to = 0; to < self->fleet->hosts->len && out; to++)
        if (to != host)
          consider (self, vm, to, &best);
    }
  return best;
}

/* take_back: moves that are not needed after all, the largest first to be worth it. */
static void
take_back (Balancing *self)
{
  for (guint vm = 0; vm < self->fleet->vms->len; vm++)
    {
      guint home = mig_fleet_vm (self->fleet, vm)->host, at = self->places[vm];
      if (at == home || !has_room (self, vm, home))
        continue;
      place (self, vm, home);
      if (worst (self) != MIG_NO_INDEX)
        place (self, vm, at);
    }
}

static gboolean
fail (const Balancing *self, guint host, GError **error)
{
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "host '%s' uses %.1f %% of its %s, the fleet %.1f %%: no move brings it within "
               "%.4g %%; widen --within",
               mig_fleet_host (self->fleet, host)->name, 100 * self->use[host],
               resources[self->resource].things, 100 * self->mean, 100 * self->balance->within);
  return FALSE;
}

static gboolean
measure (Balancing *self, GError **error)
{
  double have = 0, used = 0;

  for (guint i = 0; i < self->fleet->hosts->len; i++)
    {
      double room = resources[self->resource].host (mig_fleet_host (self->fleet, i));
      if (!counts (self, i))
        continue;
      if (!isfinite (room) || room <= 0)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "--balance: how much %s host '%s' has is not known",
                       resources[self->resource].things, mig_fleet_host (self->fleet, i)->name);
          return FALSE;
        }
      have += room;
    }
  for (guint i = 0; i < self->fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (self->fleet, i);
      self->places[i] = vm->host;
      self->use[vm->host] += load_of (self, i, vm->host);
      self->memory[vm->host] += mig_fleet_vm_claim (vm);
      used += counts (self, vm->host) ? resources[self->resource].vm (vm) : 0;
    }
  self->mean = have > 0 ? used / have : 0;
  return TRUE;
}

gboolean
mig_balance_choose (const MigBalance *balance, const MigModel *model, MigFleet *fleet,
                    GError **error)
{
  guint hosts = fleet->hosts->len;
  g_autofree double *sums = g_new0 (double, 2 * hosts);
  g_autofree guint *places = g_new (guint, fleet->vms->len);
  Balancing self = { .balance = balance,
                     .model = model,
                     .fleet = fleet,
                     .use = sums,
                     .memory = sums + hosts,
                     .places = places };
  guint host;

  while (strcmp (resources[self.resource].name, balance->resource) != 0)
    self.resource++;
  if (!measure (&self, error))
    return FALSE;
  while ((host = worst (&self)) != MIG_NO_INDEX)
    {
      Choice best = choose (&self, host);
      if (best.vm == MIG_NO_INDEX)
        return fail (&self, host, error);
      place (&self, best.vm, best.to);
    }
  take_back (&self);
  gboolean any = FALSE;
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      vm->to = places[i] == vm->host ? MIG_NO_INDEX : places[i];
      any = any || vm->to != MIG_NO_INDEX;
    }
  if (!any)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "nothing to move: each host's use of its %s is within %.4g %% of the fleet's %.1f "
                 "%% already",
                 resources[self.resource].things, 100 * balance->within, 100 * self.mean);
  return any;
}
