/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check-network.h"
#include "check/check-probe.h"
#include "lab/lab.h"
#include "virt/inspect.h"
#include "virt/slow-bridge.h"

void
mig_check_bridge (GPtrArray *checks, const MigRunHost *host, const char *bridge)
{
  mig_check_add (
      checks, MIG_CHECK_WARN, host->study->name, "bridge",
      g_strdup_printf ("%s has a spanning tree and a forward delay: clients do not reach "
                       "a guest for twice that long after it has come",
                       bridge),
      g_strdup ("turn one of them off there, or measure what it costs"));
}

/* A lab's clients are where its network is. */
void
mig_check_client (GPtrArray *checks, const MigRunHost *host)
{
  g_autoptr (MigLabHost) lab = mig_lab_find_host (mig_host_uri (host->host));

  if (!lab && mig_host_is_local (host->host))
    mig_check_add (
        checks, MIG_CHECK_WARN, host->study->name, "probe",
        g_strdup ("guests are probed from this machine, which is one of their hosts: its "
                  "own bridge learns where a guest is before others do"),
        g_strdup ("run migcost on a third machine"));
}

void
mig_check_network (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  const MigStudyNetwork *network = &study->network;

  if (!mig_study_has_network (study) || !mig_study_network_is_given (network) ||
      !((const MigRunHost *) hosts->pdata[0])->study->uri)
    return;
  mig_check_addresses (checks, study);
  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = hosts->pdata[i];
      g_autofree char *slow = mig_host_slow_bridge (host->host, network->bridge, network->name);
      if (slow)
        mig_check_bridge (checks, host, slow);
      mig_check_client (checks, host);
    }
}
