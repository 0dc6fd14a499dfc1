/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "tests/unit/tracker-steps.h"

/* Ends of migrations that were missed, and migrations of which the end alone is told. */

/* The source is lost before it says "stopped", and the guest moves back later. */
static void
test_moves_back (void)
{
  static const Step steps[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 1, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();

  PLAY (tracker, steps);
  g_assert_cmpuint (mig_migration_tracker_all (tracker)->len, ==, 2);
  g_assert_null (tracker_nth (tracker, 0)->failure);
  g_assert_cmpint (tracker_nth (tracker, 0)->source, ==, 0);
  g_assert_cmpint (tracker_nth (tracker, 0)->end_ns, ==, 400);
  g_assert_null (tracker_nth (tracker, 1)->failure);
  g_assert_cmpint (tracker_nth (tracker, 1)->source, ==, 1);
  g_assert_cmpint (tracker_nth (tracker, 1)->destination, ==, 0);
  g_assert_cmpint (tracker_nth (tracker, 1)->end_ns, ==, 900);
}

/* The same by post-copy, on to a third host; and ways back of which the end alone is heard. */
static void
test_moves_on (void)
{
  static const Step third[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE, .post_copy = MIG_POST_COPY_RUNS },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE, .post_copy = MIG_POST_COPY_RUNS },
    { 2, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 1, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 2, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  static const Step back[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_BEGUN },
    { 1, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  static const Step left[] = {
    { 1, MIG_EVENT_STARTED, TRUE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE },
    { 1, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) gone = mig_migration_tracker_new ();
  g_autoptr (MigMigrationTracker) one = mig_migration_tracker_new ();
  g_autoptr (MigMigrationTracker) other = mig_migration_tracker_new ();

  PLAY (one, third);
  g_assert_null (tracker_nth (one, 0)->failure);
  g_assert_cmpint (tracker_nth (one, 0)->end_ns, ==, 500); /* by then it had all of its memory */
  g_assert_cmpint (tracker_nth (one, 1)->source, ==, 1);
  g_assert_cmpint (tracker_nth (one, 1)->destination, ==, 2);
  PLAY (gone, left);
  g_assert_null (tracker_nth (gone, 0)->failure);
  g_assert_cmpint (tracker_nth (gone, 0)->end_ns, ==, 300);
  PLAY (other, back);
  g_assert_cmpint (tracker_nth (other, 0)->end_ns, ==, 300);
  g_assert_null (tracker_nth (other, 1)->failure);
  g_assert_cmpint (tracker_nth (other, 1)->source, ==, 1);
  g_assert_cmpint (tracker_nth (other, 1)->destination, ==, 0);
  g_assert_true (tracker_nth (other, 1)->late);
}

/* The statistics of the whole job come behind "stopped". */
static void
test_latest (void)
{
  static const Step steps[] = {
    { 0, MIG_EVENT_ITERATION, FALSE, MIG_TRACKER_BEGUN },
    { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_MORE },
    { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_ENDED },
  };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();

  PLAY (tracker, steps);
  PLAY (tracker, steps);
  g_assert_true (mig_migration_tracker_latest (tracker, 0, "u") == tracker_nth (tracker, 1));
  g_assert_cmpuint (tracker_nth (tracker, 0)->number, !=, tracker_nth (tracker, 1)->number);
  g_assert_null (mig_migration_tracker_latest (tracker, 1, "u"));
  g_assert_null (mig_migration_tracker_latest (tracker, 0, "v"));
}

/* ---- libxl ---- */

#define XEN .end_only = TRUE

typedef struct {
  Step steps[3];
  guint n;
  int source, destination;
  gint64 resumed_ns, end_ns;
} XenCase;

/* Both hosts, both where the source's word is the faster, and each alone. */
static void
test_xen (void)
{
  static const XenCase cases[] = {
    { { { 1, MIG_EVENT_STARTED, FALSE, MIG_TRACKER_NOTHING, XEN },
        { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_BEGUN, XEN },
        { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_MORE, XEN } },
      3,
      0,
      1,
      200,
      300 },
    { { { 1, MIG_EVENT_STARTED, FALSE, MIG_TRACKER_NOTHING, XEN },
        { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_BEGUN, XEN },
        { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_MORE, XEN } },
      3,
      0,
      1,
      300,
      300 },
    { { { 0, MIG_EVENT_STOPPED, TRUE, MIG_TRACKER_BEGUN, XEN } }, 1, 0, -1, MIG_MISSING_INT, 100 },
    { { { 1, MIG_EVENT_STARTED, FALSE, MIG_TRACKER_NOTHING, XEN },
        { 1, MIG_EVENT_RESUMED, TRUE, MIG_TRACKER_BEGUN, XEN } },
      2,
      -1,
      1,
      200,
      200 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();
      const MigTrackedMigration *seen = tracker_play (tracker, cases[i].steps, cases[i].n);
      g_assert_cmpuint (mig_migration_tracker_all (tracker)->len, ==, 1);
      g_assert_cmpint (seen->source, ==, cases[i].source);
      g_assert_cmpint (seen->destination, ==, cases[i].destination);
      g_assert_cmpint (seen->resumed_ns, ==, cases[i].resumed_ns);
      g_assert_cmpint (seen->end_ns, ==, cases[i].end_ns);
      g_assert_true (seen->late);
      g_assert_null (seen->failure);
    }
}

/* virsh restore, and one that leaves its guest standing still. */
static void
test_xen_others (void)
{
  static const Step restored[] = {
    { 0, MIG_EVENT_STARTED, FALSE, MIG_TRACKER_NOTHING, XEN },
    { 0, MIG_EVENT_RESUMED, FALSE, MIG_TRACKER_NOTHING, XEN },
    { 0, MIG_EVENT_STOPPED, FALSE, MIG_TRACKER_NOTHING, XEN, .saved = TRUE },
  };
  static const Step stuck[] = { { 0, MIG_EVENT_SUSPENDED, TRUE, MIG_TRACKER_BEGUN, XEN } };
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();

  g_assert_null (PLAY (tracker, restored));
  g_assert_cmpstr (PLAY (tracker, stuck)->failure, ==,
                   "failed; the guest stands still on the source");
}

/* A guest that leaves the host to which it came long before is no half of that migration. */
static void
test_no_join (void)
{
  const MigTrackerEvent come = { .host = 1,
                                 .guest = "g",
                                 .uuid = "u",
                                 .by_migration = TRUE,
                                 .kind = MIG_EVENT_RESUMED,
                                 .end_only = TRUE,
                                 .arrival_ns = 100 };
  MigTrackerEvent leave = come;
  g_autoptr (MigMigrationTracker) tracker = mig_migration_tracker_new ();
  MigTrackedMigration *migration;

  leave.host = 0;
  leave.kind = MIG_EVENT_STOPPED;
  leave.arrival_ns = come.arrival_ns + 6 * MIG_NS_PER_S;
  g_assert_cmpint (mig_migration_tracker_event (tracker, &come, &migration), ==, MIG_TRACKER_BEGUN);
  g_assert_cmpint (mig_migration_tracker_event (tracker, &leave, &migration), ==,
                   MIG_TRACKER_BEGUN);
  g_assert_cmpuint (mig_migration_tracker_all (tracker)->len, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration-ends/moves-back", test_moves_back);
  g_test_add_func ("/migration-ends/moves-on", test_moves_on);
  g_test_add_func ("/migration-ends/latest", test_latest);
  g_test_add_func ("/migration-ends/xen", test_xen);
  g_test_add_func ("/migration-ends/xen-others", test_xen_others);
  g_test_add_func ("/migration-ends/no-join", test_no_join);
  return g_test_run ();
}
