/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"
#include "tests/unit/settle-world.h"

/* Migrations that an execution had begun when it was killed, and that still go on. */

/* One that goes on has its timeout, from its beginning: that of the execution, or by what was
 * predicted. */
static void
test_timeout (void)
{
  static const struct {
    MigSettleLimit limit;
    double predicted_s;
    guint ends;
    const char *status, *stopped_by;
    double took_s;
  } cases[] = {
    { { 60 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT }, NAN, G_MAXUINT, "timed-out", NULL, 60 },
    { { 0, MIG_TIMEOUT_ABORT }, NAN, G_MAXUINT, "timed-out", NULL, 600 },
    { { 0, MIG_TIMEOUT_ABORT }, 120, G_MAXUINT, "timed-out", NULL, 1200 },
    /* the test driver has no post-copy: it is aborted after all */
    { { 60 * MIG_NS_PER_S, MIG_TIMEOUT_POST_COPY }, NAN, G_MAXUINT, "timed-out", NULL, 60 },
    { { 60 * MIG_NS_PER_S, MIG_TIMEOUT_SUSPEND }, NAN, 900, "aborted", "suspended", 60 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigInterrupted) interrupted = settle_world_new ();
      settle_world_add (interrupted, "a", "b", MIG_MOVE_RUNNING);
      MigPlannedMove *move = interrupted->moves->pdata[0];
      MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
      start->begun_ns = world.leaving.since_ns = mig_clock_now ();
      world.skipped_ns += 10 * MIG_NS_PER_S; /* so long nobody looked */
      move->time.value = cases[i].predicted_s;
      world.leaving.ends = cases[i].ends;
      settle_world_leaving (&cases[i].limit, interrupted, TRUE);
      g_assert_cmpstr (move->record->status, ==, cases[i].status);
      g_assert_cmpstr (move->record->stopped_by, ==, cases[i].stopped_by);
      g_assert_cmpuint (world.leaving.aborts, ==, cases[i].stopped_by ? 0 : 2);
      g_assert_cmpint (move->state, ==, cases[i].stopped_by ? MIG_MOVE_DROPPED : MIG_MOVE_FAILED);
      g_assert_cmpint (strstr (move->record->reason, "aborted at its timeout") != NULL, ==,
                       !cases[i].stopped_by);
      double took_s = mig_units_seconds_between (move->record->start_ns, move->record->end_ns);
      g_assert_cmpfloat (took_s, >=, cases[i].took_s);
      g_assert_true (cases[i].stopped_by || took_s < cases[i].took_s + 1);
    }
}

/* One that goes on ends by its stop rule, or by post-copy, as if it had been watched all the while:
 * with the rounds that were over before; but what it was made to end by before it is not again. On
 * what somebody else has begun since none of it is imposed. */
static void
test_stop_rule (void)
{
  static const struct {
    MigStopRule rule;
    MigTechnique technique;
    MigStopCause before;
    guint round;
    const char *stopped_by;
    guint limits, switches;
  } cases[] = {
    { MIG_STOP_HYPERVISOR, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 40, NULL, 0, 0 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 29, NULL, 0, 0 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 30, "rounds", 1, 0 },
    { MIG_STOP_XEN_4_6, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_NOT_YET, 30, "rounds", 1, 0 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_PRE_COPY, MIG_STOP_RAM, 30, "ram", 0, 0 },
    { MIG_STOP_HYPERVISOR, MIG_TECHNIQUE_POST_COPY, MIG_STOP_NOT_YET, 1, NULL, 0, 0 },
    { MIG_STOP_HYPERVISOR, MIG_TECHNIQUE_POST_COPY, MIG_STOP_NOT_YET, 2, "post-copy", 0, 1 },
    { MIG_STOP_XEN_4_4, MIG_TECHNIQUE_POST_COPY, MIG_STOP_POST_COPY, 30, "post-copy", 0, 0 },
  };

  static const struct {
    gint64 begun_s; /* after the beginning that was noted */
    gboolean to_b;
    gint64 seen_s; /* when a round of the noted one began; 0: none was seen */
    gboolean other;
  } jobs[] = {
    { 0, TRUE, 0, FALSE },  { 0, TRUE, 1, FALSE },  { 20, TRUE, 30, FALSE },
    { 100, TRUE, 0, TRUE }, { 20, FALSE, 0, TRUE }, { 20, TRUE, 1, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < G_N_ELEMENTS (jobs); j++)
      {
        gboolean other = jobs[j].other;
        g_autoptr (MigInterrupted) interrupted = settle_world_new ();
        const MigSettleLimit limit = { 600 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT, cases[i].rule,
                                       cases[i].technique };
        gboolean imposed = cases[i].before == MIG_STOP_NOT_YET && cases[i].stopped_by;
        settle_world_add (interrupted, "a", "b", MIG_MOVE_RUNNING);
        const MigPlannedMove *move = settle_world_move (interrupted, 0);
        MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
        start->begun_ns = mig_clock_now ();
        if (jobs[j].seen_s)
          start->job_seen_ns = start->begun_ns + jobs[j].seen_s * MIG_NS_PER_S;
        start->stop_cause = cases[i].before;
        start->stop_ns = start->begun_ns;
        world.leaving.since_ns = start->begun_ns + jobs[j].begun_s * MIG_NS_PER_S;
        world.skipped_ns += 100 * MIG_NS_PER_S;
        world.leaving.ends = 50;
        world.leaving.round = cases[i].round;
        settle_world_leaving (&limit, interrupted, jobs[j].to_b);
        world.leaving.round = 0;
        g_assert_cmpuint (world.leaving.aborts, ==, 0);
        g_assert_cmpuint (world.leaving.limits, ==, other ? 0 : cases[i].limits);
        g_assert_cmpuint (world.leaving.switches, ==, other ? 0 : cases[i].switches);
        g_assert_cmpstr (move->record->stopped_by, ==,
                         imposed && other ? NULL : cases[i].stopped_by);
        g_assert_cmpint (MIG_IS_MISSING (move->record->stop_ns), ==, !move->record->stopped_by);
        g_assert_cmpstr (move->record->technique, ==,
                         other ? NULL : mig_technique_info (cases[i].technique)->name);
        g_assert_cmpint (move->record->stop_rule == NULL, ==, other);
      }
}

/* What somebody else has begun since is waited for, and never aborted: another way to the same
 * host, or one to elsewhere, soon after the beginning that was noted. */
static void
test_others (void)
{
  const MigSettleLimit limit = { 60 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT };

  for (guint to_b = 0; to_b < 2; to_b++)
    {
      g_autoptr (MigInterrupted) interrupted = settle_world_new ();
      settle_world_add (interrupted, "a", "b", MIG_MOVE_RUNNING);
      const MigPlannedMove *move = settle_world_move (interrupted, 0);
      MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
      start->begun_ns = mig_clock_now ();
      world.leaving.since_ns = start->begun_ns + (to_b ? 100 : 20) * MIG_NS_PER_S;
      world.skipped_ns += 100 * MIG_NS_PER_S;
      world.leaving.ends = 900;
      settle_world_leaving (&limit, interrupted, to_b);
      g_assert_cmpuint (world.leaving.aborts, ==, 0);
      g_assert_cmpstr (move->record->status, ==, "aborted");
    }
}

/* By the clock of another boot a beginning may lie ahead: then nobody knows when it was, and the
 * timeout does not hold. */
static void
test_other_boot (void)
{
  const MigSettleLimit limit = { 60 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT };
  g_autoptr (MigInterrupted) interrupted = settle_world_new ();

  settle_world_add (interrupted, "a", "b", MIG_MOVE_RUNNING);
  const MigPlannedMove *move = settle_world_move (interrupted, 0);
  MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts, move);
  world.leaving.since_ns = mig_clock_now ();
  start->begun_ns = world.leaving.since_ns + 24 * 3600 * MIG_NS_PER_S;
  world.leaving.ends = 900;
  settle_world_leaving (&limit, interrupted, TRUE);
  g_assert_cmpuint (world.leaving.aborts, ==, 0);
  g_assert_cmpstr (move->record->status, ==, "aborted");
  g_assert_true (MIG_IS_MISSING (move->record->start_ns));
  g_assert_false (MIG_IS_MISSING (move->record->end_ns));
  g_assert_true (isnan (move->time_s));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unattended/timeout", test_timeout);
  g_test_add_func ("/unattended/stop-rule", test_stop_rule);
  g_test_add_func ("/unattended/others", test_others);
  g_test_add_func ("/unattended/other-boot", test_other_boot);
  return settle_world_test ();
}
