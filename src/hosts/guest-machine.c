/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/guest-machine.h"
#include "virt/machine-type.h"
#include "virt/template.h"

const char *
mig_guest_common_machine (const MigRunHost *host, const char *template_file)
{
  gboolean own = !template_file || g_strcmp0 (template_file, host->template_file) == 0;

  return own ? host->machine : NULL;
}

char *
mig_guest_machine (const MigRunHost *host, const char *template_file, char **arch, char **type)
{
  g_autofree char *machine = mig_template_os_attribute (template_file, "machine");
  const char *common = mig_guest_common_machine (host, template_file);

  *arch = mig_template_os_attribute (template_file, "arch");
  *type = mig_template_domain_type (template_file, NULL);
  if (!machine || !*arch || !*type)
    return NULL;
  return mig_host_machine (host->host, *arch, *type, common ? common : machine);
}

/* newest: of that machine type, on all hosts; NULL: there is none. */
static char *
newest (const GPtrArray *hosts, const char *machine, const char *arch, const char *type)
{
  const MigRunHost *first = hosts->pdata[0];
  g_auto (GStrv) all = mig_host_machines (first->host, arch, type);

  for (guint i = 1; i < hosts->len; i++)
    {
      g_auto (GStrv) there = mig_host_machines (((MigRunHost *) hosts->pdata[i])->host, arch, type);
      g_autoptr (GStrvBuilder) both = g_strv_builder_new ();
      for (guint m = 0; all[m]; m++)
        if (g_strv_contains ((const char *const *) there, all[m]))
          g_strv_builder_add (both, all[m]);
      g_strfreev (all);
      all = g_strv_builder_end (both);
    }
  return mig_machine_common (machine, all, all);
}

/* is_on_all: whether no host says that it is not there. */
static gboolean
is_on_all (const GPtrArray *hosts, const char *machine, const char *arch, const char *type)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      g_auto (GStrv) there = mig_host_machines (((MigRunHost *) hosts->pdata[i])->host, arch, type);
      if (there[0] && !g_strv_contains ((const char *const *) there, machine))
        return FALSE;
    }
  return TRUE;
}

void
mig_hosts_find_machine (const GPtrArray *hosts)
{
  g_autofree char *common = NULL;
  const MigRunHost *first = hosts->pdata[0];

  for (guint i = 0; i < hosts->len; i++)
    if (((MigRunHost *) hosts->pdata[i])->emulator || !first->template_file)
      return; /* what another emulator has is not known */
  for (guint i = 0; i < hosts->len && !common; i++)
    {
      g_autofree char *a = NULL, *t = NULL;
      g_autofree char *machine = mig_guest_machine (hosts->pdata[i], first->template_file, &a, &t);
      if (machine && !is_on_all (hosts, machine, a, t))
        common = newest (hosts, machine, a, t);
    }
  for (guint i = 0; common && i < hosts->len; i++)
    ((MigRunHost *) hosts->pdata[i])->machine = g_strdup (common);
}
