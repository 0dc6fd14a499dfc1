/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* When pre-copy stops the guest: rules that a study can impose. */

typedef enum { MIG_STOP_HYPERVISOR, MIG_STOP_XEN_4_4, MIG_STOP_XEN_4_6 } MigStopRule;

/* Limits of a stop rule; 0: no such limit. max_rounds counts all live rounds, the first too. */
typedef struct {
  const char *name;    /* as in the study */
  guint max_rounds;    /* xen-4.4: 29; xen-4.6: 5 */
  guint min_pages;     /* 50 */
  guint max_ram;       /* xen-4.4: 3 (times the RAM) */
  const char *meaning; /* one line for people */
} MigStopLimits;
/* mig_stop_rule_limits: never NULL; static. */
const MigStopLimits *mig_stop_rule_limits (MigStopRule rule);
/* mig_stop_rule_from_name: the rule of that name. Errors: MIG_ERROR_INVALID, with the names. */
gboolean mig_stop_rule_from_name (const char *name, MigStopRule *rule, GError **error);
