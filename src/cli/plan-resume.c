/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"
#include "cli/plan-execute.h"
#include "cli/plan-resume.h"
#include "execute/kept-plan.h"
#include "execute/settle.h"
#include "virt/loop.h"

static gboolean
settle (MigPlanResume *self, const MigPlanResumeWay *way, GError **error)
{
  g_autoptr (GArray) all = mig_plan_execute_hosts (way->hosts);
  MigSettleLimit limit = { .stop_rule = MIG_STOP_HYPERVISOR, .technique = MIG_TECHNIQUE_PRE_COPY };
  MigMigrationFlags flags;

  if (!mig_migration_options_flags (way->migration, &flags, &limit.timeout_ns, error) ||
      (way->stop_rule && !mig_stop_rule_from_name (way->stop_rule, &limit.stop_rule, error)) ||
      (way->technique && !mig_technique_from_name (way->technique, &limit.technique, error)) ||
      !mig_loop_start (error))
    return FALSE;
  limit.at_timeout = flags.at_timeout;
  gboolean ok = mig_settle (self->interrupted, all, self->writer, &limit, error);
  mig_loop_stop ();
  return ok;
}

gboolean
mig_plan_resume_open (MigPlanResume *self, const char *path, const MigPlanResumeWay *way,
                      gboolean yes, GError **error)
{
  *self = (MigPlanResume){ NULL, NULL };
  /* the writer first: it locks the directory, and cuts off what is half-written */
  if (yes && !(self->writer = mig_result_writer_resume (path, error)))
    return FALSE;
  return (self->interrupted = mig_interrupted_load (path, error)) &&
         (!yes || settle (self, way, error));
}

void
mig_plan_resume_keep (const MigPlanResume *self, MigPlanSession *planning)
{
  g_autoptr (GPtrArray) left = mig_interrupted_left (self->interrupted);
  g_autofree char *why = NULL;

  if (left->len == 0 && planning->plan->best.moves->len == 0)
    return;
  why = mig_kept_plan_take (planning, left);
  if (why)
    mig_info ("what is left is planned anew: %s", why);
  else
    mig_info ("going on as planned before: %u migrations are left", left->len);
}

void
mig_plan_resume_clear (MigPlanResume *self)
{
  g_clear_pointer (&self->interrupted, mig_interrupted_free);
  g_clear_pointer (&self->writer, mig_result_writer_free);
}
