/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "execute/skipped-guests.h"

static void
guest_free (gpointer data)
{
  MigSkippedGuest *self = data;
  g_free (self->guest);
  g_free (self->uuid);
  g_free (self->reason);
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

void
mig_skipped_guests_note (GPtrArray *self, const MigPlanSession *planning)
{
  const MigPlan *plan = planning->plan;

  for (guint i = 0; i < plan->best.moves->len; i++)
    forget (self, uuid_of (planning, g_array_index (plan->best.moves, MigMove, i).vm));
  for (guint i = 0; i < plan->skipped->len; i++)
    {
      const MigObstacle *obstacle = plan->skipped->pdata[i];
      const char *uuid = uuid_of (planning, obstacle->vm);
      MigSkippedGuest *guest = g_new (MigSkippedGuest, 1);
      forget (self, uuid);
      *guest = (MigSkippedGuest){ g_strdup (mig_fleet_vm (planning->own_fleet, obstacle->vm)->name),
                                  g_strdup (uuid), g_strdup (obstacle->reason) };
      g_ptr_array_add (self, guest);
    }
}
