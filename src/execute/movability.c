/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "execute/movability.h"
#include "virt/obstacle.h"

/* at_itself: what certainly keeps it from any host; the rest becomes notes. */
static char *
at_itself (MigGuest *guest, const char *vm, GPtrArray *notes)
{
  g_autoptr (GPtrArray) obstacles = mig_guest_obstacles (guest);
  g_autoptr (GString) certain = g_string_new (NULL);

  for (guint i = 0; i < obstacles->len; i++)
    {
      const MigGuestObstacle *one = obstacles->pdata[i];
      if (one->certain)
        g_string_append_printf (certain, "%s%s: %s", certain->len ? "; " : "", one->reason,
                                one->advice);
      else
        g_ptr_array_add (notes, g_strdup_printf ("guest '%s' may fail to move: %s; %s", vm,
                                                 one->reason, one->advice));
    }
  return certain->len ? g_strdup (certain->str) : NULL;
}

/* at_destinations: where it can go nowhere, why, host by host; where to some, notes. */
static char *
at_destinations (MigGuest *guest, const GPtrArray *hosts, guint from, const char *vm,
                 GPtrArray *notes)
{
  g_autoptr (GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < hosts->len; i++)
    {
      g_autofree char *why = i == from ? NULL : mig_guest_obstacle_at (guest, hosts->pdata[i]);
      if (why)
        g_ptr_array_add (reasons,
                         g_strdup_printf ("host '%s': %s", mig_host_name (hosts->pdata[i]), why));
    }
  gboolean nowhere = reasons->len > 0 && reasons->len + 1 == hosts->len;
  g_ptr_array_add (reasons, NULL);
  if (nowhere)
    return g_strjoinv ("; ", (char **) reasons->pdata);
  for (guint i = 0; reasons->pdata[i]; i++)
    g_ptr_array_add (notes, g_strdup_printf ("guest '%s' cannot go to %s", vm,
                                             (const char *) reasons->pdata[i]));
  return NULL;
}

char *
mig_movability_find (MigGuest *guest, const GPtrArray *hosts, guint from, const char *vm,
                     GPtrArray *notes)
{
  char *certain = at_itself (guest, vm, notes);

  return certain ? certain : at_destinations (guest, hosts, from, vm, notes);
}

void
mig_movability_mark (const MigSurvey *survey, MigFleet *fleet)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      vm->stays |= g_hash_table_contains (survey->busy, vm->name);
      g_free (vm->obstacle);
      vm->obstacle = g_strdup (g_hash_table_lookup (survey->obstacles, vm->name));
    }
}
