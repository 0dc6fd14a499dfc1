/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/plan.h"

/* What was asked, in a line. */

#define NAMES_SHOWN 8

static void
add_names (const MigFleet *fleet, const GArray *hosts, GString *out)
{
  for (guint i = 0; i < hosts->len && i < NAMES_SHOWN; i++)
    g_string_append_printf (out, "%s%s", i ? ", " : "",
                            mig_fleet_host (fleet, g_array_index (hosts, guint, i))->name);
  if (hosts->len > NAMES_SHOWN)
    g_string_append_printf (out, " and %u more", hosts->len - NAMES_SHOWN);
}

/* add_limits: what the plan keeps to, and what it lets happen. */
static void
add_limits (const MigPlanReport *report, GString *out)
{
  const MigFleet *fleet = report->fleet;
  double ratio = 1;
  gboolean used = FALSE;

  for (guint i = 0; i < fleet->hosts->len; i++)
    ratio = fmax (ratio, mig_fleet_host (fleet, i)->overcommit);
  for (guint i = 0; i < fleet->vms->len && !used; i++)
    used = mig_fleet_vm (fleet, i)->claim_bytes > 0;
  g_string_append_printf (out, ", at most %u at a time from a host", report->task->parallel);
  if (report->task->cluster > 0)
    g_string_append_printf (out, " and %u in all", report->task->cluster);
  if (ratio > 1)
    g_string_append_printf (out, "; hosts' memory over-committed up to %.4g times", ratio);
  if (used)
    g_string_append (out, "; of VMs' memory what they use counts, not what they may use");
  g_string_append_printf (out, "; least %s", report->objective);
}

static void
add_question (const MigPlanReport *report, GString *out)
{
  const MigTask *task = report->task;
  const char *leaving = task->sources->len > 0 ? "; leaving " : "";

  if (task->returning_to)
    g_string_append_printf (out, "Return to %s%s", task->returning_to, leaving);
  else if (task->balance.resource)
    g_string_append_printf (out, "Balance %s within %.4g %%%s", task->balance.resource,
                            100 * task->balance.within, leaving);
  else if (task->target_state)
    g_string_append_printf (out, "Target state%s", leaving);
  else if (isnan (task->relieve_to_cpus))
    g_string_append (out, "Empty ");
  else
    g_string_append_printf (out, "Relieve to %.4g CPUs ", task->relieve_to_cpus);
  add_names (report->fleet, task->sources, out);
}

/* has_staying: a VM that is to move stays where it is; a host that is to be relieved may be so. */
static gboolean
has_staying (const MigPlanReport *report)
{
  gboolean leave_all = isnan (report->task->relieve_to_cpus);

  for (guint i = 0; i < report->fleet->vms->len && leave_all; i++)
    if (mig_task_asks (report->task, report->fleet, i) &&
        !mig_task_moves (report->task, report->fleet, i))
      return TRUE;
  return report->plan->skipped->len > 0;
}

const char *
mig_plan_nothing (const MigPlanReport *report)
{
  return report->plan->best.moves->len > 0 ? NULL
         : has_staying (report)            ? "no VM can be moved"
                                           : "no VM has to move";
}

char *
mig_plan_task_line (const MigPlanReport *report)
{
  const MigTask *task = report->task;
  GString *out = g_string_new (NULL);

  add_question (report, out);
  if (mig_plan_nothing (report))
    {
      g_string_append_printf (out, ": %s", mig_plan_nothing (report));
      return g_string_free (out, FALSE);
    }
  guint n = report->plan->best.moves->len - report->plan->best.parked;
  g_string_append_printf (out, n == 1 ? ": %u VM" : ": %u VMs", n);
  if (report->scale)
    g_string_append_printf (out, " at scale %s", report->scale);
  g_string_append (out, n == 1 ? " moves to " : " move to ");
  add_names (report->fleet, task->targets, out);
  if (report->plan->best.parked > 0)
    g_string_append_printf (out, ", %u of them over a third host", report->plan->best.parked);
  add_limits (report, out);
  return g_string_free (out, FALSE);
}
