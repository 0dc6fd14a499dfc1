/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* What a host is, whatever the study does with it. */

void mig_check_versions (GPtrArray *checks, const MigRunHost *host);

/* mig_check_trust: whether the host's hypervisor migrates emulated guests soundly. */
void mig_check_trust (GPtrArray *checks, const MigRunHost *host);

/* mig_check_memory: whether a host has room for so much more memory of guests. */
void mig_check_memory (GPtrArray *checks, const MigRunHost *host, guint64 needed);

/* mig_check_guest_template: whether the domains that migcost makes there can be migrated. */
void mig_check_guest_template (GPtrArray *checks, const MigRunHost *host);
