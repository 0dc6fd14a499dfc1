/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_disks: of guests that migcost gives disks: whether their hosts share the storage for
 * them, by a small volume that is made and removed; whether their cache mode is safe. */
void mig_check_disks (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study);
