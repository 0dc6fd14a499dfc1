/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/internal.h"

/* A host's CPUs are shared twice, each time max-min fairly: among parties, and what a party gets
 * among its members. A party is what the scheduler treats as one: a guest's process, with its vCPUs
 * and the thread that sends it, or either of the two where threads are all alike; a process that
 * receives; where a management domain does the work (Xen's Domain-0), that domain with all threads.
 */

/* Parties and their members, in the order of add_member(). */
static void
begin (MigSimulation *self)
{
  g_array_set_size (self->shares, 0);
  g_array_set_size (self->members, 0);
  g_array_set_size (self->party_shares, 0);
  g_array_set_size (self->parties, 0);
}

static void
add_party (MigSimulation *self, double weight)
{
  const MigSimEntity party = { self->members->len, 0 };
  const MigFairShare share = { 0, weight };

  g_array_append_val (self->parties, party);
  g_array_append_val (self->party_shares, share);
}

static void
add_member (MigSimulation *self, guint vm, guint thread, double demand, double weight)
{
  const MigSimMember member = { vm, thread, self->parties->len - 1 };
  const MigFairShare share = { demand, weight };

  g_array_append_val (self->members, member);
  g_array_append_val (self->shares, share);
  g_array_index (self->parties, MigSimEntity, member.party).n++;
  g_array_index (self->party_shares, MigFairShare, member.party).demand += demand;
}

/* add_thread: of a migration, if it works on this host now. */
static void
add_thread (MigSimulation *self, guint index, guint limit, gboolean really)
{
  const MigSimMigration *m = &self->migrations[index];
  double rate = really ? m->rate : mig_rates_limit_without (self, m, limit);

  if (m->work[limit] > 0)
    add_member (self, MIG_NO_INDEX, index * MIG_N_LIMITS + limit,
                fmin (m->work[limit] * rate, MIG_THREAD_CPUS), 1);
}

static void
add_guest (MigSimulation *self, guint host, guint index, gboolean really)
{
  const MigSimVm *vm = &self->vms[index];
  const MigFleetVm *info = mig_fleet_vm (self->fleet, index);

  add_party (self, fmax (info->vcpus, 1));
  if (!vm->paused && info->cpu > 0)
    add_member (self, index, 0, info->cpu, info->vcpus);
  if (self->model->parties == MIG_SCHED_ENTITY_MANAGEMENT || vm->migration == MIG_NO_INDEX ||
      self->migrations[vm->migration].source != host)
    return;
  if (self->model->parties == MIG_SCHED_ENTITY_THREADS)
    add_party (self, 1);
  add_thread (self, vm->migration, MIG_LIMIT_SOURCE, really);
}

void
mig_cpu_collect (MigSimulation *self, guint index, gboolean really)
{
  const MigSimHost *host = &self->hosts[index];
  gboolean domain = self->model->parties == MIG_SCHED_ENTITY_MANAGEMENT;

  begin (self);
  for (guint i = 0; i < host->vms->len; i++)
    add_guest (self, index, g_array_index (host->vms, guint, i), really);
  if (domain && host->migrations->len > 0)
    add_party (self, 1);
  for (guint i = 0; i < host->migrations->len; i++)
    {
      guint migration = g_array_index (host->migrations, guint, i);
      gboolean sends = self->migrations[migration].source == index;
      if (sends && !domain)
        continue; /* with its guest */
      if (!domain)
        add_party (self, 1);
      add_thread (self, migration, sends ? MIG_LIMIT_SOURCE : MIG_LIMIT_DESTINATION, really);
    }
}

double
mig_cpu_level (const MigSimulation *self, double cpus)
{
  return mig_fair_share_level ((const MigFairShare *) (gpointer) self->party_shares->data,
                               self->party_shares->len, cpus);
}

double
mig_cpu_got (const MigSimulation *self, guint at, double level)
{
  const MigSimMember *member = &g_array_index (self->members, MigSimMember, at);
  const MigSimEntity *party = &g_array_index (self->parties, MigSimEntity, member->party);
  const MigFairShare *whole = &g_array_index (self->party_shares, MigFairShare, member->party);
  const MigFairShare *own = &g_array_index (self->shares, MigFairShare, at);
  double part = fmin (whole->demand, whole->weight * level);
  double within = mig_fair_share_level (&g_array_index (self->shares, MigFairShare, party->first),
                                        party->n, part);

  return fmin (own->demand, own->weight * within);
}

double
mig_cpu_most (MigSimulation *self, guint at, double cpus)
{
  guint party = g_array_index (self->members, MigSimMember, at).party;
  MigFairShare *own = &g_array_index (self->shares, MigFairShare, at);
  MigFairShare *whole = &g_array_index (self->party_shares, MigFairShare, party);
  const MigFairShare own_before = *own, whole_before = *whole;

  own->demand = MIG_THREAD_CPUS;
  whole->demand += own->demand - own_before.demand;
  double got = mig_cpu_got (self, at, mig_cpu_level (self, cpus));
  *own = own_before;
  *whole = whole_before;
  return got;
}
