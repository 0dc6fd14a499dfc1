/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "analysis/plan.h"

/* mig_plan_study: the plan, and the orders that it is compared with, as a study that 'migcost run'
 * performs. rule: stop rule's name; cap: limit of a migration's bandwidth, infinite: none. Errors: INVALID where a name cannot stand in a study, or
 * there are more hosts than the lab has. The caller frees it. */
char *mig_plan_study (const MigFleet *fleet, const MigPlan *plan, const char *rule,
                      double cap_bytes_per_s, GError **error);
