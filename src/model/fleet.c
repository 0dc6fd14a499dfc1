/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "model/fleet.h"

/* As many as the work of a migration can use. */
#define BORROWED_CPUS 1

static void
clear_host (gpointer data)
{
  g_free (((MigFleetHost *) data)->name);
}

static void
clear_group (gpointer data)
{
  g_free (((MigFleetGroup *) data)->name);
}

static void
clear_vm (gpointer data)
{
  MigFleetVm *vm = data;

  g_free (vm->name);
  g_free (vm->apart);
  g_free (vm->avoid);
  g_free (vm->obstacle);
  g_free (vm->id);
  g_clear_pointer (&vm->closed, g_hash_table_unref);
}

MigFleet *
mig_fleet_new (void)
{
  MigFleet *self = g_new0 (MigFleet, 1);

  self->groups = g_array_new (FALSE, FALSE, sizeof (MigFleetGroup));
  g_array_set_clear_func (self->groups, clear_group);
  self->hosts = g_array_new (FALSE, FALSE, sizeof (MigFleetHost));
  g_array_set_clear_func (self->hosts, clear_host);
  self->vms = g_array_new (FALSE, FALSE, sizeof (MigFleetVm));
  g_array_set_clear_func (self->vms, clear_vm);
  self->borrowers = g_hash_table_new (NULL, NULL);
  self->host_named = g_hash_table_new (g_str_hash, g_str_equal);
  self->vm_named = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

MigFleet *
mig_fleet_copy (const MigFleet *self)
{
  MigFleet *copy = mig_fleet_new ();
  g_autofree guint *hosts = g_new (guint, self->hosts->len + 1);

  for (guint i = 0; i < self->groups->len; i++)
    mig_fleet_add_group (copy, mig_fleet_group (self, i));
  for (guint i = 0; i < self->hosts->len; i++)
    hosts[i] = mig_fleet_add_host (copy, mig_fleet_host (self, i));
  mig_fleet_lend_as (copy, self, hosts);
  for (guint i = 0; i < self->vms->len; i++)
    mig_fleet_add_vm (copy, mig_fleet_vm (self, i));
  return copy;
}

void
mig_fleet_free (MigFleet *self)
{
  g_array_unref (self->groups);
  g_array_unref (self->hosts);
  g_array_unref (self->vms);
  g_hash_table_unref (self->borrowers);
  g_hash_table_unref (self->host_named);
  g_hash_table_unref (self->vm_named);
  g_free (self);
}

static void
add_name (GHashTable *names, char *name, guint number)
{
  if (name && !g_hash_table_contains (names, name))
    g_hash_table_insert (names, name, GUINT_TO_POINTER (number));
}

static guint
find_number (GHashTable *numbers, gconstpointer key)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, key));
  return number > 0 ? number - 1 : MIG_NO_INDEX;
}

static guint
find_name (GHashTable *names, const char *name)
{
  return name ? find_number (names, name) : MIG_NO_INDEX;
}

guint
mig_fleet_add_host (MigFleet *self, const MigFleetHost *host)
{
  MigFleetHost copy = *host;

  copy.name = g_strdup (host->name);
  copy.borrows_from = 0;
  if (host->borrows_from > 0)
    copy.management_cpus = BORROWED_CPUS;
  g_array_append_val (self->hosts, copy);
  add_name (self->host_named, copy.name, self->hosts->len);
  return self->hosts->len - 1;
}

void
mig_fleet_lend (MigFleet *self, guint from, guint to)
{
  g_array_index (self->hosts, MigFleetHost, to).borrows_from = from + 1;
  g_hash_table_insert (self->borrowers, GUINT_TO_POINTER (from + 1), GUINT_TO_POINTER (to + 1));
}

void
mig_fleet_lend_as (MigFleet *self, const MigFleet *whole, const guint *hosts)
{
  for (guint i = 0; i < whole->hosts->len; i++)
    {
      guint from = mig_fleet_host (whole, i)->borrows_from;
      if (from > 0 && hosts[i] != MIG_NO_INDEX && hosts[from - 1] != MIG_NO_INDEX)
        mig_fleet_lend (self, hosts[from - 1], hosts[i]);
    }
}

guint
mig_fleet_host_borrower (const MigFleet *self, guint host)
{
  return g_hash_table_size (self->borrowers) == 0
             ? MIG_NO_INDEX
             : find_number (self->borrowers, GUINT_TO_POINTER (host + 1));
}

guint
mig_fleet_add_vm (MigFleet *self, const MigFleetVm *vm)
{
  MigFleetVm copy = *vm;

  copy.name = g_strdup (vm->name);
  copy.apart = g_strdup (vm->apart);
  copy.avoid = g_strdup (vm->avoid);
  copy.obstacle = g_strdup (vm->obstacle);
  copy.id = g_strdup (vm->id);
  copy.closed = vm->closed ? g_hash_table_ref (vm->closed) : NULL;
  g_array_append_val (self->vms, copy);
  add_name (self->vm_named, copy.name, self->vms->len);
  return self->vms->len - 1;
}

void
mig_fleet_vm_close (MigFleetVm *self, const char *host, const char *reason)
{
  if (!self->closed)
    self->closed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *known = g_hash_table_lookup (self->closed, host);
  char *text = known ? g_strdup_printf ("%s; %s", known, reason) : g_strdup (reason);
  g_hash_table_replace (self->closed, g_strdup (host), text);
}

guint
mig_fleet_add_group (MigFleet *self, const MigFleetGroup *group)
{
  MigFleetGroup copy = *group;

  copy.name = g_strdup (group->name);
  g_array_append_val (self->groups, copy);
  return self->groups->len - 1;
}

/* is_above: a group, or one that it is part of. */
static gboolean
is_above (const MigFleet *self, guint group, guint of)
{
  for (guint depth = 0; of > 0 && depth <= self->groups->len; depth++)
    {
      if (of == group)
        return TRUE;
      of = mig_fleet_group (self, of - 1)->within;
    }
  return FALSE;
}

/* climb: from a host's group up to the first that the other is in too. */
static guint
climb (const MigFleet *self, guint from, guint other, guint inwards, guint *uplinks, guint n)
{
  for (guint group = from; group > 0 && !is_above (self, group, other) && n < MIG_UPLINKS_MAX;
       group = mig_fleet_group (self, group - 1)->within)
    if (isfinite (mig_fleet_group (self, group - 1)->link_bytes_per_s))
      uplinks[n++] = 2 * (group - 1) + inwards;
  return n;
}

guint
mig_fleet_path (const MigFleet *self, guint from, guint to, guint uplinks[MIG_UPLINKS_MAX])
{
  guint a = mig_fleet_host (self, from)->group, b = mig_fleet_host (self, to)->group;
  guint n = climb (self, a, b, 0, uplinks, 0);

  return climb (self, b, a, 1, uplinks, n);
}

guint
mig_fleet_find_host (const MigFleet *self, const char *name)
{
  return find_name (self->host_named, name);
}

guint
mig_fleet_find_vm (const MigFleet *self, const char *name)
{
  return find_name (self->vm_named, name);
}

void
mig_fleet_by_host (const MigFleet *self, guint **first, guint **vms)
{
  guint hosts = self->hosts->len;
  g_autofree guint *next = g_new (guint, hosts + 1);

  *first = g_new0 (guint, hosts + 1);
  *vms = g_new (guint, self->vms->len + 1);
  for (guint i = 0; i < self->vms->len; i++)
    (*first)[mig_fleet_vm (self, i)->host + 1]++;
  for (guint i = 0; i < hosts; i++)
    (*first)[i + 1] += (*first)[i];
  memcpy (next, *first, (hosts + 1) * sizeof *next);
  for (guint i = 0; i < self->vms->len; i++)
    (*vms)[next[mig_fleet_vm (self, i)->host]++] = i;
}

gboolean
mig_fleet_vm_same (const MigFleetVm *x, const MigFleetVm *y)
{
  return x->host == y->host && x->to == y->to && x->memory_bytes == y->memory_bytes &&
         x->used_bytes == y->used_bytes && x->vcpus == y->vcpus && x->cpu == y->cpu &&
         x->wss_bytes == y->wss_bytes && x->dirty_pages_per_s == y->dirty_pages_per_s &&
         x->max_downtime_s == y->max_downtime_s && x->disk_bytes == y->disk_bytes;
}
