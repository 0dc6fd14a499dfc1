/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"

/* Which CPU guests have. */

/* mig_guest_cpu_is_named: by a model of libvirt's, not one of the words for others. */
gboolean mig_guest_cpu_is_named (const MigStudyGuest *guest);

/* mig_guest_cpu_xml: <cpu> of its domain XML; NULL: its template's. By default that which all hosts
 * can give, where guests run under KVM by a template of migcost's. The caller frees it. */
char *mig_guest_cpu_xml (const MigRunHost *host, const MigStudyGuest *guest);

/* mig_hosts_find_baseline: of MigRunHost: their baseline_cpu, or why not, where some guest can have
 * it, the small one too that tries the way. */
void mig_hosts_find_baseline (const GPtrArray *hosts, const MigStudy *study);
