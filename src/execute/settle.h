/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/execute.h"
#include "execute/interrupted.h"

/* How migrations end, as the execution was asked for. */
typedef struct {
  gint64 timeout_ns; /* 0: from what was predicted */
  MigTimeoutAction at_timeout;
  MigStopRule stop_rule;
  MigTechnique technique;
} MigSettleLimit;

/* mig_settle: what became of an execution that was interrupted, by the hosts' word (of
 * MigPlanExecutorHost). Migrations that it began and that still go on are watched to their end, and
 * their timeout and stop rule hold; each gets its row, and each run that has none. Behind it no
 * move is RUNNING. The event loop must run. Errors: a host does not answer; the result cannot be
 * written. */
gboolean mig_settle (MigInterrupted *interrupted, const GArray *hosts, MigResultWriter *writer,
                     const MigSettleLimit *limit, GError **error);
