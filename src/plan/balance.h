/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"

/* What hosts are to have alike. */
typedef struct {
  const char *resource; /* "cpu" or "memory" */
  double within;        /* a host's use of it differs from the fleet's by no more of what it has */
} MigBalance;

/* mig_balance_parse: texts of options; within: "0.1" or "10%"; NULL: 0.1. Errors: USAGE. */
gboolean mig_balance_parse (const char *resource, const char *within, MigBalance *balance,
                            GError **error);

/* mig_balance_resource: the words for them; NULL: there are no more. */
const char *mig_balance_resource (guint index);

/* mig_balance_choose: few VMs, with little to send by the model, that are to go elsewhere: sets
 * their 'to', in place of all that the fleet has; memory, those that stay apart, those that cannot
 * be moved and hosts that take none are minded. Errors: INVALID with the host that is too far off,
 * or that nothing has to move.
 */
gboolean mig_balance_choose (const MigBalance *balance, const MigModel *model, MigFleet *fleet,
                             GError **error);
