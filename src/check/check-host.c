/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "check/check-host.h"
#include "check/check-machine.h"
#include "check/guest-template.h"
#include "check/route.h"
#include "virt/inspect.h"
#include "virt/template.h"

/* beyond this the events' way to migcost is a good part of a short downtime */
#define SLOW_ROUND_TRIP_NS (5 * MIG_NS_PER_MS)
#define ROUND_TRIPS 10

/* ---- one host ---- */

static void
check_round_trip (GPtrArray *checks, const MigRunHost *host)
{
  gint64 least = G_MAXINT64, most = 0;

  for (guint i = 0; i < ROUND_TRIPS; i++)
    {
      gint64 ns;
      if (!mig_host_round_trip (host->host, &ns, NULL))
        return; /* the other checks will say that the host is lost */
      least = MIN (least, ns);
      most = MAX (most, ns);
    }
  g_autofree char *from = mig_units_format_duration (least);
  g_autofree char *to = mig_units_format_duration (most);
  gboolean slow = least > SLOW_ROUND_TRIP_NS;
  mig_check_add (
      checks, slow ? MIG_CHECK_WARN : MIG_CHECK_PASS, host->study->name, "round trip",
      g_strdup_printf ("%s to %s in %d calls%s", from, to, ROUND_TRIPS,
                       slow ? ": event times are no more accurate than that" : ""),
      slow ? g_strdup ("run migcost closer to the hosts, or use only the guests' downtime") : NULL);
}

static void
check_leftovers (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  g_auto (GStrv) names = mig_host_marked_guests (host->host);

  for (guint i = 0; names[i]; i++)
    {
      gboolean of_study = FALSE;
      for (guint g = 0; g < study->guests->len; g++)
        {
          const MigStudyGuest *guest = g_ptr_array_index (study->guests, g);
          of_study |= strcmp (names[i], guest->domain) == 0;
        }
      if (of_study)
        continue; /* a clash of names: a failure of its own */
      mig_check_add (
          checks, MIG_CHECK_WARN, host->study->name, "leftovers",
          g_strdup_printf ("guest '%s' of another migcost run uses this host too", names[i]),
          g_strdup_printf ("wait for that run to end, or, if it is dead: virsh -c %s destroy %s",
                           mig_host_uri (host->host), names[i]));
    }
}

static void
check_storage (GPtrArray *checks, const MigRunHost *host)
{
  guint pools;
  guint64 free_bytes;

  if (!mig_host_pools (host->host, &pools, &free_bytes))
    {
      mig_check_add (checks, MIG_CHECK_WARN, host->study->name, "storage",
                     g_strdup ("no storage driver"), g_strdup (MIG_STORAGE_DRIVER_ADVICE));
      return;
    }
  if (pools == 0)
    {
      mig_check_add (
          checks, MIG_CHECK_WARN, host->study->name, "storage", g_strdup ("no active storage pool"),
          g_strdup ("make sure that the guests' files are on that host: virsh pool-list --all"));
      return;
    }
  g_autofree char *size = mig_units_format_bytes ((gint64) free_bytes);
  mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "storage",
                 g_strdup_printf ("%u active pools, %s free in them", pools, size), NULL);
}

/* A file that the domain template names; one on another machine can be seen if it is in a pool. */
static void
check_file (GPtrArray *checks, const MigRunHost *host, const char *topic, const char *path,
            const char *template_file)
{
  gboolean local = mig_host_is_local (host->host);
  gboolean there = local ? g_file_test (path, G_FILE_TEST_IS_REGULAR)
                         : mig_host_has_volume (host->host, path);
  MigCheckLevel missing = local ? MIG_CHECK_FAIL : MIG_CHECK_WARN;

  mig_check_add (
      checks, there ? MIG_CHECK_PASS : missing, host->study->name, topic,
      g_strdup_printf ("'%s' %s", path,
                       there   ? "exists"
                       : local ? "does not exist"
                               : "is in no storage pool and cannot be checked from here"),
      there ? NULL
            : g_strdup_printf (
                  "let migcost upload it (--pool), copy it there, or name another one in a copy "
                  "of '%s'",
                  template_file));
}

/* check_boot_files: those that an element of the templates names, each once. */
static void
check_boot_files (GPtrArray *checks, const MigRunHost *host, const GPtrArray *templates,
                  const char *element, const char *topic)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < templates->len; i++)
    {
      char *path = mig_template_boot_file (templates->pdata[i], element);
      if (!path)
        continue;
      if (!g_hash_table_contains (seen, path))
        check_file (checks, host, topic, path, templates->pdata[i]);
      g_hash_table_add (seen, path);
    }
}

static void
check_host (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  check_round_trip (checks, host);
  check_leftovers (checks, host, study);
  if (!mig_host_is_local (host->host))
    mig_check_add (
        checks, MIG_CHECK_NOTE, host->study->name, "disturbances",
        g_strdup ("libvirt does not report its swap, page merging, huge pages and CPU frequency"),
        g_strdup ("'migcost check' on that host itself does, with its local URI for both hosts"));
  gboolean lacks;
  g_autoptr (GPtrArray) templates = mig_guest_templates (study, host, &lacks);
  /* kernel and initramfs: the lab sees to its own, and what was uploaded is there */
  if (host->kernel || templates->len == 0)
    return;
  check_storage (checks, host);
  check_boot_files (checks, host, templates, "kernel", "guest kernel");
  check_boot_files (checks, host, templates, "initrd", "initramfs");
}

/* ---- two hosts ---- */

static void
check_versions (GPtrArray *checks, const MigRunHost *from, const MigRunHost *to)
{
  const char *source = mig_host_info (from->host)->driver,
             *destination = mig_host_info (to->host)->driver;

  if (strcmp (source, destination) != 0)
    mig_check_add (checks, MIG_CHECK_FAIL, to->study->name, "hypervisors",
                   g_strdup_printf ("guests would move from host '%s' (%s) to %s",
                                    from->study->name, source, destination),
                   g_strdup ("name hosts of one hypervisor"));
  else if (to->hypervisor_version && from->hypervisor_version > to->hypervisor_version)
    mig_check_add (
        checks, MIG_CHECK_WARN, to->study->name, "hypervisors",
        g_strdup_printf ("its %s is older than that of the source host '%s'", destination,
                         from->study->name),
        g_strdup (
            "name a machine type that both know in the domain template, or migrate the other way"));
}

/* ---- all ---- */

/* Each pair of hosts that guests move between. */
static void
check_pairs (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  g_autoptr (GArray) pairs = mig_route_pairs (study, NULL);

  for (guint i = 0; i < pairs->len; i++)
    {
      const MigRoutePair *pair = &g_array_index (pairs, MigRoutePair, i);
      const MigRunHost *from = mig_run_host_find (hosts, pair->from),
                       *to = mig_run_host_find (hosts, pair->to);
      if (from && to)
        check_versions (checks, from, to);
    }
}

void
mig_check_surroundings (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  gboolean here = FALSE;
  int cpu = -1;

  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = hosts->pdata[i];
      check_host (checks, host, study);
      if (mig_host_is_local (host->host))
        {
          here = TRUE;
          cpu = mig_run_host_cpu (host, study);
        }
    }
  check_pairs (checks, hosts, study);
  mig_check_machine (checks, "", here, cpu);
}
