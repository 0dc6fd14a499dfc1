/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "execute/plan-progress.h"

/* A migrator that only pretends: which guests fail, how often, and how long the others take. */
typedef struct {
  const char *fails; /* names, one letter each */
  guint failures;    /* of each of them */
  const char *slow;  /* take ten times as long as predicted */
  GString *log;      /* what was done, in order */
  guint plans, surveys;
  const char *stop_at; /* interrupted while this one runs */
} Fake;

static MigPlannedMove *
move_of (const char *guest, const char *from, guint group)
{
  MigPlannedMove *move = mig_planned_move_new (guest, guest, from, "to", group);

  move->time = move->memory = (MigPredicted){ 10, NAN, NAN };
  move->downtime = (MigPredicted){ 0.05, NAN, NAN };
  return move;
}

/* plan: "a+b c": groups of guests out of one host. */
static void
add_moves (GPtrArray *moves, const char *plan, const char *from)
{
  guint group = 0;

  for (; *plan; plan++)
    if (*plan == ' ')
      group++;
    else if (*plan != '+')
      g_ptr_array_add (moves, move_of ((char[]){ *plan, '\0' }, from, group));
}

static void
set_plan (MigPlanProgress *execution, const char *plan, const char *other)
{
  GPtrArray *moves = g_ptr_array_new ();

  add_moves (moves, plan, "from");
  if (other)
    add_moves (moves, other, "other");
  mig_plan_progress_set_plan (execution, moves);
}

static void
end (Fake *fake, MigPlanProgress *execution, MigPlannedMove *move)
{
  gboolean fails = fake->fails && strstr (fake->fails, move->guest) &&
                   move->attempt <= fake->failures;

  move->time_s = fake->slow && strstr (fake->slow, move->guest) ? 100 : 11;
  move->downtime_s = 0.06;
  g_string_append_printf (fake->log, "%s%s", move->guest, fails ? "!" : "");
  if (fake->stop_at && strcmp (fake->stop_at, move->guest) == 0)
    mig_plan_progress_stop (execution);
  mig_plan_progress_ended (execution, move, !fails);
}

/* perform: all that may start starts, then the first of them ends, and so on; until the plan is
 * over. */
static void
perform (Fake *fake, MigPlanProgress *execution)
{
  g_autoptr (GPtrArray) running = g_ptr_array_new ();

  for (;;)
    {
      MigPlannedMove *move;
      while ((move = mig_plan_progress_next (execution)))
        {
          g_string_append_printf (fake->log, "(%s", move->guest);
          g_ptr_array_add (running, move);
        }
      if (running->len == 0)
        break;
      g_assert_cmpint (mig_plan_progress_state (execution), ==, MIG_PLAN_PROGRESS_GOING);
      end (fake, execution, g_ptr_array_steal_index (running, 0));
      g_string_append_c (fake->log, ')');
    }
}

/* replan: all guests of the plan that are not there yet and not left out, one after the other. */
static void
replan (Fake *fake, MigPlanProgress *execution)
{
  const GPtrArray *moves = mig_plan_progress_moves (execution);
  g_autoptr (GString) rest = g_string_new (NULL);

  for (guint i = mig_plan_progress_first (execution); i < moves->len; i++)
    {
      const MigPlannedMove *move = moves->pdata[i];
      if (move->state != MIG_MOVE_DONE && !mig_plan_progress_left_out (execution, move->uuid))
        g_string_append_printf (rest, "%s%s", rest->len ? " " : "", move->guest);
    }
  fake->plans++;
  fake->surveys += mig_plan_progress_wants_survey (execution);
  g_string_append (fake->log, " | ");
  set_plan (execution, rest->str, NULL);
}

static MigPlanProgress *
execute (Fake *fake, const char *plan, const char *other)
{
  MigPlanProgress *execution = mig_plan_progress_new ();

  fake->log = g_string_new (NULL);
  set_plan (execution, plan, other);
  for (;;)
    {
      perform (fake, execution);
      if (mig_plan_progress_state (execution) != MIG_PLAN_PROGRESS_REPLAN)
        break;
      replan (fake, execution);
    }
  g_assert_cmpint (mig_plan_progress_state (execution), ==, MIG_PLAN_PROGRESS_OVER);
  return execution;
}

static void
check_log (Fake *fake, const char *expected)
{
  g_assert_cmpstr (fake->log->str, ==, expected);
  g_string_free (fake->log, TRUE);
}

static MigMoveState
state_of (const MigPlanProgress *execution, const char *guest)
{
  return mig_plan_progress_last (execution, guest)->state;
}

/* Groups follow each other; the migrations of one start together, and hosts do not wait for each
 * other. */
static void
test_groups (void)
{
  Fake one = { 0 }, two = { 0 };
  g_autoptr (MigPlanProgress) groups = execute (&one, "a+b c", NULL);
  g_autoptr (MigPlanProgress) hosts G_GNUC_UNUSED = execute (&two, "a b", "x y");

  check_log (&one, "(a(ba)b)(cc)");
  g_assert_cmpuint (one.plans, ==, 0);
  check_log (&two, "(a(xa)(bx)(yb)y)");
  g_assert_cmpint (state_of (hosts, "y"), ==, MIG_MOVE_DONE);
  g_assert_cmpint (state_of (groups, "c"), ==, MIG_MOVE_DONE);
  g_assert_null (mig_plan_progress_avoid (groups, "c"));
}

/* One that fails once: nothing new starts, what runs ends, hosts are looked at, and it is tried
 * again. */
static void
test_failure (void)
{
  Fake fake = { .fails = "a", .failures = 1 };
  g_autoptr (MigPlanProgress) execution = execute (&fake, "a+b c", NULL);

  check_log (&fake, "(a(ba!)b) | (aa)(cc)");
  g_assert_cmpuint (fake.surveys, ==, 1);
  g_assert_cmpint (state_of (execution, "a"), ==, MIG_MOVE_DONE);
  g_assert_cmpuint (mig_plan_progress_last (execution, "a")->attempt, ==, 2);
  g_assert_cmpuint (mig_plan_progress_last (execution, "a")->plan, ==, 2);
  g_assert_false (mig_plan_progress_left_out (execution, "a"));
}

/* One that fails always is left out after one more try, and the rest goes on. */
/* Whether a guest ran when it was tried before: what it is now, the try may have left. */
static void
test_tried (void)
{
  g_autoptr (MigPlanProgress) execution = mig_plan_progress_new ();

  set_plan (execution, "a b", NULL);
  MigPlannedMove *first = mig_plan_progress_next (execution);
  first->ran = TRUE;
  g_assert_null (mig_plan_progress_tried (execution, first));
  mig_plan_progress_ended (execution, first, FALSE);
  set_plan (execution, "a b", NULL);
  const MigPlannedMove *again = mig_plan_progress_next (execution);
  g_assert_cmpstr (again->guest, ==, "a");
  g_assert_true (mig_plan_progress_tried (execution, again) == first);
  const GPtrArray *moves = mig_plan_progress_moves (execution);
  g_assert_null (mig_plan_progress_tried (execution, moves->pdata[moves->len - 1]));
}

static void
test_left_out (void)
{
  Fake fake = { .fails = "b", .failures = 9 };
  g_autoptr (MigPlanProgress) execution = execute (&fake, "a b c", NULL);

  check_log (&fake, "(aa)(bb!) | (bb!) | (cc)");
  g_assert_true (mig_plan_progress_left_out (execution, "b"));
  g_assert_false (mig_plan_progress_left_out (execution, "c"));
  g_assert_cmpint (state_of (execution, "b"), ==, MIG_MOVE_FAILED);
  g_assert_cmpstr (mig_plan_progress_avoid (execution, "b"), ==, "to");
  g_assert_cmpint (state_of (execution, "c"), ==, MIG_MOVE_DONE);
}

/* All fail: it ends. */
static void
test_all_fail (void)
{
  Fake fake = { .fails = "ab", .failures = 9 };
  g_autoptr (MigPlanProgress) execution = execute (&fake, "a+b", NULL);

  check_log (&fake, "(a(ba!)b!) | (aa!) | (bb!) | ");
  g_assert_true (mig_plan_progress_left_out (execution, "a"));
  g_assert_true (mig_plan_progress_left_out (execution, "b"));
}

/* One that takes longer than predicted: the rest is planned anew, without a look at the hosts; not
 * where nothing is left. */
static void
test_deviation (void)
{
  Fake fake = { .slow = "ac" };
  g_autoptr (MigPlanProgress) execution = execute (&fake, "a b c", NULL);

  check_log (&fake, "(aa) | (bb)(cc)");
  g_assert_cmpuint (fake.plans, ==, 1);
  g_assert_cmpuint (fake.surveys, ==, 0);
  g_assert_cmpuint (mig_plan_progress_plan (execution), ==, 2);
  const GPtrArray *moves = mig_plan_progress_moves (execution);
  g_assert_cmpuint (moves->len, ==, 5);
  g_assert_cmpint (((MigPlannedMove *) moves->pdata[1])->state, ==, MIG_MOVE_DROPPED);
}

/* Interrupted: what runs ends, nothing starts, not even a second try. */
/* What the model does not know of changes nothing that it predicts. */
static void
test_unmodelled (void)
{
  MigPlannedMove *move = mig_planned_move_new ("g", "u", "a", "b", 0);

  move->time = move->memory = (MigPredicted){ 10, 8, 12 };
  move->time_s = 60;
  g_assert_true (mig_planned_move_deviates (move));
  move->unmodelled = TRUE;
  g_assert_false (mig_planned_move_deviates (move));
  mig_planned_move_free (move);
}

/* Disks that take far longer or shorter than predicted are no deviation; memory that does is one,
 * whatever disks took. */
static void
test_disks (void)
{
  static const struct {
    double time_s, disk_s;
    gboolean deviates;
  } cases[] = {
    { 810, 800, FALSE }, { 50, 40, FALSE },  { 1210, 1200, FALSE },
    { 840, 800, TRUE },  { 803, 800, TRUE }, { 840, NAN, FALSE },
  };
  MigMigrationRecord record;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MigPlannedMove *move = mig_planned_move_new ("g", "u", "a", "b", 0);
      move->time = (MigPredicted){ 810, NAN, NAN };
      move->memory = (MigPredicted){ 10, NAN, NAN };
      mig_record_init (MIG_TABLE_MIGRATIONS, &record);
      record.disk_total_bytes = 100 * (gint64) 1000000000;
      if (!isnan (cases[i].disk_s))
        record.disk_ns = (gint64) (cases[i].disk_s * 1e9);
      move->record = mig_record_copy (MIG_TABLE_MIGRATIONS, &record);
      move->time_s = cases[i].time_s;
      g_assert_cmpint (mig_planned_move_deviates (move), ==, cases[i].deviates);
      if (!isnan (cases[i].disk_s))
        g_assert_cmpfloat_with_epsilon (mig_planned_move_memory_s (move),
                                        cases[i].time_s - cases[i].disk_s, 1e-6);
      mig_planned_move_free (move);
    }
}

static void
test_stop (void)
{
  Fake fake = { .stop_at = "a", .fails = "a", .failures = 1 };
  g_autoptr (MigPlanProgress) execution = execute (&fake, "a+b c", NULL);

  check_log (&fake, "(a(ba!)b)");
  g_assert_cmpuint (fake.plans, ==, 0);
  g_assert_null (mig_plan_progress_last (execution, "c"));
}

static void
test_expected (void)
{
  const MigPredicted interval = { 10, 8, 13 }, none = { 10, NAN, NAN }, least = { 10, 1, NAN },
                     nothing = { NAN, NAN, NAN };

  g_assert_false (mig_expected_deviates (&interval, 12.9, 1));
  g_assert_true (mig_expected_deviates (&interval, 13.1, 1));
  g_assert_true (mig_expected_deviates (&interval, 7.9, 1));
  g_assert_false (mig_expected_deviates (&interval, 13.1, 4));
  g_assert_false (mig_expected_deviates (&none, 19.9, 1));
  g_assert_true (mig_expected_deviates (&none, 20.1, 1));
  g_assert_true (mig_expected_deviates (&none, 4.9, 1));
  g_assert_false (mig_expected_deviates (&none, 4.9, 6));
  g_assert_false (mig_expected_deviates (&least, 0.6, 0.1));
  g_assert_true (mig_expected_deviates (&least, 0.4, 0.1));
  g_assert_false (mig_expected_deviates (&nothing, 3, 1));
  g_assert_false (mig_expected_deviates (&interval, NAN, 1));
}

/* A guest that ends by itself, or by its owner, is none that failed: the rest goes on as planned.
 */
static void
test_gone (void)
{
  g_autoptr (MigPlanProgress) execution = mig_plan_progress_new ();

  set_plan (execution, "a b", NULL);
  MigPlannedMove *move = mig_plan_progress_next (execution);
  mig_plan_progress_gone (execution, move);
  g_assert_cmpint (move->state, ==, MIG_MOVE_GONE);
  g_assert_cmpint (mig_plan_progress_state (execution), ==, MIG_PLAN_PROGRESS_GOING);
  move = mig_plan_progress_next (execution);
  g_assert_cmpstr (move->guest, ==, "b");
  move->time_s = 11;
  mig_plan_progress_ended (execution, move, TRUE);
  g_assert_cmpint (mig_plan_progress_state (execution), ==, MIG_PLAN_PROGRESS_OVER);
}

/* What is refused for good is not tried again. */
static void
test_refused (void)
{
  g_autoptr (MigPlanProgress) execution = mig_plan_progress_new ();

  set_plan (execution, "a b", NULL);
  MigPlannedMove *move = mig_plan_progress_next (execution);
  g_assert_false (mig_plan_progress_left_out (execution, "a"));
  mig_plan_progress_refused (execution, move);
  g_assert_true (mig_plan_progress_left_out (execution, "a"));
  g_assert_cmpint (move->state, ==, MIG_MOVE_FAILED);
  /* the rest goes on as it was planned */
  g_assert_cmpint (mig_plan_progress_state (execution), ==, MIG_PLAN_PROGRESS_GOING);
  g_assert_cmpstr (mig_plan_progress_next (execution)->guest, ==, "b");
}

/* What waits for the room that it would have made cannot go on. */
static void
test_refused_room (void)
{
  g_autoptr (MigPlanProgress) execution = mig_plan_progress_new ();
  GPtrArray *moves = g_ptr_array_new ();
  const guint first = 0;

  g_ptr_array_add (moves, move_of ("a", "from", 0));
  g_ptr_array_add (moves, move_of ("b", "to", 0));
  for (guint i = 0; i < 2; i++)
    {
      MigPlannedMove *move = moves->pdata[i];
      move->after = g_array_new (FALSE, FALSE, sizeof (guint));
      if (i == 1)
        g_array_append_val (move->after, first);
    }
  mig_plan_progress_set_plan (execution, moves);
  mig_plan_progress_refused (execution, mig_plan_progress_next (execution));
  g_assert_cmpint (mig_plan_progress_state (execution), ==, MIG_PLAN_PROGRESS_REPLAN);
  g_assert_true (mig_plan_progress_wants_survey (execution));
}

/* A move waits for others of its plan, whatever their hosts and groups. */
static void
test_waits (void)
{
  Fake fake = { .log = g_string_new (NULL) };
  g_autoptr (MigPlanProgress) execution = mig_plan_progress_new ();
  GPtrArray *moves = g_ptr_array_new ();
  static const guint first = 0, second = 1;

  for (guint i = 0; i < 3; i++)
    {
      MigPlannedMove *move = move_of ((char[]){ (char) ('a' + i), '\0' }, i == 1 ? "to" : "from",
                                      0);
      move->after = g_array_new (FALSE, FALSE, sizeof (guint));
      if (i > 0)
        g_array_append_vals (move->after, i == 1 ? &first : &second, 1);
      g_ptr_array_add (moves, move);
    }
  mig_plan_progress_set_plan (execution, moves);
  perform (&fake, execution);
  g_assert_cmpstr (fake.log->str, ==, "(aa)(bb)(cc)");
  g_string_free (fake.log, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/execution/groups", test_groups);
  g_test_add_func ("/execution/failure", test_failure);
  g_test_add_func ("/execution/left-out", test_left_out);
  g_test_add_func ("/execution/tried", test_tried);
  g_test_add_func ("/execution/all-fail", test_all_fail);
  g_test_add_func ("/execution/deviation", test_deviation);
  g_test_add_func ("/plan-progress/unmodelled", test_unmodelled);
  g_test_add_func ("/plan-progress/disks", test_disks);
  g_test_add_func ("/execution/stop", test_stop);
  g_test_add_func ("/execution/expected", test_expected);
  g_test_add_func ("/execution/gone", test_gone);
  g_test_add_func ("/execution/refused", test_refused);
  g_test_add_func ("/execution/refused-room", test_refused_room);
  g_test_add_func ("/execution/waits", test_waits);
  return g_test_run ();
}
