/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "check/check-hardware.h"
#include "check/route.h"
#include "hosts/guest-hardware.h"
#include "virt/guest-cpu.h"
#include "virt/node-memory.h"

/* What guests ask of a host in particular, and whether it has that. */

static void
fail (GPtrArray *checks, const MigRunHost *host, const char *topic, char *finding, const char *hint)
{
  mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, topic, finding, g_strdup (hint));
}

static void
check_huge_pages (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                  const MigStudy *variant)
{
  static const MigRouteMemory huge = { TRUE, MIG_MISSING_INT };
  guint64 bytes = mig_route_memory (study, variant, host->study->name, &huge, NULL), free_bytes = 0;

  if (!bytes)
    return;
  gboolean known = mig_host_free_huge_pages (host->host, MIG_ALL_NODES, &free_bytes);
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

/* What a NUMA node has of the memory that guests ask for there. */
typedef struct {
  guint64 needed_bytes, free_bytes;
  guint64 total_bytes; /* what may become free as the kernel reclaims it */
} NodeMemory;

/* read_node: FALSE: the host has no such node. */
static gboolean
read_node (NodeMemory *self, const MigRunHost *host, const MigStudyGuest *guest)
{
  guint node = (guint) guest->numa_node;

  if (!mig_host_node_memory (host->host, node, &self->free_bytes, &self->total_bytes))
    return FALSE;
  if (!guest->hugepages)
    return TRUE;
  self->free_bytes = self->total_bytes = 0; /* without any of that size */
  mig_host_free_huge_pages (host->host, (int) node, &self->free_bytes);
  return TRUE;
}

static void
add_node (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
          const MigStudyGuest *guest, const NodeMemory *node)
{
  g_autofree char *wants = mig_units_format_bytes ((gint64) node->needed_bytes);
  g_autofree char *has = mig_units_format_bytes ((gint64) node->free_bytes);
  g_autofree char *all = mig_units_format_bytes ((gint64) node->total_bytes);
  g_autofree char *text = g_strdup_printf ("node %" G_GINT64_FORMAT ": %s free%s, %s needed",
                                           guest->numa_node, has,
                                           guest->hugepages ? " in huge pages" : "", wants);

  if (node->free_bytes >= node->needed_bytes)
    mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "NUMA node", g_steal_pointer (&text),
                   NULL);
  else if (node->total_bytes >= node->needed_bytes)
    mig_check_add (
        checks, MIG_CHECK_WARN, host->study->name, "NUMA node",
        g_strdup_printf ("%s:%u: %s; it has %s, and may have to reclaim page cache, of which "
                         "libvirt does not tell",
                         study->path, guest->line, text, all),
        g_strdup ("free it there before: sync; sysctl vm.drop_caches=1"));
  else
    fail (checks, host, "NUMA node", g_strdup_printf ("%s:%u: %s", study->path, guest->line, text),
          guest->hugepages ? "reserve some on that node, or change numa-node= of that <guest>"
                           : "change numa-node= of that <guest>");
}

static void
check_node (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
            const MigStudy *variant, const MigStudyGuest *guest)
{
  const MigRouteMemory which = { guest->hugepages, guest->numa_node };
  NodeMemory node = { mig_route_memory (study, variant, host->study->name, &which, NULL), 0, 0 };

  if (read_node (&node, host, guest))
    add_node (checks, host, study, guest, &node);
  else
    fail (checks, host, "NUMA node",
          g_strdup_printf ("%s:%u: it has no NUMA node %" G_GINT64_FORMAT, study->path, guest->line,
                           guest->numa_node),
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
  check_huge_pages (checks, host, study, variant);
  for (guint i = 0; i < variant->guests->len; i++)
    {
      const MigStudyGuest *guest = variant->guests->pdata[i];
      if (guest->existing)
        continue;
      if (!MIG_IS_MISSING (guest->numa_node) &&
          mig_route_visits (study, variant, guest, host->study->name))
        check_node (checks, host, study, variant, guest);
      check_cpu_model (checks, host, study, guest);
      check_baseline (checks, host, study, guest);
      check_dirty_ring (checks, host, study, guest);
    }
}
