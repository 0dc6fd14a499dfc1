/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/emulator.h"
#include "hosts/run-host.h"
#include "virt/inspect.h"

MigRunHost *
mig_run_host_new (const MigStudyHost *study, MigHost *host)
{
  MigRunHost *run_host = g_new0 (MigRunHost, 1);
  run_host->study = study;
  run_host->host = host;
  run_host->cpu = study->cpu;
  run_host->n_cpus = mig_host_info (host)->cpus;
  run_host->hypervisor_version = mig_host_info (host)->hypervisor_version;
  run_host->migrate_uri = g_strdup (study->migrate_uri);
  run_host->peer_uri = g_strdup (mig_host_peer_uri (study->peer_uri, mig_host_uri (host)));
  return run_host;
}

void
mig_run_host_free (MigRunHost *host)
{
  if (!host)
    return;
  mig_host_free (host->host);
  g_clear_pointer (&host->own_cpus, g_array_unref);
  g_free (host->migrate_uri);
  g_free (host->peer_uri);
  g_free (host->kernel);
  g_free (host->initrd);
  g_free (host->emulator);
  g_free (host->template_file);
  g_free (host->save_directory);
  g_free (host);
}

MigRunHost *
mig_run_host_find (const GPtrArray *hosts, const char *name)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      MigRunHost *host = hosts->pdata[i];
      if (strcmp (host->study->name, name) == 0)
        return host;
    }
  return NULL;
}

int
mig_run_host_cpu (const MigRunHost *host, const MigStudy *variant)
{
  int cpu = mig_study_find_host (variant, host->study->name)->cpu;
  return cpu < 0 || !host->own_cpus ? cpu : g_array_index (host->own_cpus, int, cpu);
}

void
mig_run_host_set_emulator (MigRunHost *host, const char *emulator)
{
  const MigHostInfo *info = mig_host_info (host->host);

  g_free (host->emulator);
  host->emulator = g_strdup (emulator);
  host->hypervisor_version = info->hypervisor_version;
  if (emulator && g_strcmp0 (info->driver, "QEMU") == 0)
    host->hypervisor_version = mig_host_is_local (host->host) ? mig_emulator_version (emulator) : 0;
}

gboolean
mig_run_host_is_reachable (const MigRunHost *host)
{
  return mig_host_uri_names_server (host->peer_uri);
}
