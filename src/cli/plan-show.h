/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/plan-commands.h"
#include "report/plan.h"

/* A format in which 'migcost plan' prints; render appends. manager: of its commands. */
typedef struct {
  const char *name;
  gboolean without_plan; /* it can say which guests cannot be moved where there is no plan */
  void (*render) (const MigPlanReport *report, const MigPlanManager *manager, GString *out);
} MigPlanFormat;

/* mig_plan_format: the names of the formats, from index 0 to NULL. */
const char *mig_plan_format (guint index);

/* mig_plan_format_find: errors: USAGE where there is none of that name. */
const MigPlanFormat *mig_plan_format_find (const char *name, GError **error);
