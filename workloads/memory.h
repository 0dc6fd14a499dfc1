/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workloads/guest.h"
#include "workloads/pages.h"

/* mig_memory_needed: bytes that must be free for that working set: its whole pages, their page
 * tables (8 bytes a page), what the kernel never gives away (min_free_bytes), and 512 KiB of slack.
 */
uint64_t mig_memory_needed (uint64_t wss_bytes, uint64_t min_free_bytes);

/* mig_memory_pages: what the first worker of a prepared memory workload updates: with one thread
 * the whole working set. Tests damage it. */
MigPages *mig_memory_pages (MigGuest *guest);
