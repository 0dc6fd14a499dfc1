/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "execute/movability.h"
#include "virt/definition.h"
#include "virt/obstacle.h"

/* add: obstacles, to a host or (NULL) to any. */
static void
add (MigGuestVerdict *verdict, const char *to, const GPtrArray *obstacles)
{
  for (guint i = 0; i < obstacles->len; i++)
    {
      const MigGuestObstacle *one = obstacles->pdata[i];
      mig_guest_verdict_add (verdict, to, one->certain, one->reason, one->advice);
    }
}

MigGuestVerdict *
mig_movability_find (MigGuest *guest, const GPtrArray *hosts, guint from,
                     const MigMigrationFlags *flags, const char *vm, const char *busy)
{
  MigGuestVerdict *verdict = mig_guest_verdict_new (vm, mig_host_name (hosts->pdata[from]));
  MigDefinition definition;

  mig_guest_definition (guest, &definition);
  verdict->persistent = definition.persistent;
  verdict->autostart = definition.autostart;
  if (busy)
    {
      mig_guest_verdict_add (verdict, NULL, FALSE, busy, "wait until that is over");
      verdict->verdict = MIG_VERDICT_BUSY;
      return verdict;
    }
  g_autoptr (GPtrArray) everywhere = mig_guest_obstacles (guest, flags);
  add (verdict, NULL, everywhere);
  g_autoptr (MigGuestNeeds) needs = mig_guest_needs_new (guest, flags);
  for (guint i = 0; i < hosts->len; i++)
    {
      g_autoptr (GPtrArray) there = i == from ? NULL
                                              : mig_guest_obstacles_at (needs, hosts->pdata[i]);
      if (there)
        add (verdict, mig_host_name (hosts->pdata[i]), there);
    }
  mig_guest_verdict_decide (verdict, hosts->len - 1);
  return verdict;
}
