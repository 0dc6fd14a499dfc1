/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "plan/rolling.h"

static void
step_free (gpointer data)
{
  MigRollingStep *self = data;

  g_clear_pointer (&self->plan, mig_plan_free);
  g_clear_pointer ((GArray **) &self->task.sources, g_array_unref);
  g_clear_pointer ((GArray **) &self->task.targets, g_array_unref);
  mig_fleet_free (self->fleet);
  g_free (self->host);
  g_free (self);
}

/* plan_step: with the targets that the fleet has. */
static MigRollingStep *
plan_step (const MigModel *model, const MigFleet *fleet, const MigTaskOptions *options,
           const char *host, gboolean home, GError **error)
{
  MigRollingStep *step = g_new0 (MigRollingStep, 1);
  char *sources[] = { (char *) host, NULL };
  MigTaskOptions own = *options;

  own.empty = home ? NULL : sources;
  *step = (MigRollingStep){ .host = g_strdup (host),
                            .home = home,
                            .fleet = mig_fleet_copy (fleet) };
  if (mig_task_parse (&own, step->fleet, &step->task, error) &&
      (step->plan = mig_plan_make (model, step->fleet, &step->task, error)))
    {
      step->task.returning_to = home ? step->host : NULL;
      return step;
    }
  g_prefix_error (error, home ? "returning to host '%s': " : "emptying host '%s': ", host);
  step_free (step);
  return NULL;
}

/* finish_step: where the VMs are after it. */
static void
finish_step (const MigRollingStep *step, MigFleet *fleet)
{
  const GArray *moves = step->plan->best.moves;

  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      g_array_index (fleet->vms, MigFleetVm, move->vm).host = move->to;
    }
}

/* send: all VMs that were on a host have it as their target, no other has one; FALSE: none was. */
static gboolean
send (MigFleet *fleet, const guint *places, guint host)
{
  gboolean any = FALSE;

  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      gboolean returns = places && places[i] == host && vm->host != host && !vm->stays;
      vm->to = returns ? host : MIG_NO_INDEX;
      any = any || returns;
    }
  return any;
}

static gboolean
has_vms (const MigFleet *fleet, guint host)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->host == host && !mig_fleet_vm (fleet, i)->stays)
      return TRUE;
  return FALSE;
}

/* plan_host: empties it and, unless its VMs stay, fills it again. */
static gboolean
plan_host (const MigModel *model, MigFleet *now, const MigTaskOptions *options, const char *name,
           gboolean stay, GPtrArray *steps, GError **error)
{
  guint host = mig_fleet_find_host (now, name);
  g_autofree guint *places = g_new (guint, now->vms->len);

  if (host == MIG_NO_INDEX)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--rolling: the fleet has no host '%s'",
                   name);
      return FALSE;
    }
  if (!has_vms (now, host))
    return TRUE;
  for (guint i = 0; i < now->vms->len; i++)
    places[i] = mig_fleet_vm (now, i)->host;
  send (now, NULL, host);
  MigRollingStep *step = plan_step (model, now, options, name, FALSE, error);
  if (!step)
    return FALSE;
  g_ptr_array_add (steps, step);
  finish_step (step, now);
  if (stay || !send (now, places, host))
    return TRUE;
  if (!(step = plan_step (model, now, options, name, TRUE, error)))
    return FALSE;
  g_ptr_array_add (steps, step);
  finish_step (step, now);
  return TRUE;
}

GPtrArray *
mig_rolling_plan (const MigModel *model, const MigFleet *fleet, const MigTaskOptions *options,
                  char **hosts, gboolean stay, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (step_free);
  g_autoptr (MigFleet) now = mig_fleet_copy (fleet);

  for (guint i = 0; hosts[i]; i++)
    if (!plan_host (model, now, options, hosts[i], stay, steps, error))
      return NULL;
  if (steps->len > 0)
    return g_steal_pointer (&steps);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "--rolling: no VM on these hosts can be moved");
  return NULL;
}
