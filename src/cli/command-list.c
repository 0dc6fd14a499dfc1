/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "cli/command.h"
#include "hosts/server.h"
#include "study/study.h"
#include "workloads/workload.h"

static const GOptionEntry entries[] = { { NULL } };

static void
list_studies (GString *out)
{
  g_autoptr (GPtrArray) studies = mig_study_list ();

  g_string_append (out, "Studies (migcost run NAME):\n");
  for (guint i = 0; i < studies->len; i++)
    {
      const MigStudyEntry *entry = g_ptr_array_index (studies, i);
      g_string_append_printf (out, "  %-22s %s\n", entry->name, entry->title);
    }
}

static void
list_templates (GString *out)
{
  static const struct {
    const char *name, *meaning;
  } templates[] = {
    { "qemu-kvm", "QEMU with KVM" },
    { "qemu-tcg", "QEMU, software emulation" },
    { "qemu-tcg-aarch64", "QEMU, software emulation of a 64-bit ARM machine" },
    { "xen-pv", "Xen, paravirtual" },
    { "xen-pvh", "Xen, PVH (needs hardware virtualization)" },
    { "xen-hvm", "Xen, fully virtualized (needs hardware virtualization)" },
  };

  g_string_append (
      out, "\nDomain templates (<guest template='NAME'/>; default: by what the host offers):\n");
  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      g_autofree char *path = mig_files_find_template (templates[i].name);
      if (path)
        g_string_append_printf (out, "  %-22s %s\n", templates[i].name, templates[i].meaning);
    }
}

static void
list_servers (GString *out)
{
  g_autoptr (GPtrArray) servers = mig_server_list ();

  if (servers->len)
    g_string_append (out, "\nServers in the lab (<guest server='NAME' network='yes'/>):\n");
  for (guint i = 0; i < servers->len; i++)
    {
      const MigServer *server = servers->pdata[i];
      g_string_append_printf (out, "  %-22s %s\n", server->name, server->title);
    }
}

static void
list_workloads (GString *out)
{
  g_string_append (out, "\nWorkloads (<workload type='NAME'/>):\n");
  for (guint i = 0; mig_workloads[i]; i++)
    g_string_append_printf (out, "  %-22s %s; work unit: %s\n", mig_workloads[i]->name,
                            mig_workloads[i]->summary, mig_workloads[i]->unit);
}

static void
list_techniques (GString *out)
{
  g_string_append (out, "\nTechniques (<migration technique='NAME'/>):\n");
  for (guint i = 0; i < MIG_N_TECHNIQUES; i++)
    {
      const MigTechniqueInfo *info = mig_technique_info (i);
      g_string_append_printf (out, "  %-22s %s\n", info->name, info->meaning);
      if (info->not_offered)
        g_string_append_printf (out, "  %-22s not offered: %s\n", "", info->not_offered);
    }
}

gboolean
mig_command_list (int argc, char **argv, GString *out, int *status, GError **error)
{
  if (!mig_command_parse (&argc, &argv, entries, "",
                          "Lists what is bundled with migcost, and what each is for.", NULL, 0, 0,
                          error))
    return FALSE;
  list_studies (out);
  list_workloads (out);
  list_servers (out);
  list_templates (out);
  list_techniques (out);
  return TRUE;
}
