/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/stop-rule.h"

/* Xen: tools/libxc/xc_domain_save.c (4.4: DEF_MAX_ITERS 29, "limit us to 30 times round loop", the
 * 30th being the one with the guest stopped) and xc_sr_save.c (4.6: 5 rounds): live rounds, pages
 * left, and how many times the RAM may be sent in all. */
static const MigStopLimits rules[] = {
  [MIG_STOP_HYPERVISOR] = { "hypervisor", 0, 0, 0, "the hypervisor's own rule" },
  [MIG_STOP_XEN_4_4] = { "xen-4.4", 29, 50, 3,
                         "the guest is stopped after 29 live rounds, with fewer than 50 pages "
                         "left, "
                         "or with more than 3 times its memory sent" },
  [MIG_STOP_XEN_4_6] = { "xen-4.6", 5, 50, 0,
                         "the guest is stopped after 5 live rounds or with fewer than 50 pages "
                         "left" },
};

const MigStopLimits *
mig_stop_rule_limits (MigStopRule rule)
{
  g_return_val_if_fail ((guint) rule < G_N_ELEMENTS (rules), &rules[MIG_STOP_HYPERVISOR]);
  return &rules[rule];
}

gboolean
mig_stop_rule_from_name (const char *name, MigStopRule *rule, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (rules[i].name, name) == 0)
      {
        *rule = (MigStopRule) i;
        return TRUE;
      }
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "unknown stop rule '%s'; expected %s, %s or %s",
               name, rules[0].name, rules[1].name, rules[2].name);
  return FALSE;
}
