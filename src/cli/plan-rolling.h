/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/plan-show.h"
#include "execute/plan-session.h"

/* mig_plan_rolling_show: plans for hosts ("a,b", repeated) that are emptied one after the other, as
 * text, JSON or commands. stay: VMs do not return. The session's options are those of each step. */
gboolean mig_plan_rolling_show (const MigPlanSession *session, const MigFleet *fleet, char **hosts,
                                gboolean stay, const MigPlanFormat *format,
                                const MigPlanManager *manager, GString *out, GError **error);
