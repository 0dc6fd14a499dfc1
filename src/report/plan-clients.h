/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan-report.h"
#include "report/document.h"

/* mig_plan_clients_add: a section: what clients of the VMs that move will notice; nothing where the
 * model has not learnt from outages. */
void mig_plan_clients_add (MigBlock *parent, const MigPlanReport *report);
