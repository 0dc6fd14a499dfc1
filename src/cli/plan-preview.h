/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/plan-execute.h"

/* mig_plan_preview: what mig_plan_execute() would do with each guest, in libvirt's terms. Errors:
 * USAGE. */
gboolean mig_plan_preview (const MigPlanSession *planning, const MigPlanExecuteOptions *options,
                           GString *out, GError **error);
