/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_machine_types: whether the hosts that guests of migcost's own move to know the machine
 * types that these have where they start. */
void mig_check_machine_types (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study);
