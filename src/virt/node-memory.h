/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/host.h"

/* Memory of a host that guests can ask for in particular. */

/* mig_host_free_huge_pages: what is free in huge pages of 2 MiB, in bytes; FALSE: the driver does
 * not tell, or has none of that size. */
gboolean mig_host_free_huge_pages (MigHost *host, guint64 *bytes);

/* mig_host_node_memory: what is free on a NUMA node, in bytes; FALSE: it has no such node, or does
 * not tell. */
gboolean mig_host_node_memory (MigHost *host, guint node, guint64 *bytes);
