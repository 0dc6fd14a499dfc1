/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_techniques: has the ways to migrate that the study names tried, unless something has
 * failed already: hosts with other faults need not be. */
void mig_check_techniques (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study);
