/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* Cumulative CPU times in ns; MIG_MISSING_INT where the host does not tell. */
typedef struct {
  gint64 cpu_ns;
  gint64 vcpu_ns;
  gint64 vcpu_wait_ns;
  gint64 management_ns;
} MigGuestCpu;

typedef struct {
  gint64 busy_ns;       /* user + kernel */
  gint64 idle_ns;       /* idle + iowait */
  gint64 management_ns; /* Domain-0 */
} MigHostCpu;

/* Samples of one host are taken by one thread at a time: they have a connection of their own, which
 * is made by the first one. */

/* mig_host_sample_guests: of n guests on one host, in one call where the host can. A guest that is
 * not there (any more) has all members missing. vcpus: also vCPU and management time; on QEMU these
 * cost a question to each guest's monitor, about five times the rest. */
gboolean mig_host_sample_guests (MigHost *host, MigGuest *const *guests, guint n, gboolean vcpus,
                                 MigGuestCpu *cpus, GError **error);

/* mig_host_sample: of n CPUs of the host together; of all where n is 0. */
gboolean mig_host_sample (MigHost *host, const int *cpus, guint n, MigHostCpu *sample,
                          GError **error);
