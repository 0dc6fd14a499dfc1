/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* What libvirt's daemons allow unless their configuration says otherwise, which they tell nobody
 * but virt-admin on their own host. */

/* mig_daemon_limits_text: of a plan by whose task so many migrations leave a host at a time: what
 * exceeds these defaults, as a sentence without full stop; NULL: nothing does. Pure. The caller
 * frees it. */
char *mig_daemon_limits_text (const MigFleet *fleet, const GArray *moves, guint parallel);
