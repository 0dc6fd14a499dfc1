/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "virt/stop-limits.h"

#define XEN_4_6 4006000

static const char *const causes[] = { NULL, "rounds", "pages", "ram", "post-copy", "suspended" };

const char *
mig_stop_cause_name (MigStopCause cause)
{
  return causes[cause];
}

MigStopCause
mig_stop_cause_find (const char *name)
{
  for (guint i = 1; name && i < G_N_ELEMENTS (causes); i++)
    if (strcmp (causes[i], name) == 0)
      return (MigStopCause) i;
  return MIG_STOP_NOT_YET;
}

gboolean
mig_stop_impose (MigGuest *guest, MigStopCause cause, GError **error)
{
  switch (cause)
    {
    case MIG_STOP_POST_COPY:
      return mig_guest_start_post_copy (guest, error);
    case MIG_STOP_SUSPENDED:
      return mig_guest_suspend_migration (guest, error);
    default:
      return mig_guest_set_max_downtime (guest, MIG_STOP_NOW_NS, error);
    }
}

MigStopCause
mig_stop_rule_decide (const MigStopLimits *limits, gint64 rounds_done, const MigJobStatistics *job)
{
  gint64 page = (gint64) MIG_PAGE_BYTES;

  if (rounds_done < 1)
    return MIG_STOP_NOT_YET;
  if (limits->min_pages && !MIG_IS_MISSING (job->remaining_bytes) &&
      job->remaining_bytes / page < limits->min_pages)
    return MIG_STOP_PAGES;
  if (limits->max_rounds && rounds_done >= limits->max_rounds)
    return MIG_STOP_ROUNDS;
  if (limits->max_ram && !MIG_IS_MISSING (job->normal_pages) &&
      !MIG_IS_MISSING (job->constant_pages) && !MIG_IS_MISSING (job->ram_bytes) &&
      job->normal_pages + job->constant_pages > (gint64) limits->max_ram * (job->ram_bytes / page))
    return MIG_STOP_RAM;
  return MIG_STOP_NOT_YET;
}

MigStopRule
mig_stop_rule_in_force (MigStopRule wanted, gboolean can_impose, const MigHostInfo *source)
{
  if (can_impose)
    return wanted;
  if (strcmp (source->driver, "Xen") != 0 || source->hypervisor_version == 0)
    return MIG_STOP_HYPERVISOR;
  return source->hypervisor_version >= XEN_4_6 ? MIG_STOP_XEN_4_6 : MIG_STOP_XEN_4_4;
}

gint64
mig_stop_rule_downtime (const MigStopLimits *limits, guint64 link_bytes_per_s)
{
  if (!limits->min_pages || !link_bytes_per_s)
    return 0;
  gint64 ns = (gint64) (limits->min_pages * MIG_PAGE_BYTES * (gdouble) MIG_NS_PER_S /
                        link_bytes_per_s);
  return MAX (ns + MIG_NS_PER_MS - 1, MIG_NS_PER_MS) / MIG_NS_PER_MS * MIG_NS_PER_MS;
}

gint64
mig_stop_first_limit (const MigStudy *study)
{
  guint64 rate = study->bandwidth_bytes_per_s ? study->bandwidth_bytes_per_s
                                              : study->link_bytes_per_s;

  return study->max_downtime_ns
             ? study->max_downtime_ns
             : mig_stop_rule_downtime (mig_stop_rule_limits (study->stop_rule), rate);
}
