/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "tests/unit/tracker-steps.h"

/* Orders of events as libvirt sends them. */

#define WHILE_COPYING "cancelled or failed while copying; the guest continues on the source"
#define SUSPENDED                                                                                  \
  "cancelled or failed while suspended by its owner; the guest continues on the source"
#define AT_THE_SWITCH "cancelled or failed at the switch-over; the guest continues on the source"

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

  g_assert_cmpstr (PLAY (observation, aborted)->failure, ==, WHILE_COPYING);
  g_assert_cmpstr (PLAY (observation, back)->failure, ==, AT_THE_SWITCH);
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

/* Two hosts with a guest of the same name each, of which one moves while the other one stops. */
static void
test_namesakes (void)
{
  static const Step steps[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN, "web", "first" },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE, "web", "first" },
    { 2, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_NOTHING, "web", "second" },
    { 2, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_NOTHING, "web", "second" },
    { 2, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_NOTHING, "web", "first" }, /* a copy elsewhere */
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE, "web", "first" },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE, "web", "first" },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED, "web", "first" },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();
  MigTrackedMigration *one = PLAY (tracker, steps);

  g_assert_cmpuint (mig_migration_tracker_all (tracker)->len, ==, 1);
  g_assert_cmpint (one->source, ==, 0);
  g_assert_cmpint (one->destination, ==, 1);
  g_assert_cmpint (one->suspended_ns, ==, 600);
  g_assert_null (one->failure);
}

/* virsh migrate --dname */
static void
test_renamed (void)
{
  static const Step steps[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN, "other", "u" },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE, "g", "u" },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE, "g", "u" },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE, "other", "u" },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED, "g", "u" },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();
  MigTrackedMigration *one = PLAY (tracker, steps);

  g_assert_cmpuint (mig_migration_tracker_all (tracker)->len, ==, 1);
  g_assert_cmpint (one->resumed_ns - one->suspended_ns, ==, 100);
}

static void
test_other_jobs (void)
{
  static const Step dump[] = {
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_NOTHING, NULL, NULL, MIG_OPERATION_DUMP },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_NOTHING, NULL, NULL, MIG_OPERATION_DUMP },
  };
  /* over before it was asked what it was */
  static const Step save[] = {
    { 0, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_NOTHING },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_WITHDRAWN, NULL, NULL, 0, TRUE },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();

  g_assert_null (PLAY (tracker, dump));
  g_assert_null (PLAY (tracker, save));
  g_assert_cmpuint (mig_migration_tracker_all (tracker)->len, ==, 0);
}

/* virsh migrate --timeout-suspend, then domjobabort: the two hosts' last events in either order. */
static void
test_suspended_and_cancelled (void)
{
  static const Step one[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_ENDED },
  };
  static const Step other[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_ENDED },
    { 1, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_NOTHING },
  };
  g_autoptr (MigMigrationTracker) first = mig_migration_tracker_new ();
  g_autoptr (MigMigrationTracker) second = mig_migration_tracker_new ();
  MigTrackedMigration *a = PLAY (first, one);

  g_assert_cmpstr (a->failure, ==, SUSPENDED);
  g_assert_true (a->owner_suspended);
  g_assert_cmpint (a->resumed_ns - a->suspended_ns, ==, 200);
  PLAY (second, other);
  const MigTrackedMigration *b = mig_migration_tracker_all (second)->pdata[0];
  g_assert_cmpstr (b->failure, ==, SUSPENDED);
  g_assert_cmpint (b->resumed_ns - b->suspended_ns, ==, 100);
}

/* The switch, a failure and a recovery, each told by both hosts; the downtime is that of the
 * switch.
 */
static void
test_post_copy (void)
{
  static const Step steps[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE, .post_copy = MIG_POST_COPY_RUNS },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE, .post_copy = MIG_POST_COPY_RUNS },
    { 0, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_BROKEN, .post_copy = MIG_POST_COPY_FAILED },
    { 1, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_MORE, .post_copy = MIG_POST_COPY_FAILED },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_RECOVERED, .post_copy = MIG_POST_COPY_RUNS },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE, .post_copy = MIG_POST_COPY_RUNS },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();
  const MigTrackedMigration *migration = PLAY (tracker, steps);

  g_assert_cmpint (migration->post_copy_ns, ==, 200);
  g_assert_cmpint (migration->suspended_ns, ==, 200);
  g_assert_cmpint (migration->resumed_ns, ==, 300);
  g_assert_cmpint (migration->end_ns, ==, 800);
  g_assert_cmpuint (migration->recoveries, ==, 1);
  g_assert_false (migration->broken);
  g_assert_null (migration->failure);
}

/* What its owner stops and lets go on again meanwhile is no end of it. */
static void
test_owner_goes_on (void)
{
  static const Step steps[] = {
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_RESUMED, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();
  const MigTrackedMigration *one = PLAY (tracker, steps);

  g_assert_cmpint (one->suspended_ns, ==, 400);
  g_assert_false (one->owner_suspended);
  g_assert_null (one->failure);
}

/* virsh migrate --timeout-suspend: it moves all the same. */
static void
test_owner_suspends (void)
{
  static const Step steps[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_SUSPENDED, FALSE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();
  const MigTrackedMigration *one = PLAY (tracker, steps);

  g_assert_true (one->owner_suspended);
  g_assert_null (one->failure);
}

/* A week: what is kept does not grow with what is over. */
static void
test_many (void)
{
  static const Step steps[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();

  for (guint i = 0; i < 10000; i++)
    {
      PLAY (tracker, steps);
      mig_migration_tracker_forget (tracker);
      g_assert_cmpuint (mig_migration_tracker_all (tracker)->len, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration-tracker/both", test_both);
  g_test_add_func ("/migration-tracker/one-side", test_one_side);
  g_test_add_func ("/migration-tracker/failures", test_failures);
  g_test_add_func ("/migration-tracker/nothing", test_nothing);
  g_test_add_func ("/migration-tracker/namesakes", test_namesakes);
  g_test_add_func ("/migration-tracker/renamed", test_renamed);
  g_test_add_func ("/migration-tracker/other-jobs", test_other_jobs);
  g_test_add_func ("/migration-tracker/suspended-and-cancelled", test_suspended_and_cancelled);
  g_test_add_func ("/migration-tracker/owner-goes-on", test_owner_goes_on);
  g_test_add_func ("/migration-tracker/owner-suspends", test_owner_suspends);
  g_test_add_func ("/migration-tracker/post-copy", test_post_copy);
  g_test_add_func ("/migration-tracker/many", test_many);
  return g_test_run ();
}
