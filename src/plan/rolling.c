/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "plan/rolling.h"

/* Steps of the search, of all emptied hosts together, and of all returns; and of each at least. */
#define EMPTY_EFFORT 600000
#define EMPTY_EFFORT_LEAST 20000
#define RETURN_EFFORT 40000
#define RETURN_EFFORT_LEAST 2000

/* What holds for every step. */
typedef struct {
  const MigModel *model;
  const MigTaskOptions *options;
  gboolean stay;
  guint hosts;
  MigRollingViewer viewer;
} Rolling;

static void
step_free (MigRollingStep *self)
{
  g_clear_pointer (&self->plan, mig_plan_free);
  g_clear_pointer ((GArray **) &self->task.sources, g_array_unref);
  g_clear_pointer ((GArray **) &self->task.targets, g_array_unref);
  mig_fleet_free (self->fleet);
  g_free (self->host);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigRollingStep, step_free)

/* plan_step: with the targets that the fleet has. */
static MigRollingStep *
plan_step (const Rolling *self, const MigFleet *fleet, const char *host, gboolean home,
           GError **error)
{
  MigRollingStep *step = g_new0 (MigRollingStep, 1);
  char *sources[] = { (char *) host, NULL };
  MigTaskOptions own = *self->options;

  own.empty = home ? NULL : sources;
  *step = (MigRollingStep){ .host = g_strdup (host),
                            .home = home,
                            .fleet = mig_fleet_copy (fleet) };
  gboolean asked = mig_task_parse (&own, step->fleet, &step->task, error);
  step->task.effort = home ? MAX (RETURN_EFFORT_LEAST, RETURN_EFFORT / self->hosts)
                           : MAX (EMPTY_EFFORT_LEAST, EMPTY_EFFORT / self->hosts);
  if (asked && (step->plan = mig_plan_make (self->model, step->fleet, &step->task, error)))
    {
      step->task.returning_to = home ? step->host : NULL;
      return step;
    }
  g_prefix_error (error, home ? "returning to host '%s': " : "emptying host '%s': ", host);
  step_free (step);
  return NULL;
}

/* finish_step: where the VMs are after it; who is still on a host that was emptied. */
static void
finish_step (MigRollingStep *step, MigFleet *fleet)
{
  const GArray *moves = step->plan->best.moves;
  guint host = mig_fleet_find_host (fleet, step->host);

  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      g_array_index (fleet->vms, MigFleetVm, move->vm).host = move->to;
    }
  for (guint i = 0; i < fleet->vms->len && !step->home; i++)
    step->staying += mig_fleet_vm (fleet, i)->host == host;
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

/* do_step: plans it, has it seen, and takes it for done. */
static gboolean
do_step (const Rolling *self, MigFleet *now, const char *host, gboolean home, GError **error)
{
  g_autoptr (MigRollingStep) step = plan_step (self, now, host, home, error);

  if (!step)
    return FALSE;
  finish_step (step, now);
  self->viewer.show (step, self->viewer.data);
  return TRUE;
}

/* plan_host: empties it and, unless its VMs stay, fills it again; any: something was to be done. */
static gboolean
plan_host (const Rolling *self, MigFleet *now, const char *name, gboolean *any, GError **error)
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
  *any = TRUE;
  return do_step (self, now, name, FALSE, error) &&
         (self->stay || !send (now, places, host) || do_step (self, now, name, TRUE, error));
}

gboolean
mig_rolling_plan (const MigModel *model, const MigFleet *fleet, const MigTaskOptions *options,
                  char **hosts, gboolean stay, MigRollingViewer viewer, GError **error)
{
  const Rolling self = { model, options, stay, MAX (1, g_strv_length (hosts)), viewer };
  g_autoptr (MigFleet) now = mig_fleet_copy (fleet);
  gboolean any = FALSE;

  for (guint i = 0; hosts[i]; i++)
    if (!plan_host (&self, now, hosts[i], &any, error))
      return FALSE;
  if (!any)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "--rolling: no VM on these hosts can be moved");
  return any;
}
