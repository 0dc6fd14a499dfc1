/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/internal.h"
#include "virt/node-memory.h"

#define HUGE_PAGE_KIB 2048

gboolean
mig_host_free_huge_pages (MigHost *host, guint64 *bytes)
{
  unsigned int size = HUGE_PAGE_KIB;
  unsigned long long pages = 0;

  /* -1: of all NUMA nodes */
  if (virNodeGetFreePages (host->connection, 1, &size, -1, 1, &pages, 0) < 1)
    return FALSE;
  *bytes = pages * HUGE_PAGE_KIB * MIG_KIB;
  return TRUE;
}

gboolean
mig_host_node_memory (MigHost *host, guint node, guint64 *bytes)
{
  unsigned long long free_bytes = 0;

  if (virNodeGetCellsFreeMemory (host->connection, &free_bytes, (int) node, 1) < 1)
    return FALSE;
  *bytes = free_bytes;
  return TRUE;
}
