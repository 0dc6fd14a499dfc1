/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "measure/migration.h"
#include "tests/unit/settle-world.h"

/* What became of migrations that an execution had begun when it was killed, and that are over. */

/* A guest of a migration that was under way: what is left of it on both hosts tells its end, and a
 * third host that has it. */
static void
test_ends (void)
{
  static const struct {
    Has a, b, c;
    int reason;
    MigMoveState state;
    const char *status, *where;
  } cases[] = {
    { NOTHING, RUNNING, NOTHING, 0, MIG_MOVE_DONE, "ok", "b" },
    { SHUT_OFF, RUNNING, NOTHING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_DONE, "ok", "b" },
    { RUNNING, NOTHING, NOTHING, 0, MIG_MOVE_DROPPED, "aborted", "a" },
    { NOTHING, NOTHING, NOTHING, 0, MIG_MOVE_FAILED, "failed", NULL },
    { SHUT_OFF, NOTHING, NOTHING, VIR_DOMAIN_SHUTOFF_CRASHED, MIG_MOVE_FAILED, "failed", NULL },
    { SHUT_OFF, SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_UNKNOWN, MIG_MOVE_FAILED, "failed", NULL },
    { SHUT_OFF, NOTHING, NOTHING, VIR_DOMAIN_SHUTOFF_SHUTDOWN, MIG_MOVE_GONE, "aborted", NULL },
    { NOTHING, SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_DESTROYED, MIG_MOVE_GONE, "aborted", NULL },
    { SHUT_OFF, NOTHING, NOTHING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_GONE, "aborted", NULL },
    { SHUT_OFF, SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_GONE, "aborted", NULL },
    { SHUT_OFF, NOTHING, RUNNING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_DROPPED, "aborted", "c" },
    { NOTHING, NOTHING, RUNNING, 0, MIG_MOVE_DROPPED, "aborted", "c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigInterrupted) interrupted = settle_world_new ();
      settle_world_add (interrupted, "a", "b", MIG_MOVE_RUNNING);
      world.shutoff_reason = cases[i].reason;
      world.on_c = cases[i].c;
      settle_world_settle (interrupted, cases[i].a, cases[i].b);
      world.on_c = NOTHING;
      const MigPlannedMove *move = settle_world_move (interrupted, 0);
      g_assert_cmpint (move->state, ==, cases[i].state);
      g_assert_cmpstr (move->record->status, ==, cases[i].status);
      g_assert_cmpstr (move->where, ==, cases[i].where);
      g_assert_cmpint (move->taken, ==,
                       cases[i].state == MIG_MOVE_GONE &&
                           cases[i].reason == VIR_DOMAIN_SHUTOFF_MIGRATED);
      g_assert_true (cases[i].c == NOTHING ||
                     strstr (move->record->reason, "somebody else moved the guest to host 'c'"));
      g_assert_cmpint (move->lost, ==, cases[i].state == MIG_MOVE_FAILED);
      g_assert_cmpint (move->lost, ==, mig_migration_row_is_lost (move->record));
    }
}

/* A post-copy that libvirt has given up is waited for while it sends: it may come to its end. Where
 * it does not, the guest has to be recovered, and its copy on the source is a part of it. */
static void
test_post_copy (void)
{
  for (guint ends = 0; ends < 2; ends++)
    {
      g_autoptr (MigInterrupted) interrupted = settle_world_new ();
      settle_world_add (interrupted, "a", "b", MIG_MOVE_RUNNING);
      world.post_copy.failed = TRUE;
      world.post_copy.asked = 0;
      world.post_copy.ends = 1000;
      world.post_copy.sends = ends ? world.post_copy.ends : 100;
      settle_world_settle (interrupted, RUNNING, RUNNING);
      world.post_copy.failed = FALSE;
      const MigPlannedMove *move = settle_world_move (interrupted, 0);
      g_assert_cmpint (move->state, ==, ends ? MIG_MOVE_DONE : MIG_MOVE_FAILED);
      g_assert_cmpstr (move->where, ==, ends ? "b" : NULL);
      g_assert_cmpint (world.post_copy.asked >= world.post_copy.ends, ==, ends);
      g_assert_false (move->lost);
      if (ends)
        continue;
      g_assert_cmpstr (move->record->status, ==, "failed");
      g_assert_nonnull (strstr (move->record->reason,
                                "'virsh migrate --postcopy-resume' recovers it from host 'a'"));
      g_assert_null (strstr (move->record->reason, "destroy"));
    }
}

/* A guest that has just arrived: its source has some seconds to end what it has left; a client that
 * ended in the middle leaves that for good. */
static void
test_copy (void)
{
  for (guint stays = 0; stays < 2; stays++)
    {
      g_autoptr (MigInterrupted) interrupted = settle_world_new ();
      world.copy.is_left = TRUE;
      world.copy.asked = 0;
      world.copy.ends = stays ? G_MAXUINT : 3;
      world.shutoff_reason = VIR_DOMAIN_SHUTOFF_MIGRATED;
      settle_world_add (interrupted, "a", "b", MIG_MOVE_RUNNING);
      settle_world_settle (interrupted, RUNNING, RUNNING);
      world.copy.is_left = FALSE;
      const MigPlannedMove *move = settle_world_move (interrupted, 0);
      const MigMigrationRecord *row = move->record;
      g_assert_cmpint (move->state, ==, stays ? MIG_MOVE_DROPPED : MIG_MOVE_DONE);
      g_assert_cmpstr (row->status, ==, stays ? "aborted" : "ok");
      g_assert_true (!row->reason == !stays);
      if (stays)
        g_assert_nonnull (strstr (row->reason, "the copy on the source is what the migration"));
    }
}

/* Nothing had begun to move it: then it has ended. What is lost on its first way does not end
 * before the second. */
static void
test_not_begun (void)
{
  g_autoptr (MigInterrupted) waiting = settle_world_new (), lost = settle_world_new ();

  settle_world_add (waiting, "a", "b", MIG_MOVE_WAITING);
  settle_world_settle (waiting, NOTHING, NOTHING);
  g_assert_cmpint (settle_world_move (waiting, 0)->state, ==, MIG_MOVE_GONE);
  settle_world_add (lost, "a", "b", MIG_MOVE_RUNNING);
  settle_world_add (lost, "b", "a", MIG_MOVE_WAITING);
  settle_world_settle (lost, NOTHING, NOTHING);
  g_assert_cmpint (settle_world_move (lost, 0)->state, ==, MIG_MOVE_FAILED);
  g_assert_cmpint (settle_world_move (lost, 1)->state, ==, MIG_MOVE_WAITING);
  g_assert_cmpuint (settle_world_move (lost, 1)->attempt, ==, 0);
}

/* What an earlier process wrote of a failure. */
static void
test_row (void)
{
  static const struct {
    const char *reason;
    gint64 resumed_ns;
    gboolean lost;
  } cases[] = {
    { "no; the guest is running on host 'a' alone", MIG_MISSING_INT, FALSE },
    { "no; " MIG_MIGRATION_LOST, MIG_MISSING_INT, TRUE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped crashed", MIG_MISSING_INT, TRUE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped shut down", MIG_MISSING_INT, FALSE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped destroyed", 1, TRUE },
    { NULL, MIG_MISSING_INT, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MigMigrationRecord row;
      mig_record_init (MIG_TABLE_MIGRATIONS, &row);
      row.source = (char *) "a";
      row.reason = (char *) cases[i].reason;
      row.resumed_ns = cases[i].resumed_ns;
      g_assert_cmpint (mig_migration_row_is_lost (&row), ==, cases[i].lost);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settle/ends", test_ends);
  g_test_add_func ("/settle/copy", test_copy);
  g_test_add_func ("/settle/not-begun", test_not_begun);
  g_test_add_func ("/settle/post-copy", test_post_copy);
  g_test_add_func ("/settle/row", test_row);
  return settle_world_test ();
}
