/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/tracker-steps.h"

MigTrackedMigration *
tracker_play (MigMigrationTracker *tracker, const Step *steps, guint n)
{
  MigTrackedMigration *observed = NULL;

  for (guint i = 0; i < n; i++)
    {
      const char *uuid = steps[i].uuid ? steps[i].uuid : "u";
      const MigTrackerEvent event = { .host = steps[i].host,
                                      .guest = steps[i].guest ? steps[i].guest : "g",
                                      .uuid = uuid,
                                      .kind = steps[i].kind,
                                      .by_migration = steps[i].by_migration,
                                      .end_only = steps[i].end_only,
                                      .saved = steps[i].saved,
                                      .post_copy = steps[i].post_copy,
                                      .operation = steps[i].operation,
                                      .arrival_ns = 100 * (i + 1) };
      g_assert_cmpint (mig_migration_tracker_event (tracker, &event, &observed), ==, steps[i].seen);
    }
  return observed;
}

const MigTrackedMigration *
tracker_nth (const MigMigrationTracker *tracker, guint n)
{
  const GPtrArray *all = mig_migration_tracker_all (tracker);

  g_assert_cmpuint (all->len, >, n);
  return all->pdata[n];
}
