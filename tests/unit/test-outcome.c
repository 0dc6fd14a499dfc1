/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <math.h>
#include <string.h>

#include "base/files.h"
#include "execute/execute.h"
#include "execute/skipped-guests.h"
#include "report/execution.h"
#include "tests/unit/one-domain-host.h"
#include "virt/loop.h"

/* What is said at the end of an execution, of guests that did not move. */

static MigPlanExecutorHost
host (const char *name, const char *uri)
{
  return (MigPlanExecutorHost){ .name = name, .uri = uri };
}

/* outcome_of: where no plan skipped a guest. */
static void
outcome_of (MigPlanExecutor *execute, MigPlanOutcome *outcome)
{
  g_autoptr (GPtrArray) skipped = mig_skipped_guests_new ();

  mig_plan_executor_outcome (execute, skipped, outcome);
}

/* text_of: what is said when nothing of this plan was done. */
static char *
text_of (const char *stuck)
{
  const MigPlanExecutorHost hosts[] = {
    host ("a", "test:///default"),
    host ("b", "test:///default?x=y"),
  };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();
  GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  g_auto (MigPlanOutcome) outcome = { 0 };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  g_ptr_array_add (moves, mig_planned_move_new ("it's web", "00000000-0000-4000-8000-000000000001",
                                                "a", "b", 0));
  const MigPlanExecutorOptions options = {
    .hosts = all, .one_guest = " --host 'a=test:///default' --tls --peer-uri 'b=x:///'"
  };
  g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
  outcome_of (execute, &outcome);
  outcome.notes = notes;
  outcome.stuck = stuck;
  outcome.path = "DIR";
  outcome.expected = (MigPredicted){ 1, NAN, NAN };
  return mig_execution_text (&outcome);
}

static void
test_later (void)
{
  static const char command[] =
      "migcost plan --host 'a=test:///default' --tls --peer-uri 'b=x:///' "
      "--move 'it'\\''s web=b' --execute --yes\n";
  g_autofree char *done = text_of (NULL);
  g_autofree char *interrupted = text_of ("interrupted");

  g_assert_nonnull (strstr (done, "To move later"));
  g_assert_nonnull (strstr (done, command)); /* in one line, so that it can be copied */
  g_assert_null (strstr (interrupted, "To move later"));
  g_assert_nonnull (strstr (interrupted, "migcost plan --execute --yes --resume DIR"));
}

#define PARKED "00000000-0000-4000-8000-000000000002"

static MigPlannedMove *
leg (const char *from, const char *to, MigMoveState state)
{
  MigPlannedMove *move = mig_planned_move_new ("web", PARKED, from, to, 0);

  move->state = state;
  move->attempt = state == MIG_MOVE_DONE;
  return move;
}

/* A guest was parked on 'c', and did not go on from there. */
static void
test_parked (void)
{
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *uri = one_domain_host (top, "c", PARKED, VIR_DOMAIN_RUNNING, NULL);
  const MigPlanExecutorHost hosts[] = { host ("a", "test:///default"),
                                        host ("b", "test:///default"), host ("c", uri) };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  const MigPlanExecutorOptions options = { .hosts = all, .one_guest = "" };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  for (guint is_goal = 0; is_goal < 2; is_goal++) /* to there and no further */
    {
      GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
      g_auto (MigPlanOutcome) outcome = { 0 };

      g_ptr_array_add (moves, leg ("a", "c", MIG_MOVE_DONE));
      if (!is_goal)
        g_ptr_array_add (moves, leg ("c", "b", MIG_MOVE_DROPPED));
      g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
      outcome_of (execute, &outcome);
      const MigPlanGuest *guest = outcome.guests->pdata[0];
      g_assert_cmpstr (guest->place, ==, "c");
      g_assert_cmpint (guest->moved, ==, is_goal);
      g_assert_cmpint (mig_plan_outcome_is_done (&outcome), ==, is_goal);
      g_assert_true (is_goal || strstr (guest->command, "--move 'web=b'"));
    }
  g_assert_true (mig_files_remove_tree (top, NULL));
}

/* A guest that a migration lost is not done, and no command moves it. */
static void
test_lost (void)
{
  const MigPlanExecutorHost hosts[] = { host ("a", "test:///default"),
                                        host ("b", "test:///default") };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  const MigPlanExecutorOptions options = { .hosts = all, .one_guest = "" };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  for (guint lost = 0; lost < 2; lost++)
    {
      GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
      g_auto (MigPlanOutcome) outcome = { 0 };
      MigPlannedMove *move = leg ("a", "b", MIG_MOVE_FAILED);

      move->attempt = 1;
      move->lost = lost;
      g_ptr_array_add (moves, move);
      g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
      outcome_of (execute, &outcome);
      const MigPlanGuest *guest = outcome.guests->pdata[0];
      g_assert_cmpstr (guest->place, ==, "nowhere");
      g_assert_false (mig_plan_outcome_is_done (&outcome));
      g_assert_cmpint (guest->command == NULL, ==, lost);
    }
}

/* Guests that plans skipped: one that is there, one that has ended, and one that an earlier plan
 * was to move. */
static void
test_staying (void)
{
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *uri = one_domain_host (top, "c", PARKED, VIR_DOMAIN_RUNNING, NULL);
  const MigPlanExecutorHost hosts[] = { host ("a", "test:///default"), host ("c", uri) };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  const MigPlanExecutorOptions options = { .hosts = all, .one_guest = "" };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  for (guint planned = 0; planned < 3; planned++) /* 2: and it has moved */
    {
      char *left[] = { (char *) "c", NULL };
      MigSkippedGuest ended = { (char *) "db", (char *) "00000000-0000-4000-8000-000000000003",
                                (char *) "-", NULL, left },
                      there = { (char *) "web", (char *) PARKED, (char *) "no network: define it",
                                NULL, left };
      g_autoptr (GPtrArray) skipped = g_ptr_array_new (), notes = g_ptr_array_new ();
      GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
      g_auto (MigPlanOutcome) outcome = { 0 };

      g_ptr_array_add (skipped, &ended);
      g_ptr_array_add (skipped, &there);
      if (planned)
        g_ptr_array_add (moves, planned == 1 ? leg ("c", "a", MIG_MOVE_DROPPED)
                                             : leg ("a", "c", MIG_MOVE_DONE));
      g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
      mig_plan_executor_outcome (execute, skipped, &outcome);
      g_assert_cmpuint (outcome.asked, ==, 1);
      g_assert_cmpint (mig_plan_outcome_is_done (&outcome), ==, planned == 2);
      outcome.path = "DIR";
      outcome.notes = notes;
      outcome.again = " --empty c --skip-impossible";
      g_autofree char *text = mig_execution_text (&outcome);
      g_assert_cmpint (strstr (text, "NOT ALL DONE: 0 of 1 VMs") != NULL, ==, planned < 2);
      g_assert_cmpint (strstr (text, "web, on c: no network: define it") != NULL, ==, planned < 2);
      g_assert_cmpint (
          strstr (text, "migcost plan --empty c --skip-impossible --execute --yes\n") != NULL, ==,
          planned < 2);
      g_assert_null (strstr (text, "db"));
    }
  g_assert_true (mig_files_remove_tree (top, NULL));
}

/* A guest that was left to somebody who migrated it: it is where it was, or not any more. */
static void
test_left_to_others (void)
{
  static const struct {
    const char *to, *left; /* where it is to be, or which host it is to leave; it is on 'c' */
    gboolean stays;
  } cases[] = {
    { NULL, "c", TRUE }, { NULL, "a", FALSE }, { "a", "c", TRUE }, { "c", "a", FALSE }
  };
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *uri = one_domain_host (top, "c", PARKED, VIR_DOMAIN_RUNNING, NULL);
  const MigPlanExecutorHost hosts[] = { host ("a", "test:///default"), host ("c", uri) };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  const MigPlanExecutorOptions options = { .hosts = all, .one_guest = "" };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *left[] = { (char *) cases[i].left, NULL };
      MigSkippedGuest guest = { (char *) "web", (char *) PARKED, (char *) "busy: wait",
                                (char *) cases[i].to, left };
      g_autoptr (GPtrArray) skipped = g_ptr_array_new (), notes = g_ptr_array_new ();
      GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
      g_auto (MigPlanOutcome) outcome = { 0 };

      g_ptr_array_add (skipped, &guest);
      g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
      mig_plan_executor_outcome (execute, skipped, &outcome);
      g_assert_cmpint (mig_plan_outcome_is_done (&outcome), ==, !cases[i].stays);
      outcome.path = "DIR";
      outcome.notes = notes;
      outcome.again = " --empty c";
      g_autofree char *text = mig_execution_text (&outcome);
      g_assert_cmpint (strstr (text, "NOT ALL DONE: 0 of 1 VMs") != NULL, ==, cases[i].stays);
      g_assert_cmpint (strstr (text, "web, on c: busy: wait") != NULL, ==, cases[i].stays);
      g_assert_cmpint (strstr (text, "migcost plan --empty c --execute --yes\n") != NULL, ==,
                       cases[i].stays);
      g_assert_cmpint (strstr (text, ", 1 moved by others;") != NULL, ==, !cases[i].stays);
    }
  g_assert_true (mig_files_remove_tree (top, NULL));
}

/* A guest that was planned for, and refused since somebody else was migrating it: it is where they
 * brought it, which is 'c'. */
static void
test_planned_and_taken (void)
{
  static const struct {
    const char *leaves; /* NULL: it has a target */
    const char *from, *to;
    MigMoveState before; /* of an earlier move of ours to 'c'; WAITING: none was */
    gboolean taken;
  } cases[] = {
    { "b", "b", "a", MIG_MOVE_WAITING, TRUE },  { "b", "c", "a", MIG_MOVE_WAITING, FALSE },
    { "c", "b", "a", MIG_MOVE_WAITING, FALSE }, { NULL, "b", "a", MIG_MOVE_WAITING, FALSE },
    { "b", "b", "a", MIG_MOVE_DONE, FALSE },    { "b", "b", "a", MIG_MOVE_FAILED, TRUE },
  };
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *uri = one_domain_host (top, "c", PARKED, VIR_DOMAIN_RUNNING, NULL);
  const MigPlanExecutorHost hosts[] = { host ("a", "test:///default"),
                                        host ("b", "test:///default"), host ("c", uri) };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint skipped = 0; skipped < 2; skipped++) /* by the plan after that */
      {
        char *left[] = { (char *) cases[i].leaves, NULL };
        const MigPlanExecutorOptions options = { .hosts = all,
                                                 .leaves = cases[i].leaves ? left : NULL,
                                                 .one_guest = "" };
        MigSkippedGuest busy = { (char *) "web", (char *) PARKED, (char *) "busy: wait",
                                 (char *) (cases[i].leaves ? NULL : cases[i].to), left };
        g_autoptr (GPtrArray) others = g_ptr_array_new (), notes = g_ptr_array_new ();
        GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
        g_auto (MigPlanOutcome) outcome = { 0 };
        gboolean taken = cases[i].taken;

        if (cases[i].before != MIG_MOVE_WAITING)
          g_ptr_array_add (moves, leg (cases[i].from, "c", cases[i].before));
        MigPlannedMove *move = leg (cases[i].from, cases[i].to, MIG_MOVE_FAILED);
        move->attempt = 1;
        g_ptr_array_add (moves, move);
        if (skipped)
          g_ptr_array_add (others, &busy);
        g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
        mig_plan_executor_outcome (execute, others, &outcome);
        g_assert_cmpint (mig_plan_outcome_is_done (&outcome), ==, taken);
        g_assert_cmpuint (outcome.asked, ==, !taken);
        outcome.path = "DIR";
        outcome.notes = notes;
        outcome.again = " --empty b";
        g_autofree char *text = mig_execution_text (&outcome);
        g_assert_cmpint (strstr (text, "Done: no VM had to move, 1 moved by others;") != NULL, ==,
                         taken);
        g_assert_cmpint (strstr (text, "NOT ALL DONE: 0 of 1 VMs") != NULL, ==, !taken);
        g_assert_cmpint (strstr (text, "--move 'web=a'") != NULL, ==, !taken);
        g_assert_cmpint (strstr (text, "web, on c: busy: wait") != NULL, ==, skipped && !taken);
      }
  g_assert_true (mig_files_remove_tree (top, NULL));
}

/* A guest that is on none of these hosts: it has ended, or somebody else has moved it away. */
static void
test_gone (void)
{
  const MigPlanExecutorHost hosts[] = { host ("a", "test:///default"),
                                        host ("b", "test:///default") };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  const MigPlanExecutorOptions options = { .hosts = all, .one_guest = "" };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  for (guint taken = 0; taken < 2; taken++)
    {
      g_autoptr (GPtrArray) notes = g_ptr_array_new ();
      GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
      g_auto (MigPlanOutcome) outcome = { 0 };
      MigPlannedMove *move = leg ("a", "b", MIG_MOVE_GONE);

      move->attempt = 1;
      move->taken = taken;
      g_ptr_array_add (moves, move);
      g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
      outcome_of (execute, &outcome);
      outcome.path = "DIR";
      outcome.notes = notes;
      g_autofree char *text = mig_execution_text (&outcome);
      g_assert_true (mig_plan_outcome_is_done (&outcome));
      g_assert_cmpint (strstr (text, ", 1 ended meanwhile;") != NULL, ==, !taken);
      g_assert_cmpint (strstr (text, ", 1 moved by others;") != NULL, ==, taken);
      g_assert_null (strstr (text, "--move"));
    }
}

/* add_failure: of that plan. */
static void
add_failure (GPtrArray *moves, guint plan, const char *reason)
{
  MigPlannedMove *move = leg ("a", "b", MIG_MOVE_FAILED);
  MigMigrationRecord row;

  mig_record_init (MIG_TABLE_MIGRATIONS, &row);
  row.status = (char *) "failed";
  row.reason = (char *) reason;
  row.control = (char *) "direct";
  move->plan = plan;
  move->attempt = 1;
  move->record = mig_record_copy (MIG_TABLE_MIGRATIONS, &row);
  g_ptr_array_add (moves, move);
}

/* What is said once is not said again: a reason, and who drove a guest's migrations. */
static void
test_said_once (void)
{
  const MigPlanExecutorHost hosts[] = { host ("a", "test:///default"),
                                        host ("b", "test:///default") };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();
  GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  const MigPlanExecutorOptions options = { .hosts = all, .one_guest = "" };
  g_auto (MigPlanOutcome) outcome = { 0 };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
  g_autoptr (GPtrArray)
      failed = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  outcome_of (execute, &outcome);
  g_assert_cmpuint (outcome.asked, ==, 0);
  outcome.path = "DIR";
  outcome.notes = notes;
  g_autofree char *nothing = mig_execution_text (&outcome);
  g_assert_nonnull (strstr (nothing, "Done: no VM had to move;"));
  g_assert_null (strstr (nothing, "is now on"));
  g_assert_nonnull (strstr (nothing, "  migcost report DIR\n"));

  MigPlanGuest guest = { .place = (char *) "a" };
  g_autoptr (GPtrArray) guests = g_ptr_array_new ();
  add_failure (failed, 1, "no route");
  add_failure (failed, 2, "no route");
  add_failure (failed, 3, "no memory");
  guest.planned = guest.last = failed->pdata[2];
  g_ptr_array_add (guests, &guest);
  MigPlanOutcome told = outcome;
  told.moves = failed;
  told.guests = guests;
  told.asked = 1;
  g_autofree char *text = mig_execution_text (&told);
  g_assert_nonnull (strstr (text, "web, plan 1: failed: no route\n"));
  g_assert_nonnull (strstr (text, "web, plan 2: failed, as in plan 1\n"));
  g_assert_nonnull (strstr (text, "web, plan 3: failed: no memory\n"));
  g_assert_nonnull (strstr (text, "migcost (direct): web\n"));
}

/* What a host that a guest has left still has of it, and whether its new one starts it as that did:
 * with the whole commands. */
static void
test_definitions (void)
{
  static const struct {
    gboolean left, autostart;
    const char *what, *command; /* with URIs FROM and TO */
  } cases[] = {
    { FALSE, FALSE, NULL, NULL },
    { TRUE, FALSE, "web is still defined on a, which it left\n",
      "virsh -c 'FROM' undefine " PARKED "\n" },
    { FALSE, TRUE, "web is not started by c itself, as it was by a, which it left\n",
      "virsh -c 'TO' autostart " PARKED "\n" },
    { TRUE, TRUE, "web is still defined on a, which it left\n",
      "virsh -c 'TO' autostart " PARKED " && virsh -c 'FROM' undefine " PARKED "\n" },
  };
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *shut_off = one_domain_host (top, "a", PARKED, VIR_DOMAIN_SHUTOFF, NULL);
  g_autofree char *running = one_domain_host (top, "c", PARKED, VIR_DOMAIN_RUNNING, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *from = cases[i].left ? shut_off : "test:///default";
      const MigPlanExecutorHost hosts[] = { host ("a", from), host ("c", running) };
      g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
      const MigPlanExecutorOptions options = { .hosts = all, .one_guest = "" };
      g_autoptr (GPtrArray) notes = g_ptr_array_new ();
      GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
      MigPlannedMove *move = leg ("a", "c", MIG_MOVE_DONE);
      g_auto (MigPlanOutcome) outcome = { 0 };

      move->autostart = cases[i].autostart;
      g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
      g_ptr_array_add (moves, move);
      g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
      outcome_of (execute, &outcome);
      outcome.path = "DIR";
      outcome.notes = notes;
      g_autofree char *text = mig_execution_text (&outcome);
      g_assert_true (mig_plan_outcome_is_done (&outcome));
      g_assert_cmpint (strstr (text, "Definitions left behind") != NULL, ==, cases[i].what != NULL);
      if (!cases[i].what)
        continue;
      g_autoptr (GString) command = g_string_new (cases[i].command);
      g_string_replace (command, "FROM", from, 0);
      g_string_replace (command, "TO", running, 0);
      g_assert_nonnull (strstr (text, cases[i].what));
      g_assert_nonnull (strstr (text, command->str));
    }
  g_assert_true (mig_files_remove_tree (top, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/outcome/later", test_later);
  g_test_add_func ("/outcome/parked", test_parked);
  g_test_add_func ("/outcome/lost", test_lost);
  g_test_add_func ("/outcome/definitions", test_definitions);
  g_test_add_func ("/outcome/staying", test_staying);
  g_test_add_func ("/outcome/left-to-others", test_left_to_others);
  g_test_add_func ("/outcome/planned-and-taken", test_planned_and_taken);
  g_test_add_func ("/outcome/gone", test_gone);
  g_test_add_func ("/outcome/said-once", test_said_once);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
