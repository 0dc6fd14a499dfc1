/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_hardware: what guests of a variant ask of a host in particular: huge pages, a NUMA
 * node, a CPU model. */
void mig_check_hardware (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
                         const MigStudy *variant);
