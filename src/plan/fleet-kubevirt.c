/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "plan/fleet-reader.h"

/* What Kubernetes' client prints. */

/* quantity: of Kubernetes: "4Gi", "131899340Ki", "500m"; NaN: none. */
static double
quantity (const char *text)
{
  static const struct {
    const char *suffix;
    double factor;
  } suffixes[] = { { "", 1 },
                   { "Ki", MIG_KIB },
                   { "Mi", MIG_MIB },
                   { "Gi", MIG_GIB },
                   { "Ti", 1024. * MIG_GIB },
                   { "m", 1e-3 },
                   { "k", 1e3 },
                   { "M", 1e6 },
                   { "G", 1e9 },
                   { "T", 1e12 } };
  char *end = NULL;
  double number = text ? g_ascii_strtod (text, &end) : NAN;

  for (guint i = 0; text && end != text && i < G_N_ELEMENTS (suffixes); i++)
    if (strcmp (end, suffixes[i].suffix) == 0)
      return number * suffixes[i].factor;
  return NAN;
}

static double
cpus_of (const MigFleetEntry *entry)
{
  static const char *const factors[] = { "spec.domain.cpu.cores", "spec.domain.cpu.sockets",
                                         "spec.domain.cpu.threads" };
  double cpus = 1;

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      double n = mig_fleet_entry_number (entry, factors[i]);
      cpus *= n >= 1 ? n : 1;
    }
  return cpus;
}

/* find_condition: index of the condition of that type; -1: none. */
static int
find_condition (const MigFleetEntry *entry, const char *wanted)
{
  for (int i = 0;; i++)
    {
      g_autofree char *name = g_strdup_printf ("status.conditions.%d.type", i);
      const char *type = mig_fleet_entry (entry, name);
      if (!type)
        return -1;
      if (strcmp (type, wanted) == 0)
        return i;
    }
}

/* condition: a member of the condition of that type; NULL: there is no such condition. */
static const char *
condition (const MigFleetEntry *entry, const char *type, const char *member)
{
  int i = find_condition (entry, type);
  g_autofree char *name = g_strdup_printf ("status.conditions.%d.%s", i, member);

  return i < 0 ? NULL : mig_fleet_entry (entry, name);
}

/* why_not: the reason of a condition LiveMigratable that is False; NULL: it can move. */
static const char *
why_not (const MigFleetEntry *entry)
{
  const char *reason = condition (entry, "LiveMigratable", "reason");

  if (g_strcmp0 (condition (entry, "LiveMigratable", "status"), "False") != 0)
    return NULL;
  return reason ? reason : "no reason is given";
}

static gboolean
read_vmi (MigFleetReader *self, const MigFleetEntry *entry)
{
  const char *name = mig_fleet_entry (entry, "metadata.name"),
             *space = mig_fleet_entry (entry, "metadata.namespace"),
             *node = mig_fleet_entry (entry, "status.nodename");
  const char *guest = mig_fleet_entry_any (entry, "spec.domain.memory.guest",
                                           "spec.domain.resources.requests.memory");

  if (!name || !node || g_strcmp0 (mig_fleet_entry (entry, "status.phase"), "Running") != 0)
    {
      self->stopped++;
      return TRUE;
    }
  g_autofree char *id = g_strdup_printf ("%s/%s", space ? space : "default", name);
  MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, id, node, entry->line);
  vm->id = g_strdup (id);
  vm->memory = mig_fleet_draft_bytes (quantity (guest));
  vm->cpus = cpus_of (entry);
  const char *obstacle = why_not (entry);
  if (obstacle)
    {
      vm->stays = g_strdup ("not live-migratable");
      mig_fleet_draft_assume (self->draft, "'%s' is not live-migratable (%s): it stays", id,
                              obstacle);
    }
  return mig_fleet_reader_need_memory (self, vm, "'spec.domain.memory.guest'");
}

static void
read_node (MigFleetReader *self, const MigFleetEntry *entry, const char *name)
{
  const char *ready = condition (entry, "Ready", "status");

  if (ready && strcmp (ready, "True") != 0)
    {
      mig_fleet_draft_leave_out (self->draft, name, "not ready");
      return;
    }
  MigFleetRecord *host = mig_fleet_draft_host (self->draft, name, entry->line);
  host->memory = mig_fleet_draft_bytes (quantity (
      mig_fleet_entry_any (entry, "status.allocatable.memory", "status.capacity.memory")));
  host->cpus = quantity (
      mig_fleet_entry_any (entry, "status.allocatable.cpu", "status.capacity.cpu"));
  if (g_strcmp0 (mig_fleet_entry (entry, "spec.unschedulable"), "true") == 0)
    mig_fleet_draft_cordon (self->draft, host, "cordoned");
}

gboolean
mig_fleet_read_kubevirt (MigFleetReader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      const char *kind = mig_fleet_entry (entry, "kind"),
                 *name = mig_fleet_entry (entry, "metadata.name");
      if (g_strcmp0 (kind, "VirtualMachineInstance") == 0 && !read_vmi (self, entry))
        return FALSE;
      if (g_strcmp0 (kind, "Node") != 0)
        continue;
      if (!mig_fleet_reader_need_name (self, name, entry->line, "node",
                                       "'metadata.name', as in 'kubectl get vmi,node -A -o json'"))
        return FALSE;
      read_node (self, entry, name);
    }
  return TRUE;
}
