/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "hosts/emulator.h"
#include "hosts/run-host.h"
#include "virt/inspect.h"

/* number_of: of a CPU that a study names; none of one that the host does not own, which its check
 * refuses. */
static int
number_of (const MigRunHost *host, int cpu)
{
  if (cpu < 0 || !host->own_cpus)
    return cpu;
  return (guint) cpu < host->own_cpus->len ? g_array_index (host->own_cpus, int, cpu)
                                           : MIG_STUDY_CPU_NONE;
}

static int
management_cpu_of (const MigRunHost *host, const MigStudyHost *named)
{
  if (named->management_cpu != MIG_STUDY_CPU_SPARE)
    return number_of (host, named->management_cpu);
  return host->n_cpus > 1 ? number_of (host, (int) ((guint) (named->cpu + 1) % host->n_cpus))
                          : host->other_cpu;
}

MigRunHost *
mig_run_host_new (const MigStudyHost *study, MigHost *host)
{
  MigRunHost *run_host = g_new0 (MigRunHost, 1);
  run_host->study = study;
  run_host->host = host;
  run_host->n_cpus = mig_host_info (host)->cpus;
  run_host->other_cpu = MIG_STUDY_CPU_NONE;
  run_host->cpu = study->cpu;
  run_host->management_cpu = management_cpu_of (run_host, study);
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
  g_clear_pointer (&host->servers, g_ptr_array_unref);
  g_free (host->emulator);
  g_free (host->template_file);
  g_free (host->save_directory);
  g_free (host->save_place);
  g_free (host->save_path);
  g_free (host->machine);
  g_free (host->baseline_cpu);
  g_free (host->baseline_why_not);
  g_free (host->disk_directory);
  g_free (host->disk_why_not);
  g_free (host->tls_why_not);
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

const char *
mig_hosts_tls_why_not (const GPtrArray *hosts)
{
  for (guint i = 0; i < hosts->len; i++)
    if (((const MigRunHost *) hosts->pdata[i])->tls_why_not)
      return ((const MigRunHost *) hosts->pdata[i])->tls_why_not;
  return NULL;
}

int
mig_run_host_cpu (const MigRunHost *host, const MigStudy *variant)
{
  return number_of (host, mig_study_find_host (variant, host->study->name)->cpu);
}

int
mig_run_host_management_cpu (const MigRunHost *host, const MigStudy *variant)
{
  return management_cpu_of (host, mig_study_find_host (variant, host->study->name));
}

void
mig_run_host_give_cpus (MigRunHost *host, const MigStudy *variant)
{
  host->cpu = mig_run_host_cpu (host, variant);
  host->management_cpu = mig_run_host_management_cpu (host, variant);
}

/* owns: a CPU of the lab may be another host's. */
static gboolean
owns (const MigRunHost *host, int cpu)
{
  for (guint i = 0; host->own_cpus && i < host->own_cpus->len; i++)
    if (g_array_index (host->own_cpus, int, i) == cpu)
      return TRUE;
  return !host->own_cpus;
}

guint
mig_run_host_sampled (const MigRunHost *host, int cpus[2])
{
  guint n = 0;

  if (host->cpu < 0)
    return 0;
  cpus[n++] = host->cpu;
  if (host->management_cpu >= 0 && host->management_cpu != host->cpu &&
      owns (host, host->management_cpu))
    cpus[n++] = host->management_cpu;
  return n;
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
