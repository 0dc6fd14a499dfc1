/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "plan/assign.h"
#include "plan/bandwidth.h"
#include "plan/bound.h"
#include "plan/orders.h"
#include "plan/search.h"
#include "tests/unit/fleets.h"

static gboolean
nearly (double a, double b)
{
  return fabs (a - b) <= 1e-6 * fmax (1, fmax (fabs (a), fabs (b)));
}

/* --- brute force: every order in groups, simulated as a whole --- */

typedef struct {
  const MigModel *model;
  const MigFleet *fleet;
  const MigTask *task;
  MigSimulation *simulation;
  MigMove moves[16];
  guint n, tried;
  MigPlanValue best;
} Brute;

static void
try_order (Brute *brute)
{
  MigPlanCost cost;
  MigMoveCost costs[16];
  gboolean allowed = TRUE;

  mig_simulation_run (brute->simulation, NULL, brute->moves, brute->n, costs, &cost);
  for (guint i = 0; i < brute->n; i++)
    allowed = allowed && costs[i].converges &&
              costs[i].downtime_s <=
                  mig_fleet_vm (brute->fleet, brute->moves[i].vm)->max_downtime_s;
  brute->tried++;
  const MigPlanValue value = mig_plan_value (&brute->task->objective, &cost);
  if (allowed && mig_plan_value_compare (&value, &brute->best) < 0)
    brute->best = value;
}

/* permute: VMs of the source that are not in used, at place; within a group by number. */
static void
permute (Brute *brute, guint used, guint place, guint group, guint in_group)
{
  if (place == brute->n)
    {
      try_order (brute);
      return;
    }
  for (guint vm = 0; vm < brute->n; vm++)
    {
      if (used >> vm & 1)
        continue;
      guint to = mig_fleet_vm (brute->fleet, vm)->to;
      if (in_group > 0 && in_group < brute->task->parallel && brute->moves[place - 1].vm < vm)
        {
          brute->moves[place] = (MigMove){ vm, to, group };
          permute (brute, used | 1u << vm, place + 1, group, in_group + 1);
        }
      brute->moves[place] = (MigMove){ vm, to, group + 1 };
      permute (brute, used | 1u << vm, place + 1, group + 1, 1);
    }
}

static MigPlanValue
brute_force (const MigModel *model, const MigFleet *fleet, const MigTask *task, guint n)
{
  Brute brute = { .model = model, .fleet = fleet, .task = task, .n = n, .best = { INFINITY } };

  brute.simulation = mig_simulation_new (model, fleet);
  permute (&brute, 0, 0, 0, 0);
  mig_simulation_free (brute.simulation);
  return brute.best;
}

static const MigObjective objectives[] = {
  { .time = 1 },
  { .downtime = 1 },
  { .lost = 1 },
  { .worst_downtime = TRUE },
  { .time = 1, .downtime = 20, .lost = 0.5 },
};

static MigModel
random_model (GRand *rand)
{
  MigModel model = mig_model_default ();

  model.source_s_per_byte = g_rand_double_range (rand, 0.5e-9, 8e-9);
  model.destination_s_per_byte = g_rand_double_range (rand, 0.5e-9, 8e-9);
  model.downtime_limit_s = g_rand_boolean (rand) ? 0.3 : 0;
  model.max_rounds = g_rand_boolean (rand) ? 29 : 5;
  model.min_pages = 50;
  model.max_ram = g_rand_boolean (rand) ? 3 : 0;
  model.sched_entity = g_rand_int_range (rand, 0, MIG_SCHED_ENTITY_MANAGEMENT + 1);
  return model;
}

static void
compare (GRand *rand, guint n, guint parallel, guint objective)
{
  g_autoptr (MigFleet) fleet = fleet_random (rand, n);
  g_autoptr (GError) error = NULL;
  MigModel model = random_model (rand);
  MigTask task = fleet_task (fleet, parallel);

  task.objective = objectives[objective];
  g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
  g_assert_no_error (error);
  g_assert_true (plan->exact);
  task.objective = plan->objective;
  MigPlanValue best = brute_force (&model, fleet, &task, n);
  double value = mig_objective_value (&task.objective, &plan->best.cost);
  if (!nearly (value, best.objective))
    g_error ("%u VMs, %u at a time, objective %u: plan %.9g, brute force %.9g", n, parallel,
             objective, value, best.objective);
  MigPlanValue found = mig_plan_value (&task.objective, &plan->best.cost);
  if (!task.objective.worst_downtime)
    g_assert_cmpint (mig_plan_value_compare (&found, &best), <=, 0);
  double bound = mig_plan_bound (&model, fleet, &task, plan->best.moves, FALSE);
  if (bound > value * (1 + 1e-9))
    g_error ("%u VMs, %u at a time, objective %u: bound %.9g above %.9g", n, parallel, objective,
             bound, value);
  for (guint i = 0; i < plan->others->len; i++)
    {
      const MigOrder *other = plan->others->pdata[i];
      g_assert_cmpfloat (mig_objective_value (&task.objective, &other->cost), >=,
                         value - 1e-6 * fabs (value));
    }
  mig_task_clear (&task);
}

static void
test_brute_force (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);

  for (guint i = 0; i < 60; i++)
    compare (rand, g_rand_int_range (rand, 1, 7), 1, i % G_N_ELEMENTS (objectives));
  for (guint i = 0; i < 40; i++)
    compare (rand, g_rand_int_range (rand, 1, 5), g_rand_int_range (rand, 2, 4),
             i % G_N_ELEMENTS (objectives));
  compare (rand, 8, 1, 0);
}

/* A beam finds no better plan than the exact search, and its bound holds. */
static void
test_beam (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  MigModel model = random_model (rand);

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (MigFleet) fleet = fleet_random (rand, 9);
      MigTask task = fleet_task (fleet, 2);
      task.objective = objectives[i % G_N_ELEMENTS (objectives)];
      g_autoptr (MigPlan) exact = mig_plan_make (&model, fleet, &task, NULL);
      task.effort = 300;
      g_autoptr (MigPlan) beam = mig_plan_make (&model, fleet, &task, NULL);
      double best = mig_objective_value (&exact->objective, &exact->best.cost);
      double found = mig_objective_value (&exact->objective, &beam->best.cost);
      g_assert_true (exact->exact);
      g_assert_false (beam->exact);
      g_assert_cmpfloat (found, >=, best - 1e-6 * fabs (best));
      g_assert_true (isnan (beam->bound) || beam->bound <= best * (1 + 1e-9));
      mig_task_clear (&task);
    }
}

/* What is compared first, and what only where that is equal. */
static void
test_values (void)
{
  static const MigPlanCost costs[] = { { .time_s = 10, .downtime_s = 9, .lost_s = 9 },
                                       { .time_s = 10 + 1e-9, .downtime_s = 9, .lost_s = 10 },
                                       { .time_s = 10, .downtime_s = 9.1, .lost_s = -5 },
                                       { .time_s = 10.001, .downtime_s = 1, .lost_s = -5 } };
  static const MigObjective time = { .time = 1 };
  const MigPlanValue never = { .objective = INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (costs); i++)
    {
      MigPlanValue a = mig_plan_value (&time, &costs[i]);
      g_assert_cmpint (mig_plan_value_compare (&a, &never), <, 0);
      g_assert_cmpint (mig_plan_value_compare (&never, &a), >, 0);
      for (guint j = 0; j < G_N_ELEMENTS (costs); j++)
        {
          MigPlanValue b = mig_plan_value (&time, &costs[j]);
          g_assert_cmpint (mig_plan_value_compare (&a, &b), ==, (i > j) - (i < j));
        }
    }
  g_assert_cmpint (mig_plan_value_compare (&never, &never), ==, 0);
}

/* Two guests share a CPU, and each has one of its own when the other has left: all orders take the
 * same time, but the sooner the first has left, the more they gain. 512 MiB take 4.29497 s at
 * 1 Gbit/s, in each second of which both work twice as fast as before. */
static void
test_ties (void)
{
  for (guint scheduled = 0; scheduled < 2; scheduled++)
    for (guint i = 0; i < G_N_ELEMENTS (objectives); i++)
      {
        g_autoptr (MigFleet) fleet = mig_fleet_new ();
        MigModel model = mig_model_default ();
        model.source_s_per_byte = model.destination_s_per_byte = 0;
        model.source_s_per_constant = model.destination_s_per_constant = 0;
        fleet_host (fleet, "a", 1);
        fleet_host (fleet, "b", 4);
        fleet_vm (fleet, "a large one", 0, 1, 0, 0);
        fleet_vm (fleet, "small", 0, 1, 0, 0);
        MigFleetVm *vms = (MigFleetVm *) (gpointer) fleet->vms->data;
        vms[0].memory_bytes = vms[0].used_bytes = 1024. * MIG_MIB;
        vms[0].to = vms[1].to = 1;
        MigTask task = fleet_task (fleet, 1);
        task.objective = objectives[i];
        task.target_state = scheduled == 1;
        g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, NULL);
        const MigOrder *by_name = plan->others->pdata[0];
        g_assert_cmpuint (g_array_index (plan->best.moves, MigMove, 0).vm, ==, 1);
        g_assert_cmpuint (g_array_index (by_name->moves, MigMove, 0).vm, ==, 0);
        g_assert_true (nearly (by_name->cost.time_s, plan->best.cost.time_s));
        g_assert_true (nearly (by_name->cost.downtime_s, plan->best.cost.downtime_s));
        g_assert_true (
            nearly (by_name->cost.lost_s - plan->best.cost.lost_s, 2 * 512. * MIG_MIB / 125e6));
        mig_task_clear (&task);
      }
}

static double
value_of_limit (const GArray *tried, double cap)
{
  for (guint i = 0; i < tried->len; i++)
    if (g_array_index (tried, MigBandwidth, i).cap_bytes_per_s == cap)
      return g_array_index (tried, MigBandwidth, i).value;
  g_assert_not_reached ();
}

/* The bandwidth that is found costs no more than any that was tried, but for a hundredth, and the
 * plan is made with it. */
static void
test_bandwidth (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint n_capped = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (MigFleet) fleet = fleet_random (rand, 4);
      g_autoptr (GArray) tried = NULL;
      MigModel model = random_model (rand);
      MigTask task = fleet_task (fleet, 2);
      task.objective = objectives[i % G_N_ELEMENTS (objectives)];
      g_autoptr (MigPlan) plan = mig_plan_make_capped (&model, fleet, &task, &tried, NULL);
      g_assert_nonnull (plan);
      double value = value_of_limit (tried, model.cap_bytes_per_s);
      for (guint j = 0; j < tried->len; j++)
        {
          double other = g_array_index (tried, MigBandwidth, j).value;
          g_assert_true (isnan (other) || value <= other + 0.0101 * fabs (other));
        }
      mig_order_evaluate (&plan->best, &model, fleet);
      double placement = plan->objective.lost > 0
                             ? mig_order_placement_lost (&plan->best, &model, fleet)
                             : 0;
      MigObjective objective = plan->objective;
      MigPlanCost cost = plan->best.cost;
      objective.lost_after = 0;
      cost.lost_s -= placement;
      g_assert_true (nearly (value, mig_objective_value (&objective, &cost)));
      n_capped += isfinite (model.cap_bytes_per_s);
      mig_task_clear (&task);
    }
  g_test_message ("%u of 20 plans are better with a limit", n_capped);
}

/* limit_for_lost_work: of two guests of a host with so many CPUs, each of which wants `cpu` of
 * them. crowded: they go to a host that another guest keeps busy, and fare best while the plan
 * lasts. */
static double
limit_for_lost_work (double cpus, double cpu, gboolean crowded)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GArray) tried = NULL;
  MigModel model = mig_model_default ();

  model.source_s_per_byte = model.destination_s_per_byte = 8e-9;
  guint a = fleet_host (fleet, "a", cpus), b = fleet_host (fleet, "b", cpus);
  fleet_vm (fleet, "one", a, cpu, 0, 0);
  fleet_vm (fleet, "two", a, cpu, 0, 0);
  if (crowded)
    fleet_vm (fleet, "there", b, cpu, 0, 0);
  MigTask task = fleet_task (fleet, 1);
  task.objective = (MigObjective){ .lost = 1 };
  g_autoptr (MigPlan) plan = mig_plan_make_capped (&model, fleet, &task, &tried, NULL);
  g_assert_nonnull (plan);
  mig_task_clear (&task);
  return model.cap_bytes_per_s;
}

/* A limit that only makes a plan linger where the guests fare well is none that anybody wants; one
 * that leaves the migration with the CPUs that nobody uses is. */
static void
test_lingering (void)
{
  g_assert_true (isinf (limit_for_lost_work (1, 1, TRUE)));
  double cap = limit_for_lost_work (1.3, 0.6, FALSE); /* a tenth of a CPU is spare */
  g_assert_true (isfinite (cap));
  g_assert_cmpfloat (cap * 8e-9, <=, 0.1 + 1e-9);
  g_assert_cmpfloat (cap * 8e-9, >=, 0.1 * 0.79);
}

/* A VM that cannot be moved is told where a limit wins, too. */
static void
test_limit_skips (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GArray) tried = NULL;
  MigModel model = mig_model_default ();

  model.source_s_per_byte = model.destination_s_per_byte = 8e-9;
  fleet_host (fleet, "a", 1.3);
  fleet_host (fleet, "b", 1.3);
  fleet_vm (fleet, "one", 0, 0.6, 0, 0);
  guint held = fleet_vm (fleet, "held", 0, 0, 0, 0);
  fleet_vm (fleet, "two", 0, 0.6, 0, 0);
  g_array_index (fleet->vms, MigFleetVm, held).obstacle = g_strdup ("it has a snapshot");
  MigTask task = fleet_task (fleet, 1);
  task.objective = (MigObjective){ .lost = 1 };
  task.skip_impossible = TRUE;
  g_autoptr (MigPlan) plan = mig_plan_make_capped (&model, fleet, &task, &tried, NULL);
  g_assert_nonnull (plan);
  g_assert_true (isfinite (model.cap_bytes_per_s));
  g_assert_cmpuint (plan->best.moves->len, ==, 2);
  g_assert_cmpuint (plan->skipped->len, ==, 1);
  g_assert_cmpuint (((const MigObstacle *) plan->skipped->pdata[0])->vm, ==, held);
  mig_task_clear (&task);
}

/* Two orders that differ only in how long they take: work is not saved by taking longer. */
static void
test_lost_work (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = mig_model_default ();

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 4);
  fleet_vm (fleet, "busy", 0, 1, 0, 0);
  fleet_vm (fleet, "busy too", 0, 1, 0, 0);
  MigTask task = fleet_task (fleet, 1);
  task.objective = (MigObjective){ .lost = 1 };
  g_autoptr (MigPlan) fast = mig_plan_make (&model, fleet, &task, NULL);
  model.end_s += 60;
  g_autoptr (MigPlan) slow = mig_plan_make (&model, fleet, &task, NULL);
  /* each has all of a CPU at the end, half before: twice its work */
  g_assert_true (nearly (fast->objective.lost_after, -2));
  g_assert_cmpfloat (slow->best.cost.lost_s, <, fast->best.cost.lost_s);
  g_assert_true (nearly (mig_objective_value (&slow->objective, &slow->best.cost),
                         mig_objective_value (&fast->objective, &fast->best.cost)));
  mig_task_clear (&task);
}

static void
test_relieve (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;
  MigModel model = mig_model_default ();

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 4);
  fleet_vm (fleet, "dirty", 0, 1, 400e6, 20000);
  fleet_vm (fleet, "idle", 0, 0, 0, 0);
  fleet_vm (fleet, "busy", 0, 1, 0, 0);
  MigTask task = fleet_task (fleet, 1);
  task.relieve_to_cpus = 1;
  g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->best.moves->len, ==, 1);
  g_assert_cmpuint (g_array_index (plan->best.moves, MigMove, 0).vm, ==, 2);
  mig_task_clear (&task);
}

static void
test_limits (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;
  MigModel model = mig_model_default ();

  model.max_rounds = 5;
  model.downtime_limit_s = 0;
  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 4);
  guint vm = fleet_vm (fleet, "dirty", 0, 1, 400e6, 1e6);
  MigTask task = fleet_task (fleet, 1);
  g_array_index (fleet->vms, MigFleetVm, vm).max_downtime_s = 1;
  g_assert_null (mig_plan_make (&model, fleet, &task, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_clear_error (&error);
  /* QEMU's own rule: nothing ends it */
  g_array_index (fleet->vms, MigFleetVm, vm).max_downtime_s = INFINITY;
  model.max_rounds = 0;
  model.downtime_limit_s = 0.3;
  g_assert_null (mig_plan_make (&model, fleet, &task, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  mig_task_clear (&task);
}

static void
test_assign (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GPtrArray) obstacles = mig_obstacles_new ();
  MigFleetHost small = { (char *) "small", 600e6, 1, 125e6, 2 };

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 2);
  mig_fleet_add_host (fleet, &small);
  for (guint i = 0; i < 3; i++)
    {
      guint vm = fleet_vm (fleet, "x", 0, 1, 0, 0);
      g_array_index (fleet->vms, MigFleetVm, vm).apart = i < 2 ? g_strdup ("pair") : NULL;
    }
  MigTask task = fleet_task (fleet, 1);
  mig_plan_assign (fleet, &task, obstacles);
  g_assert_cmpuint (obstacles->len, ==, 0);
  g_assert_cmpuint (mig_fleet_vm (fleet, 0)->to, ==, 1);
  g_assert_cmpuint (mig_fleet_vm (fleet, 1)->to, ==, 2); /* apart from the first */
  g_assert_cmpuint (mig_fleet_vm (fleet, 2)->to, ==, 1); /* no memory left on the small one */
  for (guint i = 0; i < 3; i++)
    g_array_index (fleet->vms, MigFleetVm, i).to = MIG_NO_INDEX;
  g_array_index (fleet->vms, MigFleetVm, 2).apart = g_strdup ("pair");
  mig_plan_assign (fleet, &task, obstacles);
  g_assert_cmpuint (obstacles->len, ==, 1);
  g_assert_cmpuint (((const MigObstacle *) obstacles->pdata[0])->vm, ==, 2);
  mig_task_clear (&task);
}

/* One host would refuse the VM, one has no memory: what is said names both. */
static void
test_closed (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GPtrArray) obstacles = mig_obstacles_new ();
  MigFleetHost small = { (char *) "small", 600e6, 1, 125e6, 2 };

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "large", 8);
  mig_fleet_add_host (fleet, &small);
  fleet_vm (fleet, "x", 0, 1, 0, 0);
  MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, 0);
  mig_fleet_vm_close (vm, "large", "no network");
  mig_fleet_vm_close (vm, "large", "no machine type");
  MigTask task = fleet_task (fleet, 1);
  mig_plan_assign (fleet, &task, obstacles);
  g_assert_cmpuint (obstacles->len, ==, 0);
  g_assert_cmpuint (vm->to, ==, 2);
  vm->to = MIG_NO_INDEX;
  g_array_index (fleet->hosts, MigFleetHost, 2).memory_bytes = 100e6;
  mig_plan_assign (fleet, &task, obstacles);
  g_assert_cmpuint (obstacles->len, ==, 1);
  const char *reason = ((const MigObstacle *) obstacles->pdata[0])->reason;
  g_assert_nonnull (strstr (reason, "it does not fit on its only possible host: "));
  g_assert_nonnull (strstr (reason, "100 MB is left"));
  g_assert_nonnull (strstr (reason, "host 'large': no network; no machine type"));
  mig_task_clear (&task);
}

/* balanced: the VM that goes from a to b so that both use as much; MIG_NO_INDEX: none can. */
static guint
balanced (MigFleet *fleet)
{
  const MigBalance balance = { "cpu", 0.1 };
  MigModel model = mig_model_default ();
  g_autoptr (GError) error = NULL;

  model.copies_disks = TRUE;
  if (!mig_balance_choose (&balance, &model, fleet, &error))
    return MIG_NO_INDEX;
  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->to != MIG_NO_INDEX)
      {
        g_assert_cmpstr (mig_fleet_host (fleet, mig_fleet_vm (fleet, i)->to)->name, ==, "b");
        return i;
      }
  g_assert_not_reached ();
}

/* Of two VMs that are alike the first goes, unless it cannot be moved, or not there; a host that is
 * cordoned takes none, and its room does not count. Of two that are alike but for a disk that would
 * be copied the other goes. */
static void
test_balance (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();

  fleet_host (fleet, "a", 4);
  fleet_host (fleet, "b", 4);
  fleet_host (fleet, "cordoned", 64);
  MigFleetHost *hosts = (MigFleetHost *) (gpointer) fleet->hosts->data;
  hosts[2].cordoned = TRUE;
  fleet_vm (fleet, "one", 0, 1, 0, 0);
  fleet_vm (fleet, "two", 0, 1, 0, 0);
  g_assert_cmpuint (balanced (fleet), ==, 0);
  MigFleetVm *vms = (MigFleetVm *) (gpointer) fleet->vms->data;
  vms[0].disk_bytes = 1e9;
  g_assert_cmpuint (balanced (fleet), ==, 1);
  vms[0].disk_bytes = 0;
  vms[0].obstacle = g_strdup ("it has a snapshot");
  g_assert_cmpuint (balanced (fleet), ==, 1);
  g_clear_pointer (&vms[0].obstacle, g_free);
  mig_fleet_vm_close (&vms[0], "b", "no network");
  g_assert_cmpuint (balanced (fleet), ==, 1);
  mig_fleet_vm_close (&vms[1], "b", "no network");
  g_assert_cmpuint (balanced (fleet), ==, MIG_NO_INDEX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/brute-force", test_brute_force);
  g_test_add_func ("/plan/beam", test_beam);
  g_test_add_func ("/plan/values", test_values);
  g_test_add_func ("/plan/ties", test_ties);
  g_test_add_func ("/plan/bandwidth", test_bandwidth);
  g_test_add_func ("/plan/lingering", test_lingering);
  g_test_add_func ("/plan/limit-skips", test_limit_skips);
  g_test_add_func ("/plan/lost-work", test_lost_work);
  g_test_add_func ("/plan/relieve", test_relieve);
  g_test_add_func ("/plan/limits", test_limits);
  g_test_add_func ("/plan/assign", test_assign);
  g_test_add_func ("/plan/closed", test_closed);
  g_test_add_func ("/plan/balance", test_balance);
  return g_test_run ();
}
