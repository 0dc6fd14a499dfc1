/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/cpu-scheduler.h"
#include "model/fair-share.h"

typedef struct {
  guint first, n; /* its members */
} Entity;

void
mig_cpu_scheduler_init (MigCpuScheduler *self)
{
  self->entities = g_array_new (FALSE, FALSE, sizeof (Entity));
  self->entity_shares = g_array_new (FALSE, FALSE, sizeof (MigFairShare));
  self->members = g_array_new (FALSE, FALSE, sizeof (MigCpuMember));
  self->member_shares = g_array_new (FALSE, FALSE, sizeof (MigFairShare));
}

void
mig_cpu_scheduler_clear (MigCpuScheduler *self)
{
  g_array_unref (self->entities);
  g_array_unref (self->entity_shares);
  g_array_unref (self->members);
  g_array_unref (self->member_shares);
}

void
mig_cpu_scheduler_begin (MigCpuScheduler *self)
{
  g_array_set_size (self->member_shares, 0);
  g_array_set_size (self->members, 0);
  g_array_set_size (self->entity_shares, 0);
  g_array_set_size (self->entities, 0);
}

void
mig_cpu_scheduler_add_entity (MigCpuScheduler *self, double weight)
{
  const Entity entity = { self->members->len, 0 };
  const MigFairShare share = { 0, weight };

  g_array_append_val (self->entities, entity);
  g_array_append_val (self->entity_shares, share);
}

void
mig_cpu_scheduler_add_member (MigCpuScheduler *self, guint vm, guint thread, double demand,
                              double weight)
{
  const MigCpuMember member = { vm, thread, self->entities->len - 1 };
  const MigFairShare share = { demand, weight };

  g_array_append_val (self->members, member);
  g_array_append_val (self->member_shares, share);
  g_array_index (self->entities, Entity, member.entity).n++;
  g_array_index (self->entity_shares, MigFairShare, member.entity).demand += demand;
}

double
mig_cpu_scheduler_level (const MigCpuScheduler *self, double cpus)
{
  return mig_fair_share_level ((const MigFairShare *) (gpointer) self->entity_shares->data,
                               self->entity_shares->len, cpus);
}

double
mig_cpu_scheduler_got (const MigCpuScheduler *self, guint at, double level)
{
  const MigCpuMember *member = &g_array_index (self->members, MigCpuMember, at);
  const Entity *entity = &g_array_index (self->entities, Entity, member->entity);
  const MigFairShare *whole = &g_array_index (self->entity_shares, MigFairShare, member->entity);
  const MigFairShare *own = &g_array_index (self->member_shares, MigFairShare, at);
  double part = fmin (whole->demand, whole->weight * level);
  double level_within = mig_fair_share_level (
      &g_array_index (self->member_shares, MigFairShare, entity->first), entity->n, part);

  return fmin (own->demand, own->weight * level_within);
}

double
mig_cpu_scheduler_most (MigCpuScheduler *self, guint at, double wanted_cpus, double cpus)
{
  guint entity = g_array_index (self->members, MigCpuMember, at).entity;
  MigFairShare *own = &g_array_index (self->member_shares, MigFairShare, at);
  MigFairShare *whole = &g_array_index (self->entity_shares, MigFairShare, entity);
  const MigFairShare own_before = *own, whole_before = *whole;

  own->demand = wanted_cpus;
  whole->demand += own->demand - own_before.demand;
  double got = mig_cpu_scheduler_got (self, at, mig_cpu_scheduler_level (self, cpus));
  *own = own_before;
  *whole = whole_before;
  return got;
}
