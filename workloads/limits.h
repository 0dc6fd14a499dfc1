/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/* The largest parameters that the guest program takes: numbers alone, for it and for those who ask
 * it, so that none of them asks for what it refuses. */

#define MIG_GUEST_WORKERS_MAX 64
#define MIG_GUEST_WSS_MAX_BYTES (UINT64_C (1) << 44)
#define MIG_GUEST_RATE_MAX UINT64_C (10000000) /* pages or blocks per second */
#define MIG_GUEST_OFF_AFTER_MAX_MS INT64_C (86400000)
