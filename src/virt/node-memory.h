/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* Memory of a host that guests can ask for in particular. */

#define MIG_ALL_NODES (-1)

/* mig_host_free_huge_pages: what is free in huge pages of 2 MiB on a NUMA node, or on all, in
 * bytes; FALSE: the driver does not tell, or has none of that size. */
gboolean mig_host_free_huge_pages (MigHost *host, int node, guint64 *bytes);

/* mig_host_node_memory: what is free on a NUMA node, and what it has in ordinary pages, in bytes.
 * What the kernel would give back of it, as page cache, is not known: of a node libvirt tells what
 * is free and no more. total_bytes: 0: not told. FALSE: it has no such node, or does not tell. */
gboolean mig_host_node_memory (MigHost *host, guint node, guint64 *free_bytes,
                               guint64 *total_bytes);

/* mig_guest_has_huge_pages: whether the guest's memory is in some. */
gboolean mig_guest_has_huge_pages (MigGuest *guest);
