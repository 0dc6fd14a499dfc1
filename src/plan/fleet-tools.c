/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/units.h"
#include "plan/fleet-columns.h"
#include "plan/fleet-entries.h"
#include "plan/fleet-text.h"
#include "plan/fleet-tools.h"
#include "plan/quantity.h"

/* What was left out, by the reason. */
typedef struct {
  guint stopped, containers, templates;
} Skipped;

typedef struct {
  MigFleetDraft *draft;
  const char *label;
  GPtrArray *entries;
  Skipped skipped;
  GError **error;
} Reader;

static char *
mebibytes (double amount)
{
  return mig_fleet_draft_bytes (amount * MIG_MIB);
}

static void
say_skipped (const Reader *self)
{
  if (self->skipped.stopped > 0)
    mig_fleet_draft_assume (self->draft, "%u VMs do not run: they are left out",
                            self->skipped.stopped);
  if (self->skipped.containers > 0)
    mig_fleet_draft_assume (self->draft, "%u containers cannot be migrated live: they stay",
                            self->skipped.containers);
  if (self->skipped.templates > 0)
    mig_fleet_draft_assume (self->draft, "%u templates are left out", self->skipped.templates);
}

/* need_memory: a VM without an amount cannot be planned for. */
static gboolean
need_memory (Reader *self, const MigFleetRecord *vm, const char *where)
{
  if (vm->memory)
    return TRUE;
  return mig_sheet_error (self->error, self->label, vm->line,
                          "the memory of VM '%s' is not in the file; expected %s", vm->vm, where);
}

/* --- OpenStack --- */

static const MigFleetEntry *
find_flavor (const Reader *self, const MigFleetEntry *server)
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

static const char *
entry_any (const MigFleetEntry *entry, const char *first, const char *second)
{
  const char *value = mig_fleet_entry (entry, first);

  return value ? value : mig_fleet_entry (entry, second);
}

static gboolean
read_server (Reader *self, const MigFleetEntry *server)
{
  const char *host = entry_any (server, "host", "os-ext-srv-attr:host");
  const char *status = mig_fleet_entry (server, "status");
  const MigFleetEntry *flavor = find_flavor (self, server);

  if (!host || (status && strcmp (status, "ACTIVE") != 0))
    {
      self->skipped.stopped++;
      return TRUE;
    }
  MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, mig_fleet_entry (server, "name"), host,
                                           server->line);
  vm->id = g_strdup (mig_fleet_entry (server, "id"));
  vm->cpus = mig_fleet_entry_number (flavor, "vcpus");
  vm->memory = mebibytes (mig_fleet_entry_number (flavor, "ram"));
  return need_memory (self, vm,
                      "that of its flavor: append the output of 'openstack flavor list --all'");
}

/* host_name: as servers name it: that of the compute service is the first part of some. */
static char *
host_name (const Reader *self, const char *hypervisor)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const char *host = mig_fleet_entry (self->entries->pdata[i], "host");
      gsize n = host ? strlen (host) : 0;
      if (n > 0 && strncmp (hypervisor, host, n) == 0 && hypervisor[n] == '.')
        return g_strdup (host);
    }
  return g_strdup (hypervisor);
}

static gboolean
read_nova (Reader *self)
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
      MigFleetRecord *host = mig_fleet_draft_host (self->draft, name, entry->line);
      host->cpus = mig_fleet_entry_number (entry, "vcpus");
      host->memory = mebibytes (mig_fleet_entry_number (entry, "memory mb"));
      if (!isnan (host->cpus))
        continue;
      mig_fleet_draft_assume (self->draft,
                              "the CPUs of host '%s' are not in the file: 64 are "
                              "assumed",
                              name);
      host->cpus = 64;
    }
  return TRUE;
}

/* --- virsh --- */

static void
read_virsh_host (Reader *self, const MigFleetEntry *entry)
{
  const char *memory = mig_fleet_entry (entry, "memory size");
  MigFleetRecord *host = mig_fleet_draft_host (self->draft, entry_any (entry, "host", "none"),
                                               entry->line);

  if (!host->host)
    host->host = g_strdup ("host");
  host->memory = g_strdup (memory);
  host->cpus = mig_fleet_entry_number (entry, "cpu(s)");
}

static gboolean
read_virsh_domain (Reader *self, const MigFleetEntry *entry)
{
  const char *state = mig_fleet_entry (entry, "state.state"),
             *host = mig_fleet_entry (entry, "host");
  double current = mig_fleet_entry_number (entry, "balloon.current"),
         rss = mig_fleet_entry_number (entry, "balloon.rss"),
         dirty = mig_fleet_entry_number (entry, "dirtyrate.megabytes_per_second");

  if (state && strcmp (state, "1") != 0 && strcmp (state, "3") != 0)
    {
      self->skipped.stopped++;
      return TRUE;
    }
  MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, mig_fleet_entry (entry, "domain"),
                                           host ? host : "host", entry->line);
  vm->memory = mig_fleet_draft_bytes (current * MIG_KIB);
  vm->cpus = mig_fleet_entry_number (entry, "vcpu.current");
  if (rss > 0)
    vm->used = mig_fleet_draft_bytes (fmin (rss, current) * MIG_KIB);
  if (dirty >= 0)
    vm->dirty_pages_per_s = dirty * MIG_MIB / MIG_PAGE_BYTES;
  return need_memory (self, vm, "'balloon.current', as 'virsh domstats' prints it");
}

static gboolean
read_virsh (Reader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      if (!mig_fleet_entry (entry, "domain"))
        read_virsh_host (self, entry);
      else if (!read_virsh_domain (self, entry))
        return FALSE;
    }
  return TRUE;
}

/* --- Proxmox --- */

static gboolean
read_proxmox_guest (Reader *self, const MigFleetEntry *entry, gboolean container)
{
  const char *name = entry_any (entry, "name", "id");
  double mem = mig_fleet_entry_number (entry, "mem"), cpu = mig_fleet_entry_number (entry, "cpu");

  if (g_strcmp0 (mig_fleet_entry (entry, "template"), "1") == 0)
    self->skipped.templates++;
  else if (g_strcmp0 (mig_fleet_entry (entry, "status"), "running") != 0)
    self->skipped.stopped++;
  else
    {
      MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, name, mig_fleet_entry (entry, "node"),
                                               entry->line);
      self->skipped.containers += container;
      vm->id = g_strdup (mig_fleet_entry (entry, "vmid"));
      vm->stays = container ? g_strdup ("container") : NULL;
      vm->memory = mig_fleet_draft_bytes (mig_fleet_entry_number (entry, "maxmem"));
      vm->used = mem > 0
                     ? mig_fleet_draft_bytes (fmin (mem, mig_fleet_entry_number (entry, "maxmem")))
                     : NULL;
      vm->cpus = mig_fleet_entry_number (entry, "maxcpu");
      vm->cpu = cpu * (isnan (vm->cpus) ? 1 : vm->cpus); /* a share of all of them */
      return need_memory (self, vm, "'maxmem', as in 'pvesh get /cluster/resources'");
    }
  return TRUE;
}

static gboolean
read_proxmox (Reader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      const char *type = mig_fleet_entry (entry, "type");
      gboolean container = g_strcmp0 (type, "lxc") == 0;
      if ((container || g_strcmp0 (type, "qemu") == 0) &&
          !read_proxmox_guest (self, entry, container))
        return FALSE;
      if (g_strcmp0 (type, "node") != 0 ||
          g_strcmp0 (mig_fleet_entry (entry, "status"), "offline") == 0)
        continue;
      MigFleetRecord *host = mig_fleet_draft_host (self->draft, mig_fleet_entry (entry, "node"),
                                                   entry->line);
      host->memory = mig_fleet_draft_bytes (mig_fleet_entry_number (entry, "maxmem"));
      host->cpus = mig_fleet_entry_number (entry, "maxcpu");
    }
  return TRUE;
}

/* --- KubeVirt --- */

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

/* can_move: no condition LiveMigratable is False. */
static gboolean
can_move (const MigFleetEntry *entry)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *type = g_strdup_printf ("status.conditions.%u.type", i),
                      *status = g_strdup_printf ("status.conditions.%u.status", i);
      const char *value = mig_fleet_entry (entry, type);
      if (!value)
        return TRUE;
      if (strcmp (value, "LiveMigratable") == 0)
        return g_strcmp0 (mig_fleet_entry (entry, status), "False") != 0;
    }
}

static gboolean
read_vmi (Reader *self, const MigFleetEntry *entry)
{
  const char *name = mig_fleet_entry (entry, "metadata.name"),
             *space = mig_fleet_entry (entry, "metadata.namespace"),
             *node = mig_fleet_entry (entry, "status.nodename");
  const char *guest = entry_any (entry, "spec.domain.memory.guest",
                                 "spec.domain.resources.requests.memory");

  if (!name || !node || g_strcmp0 (mig_fleet_entry (entry, "status.phase"), "Running") != 0)
    {
      self->skipped.stopped++;
      return TRUE;
    }
  g_autofree char *id = g_strdup_printf ("%s/%s", space ? space : "default", name);
  MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, id, node, entry->line);
  vm->id = g_strdup (id);
  vm->memory = mig_fleet_draft_bytes (quantity (guest));
  vm->cpus = cpus_of (entry);
  if (!can_move (entry))
    {
      vm->stays = g_strdup ("not live-migratable");
      mig_fleet_draft_assume (self->draft, "'%s' is not live-migratable: it stays", id);
    }
  return need_memory (self, vm, "'spec.domain.memory.guest'");
}

static gboolean
read_kubevirt (Reader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      const char *kind = mig_fleet_entry (entry, "kind");
      if (g_strcmp0 (kind, "VirtualMachineInstance") == 0 && !read_vmi (self, entry))
        return FALSE;
      if (g_strcmp0 (kind, "Node") != 0)
        continue;
      MigFleetRecord *host = mig_fleet_draft_host (
          self->draft, mig_fleet_entry (entry, "metadata.name"), entry->line);
      host->memory = mig_fleet_draft_bytes (
          quantity (entry_any (entry, "status.allocatable.memory", "status.capacity.memory")));
      host->cpus = quantity (entry_any (entry, "status.allocatable.cpu", "status.capacity.cpu"));
    }
  return TRUE;
}

/* --- RVTools --- */

static gboolean
read_rvtools (Reader *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MigFleetEntry *entry = self->entries->pdata[i];
      const char *name = mig_fleet_entry (entry, "vm"), *host = mig_fleet_entry (entry, "host"),
                 *state = mig_fleet_entry (entry, "powerstate");
      if (g_ascii_strcasecmp (name && mig_fleet_entry (entry, "template")
                                  ? mig_fleet_entry (entry, "template")
                                  : "",
                              "true") == 0)
        self->skipped.templates++;
      else if (name && g_strcmp0 (state, "poweredOn") != 0)
        self->skipped.stopped++;
      else if (name)
        {
          double active = mig_fleet_entry_number (entry, "active memory");
          MigFleetRecord *vm = mig_fleet_draft_vm (self->draft, name, host, entry->line);
          vm->cpus = mig_fleet_entry_number (entry, "cpus");
          vm->memory = mebibytes (mig_fleet_entry_number (entry, "memory"));
          vm->wss = active > 0 ? mebibytes (active) : NULL;
          if (!need_memory (self, vm, "column 'Memory', as RVTools has it in vInfo"))
            return FALSE;
        }
      else if (host)
        {
          MigFleetRecord *row = mig_fleet_draft_host (self->draft, host, entry->line);
          row->cpus = mig_fleet_entry_number (entry, "# cores");
          row->memory = mebibytes (mig_fleet_entry_number (entry, "# memory"));
        }
    }
  return TRUE;
}

/* --- formats --- */

static const char *const openstack_heads[] = { "ID", "Name", NULL };
static const char *const rvtools_heads[] = { "VM", "Host", NULL };

typedef enum { FROM_SHEET, FROM_JSON, FROM_TEXT } Shape;

static const struct {
  const char *name;
  Shape shape; /* a list in brackets is JSON in any case */
  const char *const *heads;
  gboolean (*read) (Reader *self);
} formats[] = {
  { "csv", FROM_SHEET, NULL, NULL },
  { "nova", FROM_SHEET, openstack_heads, read_nova },
  { "virsh", FROM_TEXT, NULL, read_virsh },
  { "proxmox", FROM_JSON, NULL, read_proxmox },
  { "kubevirt", FROM_JSON, NULL, read_kubevirt },
  { "rvtools", FROM_SHEET, rvtools_heads, read_rvtools },
};

const char *
mig_fleet_format (guint index)
{
  return index < G_N_ELEMENTS (formats) ? formats[index].name : NULL;
}

static gboolean
any_name (const char *name)
{
  return *name != '\0';
}

static GPtrArray *
entries_of (guint format, const char *text, const char *label, GError **error)
{
  gboolean json = strchr ("[{", text[strspn (text, " \t\r\n")]) != NULL && *text;

  if (formats[format].shape == FROM_JSON || (json && formats[format].shape != FROM_TEXT))
    return mig_fleet_entries_json (text, label, error);
  if (formats[format].shape == FROM_TEXT)
    return mig_fleet_entries_text (text, label, error);
  char separator = 0;
  g_autoptr (MigSheet) sheet = mig_sheet_parse (text, label, any_name, &separator, error);
  return sheet && sheet->rows->len > 0 ? mig_fleet_entries_csv (sheet, formats[format].heads)
                                       : NULL;
}

/* read_tool: what a tool printed. */
static gboolean
read_tool (MigFleetDraft *draft, guint format, const char *text, const char *label, GError **error)
{
  g_autoptr (GPtrArray) entries = entries_of (format, text, label, error);
  Reader self = { .draft = draft, .label = label, .entries = entries, .error = error };

  if (!entries || !formats[format].read (&self))
    return FALSE;
  if (draft->rows->len == 0)
    return mig_sheet_error (error, label, 1, "no VM and no host was found as %s prints them",
                            formats[format].name);
  say_skipped (&self);
  mig_fleet_draft_complete (draft);
  mig_fleet_text_recognise (draft->recognised, "what %s prints", formats[format].name);
  return TRUE;
}

static gboolean
read_sheet (MigFleetDraft *draft, const char *text, const char *label, char **units, GError **error)
{
  char separator = 0;
  g_autoptr (MigSheet)
      sheet = mig_sheet_parse (text, label, mig_fleet_columns_known, &separator, error);

  if (!sheet)
    return FALSE;
  if (separator != ',')
    mig_fleet_text_recognise (draft->recognised, "separated by %s",
                              separator == ';'    ? "semicolons"
                              : separator == '\t' ? "tabs"
                                                  : "another character");
  return mig_fleet_columns_read (draft, sheet, units, error);
}

gboolean
mig_fleet_read (MigFleetDraft *draft, const char *format, const char *text, const char *label,
                char **units, GError **error)
{
  guint i = 0;

  while (format && i < G_N_ELEMENTS (formats) && strcmp (formats[i].name, format) != 0)
    i++;
  if (i == G_N_ELEMENTS (formats))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--read-as: unknown format '%s'; expected csv, nova, virsh, proxmox, kubevirt "
                   "or rvtools",
                   format);
      return FALSE;
    }
  return i > 0 ? read_tool (draft, i, text, label, error)
               : read_sheet (draft, text, label, units, error);
}
