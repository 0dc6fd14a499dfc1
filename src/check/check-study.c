/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "check/check-hypervisor.h"
#include "check/check-study.h"
#include "check/route.h"
#include "virt/guest.h"
#include "virt/stop-limits.h"

static char *
cpu_text (int cpu)
{
  return cpu < 0 ? g_strdup ("any CPU") : g_strdup_printf ("CPU %d", cpu);
}

/* line_of: of what gives a host its CPU: a sweep of that host's, one of all hosts', or its
 * element. */
static guint
line_of (const MigStudy *study, const MigStudyHost *named, const char *attribute)
{
  g_autofree char *parameter = g_strdup_printf ("host.%s.%s", named->name, attribute);

  return mig_study_parameter_line (study, parameter,
                                   mig_study_parameter_line (study, attribute, named->line));
}

/* check_management_cpu: where it is not the guests'. */
static void
check_management_cpu (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                      const MigStudyHost *named)
{
  guint line = line_of (study, named, "management-cpu");
  int number = named->management_cpu;

  if (number >= 0 && (guint) number >= host->n_cpus)
    {
      mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "CPU",
                     g_strdup_printf ("%s:%u: CPU %d does not exist; the host has CPUs 0 to %u",
                                      study->path, line, number, host->n_cpus - 1),
                     g_strdup ("change management-cpu= of that <host>"));
      return;
    }
  int cpu = mig_run_host_management_cpu (host, study);
  if (number == MIG_STUDY_CPU_SPARE && cpu < 0)
    {
      mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "CPU",
                     g_strdup_printf ("%s:%u: the host has no CPU that its guests do not use",
                                      study->path, line),
                     g_strdup ("change management-cpu= of that <host>"));
      return;
    }
  g_autofree char *guests = cpu_text (mig_run_host_cpu (host, study));
  g_autofree char *management = cpu_text (cpu);
  gboolean borrowed = number == MIG_STUDY_CPU_SPARE && host->n_cpus == 1;
  mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "CPU",
                 g_strdup_printf ("guests on %s, management on %s%s of %u", guests, management,
                                  borrowed ? ", another host's," : "",
                                  mig_host_info (host->host)->cpus),
                 NULL);
}

static void
check_cpu (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  const MigStudyHost *named = mig_study_find_host (study, host->study->name);
  guint line = line_of (study, named, "cpu");

  if (named->cpu < 0 && named->management_cpu < 0)
    mig_check_add (checks, MIG_CHECK_WARN, host->study->name, "CPU",
                   g_strdup ("guests and management are not pinned"),
                   g_strdup ("give the study's <host> a cpu for the paper's contention"));
  else if (named->cpu >= 0 && (guint) named->cpu >= host->n_cpus)
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "CPU",
                   g_strdup_printf ("%s:%u: CPU %d does not exist; the host has CPUs 0 to %u",
                                    study->path, line, named->cpu, host->n_cpus - 1),
                   g_strdup ("change cpu= of that <host>"));
  else if (named->management_cpu != named->cpu)
    check_management_cpu (checks, host, study, named);
  else
    mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "CPU",
                   g_strdup_printf ("guests and management on CPU %d of %u",
                                    mig_run_host_cpu (host, study),
                                    mig_host_info (host->host)->cpus),
                   NULL);
}

static void
check_memory (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
              const MigStudy *variant, GHashTable *existing)
{
  static const MigRouteMemory ordinary = { FALSE, MIG_MISSING_INT };
  guint64 needed = mig_route_memory (study, variant, host->study->name, &ordinary, existing);
  guint64 own = 0;

  for (guint i = 0; i < variant->guests->len; i++)
    {
      const MigStudyGuest *guest = variant->guests->pdata[i];
      own += guest->hugepages ? 0 : guest->memory_bytes;
    }
  if (study->hosts->len <= 2) /* all of migcost's have room on either */
    needed = MAX (needed, own);
  if (needed)
    mig_check_memory (checks, host, needed);
}

/* What the study asks for and the host's driver cannot do. */
static void
check_wishes (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  const MigHostInfo *info = mig_host_info (host->host);
  MigStopRule rule = mig_stop_rule_in_force (study->stop_rule,
                                             mig_host_can (host->host, MIG_CAN_MAX_DOWNTIME), info);

  if (study->bandwidth_bytes_per_s && !mig_host_can (host->host, MIG_CAN_BANDWIDTH))
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "bandwidth",
        g_strdup_printf ("%s:%u: the %s driver cannot limit a migration's bandwidth", study->path,
                         mig_study_parameter_line (study, "bandwidth", study->bandwidth_line),
                         info->driver),
        g_strdup ("remove bandwidth= from <migration>, or limit the link itself"));
  if (study->peer_to_peer && !mig_host_can (host->host, MIG_CAN_PEER_TO_PEER))
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "peer-to-peer",
        g_strdup_printf ("%s:%u: the %s driver cannot migrate peer-to-peer", study->path,
                         mig_study_parameter_line (study, "peer-to-peer", study->peer_to_peer_line),
                         info->driver),
        g_strdup ("remove peer-to-peer= from <migration>"));
  if (study->max_downtime_ns && !mig_host_can (host->host, MIG_CAN_MAX_DOWNTIME))
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "max-downtime",
        g_strdup_printf ("%s:%u: the %s driver has no downtime limit", study->path,
                         mig_study_parameter_line (study, "max-downtime", study->max_downtime_line),
                         info->driver),
        g_strdup ("remove max-downtime= from <migration>"));
  if (study->stop_rule != MIG_STOP_HYPERVISOR && rule != study->stop_rule)
    mig_check_add (
        checks, MIG_CHECK_WARN, host->study->name, "stop rule",
        g_strdup_printf (
            "'%s' cannot be imposed on the %s driver; the hypervisor's own rule applies, '%s': %s",
            mig_stop_rule_limits (study->stop_rule)->name, info->driver,
            mig_stop_rule_limits (rule)->name, mig_stop_rule_limits (rule)->meaning),
        g_strdup ("compare only with results of the same rule"));
}

/* Whether the other hosts' daemons can be told where this one is. */
static void
check_peer (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
            const MigStudy *variant)
{
  g_autoptr (GArray) pairs = mig_route_pairs (study, variant);
  gboolean wanted = FALSE;

  for (guint i = 0; i < pairs->len && variant->peer_to_peer; i++)
    wanted |= strcmp (g_array_index (pairs, MigRoutePair, i).to, host->study->name) == 0;
  if (wanted && !mig_run_host_is_reachable (host))
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "peer-to-peer",
        g_strdup_printf (
            "%s:%u: '%s' names no server, so another host's daemon cannot reach it", study->path,
            mig_study_parameter_line (variant, "peer-to-peer", variant->peer_to_peer_line),
            host->peer_uri ? host->peer_uri : ""),
        g_strdup ("give its <host> a peer-uri, like qemu+ssh://NAME/system"));
}

/* Only the lab's link is migcost's to shape. */
static void
check_link (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  const MigStudyParameter *link = mig_study_parameter (study, "link");

  if (link && host->study->uri)
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "link",
                   g_strdup_printf ("%s:%u: migcost cannot change the link of a host with a uri",
                                    study->path, link->line),
                   g_strdup ("sweep bandwidth, or use the lab"));
}

void
mig_check_variant (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                   const MigStudy *variant, GHashTable *existing)
{
  check_cpu (checks, host, variant);
  check_memory (checks, host, study, variant, existing);
  check_wishes (checks, host, variant);
  check_peer (checks, host, study, variant);
  check_link (checks, host, variant);
}

void
mig_check_names (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = g_ptr_array_index (study->guests, i);
      if (guest->existing)
        continue; /* it has to be there */
      g_autoptr (MigGuest) there = mig_guest_lookup (host->host, guest->domain, NULL);
      if (there)
        mig_check_add (
            checks, MIG_CHECK_FAIL, host->study->name, "names",
            g_strdup_printf ("domain '%s' exists already", guest->domain),
            g_strdup_printf ("end the other run, or rename guest '%s' in the study", guest->name));
    }
}
