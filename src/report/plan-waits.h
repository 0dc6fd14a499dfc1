/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan-report.h"
#include "report/document.h"

/* mig_plan_waits_add: a section: who waits for memory, how long, and until whom has left; nothing
 * where nobody does. */
void mig_plan_waits_add (MigBlock *parent, const MigPlanReport *report);
