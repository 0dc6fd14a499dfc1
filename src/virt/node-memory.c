/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/internal.h"
#include "virt/node-memory.h"
#include "virt/xml-values.h"

#define HUGE_PAGE_KIB 2048

gboolean
mig_host_free_huge_pages (MigHost *host, int node, guint64 *bytes)
{
  unsigned int size = HUGE_PAGE_KIB;
  unsigned long long pages = 0;

  /* libvirt, too, calls all nodes -1 */
  if (virNodeGetFreePages (host->connection, 1, &size, node, 1, &pages, 0) < 1)
    return FALSE;
  *bytes = pages * HUGE_PAGE_KIB * MIG_KIB;
  return TRUE;
}

/* ordinary_kib: what a node has in pages of the host's least size; 0: it does not tell. */
static guint64
ordinary_kib (MigHost *host, guint node)
{
  g_autofree char *pages = g_strdup_printf (
      "/capabilities/host/topology/cells/cell[@id='%u']/pages", node);
  g_autofree char *size_path = g_strconcat (pages, "/@size", NULL);
  g_auto (GStrv) sizes = mig_host_capability_texts (host, size_path);
  g_auto (GStrv) counts = mig_host_capability_texts (host, pages);
  guint64 least = G_MAXUINT64, kib = 0;

  for (guint i = 0; sizes[i] && counts[i]; i++)
    {
      guint64 size = g_ascii_strtoull (sizes[i], NULL, 10);
      if (size >= least)
        continue;
      least = size;
      kib = size * g_ascii_strtoull (counts[i], NULL, 10);
    }
  return kib;
}

gboolean
mig_host_node_memory (MigHost *host, guint node, guint64 *free_bytes, guint64 *total_bytes)
{
  unsigned long long free_there = 0;

  if (virNodeGetCellsFreeMemory (host->connection, &free_there, (int) node, 1) < 1)
    return FALSE;
  *free_bytes = free_there;
  *total_bytes = ordinary_kib (host, node) * MIG_KIB;
  return TRUE;
}

gboolean
mig_guest_has_huge_pages (MigGuest *guest)
{
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);
  g_auto (GStrv) sizes = mig_xml_values (xml, "domain", "/domain/memoryBacking/hugepages");

  return sizes[0] != NULL;
}
