/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workloads/guest.h"
#include "workloads/pages.h"

/* mig_memory_needed: bytes that must be free for that working set, page tables included. */
uint64_t mig_memory_needed (uint64_t wss_bytes);

/* mig_memory_pages: the working set of a prepared memory workload; tests damage it. */
MigPages *mig_memory_pages (MigGuest *guest);
