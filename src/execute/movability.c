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
mig_movability_find (const MigSurveyedHost *from, guint index, const char *vm, const char *xml,
                     const MigMigrationFlags *flags)
{
  const MigSurveyedGuest *one = &from->surveyed[index];
  MigGuestVerdict *verdict = mig_guest_verdict_new (vm, mig_host_name (from->host));
  MigDefinition definition;

  mig_guest_definition (one->guest, &definition);
  verdict->persistent = definition.persistent;
  verdict->autostart = definition.autostart;
  if (one->busy)
    {
      mig_guest_verdict_add (verdict, NULL, FALSE, one->busy, "wait until that is over");
      verdict->verdict = MIG_VERDICT_BUSY;
      return verdict;
    }
  g_autoptr (GPtrArray) everywhere = mig_guest_obstacles (one->guest, xml, flags);
  add (verdict, NULL, everywhere);
  g_autoptr (MigGuestNeeds) needs = mig_guest_needs_new (one->guest, xml, flags);
  for (guint i = 0; i < from->hosts->len; i++)
    {
      MigHost *to = from->hosts->pdata[i];
      g_autoptr (GPtrArray) there = i == from->index ? NULL : mig_guest_obstacles_at (needs, to);
      if (there)
        add (verdict, mig_host_name (to), there);
    }
  mig_guest_verdict_decide (verdict, from->hosts->len - 1);
  return verdict;
}
