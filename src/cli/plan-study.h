/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/plan-cases.h"

/* A plan as a study that 'migcost run' performs, with what is predicted of each case. */

/* mig_plan_study: its XML. Errors: USAGE where its migrations are no sequence or there are no such
 * alternatives; INVALID where no VM moves, alternatives are too many, a name cannot stand in a
 * study, or there are more hosts than the lab has. The caller frees it. */
char *mig_plan_study (const MigPlanStudy *self, GError **error);
