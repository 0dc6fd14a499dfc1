/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check-cpu.h"
#include "check/check-disk.h"
#include "check/check-existing.h"
#include "check/check-hardware.h"
#include "check/check-host.h"
#include "check/check-hypervisor.h"
#include "check/check-machine-type.h"
#include "check/check-network.h"
#include "check/check-probe.h"
#include "check/check-settings.h"
#include "check/check-study.h"
#include "check/check-technique.h"
#include "check/check.h"

static void
check_variant (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
               const MigStudy *variant, GHashTable *existing)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; i < hosts->len; i++)
    {
      mig_check_variant (found, hosts->pdata[i], study, variant, existing);
      mig_check_hardware (found, hosts->pdata[i], study, variant);
    }
  mig_check_cpus (found, hosts, study, variant);
  mig_check_gather (checks, found, variant);
}

GPtrArray *
mig_check_hosts (const MigStudy *study, const GPtrArray *hosts, GHashTable *known)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func (mig_check_free);
  g_autoptr (GHashTable) existing = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = g_ptr_array_index ((GPtrArray *) hosts, i);
      mig_check_versions (checks, host);
      if (!mig_study_starts_guests (study))
        continue;
      mig_check_guest_templates (checks, host, study);
      mig_check_names (checks, host, study);
    }
  mig_check_existing (checks, hosts, study, known, existing);
  mig_check_probes (checks, study);
  mig_check_network (checks, hosts, study);
  mig_check_disks (checks, hosts, study);
  mig_check_machine_types (checks, hosts, study);
  for (guint i = 0; i < mig_study_n_variants (study); i++)
    check_variant (checks, hosts, study, mig_study_variant (study, i), existing);
  mig_check_settings (checks, study);
  mig_check_let_skip (checks, study);
  mig_check_surroundings (checks, hosts, study);
  mig_check_techniques (checks, hosts, study);
  mig_check_let_skip (checks, study);
  return checks;
}
