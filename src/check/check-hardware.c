/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "check/check-hardware.h"
#include "hosts/guest-hardware.h"
#include "virt/guest-cpu.h"
#include "virt/node-memory.h"

/* What guests ask of a host in particular, and whether it has that. */

static void
fail (GPtrArray *checks, const MigRunHost *host, const char *topic, char *finding, const char *hint)
{
  mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, topic, finding, g_strdup (hint));
}

/* needed: memory of the guests that are in huge pages, or on that node. */
static guint64
needed (const MigStudy *variant, gboolean huge, gint64 node)
{
  guint64 bytes = 0;

  for (guint i = 0; i < variant->guests->len; i++)
    {
      const MigStudyGuest *guest = variant->guests->pdata[i];
      if (huge ? guest->hugepages : !MIG_IS_MISSING (node) && guest->numa_node == node)
        bytes += guest->memory_bytes;
    }
  return bytes;
}

static void
check_huge_pages (GPtrArray *checks, const MigRunHost *host, const MigStudy *variant)
{
  guint64 bytes = needed (variant, TRUE, MIG_MISSING_INT), free_bytes = 0;

  if (!bytes)
    return;
  gboolean known = mig_host_free_huge_pages (host->host, &free_bytes);
  g_autofree char *wants = mig_units_format_bytes ((gint64) bytes);
  g_autofree char *has = mig_units_format_bytes ((gint64) free_bytes);
  if (known && free_bytes >= bytes)
    mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "huge pages",
                   g_strdup_printf ("%s free, %s needed", has, wants), NULL);
  else
    fail (checks, host, "huge pages",
          known ? g_strdup_printf ("%s free, %s needed", has, wants)
                : g_strdup ("it has no huge pages of 2 MiB"),
          "reserve some there: sysctl vm.nr_hugepages=N, of 2 MiB each, and start its libvirt "
          "daemon anew");
}

static void
check_node (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
            const MigStudy *variant, const MigStudyGuest *guest)
{
  guint64 bytes = needed (variant, FALSE, guest->numa_node), free_bytes = 0;
  gboolean known = mig_host_node_memory (host->host, (guint) guest->numa_node, &free_bytes);
  g_autofree char *wants = mig_units_format_bytes ((gint64) bytes);
  g_autofree char *has = mig_units_format_bytes ((gint64) free_bytes);

  if (known && free_bytes >= bytes)
    mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "NUMA node",
                   g_strdup_printf ("node %" G_GINT64_FORMAT ": %s free, %s needed",
                                    guest->numa_node, has, wants),
                   NULL);
  else
    fail (checks, host, "NUMA node",
          known ? g_strdup_printf ("%s:%u: node %" G_GINT64_FORMAT ": %s free, %s needed",
                                   study->path, guest->line, guest->numa_node, has, wants)
                : g_strdup_printf ("%s:%u: it has no NUMA node %" G_GINT64_FORMAT, study->path,
                                   guest->line, guest->numa_node),
          "change numa-node= of that <guest>");
}

static void
check_cpu_model (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                 const MigStudyGuest *guest)
{
  gboolean known = FALSE;

  if (!mig_guest_cpu_is_named (guest))
    return;
  if (mig_host_offers_cpu (host->host, guest->cpu_model, &known))
    mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "CPU model",
                   g_strdup_printf ("it offers '%s' to guests", guest->cpu_model), NULL);
  else
    fail (checks, host, "CPU model",
          known ? g_strdup_printf ("%s:%u: it does not offer '%s' to guests", study->path,
                                   guest->line, guest->cpu_model)
                : g_strdup_printf ("%s:%u: it offers guests no CPU models under KVM", study->path,
                                   guest->line),
          "name a model that 'virsh domcapabilities' shows as usable on both hosts, or baseline");
}

/* check_dirty_ring: KVM's, whichever template its guests have. */
static void
check_dirty_ring (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                  const MigStudyGuest *guest)
{
  if (!guest->dirty_ring || mig_host_offers (host->host, "kvm", NULL))
    return;
  fail (checks, host, "dirty ring",
        g_strdup_printf ("%s:%u: guest '%s' asks for a dirty ring, and the host has no KVM",
                         study->path, guest->line, guest->name),
        "remove dirty-ring= from that <guest>");
}

static void
check_baseline (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                const MigStudyGuest *guest)
{
  if (g_strcmp0 (guest->cpu_model, MIG_CPU_BASELINE) != 0 || host->baseline_cpu)
    return;
  fail (checks, host, "CPU model",
        g_strdup_printf ("%s:%u: no CPU is known that guests can have on all hosts: %s",
                         study->path, guest->line,
                         host->baseline_why_not ? host->baseline_why_not : "?"),
        "name a model in cpu-model= of that <guest>");
}

void
mig_check_hardware (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                    const MigStudy *variant)
{
  check_huge_pages (checks, host, variant);
  for (guint i = 0; i < variant->guests->len; i++)
    {
      const MigStudyGuest *guest = variant->guests->pdata[i];
      if (guest->existing)
        continue;
      if (!MIG_IS_MISSING (guest->numa_node))
        check_node (checks, host, study, variant, guest);
      check_cpu_model (checks, host, study, guest);
      check_baseline (checks, host, study, guest);
      check_dirty_ring (checks, host, study, guest);
    }
}
