/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "plan/assign.h"
#include "plan/fleet-part.h"
#include "plan/rolling.h"

/* Steps of the search, of all emptied hosts together, and of all returns; and of each at least: of
 * 40 hosts, more made the sum of all steps' times no shorter. */
#define EMPTY_EFFORT 300000
#define EMPTY_EFFORT_LEAST 300
#define RETURN_EFFORT 40000
#define RETURN_EFFORT_LEAST 200

/* What holds for every step. */
typedef struct {
  const MigModel *model;
  const MigTaskOptions *options;
  gboolean stay;
  guint hosts;
  MigRollingViewer viewer;
} Rolling;

/* The fleet, while steps are taken for done. No VM has a target there between steps. */
typedef struct {
  MigFleet *fleet;
  GPtrArray *on; /* of GArray of guint: VMs on each host */
} Now;

static void
step_free (MigRollingStep *self)
{
  g_clear_pointer (&self->plan, mig_plan_free);
  mig_task_clear (&self->task);
  g_free (self->host);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigRollingStep, step_free)

static gboolean
fail (const char *host, gboolean home, GError **error)
{
  g_prefix_error (error, home ? "returning to host '%s': " : "emptying host '%s': ", host);
  return FALSE;
}

/* plan_step: of the part of the fleet that it touches, with the targets that its VMs have. */
static MigRollingStep *
plan_step (const Rolling *self, MigFleet *part, const char *host, gboolean home, GError **error)
{
  g_autoptr (MigRollingStep) step = g_new0 (MigRollingStep, 1);
  char *sources[] = { (char *) host, NULL };
  MigTaskOptions own = *self->options;

  own.empty = home ? NULL : sources;
  *step = (MigRollingStep){ .host = g_strdup (host), .home = home, .fleet = part };
  if (!mig_task_parse (&own, self->model, part, &step->task, error))
    return NULL;
  step->task.effort = home ? MAX (RETURN_EFFORT_LEAST, RETURN_EFFORT / self->hosts)
                           : MAX (EMPTY_EFFORT_LEAST, EMPTY_EFFORT / self->hosts);
  if (!(step->plan = mig_plan_make (self->model, part, &step->task, error)))
    return NULL;
  step->task.returning_to = home ? step->host : NULL;
  return g_steal_pointer (&step);
}

static GArray *
residents_of (const Now *now, guint host)
{
  return now->on->pdata[host];
}

/* go: a VM to another host. */
static void
go (Now *now, guint vm, guint host)
{
  guint *at = &g_array_index (now->fleet->vms, MigFleetVm, vm).host;
  GArray *left = residents_of (now, *at);

  for (guint i = 0; i < left->len; i++)
    if (g_array_index (left, guint, i) == vm)
      {
        g_array_remove_index_fast (left, i);
        break;
      }
  g_array_append_val (residents_of (now, host), vm);
  *at = host;
}

/* finish_step: where the VMs are after it: moved has those that went. */
static void
finish_step (MigRollingStep *step, const MigFleetPart *part, Now *now, GArray *moved)
{
  const GArray *moves = step->plan->best.moves;

  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      guint vm = g_array_index (part->vms, guint, move->vm);
      go (now, vm, mig_fleet_find_host (now->fleet, mig_fleet_host (part->fleet, move->to)->name));
      g_array_append_val (moved, vm);
    }
}

/* do_step: plans it, has it seen, and takes it for done. */
static gboolean
do_step (const Rolling *self, Now *now, const MigFleetPart *part, guint host, gboolean home,
         GArray *moved, GError **error)
{
  const char *name = mig_fleet_host (now->fleet, host)->name;
  g_autoptr (MigRollingStep) step = plan_step (self, part->fleet, name, home, error);

  if (!step)
    return fail (name, home, error);
  finish_step (step, part, now, moved);
  step->staying = home ? 0 : residents_of (now, host)->len;
  self->viewer.show (step, self->viewer.data);
  return TRUE;
}

static int
compare_indices (gconstpointer a, gconstpointer b)
{
  guint i = *(const guint *) a, j = *(const guint *) b;
  return (i > j) - (i < j);
}

/* part_of: the hosts that these VMs are on and have as their targets; one more. */
static MigFleetPart *
part_of (const Now *now, const GArray *vms, guint host)
{
  g_autofree gboolean *hosts = g_new0 (gboolean, now->fleet->hosts->len);
  g_autoptr (GArray) on_them = g_array_new (FALSE, FALSE, sizeof (guint));

  hosts[host] = TRUE;
  for (guint i = 0; i < vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (now->fleet, g_array_index (vms, guint, i));
      hosts[vm->host] = TRUE;
      if (vm->to != MIG_NO_INDEX)
        hosts[vm->to] = TRUE;
    }
  for (guint i = 0; i < now->fleet->hosts->len; i++)
    if (hosts[i] && residents_of (now, i)->len > 0)
      g_array_append_vals (on_them, residents_of (now, i)->data, residents_of (now, i)->len);
  g_array_sort (on_them, compare_indices);
  return mig_fleet_part_new (now->fleet, hosts, on_them);
}

static void
set_targets (Now *now, const GArray *vms, guint host)
{
  for (guint i = 0; i < vms->len; i++)
    g_array_index (now->fleet->vms, MigFleetVm, g_array_index (vms, guint, i)).to = host;
}

/* set_obstacles: of VMs that have no target, the reason is known. */
static void
set_obstacles (MigFleetPart *part, const GPtrArray *obstacles)
{
  for (guint i = 0; i < part->vms->len; i++)
    for (guint j = 0; j < obstacles->len; j++)
      {
        const MigObstacle *obstacle = obstacles->pdata[j];
        MigFleetVm *vm = &g_array_index (part->fleet->vms, MigFleetVm, i);
        if (obstacle->vm == g_array_index (part->vms, guint, i) && !vm->obstacle)
          vm->obstacle = g_strdup (obstacle->reason);
      }
}

/* assign: targets of the VMs on a host, among all others: in the fleet; any: one of these. */
static gboolean
assign (const Rolling *self, Now *now, guint host, GPtrArray *obstacles, guint *any, GError **error)
{
  char *sources[] = { mig_fleet_host (now->fleet, host)->name, NULL };
  MigTaskOptions own = *self->options;
  MigTask task;

  own.empty = sources;
  if (!mig_task_parse (&own, self->model, now->fleet, &task, error))
    return fail (sources[0], FALSE, error);
  mig_plan_assign (now->fleet, &task, obstacles);
  *any = g_array_index (task.targets, guint, 0);
  mig_task_clear (&task);
  return TRUE;
}

static gboolean
has_target (const Now *now, const GArray *vms)
{
  for (guint i = 0; i < vms->len; i++)
    if (mig_fleet_vm (now->fleet, g_array_index (vms, guint, i))->to != MIG_NO_INDEX)
      return TRUE;
  return FALSE;
}

static gboolean
empty_host (const Rolling *self, Now *now, guint host, GArray *moved, GError **error)
{
  g_autoptr (GPtrArray) obstacles = mig_obstacles_new ();
  g_autoptr (GArray) vms = g_array_copy (residents_of (now, host));
  guint any;

  if (!assign (self, now, host, obstacles, &any, error))
    return FALSE;
  g_autoptr (MigFleetPart) part = part_of (now, vms, has_target (now, vms) ? host : any);
  set_targets (now, vms, MIG_NO_INDEX);
  set_obstacles (part, obstacles);
  return do_step (self, now, part, host, FALSE, moved, error);
}

static gboolean
return_home (const Rolling *self, Now *now, guint host, const GArray *vms, GError **error)
{
  g_autoptr (GArray) returned = g_array_new (FALSE, FALSE, sizeof (guint));

  set_targets (now, vms, host);
  g_autoptr (MigFleetPart) part = part_of (now, vms, host);
  set_targets (now, vms, MIG_NO_INDEX);
  return do_step (self, now, part, host, TRUE, returned, error);
}

static gboolean
can_any_leave (const Now *now, guint host)
{
  const GArray *vms = residents_of (now, host);

  for (guint i = 0; i < vms->len; i++)
    if (!mig_fleet_vm (now->fleet, g_array_index (vms, guint, i))->stays)
      return TRUE;
  return FALSE;
}

/* plan_host: empties it and, unless its VMs stay, fills it again; any: something was to be done. */
static gboolean
plan_host (const Rolling *self, Now *now, const char *name, gboolean *any, GError **error)
{
  guint host = mig_fleet_find_host (now->fleet, name);
  g_autoptr (GArray) moved = g_array_new (FALSE, FALSE, sizeof (guint));

  if (host == MIG_NO_INDEX)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--rolling: the fleet has no host '%s'",
                   name);
      return FALSE;
    }
  if (!can_any_leave (now, host))
    return TRUE;
  *any = TRUE;
  return empty_host (self, now, host, moved, error) &&
         (self->stay || moved->len == 0 || return_home (self, now, host, moved, error));
}

static void
unref_array (gpointer array)
{
  g_array_unref (array);
}

static void
now_init (Now *self, const MigFleet *fleet)
{
  self->fleet = mig_fleet_copy (fleet);
  self->on = g_ptr_array_new_with_free_func (unref_array);
  for (guint i = 0; i < fleet->hosts->len; i++)
    g_ptr_array_add (self->on, g_array_new (FALSE, FALSE, sizeof (guint)));
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (self->fleet->vms, MigFleetVm, i);
      vm->to = MIG_NO_INDEX;
      g_array_append_val (residents_of (self, vm->host), i);
    }
}

static void
now_clear (Now *self)
{
  mig_fleet_free (self->fleet);
  g_ptr_array_unref (self->on);
}

gboolean
mig_rolling_plan (const MigModel *model, const MigFleet *fleet, const MigTaskOptions *options,
                  char **hosts, gboolean stay, MigRollingViewer viewer, GError **error)
{
  const Rolling self = { model, options, stay, MAX (1, g_strv_length (hosts)), viewer };
  gboolean any = FALSE, ok = TRUE;
  Now now;

  now_init (&now, fleet);
  for (guint i = 0; hosts[i] && ok; i++)
    ok = plan_host (&self, &now, hosts[i], &any, error);
  now_clear (&now);
  if (ok && !any)
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "--rolling: no VM on these hosts can be moved");
  return ok && any;
}
