/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/fair-share.h"
#include "base/units.h"
#include "tests/unit/fleets.h"

static void
assert_near (double value, double expected)
{
  if (fabs (value - expected) > 1e-6 * fmax (1, fabs (expected)))
    g_error ("%.12g, expected %.12g", value, expected);
}

static void
test_shares (void)
{
  const MigFairShare shares[] = { { 0.1, 1 }, { 1, 1 }, { 5, 2 } };

  g_assert_true (isinf (mig_fair_share_level (shares, 3, 6.1)));
  assert_near (mig_fair_share_level (shares, 3, 1), 0.3); /* 0.1 + 0.3 + 0.6 */
  assert_near (mig_fair_share_level (shares, 1, 0.05), 0.05);
  g_assert_true (isinf (mig_fair_share_level (NULL, 0, 1)));
}

/* A model of which everything can be computed by hand. */
static MigModel
plain_model (void)
{
  MigModel model = mig_model_default ();

  model.source_s_per_byte = model.destination_s_per_byte = 4e-9;
  model.source_s_per_constant = model.destination_s_per_constant = 0;
  model.setup_s = 1;
  model.switch_s = 0.5;
  model.end_s = 2;
  model.downtime_limit_s = 0;
  model.min_pages = 50;
  return model;
}

static MigMoveCost
run_one (const MigModel *model, const MigFleet *fleet, MigPlanCost *sum)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  const MigMove move = { 0, 1, 0 };
  MigMoveCost cost;

  mig_simulation_run (simulation, NULL, &move, 1, &cost, sum);
  return cost;
}

/* 100 MB of an idle guest over a link that is the bottleneck. */
static void
test_link (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = plain_model ();
  MigPlanCost sum;

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  guint vm = fleet_vm (fleet, "v", 0, 0, 0, 0);
  g_array_index (fleet->vms, MigFleetVm, vm).used_bytes = 125e6;
  MigMoveCost cost = run_one (&model, fleet, &sum);
  assert_near (cost.end_s, 1 + 125e6 / 125e6 + 0.5 + 2);
  assert_near (cost.downtime_s, 0.5);
  assert_near (cost.sent_bytes, 125e6);
  g_assert_cmpuint (cost.rounds, ==, 1);
  model.cap_bytes_per_s = 25e6;
  assert_near (run_one (&model, fleet, &sum).end_s, 3.5 + 5);
}

/* One busy neighbour. Its process and the guest's get half a CPU each, the latter for its vCPU and
 * the thread that sends; while the guest stands, the thread has that half. */
static void
test_cpu (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = plain_model ();
  MigPlanCost sum;

  model.destination_s_per_byte = 0;
  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  guint vm = fleet_vm (fleet, "v", 0, 1, 100 * 4096., 90000);
  fleet_vm (fleet, "w", 0, 1, 0, 0);
  g_array_index (fleet->vms, MigFleetVm, vm).used_bytes = 250e6;
  MigMoveCost cost = run_one (&model, fleet, &sum);
  /* rate 1/4 / 4e-9; rounds of 100 pages would never end: cut off */
  g_assert_false (cost.converges);
  model.max_rounds = 2;
  cost = run_one (&model, fleet, &sum);
  double rate = 1 / 4. / 4e-9, page = 4096;
  double live = 250e6 / rate + 100 * page / rate;
  /* the second round is long enough for a quarter of 90,000 pages/s to update this many pages */
  double left = fmin (100, 100 * page / rate * 22500);
  double down = left * page / (0.5 / 4e-9) + 0.5;
  g_assert_cmpuint (cost.rounds, ==, 2);
  g_assert_true (cost.converges);
  assert_near (cost.downtime_s, down);
  assert_near (cost.end_s, 1 + live + down + 2);
  /* before: half a CPU each. v loses half of that while it is sent, w nothing; while v is switched
   * over w has all, and both gain when they are apart. */
  double w = -0.5 - 2, v = live / 2 + down - 2;
  assert_near (cost.lost_s, v);
  assert_near (sum.lost_staying_s, w);
  assert_near (sum.lost_s, v + w);
}

/* guest_and_neighbour: both busy on one host, another host beside it, a CPU each; the guest, 0, has
 * so much used. */
static MigFleet *
guest_and_neighbour (double used_bytes)
{
  MigFleet *fleet = mig_fleet_new ();

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  fleet_vm (fleet, "v", 0, 1, 0, 0);
  fleet_vm (fleet, "w", 0, 1, 0, 0);
  g_array_index (fleet->vms, MigFleetVm, 0).used_bytes = used_bytes;
  return fleet;
}

/* The same where a domain beside the guests sends: a third of the CPU for each of the three. */
static void
test_management_domain (void)
{
  g_autoptr (MigFleet) fleet = guest_and_neighbour (250e6);
  MigModel model = plain_model ();
  MigPlanCost sum;

  model.destination_s_per_byte = 0;
  model.sched_entity = MIG_SCHED_ENTITY_MANAGEMENT;
  MigMoveCost cost = run_one (&model, fleet, &sum);
  double live = 250e6 * 3 * 4e-9;
  assert_near (cost.end_s, 1 + live + 0.5 + 2);
  assert_near (sum.lost_staying_s, live / 3 - 0.5 - 2);
}

/* The same where all threads are alike: a third of the CPU for the vCPU, one for the thread that
 * sends, one for w. */
static void
test_threads (void)
{
  g_autoptr (MigFleet) fleet = guest_and_neighbour (250e6);
  MigModel model = plain_model ();
  MigPlanCost sum;

  model.destination_s_per_byte = 0;
  model.sched_entity = MIG_SCHED_ENTITY_THREADS;
  assert_near (run_one (&model, fleet, &sum).end_s, 1 + 250e6 * 3 * 4e-9 + 0.5 + 2);
  /* together with w's: a quarter for each vCPU and each thread */
  const MigMove both[] = { { 0, 1, 0 }, { 1, 1, 0 } };
  MigMoveCost costs[2];
  g_array_index (fleet->vms, MigFleetVm, 1).used_bytes = 250e6;
  model.setup_s = model.switch_s = 0;
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
  mig_simulation_run (simulation, NULL, both, 2, costs, &sum);
  assert_near (costs[0].end_s, 250e6 * 4 * 4e-9 + 2);
}

/* Sender and receiver wait for each other: 4 ns a byte on a quarter of a CPU, 4 ns on a half. What
 * goes before the first round, and what ends the guest's silence, is work on the destination, where
 * a guest is busy. */
static void
test_both_ends (void)
{
  g_autoptr (MigFleet) fleet = guest_and_neighbour (100e6);
  MigModel model = plain_model ();
  MigPlanCost sum;

  fleet_vm (fleet, "x", 1, 1, 0, 0);
  MigMoveCost cost = run_one (&model, fleet, &sum);
  assert_near (cost.end_s, 2 + 1 + 2 + 100e6 * (4 * 4e-9 + 2 * 4e-9));
  assert_near (cost.downtime_s, 1);
}

/* Where the management has a CPU of its own, the guests beside it lose nothing and the thread that
 * sends has a whole CPU: 16 ns a byte. */
static void
test_management_apart (void)
{
  g_autoptr (MigFleet) fleet = guest_and_neighbour (250e6);
  MigModel model = plain_model ();
  MigPlanCost sum;

  model.source_s_per_byte = 16e-9;
  model.destination_s_per_byte = 0;
  g_array_index (fleet->hosts, MigFleetHost, 0).management_cpus = 1;
  MigMoveCost cost = run_one (&model, fleet, &sum);
  assert_near (cost.end_s, 1 + 250e6 * 16e-9 + 0.5 + 2);
  assert_near (cost.lost_s, 0.5 - 2);
  assert_near (sum.lost_staying_s, -0.5 - 2);
  /* two share it, whoever is shared among */
  const MigMove both[] = { { 0, 1, 0 }, { 1, 1, 0 } };
  MigMoveCost costs[2];
  g_array_index (fleet->vms, MigFleetVm, 1).used_bytes = 250e6;
  model.setup_s = model.switch_s = 0;
  for (guint entity = 0; entity <= MIG_SCHED_ENTITY_MANAGEMENT; entity++)
    {
      model.sched_entity = entity;
      g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
      mig_simulation_run (simulation, NULL, both, 2, costs, &sum);
      assert_near (costs[0].end_s, 250e6 * 2 * 16e-9 + 2);
      assert_near (costs[1].end_s, costs[0].end_s);
    }
}

/* The same of the receiver: as test_both_ends(), but the guest on the destination does not matter.
 */
static void
test_receiver_apart (void)
{
  g_autoptr (MigFleet) fleet = guest_and_neighbour (100e6);
  MigModel model = plain_model ();
  MigPlanCost sum;

  fleet_vm (fleet, "x", 1, 1, 0, 0);
  g_array_index (fleet->hosts, MigFleetHost, 1).management_cpus = 1;
  MigMoveCost cost = run_one (&model, fleet, &sum);
  assert_near (cost.end_s, 1 + 0.5 + 2 + 100e6 * (4 * 4e-9 + 4e-9));
  assert_near (cost.downtime_s, 0.5);
}

/* Where the source's management is on the destination's CPU: a half beside x, as the receiver's
 * work before and after the rounds. */
static void
test_management_borrows (void)
{
  g_autoptr (MigFleet) fleet = guest_and_neighbour (250e6);
  MigModel model = plain_model ();
  MigPlanCost sum;

  model.source_s_per_byte = 16e-9;
  model.destination_s_per_byte = 0;
  guint x = fleet_vm (fleet, "x", 1, 1, 0, 0);
  mig_fleet_lend (fleet, 1, 0);
  g_assert_cmpuint (mig_fleet_host_borrower (fleet, 1), ==, 0);
  g_assert_cmpuint (mig_fleet_host_borrower (fleet, 0), ==, MIG_NO_INDEX);
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
  const MigMove move = { 0, 1, 0 };
  MigMoveCost cost;
  for (guint again = 0; again < 2; again++)
    {
      mig_simulation_run (simulation, NULL, &move, 1, &cost, &sum);
      assert_near (cost.end_s, 2 + 250e6 * 2 * 16e-9 + 1 + 2);
      assert_near (cost.downtime_s, 1);
      /* x has half a CPU all the time, first beside the threads, then beside v */
      assert_near (mig_simulation_lost (simulation, x), (2 + 8 + 1 + 2) * 0.5);
      assert_near (cost.lost_s, 1);
      assert_near (sum.lost_staying_s, 6.5 - 1 - 2);
    }
}

/* Two hosts with a CPU each that use each other's: the receiver's work has a third of the source's
 * CPU, and a half while v stands; the sender has the idle destination's. */
static void
test_management_crossed (void)
{
  g_autoptr (MigFleet) fleet = guest_and_neighbour (250e6);
  MigModel model = plain_model ();
  MigPlanCost sum;

  model.source_s_per_byte = 16e-9;
  model.destination_s_per_byte = 0;
  mig_fleet_lend (fleet, 1, 0);
  mig_fleet_lend (fleet, 0, 1);
  g_autoptr (MigFleet) copy = mig_fleet_copy (fleet);
  MigMoveCost cost = run_one (&model, copy, &sum);
  g_assert_cmpuint (mig_fleet_host (copy, 0)->borrows_from, ==, 2);
  /* in a part without the lender it has a CPU of its own */
  g_autoptr (MigFleet) part = mig_fleet_new ();
  const guint hosts[] = { mig_fleet_add_host (part, mig_fleet_host (fleet, 0)), MIG_NO_INDEX };
  mig_fleet_lend_as (part, fleet, hosts);
  g_assert_cmpuint (mig_fleet_host (part, 0)->borrows_from, ==, 0);
  g_assert_cmpfloat (mig_fleet_host (part, 0)->management_cpus, ==, 1);
  assert_near (cost.end_s, 3 + 250e6 * 16e-9 + 1 + 2);
  assert_near (cost.lost_s, 3 / 3. + 1 - 2);
  assert_near (sum.lost_staying_s, 3 / 3. - 2);
}

/* Constant pages take no link, but CPUs: 2 us a page on a quarter of one, 1 us on an idle one. */
static void
test_constant (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = plain_model ();
  MigPlanCost sum;
  double constant = 512 * 256. - 1e4;

  model.source_s_per_byte = model.destination_s_per_byte = 0;
  model.source_s_per_constant = 2e-6;
  model.destination_s_per_constant = 1e-6;
  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  guint vm = fleet_vm (fleet, "v", 0, 1, 0, 0);
  g_array_index (fleet->vms, MigFleetVm, vm).used_bytes = 1e4 * 4096;
  MigMoveCost cost = run_one (&model, fleet, &sum);
  assert_near (cost.end_s, 3.5 + fmax (1e4 * 4096 / 125e6, constant * (2 * 2e-6 + 1e-6)));
  assert_near (cost.sent_bytes, 1e4 * 4096);
  fleet_vm (fleet, "w", 0, 1, 0, 0);
  assert_near (run_one (&model, fleet, &sum).end_s, 3.5 + constant * (4 * 2e-6 + 1e-6));
}

/* Every round and the stopped phase, one after the other, are what the migration takes but its
 * fixed costs, and send what it sends. */
static void
test_trace (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GArray) trace = g_array_new (FALSE, FALSE, sizeof (MigRoundCost));
  MigModel model = plain_model ();
  const MigMove move = { 0, 1, 0 };
  MigMoveCost cost;
  MigPlanCost sum;
  double sent = 0;

  model.max_rounds = 4;
  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  fleet_vm (fleet, "v", 0, 1, 100e6, 20000);
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
  mig_simulation_trace (simulation, trace);
  mig_simulation_run (simulation, NULL, &move, 1, &cost, &sum);
  g_assert_cmpuint (trace->len, ==, 5);
  for (guint i = 0; i < trace->len; i++)
    {
      const MigRoundCost *round = &g_array_index (trace, MigRoundCost, i);
      assert_near (round->start_s, i == 0 ? model.setup_s : (round - 1)->end_s);
      g_assert_cmpuint (round->round, ==, i + 1);
      g_assert_cmpint (round->stopped, ==, i == 4);
      sent += round->sent_bytes;
    }
  assert_near (g_array_index (trace, MigRoundCost, 4).end_s,
               cost.end_s - model.switch_s - model.end_s);
  assert_near (sent, cost.sent_bytes);
}

static void
test_stop_rules (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = plain_model ();
  MigPlanCost sum;
  MigMoveCost cost;

  fleet_host (fleet, "a", 4);
  fleet_host (fleet, "b", 4);
  fleet_vm (fleet, "v", 0, 1, 400 * 1048576., 1e6);
  model.max_rounds = 29;
  model.max_ram = 3;
  cost = run_one (&model, fleet, &sum);
  /* 512 + 400 + 400 + 400 = 1712 MiB > 3 * 512 = 1536 MiB */
  g_assert_cmpuint (cost.rounds, ==, 4);
  assert_near (cost.sent_bytes, (512 + 4 * 400) * 1048576.);
  model.max_rounds = 3;
  g_assert_cmpuint (run_one (&model, fleet, &sum).rounds, ==, 3);
  model.max_rounds = 0;
  model.max_ram = 0;
  model.downtime_limit_s = 4; /* 400 MiB take 3.4 s */
  cost = run_one (&model, fleet, &sum);
  g_assert_cmpuint (cost.rounds, ==, 1);
  assert_near (cost.downtime_s, 400 * 1048576. / 125e6 + 0.5);
}

/* Two migrations share the link; one that is limited elsewhere leaves the rest to the other. */
static void
test_parallel (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = plain_model ();
  const MigMove moves[] = { { 0, 1, 0 }, { 1, 2, 0 } };
  MigMoveCost costs[2];
  MigPlanCost sum;

  model.source_s_per_byte = 0;
  model.destination_s_per_byte = 0;
  fleet_host (fleet, "a", 8);
  fleet_host (fleet, "b", 8);
  MigFleetHost slow = { (char *) "slow", INFINITY, 8, 25e6, 2 };
  mig_fleet_add_host (fleet, &slow);
  for (guint i = 0; i < 2; i++)
    {
      guint vm = fleet_vm (fleet, "v", 0, 0, 0, 0);
      g_array_index (fleet->vms, MigFleetVm, vm).used_bytes = 100e6;
    }
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
  mig_simulation_run (simulation, NULL, moves, 2, costs, &sum);
  assert_near (costs[0].end_s, 3.5 + 1);
  assert_near (costs[1].end_s, 3.5 + 4);
  assert_near (sum.time_s, 7.5);
  assert_near (sum.migration_s, 12);
}

/* Hosts take no more migrations at a time than they may; groups wait for each other. */
static void
test_slots (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = plain_model ();
  const MigMove together[] = { { 0, 1, 0 }, { 1, 1, 0 } },
                one_by_one[] = { { 0, 1, 0 }, { 1, 1, 1 } };
  MigMoveCost costs[2];
  MigPlanCost sum;

  fleet_host (fleet, "a", 8);
  MigFleetHost target = { (char *) "b", INFINITY, 8, 125e6, 1 };
  mig_fleet_add_host (fleet, &target);
  for (guint i = 0; i < 2; i++)
    fleet_vm (fleet, "v", 0, 0, 0, 0);
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
  mig_simulation_run (simulation, NULL, together, 2, costs, &sum);
  assert_near (costs[1].start_s, costs[0].end_s);
  double time = sum.time_s;
  mig_simulation_run (simulation, NULL, one_by_one, 2, costs, &sum);
  assert_near (sum.time_s, time);
}

/* Random plans: all ends, the sums are those of the parts, the same twice. */
static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (MigFleet) fleet = fleet_random (rand, 8);
      MigModel model = plain_model ();
      MigMove moves[8];
      MigMoveCost costs[8], again[8];
      MigPlanCost sum, same;
      double downtime = 0, last = 0, lost = 0;
      model.max_rounds = 29;
      model.sched_entity = i % (MIG_SCHED_ENTITY_MANAGEMENT + 1);
      for (guint j = 0; j < 8; j++)
        moves[j] = (MigMove){ j, g_rand_int_range (rand, 1, 3), j / 3 };
      g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
      mig_simulation_run (simulation, NULL, moves, 8, costs, &sum);
      mig_simulation_run (simulation, NULL, moves, 8, again, &same);
      g_assert_cmpmem (costs, sizeof costs, again, sizeof again);
      for (guint j = 0; j < 8; j++)
        {
          g_assert_true (isfinite (costs[j].end_s) && costs[j].end_s > costs[j].start_s);
          g_assert_cmpfloat (costs[j].downtime_s, >=, model.switch_s - 1e-9);
          if (j >= 3)
            g_assert_cmpfloat (costs[j].start_s, >=, costs[j - 3].end_s - 1e-9);
          downtime += costs[j].downtime_s;
          last = fmax (last, costs[j].end_s);
        }
      for (guint j = 0; j < fleet->vms->len; j++)
        {
          double own = mig_simulation_lost (simulation, j);
          g_assert_cmpfloat (own, <=, sum.time_s + 1e-9); /* all that it could have done */
          if (j < 8)
            g_assert_cmpfloat (own, ==, costs[j].lost_s);
          lost += own;
        }
      assert_near (sum.lost_s, lost);
      assert_near (sum.downtime_s, downtime);
      assert_near (sum.time_s, last);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/shares", test_shares);
  g_test_add_func ("/model/link", test_link);
  g_test_add_func ("/model/cpu", test_cpu);
  g_test_add_func ("/model/management-domain", test_management_domain);
  g_test_add_func ("/model/threads", test_threads);
  g_test_add_func ("/model/both-ends", test_both_ends);
  g_test_add_func ("/model/management-apart", test_management_apart);
  g_test_add_func ("/model/receiver-apart", test_receiver_apart);
  g_test_add_func ("/model/management-borrows", test_management_borrows);
  g_test_add_func ("/model/management-crossed", test_management_crossed);
  g_test_add_func ("/model/constant", test_constant);
  g_test_add_func ("/model/trace", test_trace);
  g_test_add_func ("/model/stop-rules", test_stop_rules);
  g_test_add_func ("/model/parallel", test_parallel);
  g_test_add_func ("/model/slots", test_slots);
  g_test_add_func ("/model/random", test_random);
  return g_test_run ();
}
