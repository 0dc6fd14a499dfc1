/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workloads/line-reader.h"

#include <stdint.h>

/* What is asked of the guest through its console: lines of the protocol (PERIOD) among anything
 * else that may come in. Pure. */

/* mig_command_feed: data as it came in. True: period_ns is the last intact period in it that a
 * guest may have (that of the parameter `period`). */
bool mig_command_feed (MigLineReader *lines, const char *data, size_t size, uint64_t *period_ns);
