/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_network: of guests with a network on hosts of one's own: their addresses, and what is
 * between them and their clients. */
void mig_check_network (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study);

/* mig_check_bridge: a network or bridge ("bridge 'br0'") of a host that keeps clients waiting. */
void mig_check_bridge (GPtrArray *checks, const MigRunHost *host, const char *bridge);

/* mig_check_client: guests of that host are asked from here: whether this is the host itself. */
void mig_check_client (GPtrArray *checks, const MigRunHost *host);
