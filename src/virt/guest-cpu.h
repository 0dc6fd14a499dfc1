/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/host.h"

/* What CPU a guest under KVM can be given so that it can move. */

/* mig_host_baseline_guest_cpu: <cpu> of domain XML that guests can have on all these hosts (of
 * MigHost *), by what their hypervisors offer; asked of the one with the oldest libvirt, whose
 * names of models the others know too, and where that cannot tell of the next. NULL: with the
 * error. The caller frees it. */
char *mig_host_baseline_guest_cpu (const GPtrArray *hosts, GError **error);

/* mig_host_offers_cpu: whether guests under KVM can have that model there. known: FALSE: the driver
 * does not tell. */
gboolean mig_host_offers_cpu (MigHost *host, const char *model, gboolean *known);
