/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "virt/cpu-map.h"
#include "virt/internal.h"

/* On which CPUs Domain-0 runs. */

static virDomainPtr
find_management (MigHost *host, GError **error)
{
  virDomainPtr domain = virDomainLookupByID (host->connection, 0);

  if (!domain)
    mig_virt_error (error, "cannot find Domain-0 on host '%s'", host->name);
  return domain;
}

static gboolean
pin_vcpu (MigHost *host, virDomainPtr domain, int vcpu, const char *text, GError **error)
{
  int length = VIR_CPU_MAPLEN (strlen (host->online));
  g_autofree unsigned char *map = g_malloc0 (length);

  mig_cpu_map_from_text (map, text, host->online);
  if (virDomainPinVcpuFlags (domain, vcpu, map, length, VIR_DOMAIN_AFFECT_LIVE) == 0)
    return TRUE;
  mig_virt_error (error, "cannot pin vCPU %d of Domain-0 on host '%s'", vcpu, host->name);
  return FALSE;
}

gboolean
mig_host_management_pins (MigHost *host, char **pins, GError **error)
{
  int length = VIR_CPU_MAPLEN (strlen (host->online)), n;

  *pins = NULL;
  if (!host->can[MIG_CAN_MANAGEMENT_DOMAIN])
    return TRUE;
  g_autoptr (virDomain) domain = find_management (host, error);
  if (!domain)
    return FALSE;
  int vcpus = MAX (virDomainGetVcpusFlags (domain, VIR_DOMAIN_AFFECT_LIVE), 1);
  g_autofree virVcpuInfoPtr info = g_new0 (virVcpuInfo, vcpus);
  g_autofree unsigned char *maps = g_malloc0 ((gsize) vcpus * length);
  /* GetVcpus reads Xen's state; GetVcpuPinInfo only the configuration */
  if ((n = virDomainGetVcpus (domain, info, vcpus, maps, length)) < 1)
    {
      mig_virt_error (error, "cannot read Domain-0's pinning on host '%s'", host->name);
      return FALSE;
    }
  *pins = mig_cpu_maps_to_text (maps, n, host->online);
  return TRUE;
}

gboolean
mig_host_put_management_pins (MigHost *host, const char *pins, GError **error)
{
  g_auto (GStrv) maps = g_strsplit (pins, ",", -1);
  g_autoptr (virDomain) domain = find_management (host, error);
  int vcpus = domain ? virDomainGetVcpusFlags (domain, VIR_DOMAIN_AFFECT_LIVE) : 0;
  gboolean ok = domain && maps[0];

  for (int v = 0, last = 0; ok && v < MAX (vcpus, 1); v++)
    {
      ok = pin_vcpu (host, domain, v, maps[last], error);
      last += maps[last + 1] != NULL;
    }
  return ok;
}

gboolean
mig_host_pin_management (MigHost *host, int cpu, GError **error)
{
  /* as long as the host has CPUs: a text of ones alone stands for all of them */
  g_autofree char *text = g_strnfill (MAX ((gsize) cpu + 1, strlen (host->online)), '0');

  text[cpu] = '1';
  return mig_host_put_management_pins (host, text, error);
}
