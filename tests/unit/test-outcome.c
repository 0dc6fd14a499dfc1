/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "execute/execute.h"
#include "report/execution.h"
#include "virt/loop.h"

/* What is said at the end of an execution, of guests that did not move. */

static MigPlanExecutorHost
host (const char *name, const char *uri, const char *migrate_uri)
{
  return (MigPlanExecutorHost){ .name = name, .uri = uri, .migrate_uri = migrate_uri };
}

/* text_of: what is said when nothing of this plan was done. */
static char *
text_of (const char *stuck)
{
  const MigPlanExecutorHost hosts[] = {
    host ("a", "test:///default", NULL),
    host ("b", "test:///default?x=y", "tcp://192.0.2.2"),
  };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  g_autoptr (GHashTable) busy = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();
  GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  g_auto (MigPlanOutcome) outcome = { 0 };

  g_array_append_vals (all, hosts, G_N_ELEMENTS (hosts));
  g_ptr_array_add (moves, mig_planned_move_new ("it's web", "00000000-0000-4000-8000-000000000001",
                                                "a", "b", 0));
  const MigPlanExecutorOptions options = { .hosts = all };
  g_autoptr (MigPlanExecutor) execute = mig_plan_executor_new (&options, moves);
  mig_plan_executor_outcome (execute, &outcome);
  outcome.busy = busy;
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
      "migcost plan --host 'a=test:///default' --host 'b=test:///default?x=y' "
      "--migrate-uri 'b=tcp://192.0.2.2' --move 'it'\\''s web=b' --execute --yes\n";
  g_autofree char *done = text_of (NULL);
  g_autofree char *interrupted = text_of ("interrupted");

  g_assert_nonnull (strstr (done, "To move later"));
  g_assert_nonnull (strstr (done, command)); /* in one line, so that it can be copied */
  g_assert_null (strstr (interrupted, "To move later"));
  g_assert_nonnull (strstr (interrupted, "migcost plan --execute --yes --resume DIR"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/outcome/later", test_later);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
