/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* What a limit of bandwidth would do. */
typedef struct {
  double cap_bytes_per_s; /* of each migration; infinite: none */
  double value;           /* the objective, in which lost work is the migrations' own doing:
                             mig_order_placement_lost() less; NaN: no order with it is allowed */
} MigBandwidth;

/* mig_plan_make_capped: as mig_plan_make(), with the limit of bandwidth of which the plan costs
 * least, after Breitgand et al.; the model gets it. tried: of MigBandwidth, the fastest first; the
 * caller frees it. */
MigPlan *mig_plan_make_capped (MigModel *model, MigFleet *fleet, const MigTask *task,
                               GArray **tried, GError **error);

/* mig_order_placement_lost: of the work that the VMs lose in an evaluated order, what they would
 * lose without any migration, each being where the order has it at that moment; negative: they gain
 * by where they are. */
double mig_order_placement_lost (const MigOrder *order, const MigModel *model,
                                 const MigFleet *fleet);
