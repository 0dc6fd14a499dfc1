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

/* mig_check_guest_templates: whether the domains that migcost makes can be migrated from and to
 * that host, by the templates that the study has them made of. */
void mig_check_guest_templates (GPtrArray *checks, const MigRunHost *host, const MigStudy *study);
