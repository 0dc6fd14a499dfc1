/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "virt/internal.h"
#include "virt/stats.h"

/* handles of guests that have left are kept up to this number */
#define MAX_OBSERVED 256

static void
forget (MigGuestCpu *cpu)
{
  cpu->cpu_ns = cpu->vcpu_ns = cpu->vcpu_wait_ns = cpu->management_ns = MIG_MISSING_INT;
}

static gint64
number (const virDomainStatsRecord *record, const char *name)
{
  unsigned long long value = 0;
  return virTypedParamsGetULLong (record->params, record->nparams, name, &value) == 1
             ? (gint64) value
             : MIG_MISSING_INT;
}

gint64
mig_vcpus_sum (virTypedParameterPtr params, int n, const char *counter)
{
  unsigned int vcpus = 0, online = 0;
  gint64 sum = 0;

  if (virTypedParamsGetUInt (params, n, "vcpu.maximum", &vcpus) != 1)
    return MIG_MISSING_INT;
  for (unsigned int v = 0; v < vcpus; v++)
    {
      g_autofree char *state = g_strdup_printf ("vcpu.%u.state", v);
      g_autofree char *name = g_strdup_printf ("vcpu.%u.%s", v, counter);
      unsigned long long value = 0;
      if (!virTypedParamsGet (params, n, state)) /* offline */
        continue;
      if (virTypedParamsGetULLong (params, n, name, &value) != 1)
        return MIG_MISSING_INT;
      sum += (gint64) value;
      online++;
    }
  return online ? sum : MIG_MISSING_INT;
}

static void
read_record (const virDomainStatsRecord *record, MigGuestCpu *cpu)
{
  cpu->cpu_ns = number (record, "cpu.time");
  cpu->vcpu_ns = mig_vcpus_sum (record->params, record->nparams, "time");
  cpu->vcpu_wait_ns = mig_vcpus_sum (record->params, record->nparams, "delay");
  if (!MIG_IS_MISSING (cpu->cpu_ns) && !MIG_IS_MISSING (cpu->vcpu_ns))
    cpu->management_ns = cpu->cpu_ns - cpu->vcpu_ns;
}

/* Samples have a connection of their own; see spare.c. */
static gboolean
connect_observer (MigHost *host, GError **error)
{
  if (!host->observer)
    host->observer = mig_host_borrow (host, error);
  return host->observer != NULL;
}

/* observed: the guest by the observer's connection; NULL: it is not there (any more). */
static virDomainPtr
observed (MigHost *host, const MigGuest *guest)
{
  virDomainPtr domain = g_hash_table_lookup (host->observed, guest->uuid);

  if (!domain && (domain = mig_domain_on (host->observer, guest->domain)))
    g_hash_table_insert (host->observed, g_strdup (guest->uuid), domain);
  return domain;
}

static gboolean
is_of (const virDomainStatsRecord *record, const MigGuest *guest)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  return virDomainGetUUIDString (record->dom, uuid) == 0 && strcmp (uuid, guest->uuid) == 0;
}

static gboolean
sample_in_bulk (MigHost *host, MigGuest *const *guests, guint n, gboolean vcpus, MigGuestCpu *cpus,
                GError **error)
{
  g_autofree virDomainPtr *domains = g_new0 (virDomainPtr, n + 1);
  virDomainStatsRecordPtr *records = NULL;
  guint found = 0;

  for (guint i = 0; i < n; i++)
    if ((domains[found] = observed (host, guests[i])))
      found++;
  if (found == 0)
    return TRUE;
  int got = virDomainListGetStats (domains,
                                   VIR_DOMAIN_STATS_CPU_TOTAL | (vcpus ? VIR_DOMAIN_STATS_VCPU : 0),
                                   &records, VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  if (got < 0)
    {
      mig_virt_error (error, "cannot sample the guests of host '%s'", host->name);
      return FALSE;
    }
  for (int r = 0; r < got; r++)
    for (guint i = 0; i < n; i++)
      if (is_of (records[r], guests[i]))
        read_record (records[r], &cpus[i]);
  virDomainStatsRecordListFree (records);
  return TRUE;
}

gboolean
mig_host_sample_guests (MigHost *host, MigGuest *const *guests, guint n, gboolean vcpus,
                        MigGuestCpu *cpus, GError **error)
{
  for (guint i = 0; i < n; i++)
    forget (&cpus[i]);
  if (n == 0)
    return TRUE;
  if (!connect_observer (host, error))
    return FALSE;
  if (g_hash_table_size (host->observed) > MAX_OBSERVED)
    g_hash_table_remove_all (host->observed);
  if (host->can[MIG_CAN_BULK_STATISTICS])
    return sample_in_bulk (host, guests, n, vcpus, cpus, error);
  for (guint i = 0; i < n; i++)
    {
      virDomainPtr domain = observed (host, guests[i]);
      virDomainInfo info;
      if (domain && virDomainGetInfo (domain, &info) == 0 && info.state != VIR_DOMAIN_SHUTOFF)
        cpus[i].cpu_ns = cpus[i].vcpu_ns = info.cpuTime;
    }
  return TRUE;
}

/* add_cpu: what one CPU, or all of them, has counted. */
static gboolean
add_cpu (MigHost *host, int cpu_number, MigHostCpu *sample)
{
  int n = 0;

  if (virNodeGetCPUStats (host->observer, cpu_number, NULL, &n, 0) < 0 || n <= 0)
    return FALSE;
  g_autofree virNodeCPUStats *stats = g_new0 (virNodeCPUStats, n);
  if (virNodeGetCPUStats (host->observer, cpu_number, stats, &n, 0) < 0)
    return FALSE;
  for (int i = 0; i < n; i++)
    if (strcmp (stats[i].field, VIR_NODE_CPU_STATS_KERNEL) == 0 ||
        strcmp (stats[i].field, VIR_NODE_CPU_STATS_USER) == 0)
      sample->busy_ns += stats[i].value;
    else if (strcmp (stats[i].field, VIR_NODE_CPU_STATS_IDLE) == 0 ||
             strcmp (stats[i].field, VIR_NODE_CPU_STATS_IOWAIT) == 0)
      sample->idle_ns += stats[i].value;
  return TRUE;
}

static gboolean
sample_cpus (MigHost *host, const int *cpus, guint n, MigHostCpu *sample)
{
  MigHostCpu sum = { .management_ns = MIG_MISSING_INT };
  gboolean ok = n > 0 || add_cpu (host, VIR_NODE_CPU_STATS_ALL_CPUS, &sum);

  for (guint i = 0; i < n && ok; i++)
    ok = add_cpu (host, cpus[i], &sum);
  if (ok)
    *sample = sum;
  return ok;
}

gboolean
mig_host_sample (MigHost *host, const int *cpus, guint n, MigHostCpu *sample, GError **error)
{
  sample->busy_ns = sample->idle_ns = sample->management_ns = MIG_MISSING_INT;
  if (!connect_observer (host, error))
    return FALSE;
  if (host->can[MIG_CAN_HOST_CPU] && !sample_cpus (host, cpus, n, sample))
    {
      mig_virt_error (error, "cannot sample the CPU of host '%s'", host->name);
      return FALSE;
    }
  if (host->can[MIG_CAN_MANAGEMENT_DOMAIN])
    {
      g_autoptr (virDomain) domain = virDomainLookupByID (host->observer, 0);
      virDomainInfo info;
      if (domain && virDomainGetInfo (domain, &info) == 0)
        sample->management_ns = info.cpuTime;
    }
  return TRUE;
}
