/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/adjust.h"
#include "base/error.h"
#include "base/units.h"
#include "tests/unit/fleets.h"

/* Two guests of 512 MiB on one host, another host beside it, all idle. */
static MigFleet *
two_guests (double link_bytes_per_s)
{
  MigFleet *fleet = mig_fleet_new ();

  for (guint i = 0; i < 2; i++)
    {
      fleet_host (fleet, i == 0 ? "a" : "b", 2);
      g_array_index (fleet->hosts, MigFleetHost, i).link_bytes_per_s = link_bytes_per_s;
    }
  fleet_vm (fleet, "one", 0, 0, 0, 0);
  fleet_vm (fleet, "two", 0, 0, 0, 0);
  return fleet;
}

static MigMoveCost
run_one (const MigModel *model, const MigFleet *fleet, MigMove move, GArray *trace)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  MigMoveCost cost;
  MigPlanCost sum;

  mig_simulation_trace (simulation, trace);
  mig_simulation_run (simulation, NULL, &move, 1, &cost, &sum);
  return cost;
}

static MigMoveCost
cost_of (const MigModel *model, const MigFleet *fleet, MigMove move)
{
  return run_one (model, fleet, move, NULL);
}

/* as_measured: what a world of that model and fleet would show of a move. */
static MigMoveMeasured
as_measured (const MigModel *model, const MigFleet *fleet, MigMove move)
{
  g_autoptr (GArray) trace = g_array_new (FALSE, FALSE, sizeof (MigRoundCost));
  MigMoveCost cost = run_one (model, fleet, move, trace);
  MigMoveMeasured measured = { .move = move,
                               .time_s = cost.end_s - cost.start_s,
                               .downtime_s = cost.downtime_s,
                               .normal_pages = cost.sent_bytes / MIG_PAGE_BYTES,
                               .dirty_pages_per_s = NAN };

  for (guint i = 0; i < trace->len; i++)
    {
      const MigRoundCost *round = &g_array_index (trace, MigRoundCost, i);
      measured.sending_s += round->end_s - round->start_s;
    }
  return measured;
}

/* The link has a third of the rate that was assumed, and switching takes longer: after one
 * migration the other is predicted as it will be, though it is twice as large. */
static void
test_link (void)
{
  g_autoptr (MigFleet) assumed = two_guests (125e6), real = two_guests (125e6 / 3);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigModel model = mig_model_default (), truth = model;
  MigMove first = { 0, 1, 0 }, second = { 1, 1, 0 };
  MigAdjustment adjustment;

  truth.switch_s = 0.4;
  for (guint i = 0; i < 2; i++)
    {
      MigFleetVm *vm = &g_array_index ((i ? real : assumed)->vms, MigFleetVm, 1);
      vm->memory_bytes = vm->used_bytes = 1024. * MIG_MIB;
    }
  MigMoveMeasured one = as_measured (&truth, real, first);
  g_array_append_val (measured, one);
  double before = cost_of (&model, assumed, second).end_s,
         expected = cost_of (&truth, real, second).end_s;
  g_assert_cmpfloat (before, <, 0.5 * expected);

  mig_adjust (&model, assumed, measured, &adjustment);
  g_assert_cmpfloat_with_epsilon (adjustment.speed, 1. / 3, 1e-3);
  g_assert_cmpfloat_with_epsilon (adjustment.link_before_bytes_per_s, 125e6, 1);
  g_assert_cmpfloat_with_epsilon (adjustment.link_after_bytes_per_s, 125e6 / 3, 1e5);
  g_assert_cmpfloat_with_epsilon (adjustment.switch_after_s, 0.4, 0.01);
  g_assert_cmpfloat_with_epsilon (cost_of (&model, assumed, second).end_s, expected,
                                  0.02 * expected);
  g_assert_cmpfloat_with_epsilon (cost_of (&model, assumed, first).end_s, one.time_s, 0.02);
}

/* Switching over is slow on a destination that is busy: the work is found, not the time it took
 * there. */
static void
test_busy (void)
{
  g_autoptr (MigFleet) fleet = two_guests (125e6);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigModel model = mig_model_default (), truth = model;
  MigAdjustment adjustment;

  for (guint i = 0; i < 3; i++)
    fleet_vm (fleet, "busy", 1, 1, 0, 0);
  truth.switch_s = 0.2;
  MigMoveMeasured one = as_measured (&truth, fleet, (MigMove){ 0, 1, 0 });
  g_assert_cmpfloat (one.downtime_s, >, 0.3);
  g_array_append_val (measured, one);
  mig_adjust (&model, fleet, measured, &adjustment);
  g_assert_cmpfloat_with_epsilon (adjustment.switch_after_s, 0.2, 1e-3);
  g_assert_cmpfloat_with_epsilon (cost_of (&model, fleet, one.move).downtime_s, one.downtime_s,
                                  1e-3);
}

/* A faster link than assumed, where the CPUs are what limits: it is found faster all the same. */
static void
test_faster (void)
{
  g_autoptr (MigFleet) assumed = two_guests (125e6), real = two_guests (1250e6);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigModel model = mig_model_default (), truth = model;
  MigAdjustment adjustment;

  model.source_s_per_byte = model.destination_s_per_byte = 1e-8;
  MigMoveMeasured one = as_measured (&truth, real, (MigMove){ 0, 1, 0 });
  g_array_append_val (measured, one);
  mig_adjust (&model, assumed, measured, &adjustment);
  g_assert_cmpfloat (adjustment.speed, >, 5);
  g_assert_cmpfloat_with_epsilon (cost_of (&model, assumed, (MigMove){ 1, 1, 0 }).end_s, one.time_s,
                                  0.05 * one.time_s);
}

/* Half of the memory that was taken for used is not: the next guest of that kind is predicted as it
 * will be. */
static void
test_fewer_bytes (void)
{
  g_autoptr (MigFleet) assumed = two_guests (125e6), real = two_guests (125e6 / 3);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigModel model = mig_model_default (), truth = model;
  MigAdjustment adjustment;

  for (guint i = 0; i < 2; i++)
    g_array_index (real->vms, MigFleetVm, i).used_bytes /= 2;
  MigMoveMeasured one = as_measured (&truth, real, (MigMove){ 0, 1, 0 });
  g_array_append_val (measured, one);
  mig_adjust (&model, assumed, measured, &adjustment);
  g_assert_cmpfloat_with_epsilon (cost_of (&model, assumed, (MigMove){ 0, 1, 0 }).end_s, one.time_s,
                                  0.02);
  g_assert_cmpfloat_with_epsilon (cost_of (&model, assumed, (MigMove){ 1, 1, 0 }).end_s, one.time_s,
                                  0.02);
  g_assert_cmpfloat (adjustment.link_after_bytes_per_s, >, 125e6 / 3);
}

/* As above, but a limit of the migration's bandwidth is what it took: nothing is found out about
 * the links. */
static void
test_capped (void)
{
  g_autoptr (MigFleet) assumed = two_guests (125e6), real = two_guests (125e6);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigModel model = mig_model_default ();
  MigAdjustment adjustment;

  model.cap_bytes_per_s = 8e6;
  for (guint i = 0; i < 2; i++)
    g_array_index (real->vms, MigFleetVm, i).used_bytes /= 2;
  MigMoveMeasured one = as_measured (&model, real, (MigMove){ 0, 1, 0 });
  g_array_append_val (measured, one);
  g_assert_cmpfloat (one.time_s, <, 0.6 * cost_of (&model, assumed, (MigMove){ 0, 1, 0 }).end_s);
  mig_adjust (&model, assumed, measured, &adjustment);
  g_assert_cmpfloat_with_epsilon (adjustment.speed, 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (adjustment.link_after_bytes_per_s, 125e6, 1e5);
}

/* A small guest that is idle is gone in a moment: that says nothing of the link, though it is
 * faster than was thought. */
static void
test_small (void)
{
  g_autoptr (MigFleet) assumed = two_guests (125e6), real = two_guests (1250e6);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigModel model = mig_model_default (), truth = model;
  MigAdjustment adjustment;

  g_array_index (assumed->vms, MigFleetVm, 0).used_bytes = 16. * MIG_MIB;
  g_array_index (real->vms, MigFleetVm, 0).used_bytes = 4. * MIG_MIB;
  MigMoveMeasured one = as_measured (&truth, real, (MigMove){ 0, 1, 0 });
  g_assert_cmpfloat (one.sending_s, <, 0.3);
  g_array_append_val (measured, one);
  mig_adjust (&model, assumed, measured, &adjustment);
  g_assert_false (adjustment.tells_speed);
  g_assert_cmpfloat (adjustment.speed, ==, 1);
  g_assert_cmpfloat (adjustment.link_after_bytes_per_s, ==, 125e6);
}

/* Memory took what was predicted, and disks, which are not part of it, far less than that: a thin
 * image; or far more: slow storage. Nothing is found out about links and fixed times. */
static void
test_disks (void)
{
  static const double disk_bytes[] = { 100e9, 1e6 };

  for (guint i = 0; i < G_N_ELEMENTS (disk_bytes); i++)
    {
      g_autoptr (MigFleet) real = two_guests (125e6), fleet = two_guests (125e6);
      g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
      MigModel model = mig_model_default (), before;
      MigAdjustment adjustment;
      model.copies_disks = TRUE;
      before = model;
      MigMoveMeasured one = as_measured (&model, real, (MigMove){ 0, 1, 0 });
      g_assert_true (one.sending_s > 0.3);
      g_array_append_val (measured, one);
      g_array_index (fleet->vms, MigFleetVm, 0).disk_bytes = disk_bytes[i];
      mig_adjust (&model, fleet, measured, &adjustment);
      g_assert_cmpfloat_with_epsilon (adjustment.speed, 1, 1e-6);
      g_assert_cmpfloat_with_epsilon (model.end_s, before.end_s, 1e-6);
      g_assert_cmpfloat_with_epsilon (model.switch_s, before.switch_s, 1e-6);
      g_assert_cmpfloat_with_epsilon (adjustment.link_after_bytes_per_s, 125e6, 1e2);
    }
}

/* Memory is sent faster than was assumed: that says nothing of how disks are read and written. */
static void
test_disk_work (void)
{
  g_autoptr (MigFleet) assumed = two_guests (125e6), real = two_guests (250e6);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigModel model = mig_model_default (), before = model;
  MigAdjustment adjustment;

  MigMoveMeasured one = as_measured (&model, real, (MigMove){ 0, 1, 0 });
  g_array_append_val (measured, one);
  mig_adjust (&model, assumed, measured, &adjustment);
  g_assert_cmpfloat (adjustment.speed, >, 1.5);
  g_assert_cmpfloat (model.source_s_per_byte, <, before.source_s_per_byte);
  g_assert_cmpfloat (model.source_s_per_disk_byte, ==, before.source_s_per_disk_byte);
  g_assert_cmpfloat (model.destination_s_per_disk_byte, ==, before.destination_s_per_disk_byte);
}

/* A guest that was seen to update more than was known, and one of which nothing is known. */
static void
test_dirty_rate (void)
{
  g_autoptr (MigFleet) fleet = two_guests (125e6);
  g_autoptr (GArray) measured = g_array_new (FALSE, FALSE, sizeof (MigMoveMeasured));
  MigMoveMeasured seen[] = {
    { .move = { 0, 1, 0 }, .time_s = NAN, .downtime_s = NAN, .dirty_pages_per_s = 5000 },
    { .move = { 1, 1, 1 }, .time_s = NAN, .downtime_s = NAN, .dirty_pages_per_s = NAN }
  };
  MigModel model = mig_model_default (), before = model;
  MigAdjustment adjustment;

  g_array_append_vals (measured, seen, 2);
  mig_adjust (&model, fleet, measured, &adjustment);
  g_assert_cmpfloat (mig_fleet_vm (fleet, 0)->dirty_pages_per_s, ==, 5000);
  g_assert_cmpfloat (mig_fleet_vm (fleet, 1)->dirty_pages_per_s, ==, 0);
  g_assert_cmpfloat (adjustment.speed, ==, 1);
  g_assert_cmpfloat (model.end_s, ==, before.end_s);
  g_assert_cmpfloat (model.switch_s, ==, before.switch_s);
  g_array_set_size (measured, 0);
  mig_adjust (&model, fleet, measured, &adjustment);
  g_assert_cmpfloat (adjustment.link_after_bytes_per_s, ==, 125e6);
}

/* A VM that stays is in no plan, though its host is to be emptied; one avoids a host as long as it
 * can. */
static void
test_stays (void)
{
  g_autoptr (MigFleet) fleet = two_guests (125e6);
  g_autoptr (GError) error = NULL;
  MigModel model = mig_model_default ();

  fleet_host (fleet, "c", 2);
  g_array_index (fleet->vms, MigFleetVm, 0).stays = TRUE;
  g_array_index (fleet->vms, MigFleetVm, 1).avoid = g_strdup ("b");
  for (guint both = 2; both >= 1; both--)
    {
      MigTask task = fleet_task (fleet, 2);
      g_array_set_size ((GArray *) task.targets, both);
      g_array_index (fleet->vms, MigFleetVm, 1).to = MIG_NO_INDEX;
      g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (plan->best.moves->len, ==, 1);
      const MigMove *move = &g_array_index (plan->best.moves, MigMove, 0);
      g_assert_cmpuint (move->vm, ==, 1);
      g_assert_cmpstr (mig_fleet_host (fleet, move->to)->name, ==, both == 2 ? "c" : "b");
      mig_task_clear (&task);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/adjust/link", test_link);
  g_test_add_func ("/adjust/busy", test_busy);
  g_test_add_func ("/adjust/faster", test_faster);
  g_test_add_func ("/adjust/fewer-bytes", test_fewer_bytes);
  g_test_add_func ("/adjust/capped", test_capped);
  g_test_add_func ("/adjust/small", test_small);
  g_test_add_func ("/adjust/disks", test_disks);
  g_test_add_func ("/adjust/disk-work", test_disk_work);
  g_test_add_func ("/adjust/dirty-rate", test_dirty_rate);
  g_test_add_func ("/adjust/stays", test_stays);
  return g_test_run ();
}
