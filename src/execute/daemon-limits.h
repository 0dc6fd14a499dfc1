/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* What libvirt's daemons and their hosts' ssh servers allow unless their configuration says
 * otherwise, which they tell nobody but virt-admin and sshd on their own host. */

/* mig_daemon_limits_texts: of a plan by whose task so many migrations leave a host at a time: what
 * exceeds these defaults, each as a sentence without full stop: GPtrArray of char *, which it
 * frees. uris: host -> its libvirt URI, of those by which migcost reaches it. Pure. */
GPtrArray *mig_daemon_limits_texts (const MigFleet *fleet, const GArray *moves, guint parallel,
                                    GHashTable *uris);
