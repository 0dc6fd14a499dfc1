/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_hosts: all checks of the hosts against what the study needs: GPtrArray of MigCheck. A
 * study that names techniques has them tried (check/technique-probe.h). known: guest's name -> UUID
 * of guests that were there when an earlier process began this run; NULL: none. */
GPtrArray *mig_check_hosts (const MigStudy *study, const GPtrArray *hosts, GHashTable *known);
