/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "watch/migration-tracker.h"

/* Orders of events as libvirt sends them. */

typedef struct {
  int host;
  MigEventKind kind;
  gboolean by_migration;
  MigTrackerChange seen;
} Step;

static MigTrackedMigration *
play (MigMigrationTracker *observation, const Step *steps, guint n)
{
  MigTrackedMigration *observed = NULL;

  for (guint i = 0; i < n; i++)
    g_assert_cmpint (mig_migration_tracker_event (observation, steps[i].host, "g", steps[i].kind,
                                                  steps[i].by_migration, 100 * (i + 1), &observed),
                     ==, steps[i].seen);
  return observed;
}

#define PLAY(observation, steps) play (observation, steps, G_N_ELEMENTS (steps))

static void
test_both (void)
{
  static const Step steps[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) observation = mig_migration_tracker_new ();
  MigTrackedMigration *o = PLAY (observation, steps);

  g_assert_cmpint (o->source, ==, 0);
  g_assert_cmpint (o->destination, ==, 1);
  g_assert_cmpint (o->start_ns, ==, 100);
  g_assert_cmpint (o->suspended_ns, ==, 400);
  g_assert_cmpint (o->resumed_ns, ==, 500);
  g_assert_cmpint (o->end_ns, ==, 600);
  g_assert_null (o->failure);
  mig_migration_tracker_forget (observation);
  g_assert_cmpuint (mig_migration_tracker_all (observation)->len, ==, 0);
}

static void
test_one_side (void)
{
  static const Step source[] = {
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  static const Step destination[] = {
    { 0, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) from = mig_migration_tracker_new ();
  g_autoptr (MigMigrationTracker) to = mig_migration_tracker_new ();

  MigTrackedMigration *o = PLAY (from, source);
  g_assert_cmpint (o->destination, ==, -1);
  g_assert_null (o->failure);
  o = PLAY (to, destination);
  g_assert_cmpint (o->source, ==, -1);
  g_assert_cmpint (o->destination, ==, 0);
  g_assert_null (o->failure);
}

static void
test_failures (void)
{
  static const Step aborted[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_ENDED },
  };
  static const Step back[] = {
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_ENDED },
  };
  static const Step crashed[] = {
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) observation = mig_migration_tracker_new ();

  g_assert_cmpstr (PLAY (observation, aborted)->failure, ==, "the guest ended on the destination");
  g_assert_cmpstr (PLAY (observation, back)->failure, ==, "the guest continues on the source");
  g_assert_cmpstr (PLAY (observation, crashed)->failure, ==, "the guest ended on the source");
  g_assert_cmpuint (mig_migration_tracker_all (observation)->len, ==, 3);
}

/* What happens to guests all day long is no migration. */
static void
test_nothing (void)
{
  static const Step steps[] = {
    { 0, MIG_EVENT_STARTED, FALSE, MIG_TRACKER_NOTHING },
    { 0, MIG_EVENT_RESUMED, FALSE, MIG_TRACKER_NOTHING },
    { 0, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_NOTHING },
    { 0, MIG_EVENT_RESUMED, FALSE, MIG_TRACKER_NOTHING },
    { 0, MIG_EVENT_OTHER, FALSE, MIG_TRACKER_NOTHING },
    { 0, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_NOTHING },
  };
  g_autoptr (MigMigrationTracker) observation = mig_migration_tracker_new ();
  g_assert_null (PLAY (observation, steps));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/observed/both", test_both);
  g_test_add_func ("/observed/one-side", test_one_side);
  g_test_add_func ("/observed/failures", test_failures);
  g_test_add_func ("/observed/nothing", test_nothing);
  return g_test_run ();
}
