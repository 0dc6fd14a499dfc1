/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* How often guests beat and are probed and CPU times are sampled, where a study leaves it to its
 * hosts. Pure. */

/* What makes observing dear: true of one of the hosts, or more. */
typedef struct {
  gboolean management_domain; /* a Domain-0 shares the CPU with the guests (doc/hosts-xen.md) */
  gboolean nested; /* KVM in a virtual machine: each exit that an interrupt or a line of the console
                      costs is many of the outer hypervisor (doc/hosts-kvm.md) */
} MigHostTraits;

/* mig_heartbeat_periods: the study's period, or the defaults: 1 s, times the study's scale where no
 * Domain-0 passes each heartbeat on, but no less than 200 ms; 200 ms while the guest migrates; and
 * near its stop 10 ms, nested 50 ms, with a Domain-0 200 ms. */
MigHeartbeatPeriods mig_heartbeat_periods (const MigStudy *study, MigHostTraits traits);

/* mig_sampling_period: the same of samples: 1 s, and 500 ms while a guest migrates, but 1 s where
 * observing is dear. */
gint64 mig_sampling_period (const MigStudy *study, MigHostTraits traits, gint64 *moving_ns);

/* mig_probing_period: of packets to migcost's own guests: 10 ms, nested 50 ms. */
gint64 mig_probing_period (MigHostTraits traits);
