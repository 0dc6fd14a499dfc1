/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_surroundings: what is on each host (storage, files of the guests, what an earlier run
 * left), whether guests can move between those that the study moves them between, and what
 * disturbs. */
void mig_check_surroundings (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study);
