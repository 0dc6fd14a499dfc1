/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "virt/internal.h"

static const MigCapabilityInfo infos[MIG_N_CAPABILITIES] = {
  [MIG_CAN_BULK_STATISTICS] = { "bulk statistics", "CPU time of all guests in one call",
                                "one call per guest", "samples", "vcpu_wait_ns" },
  [MIG_CAN_JOB_STATISTICS] = { "job statistics",
                               "bytes, rounds and downtime as the hypervisor reports them", NULL,
                               "migrations",
                               "transfer_ns setup_ns downtime_reported_ns sent_bytes ram_bytes "
                               "rounds" },
  [MIG_CAN_ITERATION_EVENTS] = { "iteration events", "an event at the start of each pre-copy round",
                                 NULL, "rounds", "round" },
  [MIG_CAN_SUSPENDED_EVENT] = { "suspended event", "an event when the guest stops on the source",
                                "downtime (guest), from heartbeats", "migrations", "suspended_ns" },
  [MIG_CAN_MAX_DOWNTIME] = { "downtime limit",
                             "the downtime limit can be set, so a stop rule can be imposed",
                             "the hypervisor's own stop rule", NULL, NULL },
  [MIG_CAN_BANDWIDTH] = { "bandwidth limit", "the bandwidth of a migration can be limited", NULL,
                          NULL, NULL },
  [MIG_CAN_ABORT] = { "abort", "a running migration can be aborted", "waiting for its end", NULL,
                      NULL },
  [MIG_CAN_HOST_CPU] = { "host CPU time", "CPU time of the host's CPUs", NULL, "samples",
                         "idle_ns" },
  [MIG_CAN_EMULATOR_PIN] = { "emulator pinning", "the guest's management threads can be pinned",
                             NULL, NULL, NULL },
  [MIG_CAN_MANAGEMENT_DOMAIN] = { "management domain",
                                  "Domain-0, whose CPU time is the management's",
                                  "each process's CPU time less its vCPUs'", NULL, NULL },
  [MIG_CAN_MEMORY_COUNTERS] = { "page counters", "pages sent whole and as one byte", NULL,
                                "migrations", "normal_pages constant_pages" },
  [MIG_CAN_DIRTY_RATE] = { "dirty rate",
                           "how fast a guest dirties its memory, measured before it moves", NULL,
                           "guests", "dirty_bytes_per_s" },
  [MIG_CAN_PEER_TO_PEER] = { "peer-to-peer migration",
                             "the source's daemon can drive a migration by itself",
                             "direct migration", NULL, NULL },
};

const MigCapabilityInfo *
mig_capability_info (MigCapability capability)
{
  g_return_val_if_fail (capability < MIG_N_CAPABILITIES, NULL);
  return &infos[capability];
}

static gboolean
answers (virDomainPtr domain)
{
  int state = 0, reason = 0;

  return virDomainGetState (domain, &state, &reason, 0) == 0 &&
         !mig_domain_may_arrive (state, reason);
}

/* any_domain: some domain of this connection, running or not; only to ask with. NULL: none that
 * answers at once. */
static virDomainPtr
any_domain (virConnectPtr connection)
{
  virDomainPtr *domains = NULL, found = NULL;
  int n = virConnectListAllDomains (connection, &domains, 0);

  for (int i = 0; i < n; i++)
    {
      if (found || !answers (domains[i]))
        virDomainFree (domains[i]);
      else
        found = domains[i];
    }
  free (domains);
  return found;
}

/* Each of these asks with a call that changes nothing. An error other than "no such thing here"
 * means that the driver knows the call. */

static gboolean
knows_bulk_statistics (virConnectPtr connection)
{
  virDomainStatsRecordPtr *records = NULL;
  int n = virConnectGetAllDomainStats (connection, VIR_DOMAIN_STATS_STATE, &records, 0);

  if (n >= 0)
    virDomainStatsRecordListFree (records);
  return n >= 0 || !mig_virt_unsupported ();
}

/* Asked of guests that are shut off, so that no hypervisor process has to answer. */
static gboolean
knows_dirty_rate (virConnectPtr connection)
{
  virDomainStatsRecordPtr *records = NULL;
  int n = virConnectGetAllDomainStats (connection, VIR_DOMAIN_STATS_DIRTYRATE, &records,
                                       VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS |
                                           VIR_CONNECT_GET_ALL_DOMAINS_STATS_SHUTOFF);

  if (n >= 0)
    virDomainStatsRecordListFree (records);
  return n >= 0;
}

static gboolean
knows_host_cpu (virConnectPtr connection)
{
  int n = 0;
  return virNodeGetCPUStats (connection, VIR_NODE_CPU_STATS_ALL_CPUS, NULL, &n, 0) >= 0 ||
         !mig_virt_unsupported ();
}

static gboolean
knows_max_downtime (virDomainPtr domain)
{
  unsigned long long ms = 0;
  return virDomainMigrateGetMaxDowntime (domain, &ms, 0) >= 0 || !mig_virt_unsupported ();
}

static gboolean
knows_max_speed (virDomainPtr domain)
{
  unsigned long mib_per_s = 0;
  return virDomainMigrateGetMaxSpeed (domain, &mib_per_s, 0) >= 0 || !mig_virt_unsupported ();
}

static gboolean
knows_completed_job (virDomainPtr domain)
{
  g_auto (MigParams) params = { 0 };
  int type = 0;
  return virDomainGetJobStats (domain, &type, &params.values, &params.n,
                               VIR_DOMAIN_JOB_STATS_COMPLETED |
                                   VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED) >= 0 ||
         (!mig_virt_unsupported () && virGetLastErrorCode () != VIR_ERR_INVALID_ARG);
}

static gboolean
knows_emulator_pin (virDomainPtr domain)
{
  unsigned char map[64] = { 0 };
  return virDomainGetEmulatorPinInfo (domain, map, sizeof map, VIR_DOMAIN_AFFECT_CURRENT) >= 0 ||
         !mig_virt_unsupported ();
}

static gboolean
has_management_domain (virConnectPtr connection)
{
  g_autoptr (virDomain) domain = virDomainLookupByID (connection, 0);
  return domain && g_strcmp0 (virDomainGetName (domain), "Domain-0") == 0;
}

void
mig_capabilities_probe (MigHost *host)
{
  gboolean *can = host->can;
  gboolean qemu = g_strcmp0 (host->info.driver, "QEMU") == 0;
  g_autoptr (virDomain) domain = any_domain (host->connection);

  /* no call asks for it: these are libvirt's drivers that implement it, and a trial follows
   * (check/technique-probe.h) */
  can[MIG_CAN_PEER_TO_PEER] = qemu || g_strcmp0 (host->info.driver, "Xen") == 0;
  can[MIG_CAN_BULK_STATISTICS] = knows_bulk_statistics (host->connection);
  can[MIG_CAN_DIRTY_RATE] = knows_dirty_rate (host->connection);
  can[MIG_CAN_HOST_CPU] = knows_host_cpu (host->connection);
  can[MIG_CAN_MANAGEMENT_DOMAIN] = has_management_domain (host->connection);
  /* The calls below need a domain to ask with. A host without one (QEMU has no domain of its own)
   * is judged by its driver. */
  can[MIG_CAN_MAX_DOWNTIME] = domain ? knows_max_downtime (domain) : qemu;
  can[MIG_CAN_BANDWIDTH] = domain ? knows_max_speed (domain) : qemu;
  can[MIG_CAN_JOB_STATISTICS] = domain ? knows_completed_job (domain) : qemu;
  can[MIG_CAN_EMULATOR_PIN] = domain ? knows_emulator_pin (domain) : qemu;
  /* No call tells these without a migration. libvirt implements them in one piece with the
   * statistics of a job (the same driver code reports them), so those stand for them. */
  can[MIG_CAN_ABORT] = can[MIG_CAN_JOB_STATISTICS];
  can[MIG_CAN_ITERATION_EVENTS] = can[MIG_CAN_JOB_STATISTICS];
  can[MIG_CAN_SUSPENDED_EVENT] = can[MIG_CAN_JOB_STATISTICS];
  can[MIG_CAN_MEMORY_COUNTERS] = can[MIG_CAN_JOB_STATISTICS];
}
