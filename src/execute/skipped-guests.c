/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "execute/skipped-guests.h"

static void
guest_free (gpointer data)
{
  MigSkippedGuest *self = data;
  g_free (self->guest);
  g_free (self->uuid);
  g_free (self->reason);
  g_free (self->to);
  g_strfreev (self->leaves);
  g_free (self);
}

GPtrArray *
mig_skipped_guests_new (void)
{
  return g_ptr_array_new_with_free_func (guest_free);
}

const MigSkippedGuest *
mig_skipped_guests_find (const GPtrArray *self, const char *uuid)
{
  for (guint i = 0; i < self->len; i++)
    if (strcmp (((const MigSkippedGuest *) self->pdata[i])->uuid, uuid) == 0)
      return self->pdata[i];
  return NULL;
}

gboolean
mig_skipped_guest_has_gone (const MigSkippedGuest *self, const char *on)
{
  if (!on)
    return FALSE;
  return self->to ? strcmp (on, self->to) == 0
                  : !g_strv_contains ((const char *const *) self->leaves, on);
}

static const char *
uuid_of (const MigPlanSession *planning, guint vm)
{
  return g_hash_table_lookup (planning->survey->uuids,
                              mig_fleet_vm (planning->own_fleet, vm)->name);
}

static void
forget (GPtrArray *self, const char *uuid)
{
  const MigSkippedGuest *known = mig_skipped_guests_find (self, uuid);

  if (known)
    g_ptr_array_remove (self, (gpointer) known);
}

/* leaves: the hosts that VMs are to leave. The caller frees them. */
static char **
leaves (const MigPlanSession *planning)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const GArray *sources = planning->task.sources;

  for (guint i = 0; sources && i < sources->len; i++)
    g_strv_builder_add (
        names, mig_fleet_host (planning->own_fleet, g_array_index (sources, guint, i))->name);
  return g_strv_builder_end (names);
}

char **
mig_skipped_guests_leaves (const MigPlanSession *planning)
{
  return planning->task.target_state || !planning->task.sources ? NULL : leaves (planning);
}

static void
add (GPtrArray *self, const MigPlanSession *planning, guint index, const char *reason)
{
  const MigFleetVm *vm = mig_fleet_vm (planning->own_fleet, index);
  gboolean has_target = planning->task.target_state && vm->to != MIG_NO_INDEX;
  const char *to = has_target ? mig_fleet_host (planning->own_fleet, vm->to)->name : NULL;
  const char *uuid = uuid_of (planning, index);
  MigSkippedGuest *guest = g_new (MigSkippedGuest, 1);

  forget (self, uuid);
  *guest = (MigSkippedGuest){ g_strdup (vm->name), g_strdup (uuid), g_strdup (reason),
                              g_strdup (to), leaves (planning) };
  g_ptr_array_add (self, guest);
}

/* add_busy: of those that are to move; a host that is to be relieved may be so without them. */
static void
add_busy (GPtrArray *self, const MigPlanSession *planning)
{
  const MigFleet *fleet = planning->own_fleet;

  for (guint i = 0; i < fleet->vms->len && isnan (planning->task.relieve_to_cpus); i++)
    {
      const char *name = mig_fleet_vm (fleet, i)->name;
      if (!mig_task_asks (&planning->task, fleet, i) ||
          !mig_survey_is_busy (planning->survey, name))
        continue;
      const MigGuestVerdict *verdict = mig_survey_verdict (planning->survey, name);
      g_autofree char *reason = mig_verdict_reason_text (verdict->reasons->pdata[0]);
      add (self, planning, i, reason);
    }
}

void
mig_skipped_guests_note (GPtrArray *self, const MigPlanSession *planning)
{
  const MigPlan *plan = planning->plan;

  for (guint i = 0; i < plan->best.moves->len; i++)
    forget (self, uuid_of (planning, g_array_index (plan->best.moves, MigMove, i).vm));
  for (guint i = 0; i < plan->skipped->len; i++)
    {
      const MigObstacle *obstacle = plan->skipped->pdata[i];
      add (self, planning, obstacle->vm, obstacle->reason);
    }
  add_busy (self, planning);
}
