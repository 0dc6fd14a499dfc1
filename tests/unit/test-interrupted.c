/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "execute/interrupted.h"
#include "execute/kept-plan.h"

/* ---- a result as an execution leaves it ---- */

typedef struct {
  char *top, *path;
  MigResultWriter *writer;
} Fixture;

static void
begin (Fixture *self, const char *name)
{
  const MigManifest manifest = { .study_name = (char *) name, .study_title = (char *) "t" };
  const char xml[] = "<execution/>";

  self->top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  self->path = g_build_filename (self->top, "r", NULL);
  self->writer = mig_result_writer_new (self->path, xml, strlen (xml), &manifest, NULL);
  g_assert_nonnull (self->writer);
}

static void
end (Fixture *self)
{
  mig_result_writer_free (self->writer);
  g_assert_true (mig_files_remove_tree (self->top, NULL));
  g_free (self->path);
  g_free (self->top);
}

/* add_leg_...: from host to host; the others from 'a' to 'b' */
static void
add_leg_move (const Fixture *self, const char *const way[2], gint64 run, const char *guest,
              gint64 group, const char *after)
{
  const MigMoveRecord row = {
    run, (char *) guest, (char *) guest, (char *) way[0], (char *) way[1], group, (char *) after
  };
  g_assert_true (mig_result_writer_append (self->writer, MIG_TABLE_MOVES, &row, NULL));
}

static void
add_leg_event (const Fixture *self, const char *const way[2], gint64 run, const char *guest,
               const char *event, gint64 at_ns)
{
  const MigEventRecord row = {
    run, at_ns, (char *) way[0], (char *) guest, (char *) event, (char *) way[1]
  };
  g_assert_true (mig_result_writer_append (self->writer, MIG_TABLE_EVENTS, &row, NULL));
}

static void
add_leg_migration (const Fixture *self, const char *const way[2], gint64 run, const char *guest,
                   const char *status)
{
  MigMigrationRecord row;

  mig_record_init (MIG_TABLE_MIGRATIONS, &row);
  row.run = run;
  row.guest = (char *) guest;
  row.source = (char *) way[0];
  row.destination = (char *) way[1];
  row.status = (char *) status;
  row.start_ns = MIG_NS_PER_S;
  row.end_ns = 3 * MIG_NS_PER_S;
  g_assert_true (mig_result_writer_append (self->writer, MIG_TABLE_MIGRATIONS, &row, NULL));
}

static void
add_prediction (const Fixture *self, const char *label, const char *guest, const char *quantity,
                gint64 value_ns)
{
  const MigPredictionRecord row = { (char *) label,    (char *) "plan", (char *) guest,
                                    (char *) quantity, value_ns,        MIG_MISSING_INT,
                                    2 * value_ns,      (char *) "model" };
  g_assert_true (mig_result_writer_append (self->writer, MIG_TABLE_PREDICTIONS, &row, NULL));
}

static const char *const a_to_b[2] = { "a", "b" };

static void
add_move (const Fixture *self, gint64 run, const char *guest, gint64 group, const char *after)
{
  add_leg_move (self, a_to_b, run, guest, group, after);
}

static void
add_event (const Fixture *self, gint64 run, const char *guest, const char *event, gint64 at_ns)
{
  add_leg_event (self, a_to_b, run, guest, event, at_ns);
}

/* add_stop: one on its way from "a" was made to end so. */
static void
add_stop (const Fixture *self, gint64 run, const char *guest, const char *event, const char *detail,
          gint64 at_ns)
{
  const char *const from_a[2] = { "a", detail };

  add_leg_event (self, from_a, run, guest, event, at_ns);
}

static void
add_migration (const Fixture *self, gint64 run, const char *guest, const char *status)
{
  add_leg_migration (self, a_to_b, run, guest, status);
}

static void
add_run (const Fixture *self, gint64 run)
{
  const MigScheduleRecord planned = { run, (char *) "plan", 1 };
  MigRunRecord row;

  mig_record_init (MIG_TABLE_RUNS, &row);
  row.run = run;
  g_assert_true (mig_result_writer_append (self->writer, MIG_TABLE_SCHEDULE, &planned, NULL));
  if (run == 1)
    g_assert_true (mig_result_writer_append (self->writer, MIG_TABLE_RUNS, &row, NULL));
}

static const MigPlannedMove *
move_of (const MigInterrupted *interrupted, guint index)
{
  return interrupted->moves->pdata[index];
}

/* Two plans: of the first one guest moved and one failed; of the second, which was cut off, one was
 * under way, one was aborted and one had not begun. */
static void
test_load (void)
{
  Fixture fixture;
  begin (&fixture, MIG_EXECUTION_NAME);
  add_move (&fixture, 1, "x", 0, NULL);
  add_move (&fixture, 1, "y", 1, NULL);
  add_move (&fixture, 1, "z", 2, NULL);
  add_event (&fixture, 1, "x", MIG_EVENT_MOVING, 5);
  add_migration (&fixture, 1, "x", "ok");
  add_event (&fixture, 1, "y", MIG_EVENT_MOVING, 6);
  add_migration (&fixture, 1, "y", "failed");
  add_run (&fixture, 1);
  add_move (&fixture, 2, "y", 0, "");
  add_move (&fixture, 2, "z", 0, "0");
  add_move (&fixture, 2, "w", 0, "0 1");
  add_event (&fixture, 2, "y", MIG_EVENT_MOVING, 7);
  add_migration (&fixture, 2, "y", "aborted");
  add_event (&fixture, 2, "z", MIG_EVENT_MOVING, 8);
  add_event (&fixture, 2, "z", MIG_EVENT_AUTOSTART, 8);
  add_stop (&fixture, 2, "z", "iteration", "1", 9);
  add_stop (&fixture, 2, "z", "iteration", "2", 10);
  add_stop (&fixture, 2, "z", MIG_EVENT_STOP_RULE, "ram", 9);
  add_stop (&fixture, 2, "z", MIG_EVENT_TIMEOUT, "suspend", 10);
  add_stop (&fixture, 2, "z", MIG_EVENT_TIMEOUT, "operation failed: no post-copy", 11);
  add_stop (&fixture, 2, "y", MIG_EVENT_TIMEOUT, "post-copy", 12); /* none was under way */
  add_event (&fixture, 2, "z", MIG_EVENT_PAUSED, 8);
  add_run (&fixture, 2);
  g_assert_true (mig_result_writer_commit (fixture.writer, NULL));

  g_autoptr (GError) error = NULL;
  g_autoptr (MigInterrupted) interrupted = mig_interrupted_load (fixture.path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (interrupted->plans, ==, 2);
  g_assert_cmpuint (interrupted->moves->len, ==, 6);
  const MigMoveState states[] = { MIG_MOVE_DONE,    MIG_MOVE_FAILED,  MIG_MOVE_DROPPED,
                                  MIG_MOVE_DROPPED, MIG_MOVE_RUNNING, MIG_MOVE_WAITING };
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_assert_cmpint (move_of (interrupted, i)->state, ==, states[i]);
      g_assert_cmpuint (move_of (interrupted, i)->place, ==, i % 3);
    }
  g_assert_cmpfloat (move_of (interrupted, 0)->time_s, ==, 2);
  g_assert_null (move_of (interrupted, 0)->after);
  g_assert_cmpuint (move_of (interrupted, 3)->after->len, ==, 0);
  g_assert_cmpuint (move_of (interrupted, 5)->after->len, ==, 2);
  g_assert_cmpuint (g_array_index (move_of (interrupted, 5)->after, guint, 1), ==, 1);
  g_assert_cmpuint (g_hash_table_size (interrupted->starts), ==, 1);
  const MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts,
                                                          move_of (interrupted, 4));
  g_assert_cmpint (start->begun_ns, ==, 8);
  g_assert_cmpint (start->job_seen_ns, ==, 9);
  g_assert_cmpint (start->stop_cause, ==, MIG_STOP_SUSPENDED);
  g_assert_cmpint (start->stop_ns, ==, 10);
  g_assert_true (move_of (interrupted, 3)->ran);
  g_assert_false (move_of (interrupted, 4)->ran); /* it was paused already */
  g_assert_true (move_of (interrupted, 4)->autostart);
  g_assert_cmpuint (interrupted->open->len, ==, 1);
  g_assert_cmpint (g_array_index (interrupted->open, gint64, 0), ==, 2);
  /* what was broken off is left to do, as is what was not begun */
  g_autoptr (GPtrArray) left = mig_interrupted_left (interrupted);
  g_assert_cmpuint (left->len, ==, 2);
  g_assert_cmpstr (((MigPlannedMove *) left->pdata[0])->guest, ==, "y");
  g_assert_cmpstr (((MigPlannedMove *) left->pdata[1])->guest, ==, "w");
  end (&fixture);
}

/* A guest that goes over a third host has two moves in one plan. Cut off in its second one, which
 * has begun, and has ended in the second round: each keeps its own. */
static void
test_parked (void)
{
  static const char *const first[2] = { "a", "c" }, *const second[2] = { "c", "b" };

  for (guint ended = 0; ended < 2; ended++)
    {
      Fixture fixture;
      g_autoptr (GError) error = NULL;

      begin (&fixture, MIG_EXECUTION_NAME);
      add_leg_move (&fixture, first, 1, "x", 0, "");
      add_leg_move (&fixture, second, 1, "x", 0, "0");
      add_prediction (&fixture, "plan-1", NULL, "total-time", 9 * MIG_NS_PER_S);
      add_prediction (&fixture, "plan-1", "x", "total-time", MIG_NS_PER_S);
      add_prediction (&fixture, "plan-1", "x", "downtime", MIG_NS_PER_S / 2);
      add_prediction (&fixture, "plan-1", "x", "total-time", 3 * MIG_NS_PER_S);
      add_prediction (&fixture, "plan-2", "x", "total-time", 5 * MIG_NS_PER_S);
      add_leg_event (&fixture, first, 1, "x", MIG_EVENT_MOVING, 5);
      add_leg_event (&fixture, first, 1, "x", MIG_EVENT_AUTOSTART, 5);
      add_leg_migration (&fixture, first, 1, "x", "ok");
      add_leg_event (&fixture, second, 1, "x", MIG_EVENT_MOVING, 9);
      if (ended)
        add_leg_migration (&fixture, second, 1, "x", "failed");
      g_assert_true (mig_result_writer_commit (fixture.writer, NULL));
      g_autoptr (MigInterrupted) interrupted = mig_interrupted_load (fixture.path, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (move_of (interrupted, 0)->time.value, ==, 1);
      g_assert_cmpfloat (move_of (interrupted, 0)->time.high, ==, 2);
      g_assert_true (isnan (move_of (interrupted, 0)->time.low));
      g_assert_cmpfloat (move_of (interrupted, 0)->downtime.value, ==, 0.5);
      g_assert_cmpfloat (move_of (interrupted, 1)->time.value, ==, 3);
      g_assert_cmpint (move_of (interrupted, 0)->state, ==, MIG_MOVE_DONE);
      g_assert_cmpstr (move_of (interrupted, 0)->record->destination, ==, "c");
      g_assert_cmpint (move_of (interrupted, 1)->state, ==,
                       ended ? MIG_MOVE_FAILED : MIG_MOVE_RUNNING);
      g_assert_cmpuint (g_hash_table_size (interrupted->starts), ==, ended ? 0 : 1);
      const MigInterruptedStart *start = g_hash_table_lookup (interrupted->starts,
                                                              move_of (interrupted, 1));
      g_assert_true (ended || start->begun_ns == 9);
      g_assert_true (move_of (interrupted, 0)->autostart);
      g_assert_false (move_of (interrupted, 1)->autostart);
      end (&fixture);
    }
}

/* What failed, and was to take its autostart along, may have arrived since; what moved soundly
 * after that has taken it. */
static void
test_autostart (void)
{
  Fixture fixture;
  begin (&fixture, MIG_EXECUTION_NAME);
  for (gint64 run = 1; run <= 2; run++)
    for (const char *const *guest = (const char *const[]){ "x", "y", NULL }; *guest; guest++)
      {
        gboolean ok = run == 2 && **guest == 'y';
        add_move (&fixture, run, *guest, 0, NULL);
        add_event (&fixture, run, *guest, MIG_EVENT_MOVING, 5);
        add_event (&fixture, run, *guest, MIG_EVENT_AUTOSTART, 5);
        add_migration (&fixture, run, *guest, ok ? "ok" : "failed");
      }
  add_run (&fixture, 1);
  g_assert_true (mig_result_writer_commit (fixture.writer, NULL));

  g_autoptr (GError) error = NULL;
  g_autoptr (MigInterrupted) interrupted = mig_interrupted_load (fixture.path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (interrupted->starts), ==, 2);
  for (guint i = 0; i < 4; i++)
    g_assert_true (g_hash_table_contains (interrupted->starts, move_of (interrupted, i)) ==
                   (i % 2 == 0));
  g_assert_cmpint (move_of (interrupted, 0)->state, ==, MIG_MOVE_FAILED);
  end (&fixture);
}

/* A move that is written is the move that is read. */
static void
test_row (void)
{
  MigPlannedMove *move = mig_planned_move_new ("g", "u", "a", "b", 3);
  const guint before[] = { 4, 0 };

  move->after = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_vals (move->after, before, 2);
  MigMoveRecord row = mig_planned_move_record (move, 7);
  g_assert_cmpstr (row.after, ==, "4 0");
  MigPlannedMove *read = mig_planned_move_of (&row);
  g_assert_cmpuint (read->plan, ==, 7);
  g_assert_cmpuint (read->group, ==, 3);
  g_assert_cmpuint (g_array_index (read->after, guint, 0), ==, 4);
  mig_planned_move_free (read);
  g_free (row.after);
  row.after = (char *) "4 x";
  g_assert_null (mig_planned_move_of (&row));
  row = (MigMoveRecord){ .run = 1, .guest = (char *) "g" };
  g_assert_null (mig_planned_move_of (&row));
  mig_planned_move_free (move);
}

static void
refuses (const char *name, gboolean complete, const char *why)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  begin (&fixture, name);
  if (complete)
    g_assert_true (mig_result_writer_finish (fixture.writer, NULL));
  g_assert_null (mig_interrupted_load (fixture.path, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, why));
  end (&fixture);
}

static void
test_refused (void)
{
  refuses (MIG_EXECUTION_NAME, TRUE, "is complete");
  refuses ("smoke", FALSE, "is not the result of a plan");
}

/* ---- whether a plan still fits ---- */

/* ask: two guests of 1 GB each on 'a', of which the plan of now moves those that are named; 'b' has
 * so much memory, and would refuse those that are closed. left: "x y": of an earlier plan. */
static char *
ask (const char *moves_now, const char *left, double room_bytes, const char *on, const char *closed)
{
  MigSurvey survey = { .uuids = g_hash_table_new (g_str_hash, g_str_equal),
                       .seen = g_hash_table_new (g_str_hash, g_str_equal) };
  MigPlan plan = {
    .best = { .name = "plan", .moves = g_array_new (FALSE, FALSE, sizeof (MigMove)) }, .exact = TRUE
  };
  MigPlanSession planning = {
    .survey = &survey, .own_fleet = mig_fleet_new (), .model = mig_model_default (), .plan = &plan
  };
  g_autoptr (GPtrArray)
      earlier = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  MigFleetHost host = { .name = (char *) "a",
                        .memory_bytes = INFINITY,
                        .cpus = 2,
                        .link_bytes_per_s = 1e8,
                        .max_parallel = G_MAXUINT };

  mig_fleet_add_host (planning.own_fleet, &host);
  host.name = (char *) "b";
  host.memory_bytes = room_bytes;
  mig_fleet_add_host (planning.own_fleet, &host);
  for (const char *const *name = (const char *const[]){ "x", "y", NULL }; *name; name++)
    {
      const MigFleetVm vm = { .name = (char *) *name,
                              .host = strstr (on, *name) ? 1 : 0,
                              .to = MIG_NO_INDEX,
                              .memory_bytes = 1e9,
                              .used_bytes = 1e9,
                              .vcpus = 1,
                              .max_downtime_s = INFINITY };
      guint index = mig_fleet_add_vm (planning.own_fleet, &vm);
      const MigMove move = { index, 1, 0 };
      if (strstr (closed, *name))
        mig_fleet_vm_close (&g_array_index (planning.own_fleet->vms, MigFleetVm, index), "b",
                            "no network");
      g_hash_table_insert (survey.uuids, (char *) *name, (char *) *name);
      if (strstr (moves_now, *name))
        g_array_append_val (plan.best.moves, move);
      if (strstr (left, *name))
        g_ptr_array_add (earlier, mig_planned_move_new (*name, *name, "a", "b", 5 - earlier->len));
    }
  char *why = mig_kept_plan_take (&planning, earlier);
  /* taken: its groups are the earlier plan's */
  if (!why && earlier->len > 0)
    g_assert_cmpuint (g_array_index (plan.best.moves, MigMove, 0).group, ==, 5);
  g_assert_cmpint (plan.exact, ==, why != NULL);
  mig_order_clear (&plan.best);
  mig_fleet_free (planning.own_fleet);
  g_hash_table_unref (survey.uuids);
  g_hash_table_unref (survey.seen);
  return why;
}

static void
test_kept (void)
{
  static const struct {
    const char *now, *left;
    double room_bytes;
    const char *on, *why; /* NULL: it is kept */
    const char *closed;   /* NULL: none */
  } cases[] = {
    { "x y", "x y", INFINITY, "", NULL },
    { "x y", "x y", INFINITY, "", "guest 'y' cannot go to host 'b': no network", "y" },
    { "y", "y", INFINITY, "x", NULL },
    { "x y", "x", INFINITY, "", "other guests" },
    { "x", "x y", INFINITY, "", "guest 'y' has to be where it is" },
    { "x y", "x y", INFINITY, "y", "guest 'y' is on host 'b'" },
    { "x y", "x y", 1.5e9, "", "host 'b' has not the memory" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *why = ask (cases[i].now, cases[i].left, cases[i].room_bytes, cases[i].on,
                                  cases[i].closed ? cases[i].closed : "");
      if (cases[i].why)
        g_assert_nonnull (strstr (why ? why : "", cases[i].why));
      else
        g_assert_cmpstr (why, ==, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/interrupted/load", test_load);
  g_test_add_func ("/interrupted/parked", test_parked);
  g_test_add_func ("/interrupted/autostart", test_autostart);
  g_test_add_func ("/interrupted/row", test_row);
  g_test_add_func ("/interrupted/refused", test_refused);
  g_test_add_func ("/interrupted/kept", test_kept);
  return g_test_run ();
}
