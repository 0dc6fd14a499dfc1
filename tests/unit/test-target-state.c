/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans that reach a target state: exchanges, circles, uplinks, limits; against exact answers.
 * 'test-target-state FLEETS' compares so many random fleets and prints how good the plans are. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "tests/unit/exact-schedule.h"
#include "tests/unit/target-fleets.h"

#define GIB ((double) MIG_GIB)
#define MOVES_MAX 9
#define NODES_MAX 50000
#define SAME TARGET_FLEET_SAME

typedef struct {
  guint fleets, optimal, unknown, stuck, parked;
  double worst;
} Tally;

static void
compare (GRand *rand, guint most, Tally *tally)
{
  guint n = g_rand_int_range (rand, 3, most + 1), parallel = g_rand_int_range (rand, 1, 3);
  g_autoptr (MigFleet) fleet = target_fleet_random (rand, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, parallel, 0, &error);

  tally->fleets++;
  if (!plan)
    {
      tally->stuck++;
      g_assert_nonnull (g_strrstr (error->message, "memory"));
      return;
    }
  target_fleet_check (fleet, plan, parallel);
  g_assert_cmpuint (plan->best.moves->len - plan->best.parked, ==, n);
  for (guint i = 0; i < plan->others->len; i++)
    {
      const MigOrder *other = plan->others->pdata[i];
      g_assert_cmpuint (other->moves->len - other->parked, ==, n);
    }
  if (plan->best.parked > 0)
    {
      tally->parked++;
      return;
    }
  double time = plan->best.cost.time_s,
         exact = exact_schedule_time (fleet, parallel, time, NODES_MAX);
  if (isnan (exact))
    {
      tally->unknown++;
      return;
    }
  g_assert_cmpfloat (plan->bound, <=, exact * (1 + SAME));
  tally->optimal += time <= exact * (1 + 10 * SAME);
  tally->worst = fmax (tally->worst, time / exact);
}

static Tally
compare_all (guint fleets, guint most)
{
  Tally tally = { .worst = 1 };
  GRand *rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < fleets; i++)
    compare (rand, most, &tally);
  g_rand_free (rand);
  return tally;
}

static void
test_exact (void)
{
  Tally tally = compare_all (12, 6);
  guint compared = tally.fleets - tally.stuck - tally.parked - tally.unknown;

  g_assert_cmpuint (compared, >, tally.fleets / 2);
  g_assert_cmpuint (tally.optimal, >=, compared * 9 / 10);
  g_assert_cmpfloat (tally.worst, <, 1.1);
}

/* Two VMs change places; both fit nowhere together. */
static void
test_exchange (void)
{
  g_autoptr (MigFleet) fleet = target_fleet_exchange ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  target_fleet_check (fleet, plan, 1);
  g_assert_cmpuint (plan->best.parked, ==, 0);
  g_assert_cmpuint (plan->best.waits->len, ==, 1);
  g_assert_cmpfloat_with_epsilon (plan->best.cost.time_s, 6 * GIB / 125e6, 0.01);
  g_assert_cmpfloat_with_epsilon (plan->bound, 6 * GIB / 125e6, 0.01);
}

/* No host has room but a third one; then none has. */
static void
test_parking (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  target_fleet_add_host (fleet, "a", 4 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "b", 4 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "c", 3 * GIB, 125e6, 0);
  target_fleet_add_vm (fleet, 0, 1, 3 * GIB);
  target_fleet_add_vm (fleet, 1, 0, 3 * GIB);
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  target_fleet_check (fleet, plan, 1);
  g_assert_cmpuint (plan->best.parked, ==, 1);
  g_assert_cmpuint (plan->best.moves->len, ==, 3);
  g_assert_cmpuint (mig_order_source (&plan->best, fleet, 2), ==, 2);
  g_array_index (fleet->hosts, MigFleetHost, 2).memory_bytes = 2 * GIB;
  g_autoptr (MigPlan) none = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_null (none);
  g_assert_nonnull (g_strrstr (error->message, "2.15 GB more on host"));
  g_clear_error (&error);
  g_array_index (fleet->hosts, MigFleetHost, 0).memory_bytes = 2 * GIB;
  g_assert_null (target_fleet_plan (fleet, 1, 0, &error));
  g_assert_nonnull (g_strrstr (error->message, "in the end"));
}

/* parked_on: the third host of an exchange between a and b, whose first VM has a companion of its
 * word on d, the larger one of c and d. */
static const char *
parked_on (gboolean apart, gboolean closed, gboolean cordoned)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;
  static const double sizes[] = { 4, 4, 4, 9 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const char name[] = { (char) ('a' + i), '\0' };
      target_fleet_add_host (fleet, name, sizes[i] * GIB, 125e6, 0);
    }
  target_fleet_add_vm (fleet, 0, 1, 3 * GIB);
  target_fleet_add_vm (fleet, 1, 0, 4 * GIB);
  target_fleet_add_vm (fleet, 3, MIG_NO_INDEX, 1 * GIB);
  MigFleetVm *vms = (MigFleetVm *) (gpointer) fleet->vms->data;
  for (guint i = 0; i < 3 && apart; i += 2)
    vms[i].apart = g_strdup ("pair");
  if (closed)
    mig_fleet_vm_close (&vms[0], "d", "no network");
  g_array_index (fleet->hosts, MigFleetHost, 3).cordoned = cordoned;
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  target_fleet_check (fleet, plan, 1);
  g_assert_cmpuint (plan->best.parked, ==, 1);
  for (guint i = 0; i < plan->best.moves->len; i++)
    {
      guint to = g_array_index (plan->best.moves, MigMove, i).to;
      if (to > 1)
        return to == 2 ? "c" : "d";
    }
  g_assert_not_reached ();
}

/* The third host is the one with most room, of those that have none to stay apart from, would not
 * refuse it and take VMs. */
static void
test_third_host (void)
{
  g_assert_cmpstr (parked_on (FALSE, FALSE, FALSE), ==, "d");
  g_assert_cmpstr (parked_on (TRUE, FALSE, FALSE), ==, "c");
  g_assert_cmpstr (parked_on (FALSE, TRUE, FALSE), ==, "c");
  g_assert_cmpstr (parked_on (FALSE, FALSE, TRUE), ==, "c");
}

/* By size the order comes to a standstill: it is no plan, and is compared with none. */
static void
test_stuck_custom (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  target_fleet_add_host (fleet, "a", 4 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "b", 8 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "c", 3 * GIB, 125e6, 0);
  target_fleet_add_vm (fleet, 0, 1, 4 * GIB);
  target_fleet_add_vm (fleet, 1, 0, 4 * GIB);
  target_fleet_add_vm (fleet, 2, 1, 3 * GIB);
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  target_fleet_check (fleet, plan, 1);
  g_assert_cmpuint (plan->best.moves->len, ==, 3);
  for (guint i = 0; i < plan->others->len; i++)
    g_assert_cmpuint (((const MigOrder *) plan->others->pdata[i])->moves->len, ==, 3);
  g_assert_cmpuint (plan->others->len, ==, 2);
}

/* The VM that goes over the third host leaves before there is room where it is to be, so that the
 * larger one does not wait for that. */
static void
test_parking_bound (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  target_fleet_add_host (fleet, "a", 4 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "b", 4 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "c", 3 * GIB, 125e6, 0);
  target_fleet_add_vm (fleet, 0, 1, 3 * GIB);
  target_fleet_add_vm (fleet, 1, 0, 4 * GIB);
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  target_fleet_check (fleet, plan, 1);
  g_assert_cmpfloat_with_epsilon (plan->best.cost.time_s, 10 * GIB / 125e6, 0.01);
  g_assert_cmpfloat_with_epsilon (plan->bound, 7 * GIB / 125e6, 0.01);
}

/* Two migrations through nested uplinks, and a third that passes none. */
static void
test_uplinks (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;
  const MigFleetGroup groups[] = { { (char *) "zone1", 50e6, 0 },
                                   { (char *) "rack1", 500e6, 1 },
                                   { (char *) "rack2", 20e6, 1 },
                                   { (char *) "zone2", INFINITY, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    mig_fleet_add_group (fleet, &groups[i]);
  target_fleet_add_host (fleet, "a", INFINITY, 125e6, 2);
  target_fleet_add_host (fleet, "b", INFINITY, 125e6, 3);
  target_fleet_add_host (fleet, "c", INFINITY, 125e6, 4);
  target_fleet_add_host (fleet, "d", INFINITY, 125e6, 4);
  target_fleet_add_host (fleet, "e", INFINITY, 125e6, 2);
  target_fleet_add_vm (fleet, 0, 2, 3 * GIB); /* with the next through 50 MB/s: 30 are left for it
                                               */
  target_fleet_add_vm (fleet, 1, 3, 2 * GIB); /* 20 MB/s */
  target_fleet_add_vm (fleet, 4, 0, 1 * GIB); /* 125 MB/s */
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      static const double rates[] = { 30e6, 20e6, 125e6 }, sizes[] = { 3, 2, 1 };
      guint vm = g_array_index (plan->best.moves, MigMove, i).vm;
      const MigMoveCost *cost = &g_array_index (plan->best.costs, MigMoveCost, i);
      g_assert_cmpfloat_with_epsilon (cost->end_s - cost->start_s, sizes[vm] * GIB / rates[vm],
                                      0.01);
    }
  g_assert_cmpfloat_with_epsilon (plan->bound, 2 * GIB / 20e6, 0.01);
}

static void
test_cluster (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      target_fleet_add_host (fleet, name, INFINITY, 125e6, 0);
    }
  for (guint i = 0; i < 4; i++)
    target_fleet_add_vm (fleet, i, (i + 1) % 4, GIB);
  g_autoptr (MigPlan) free = target_fleet_plan (fleet, 1, 0, &error),
                      one = target_fleet_plan (fleet, 1, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (free->best.cost.time_s, GIB / 125e6, 0.01);
  g_assert_cmpfloat_with_epsilon (one->best.cost.time_s, 4 * GIB / 125e6, 0.01);
  g_assert_cmpfloat_with_epsilon (one->bound, 4 * GIB / 125e6, 0.01);
}

/* All are where they are to be: a plan without moves, compared with no other. */
static void
test_nothing (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  target_fleet_add_host (fleet, "a", 4 * GIB, 125e6, 0);
  target_fleet_add_vm (fleet, 0, 0, 3 * GIB);
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->best.moves->len, ==, 0);
  g_assert_cmpuint (plan->others->len, ==, 0);
  g_assert_true (plan->exact);
}

/* move_asked: how many VMs move, of those that --move names; goes_on: an execution does. -1: there
 * is no such question. */
static int
move_asked (guint vms, const char *const *moves, gboolean goes_on)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;
  MigModel model = target_fleet_model ();
  MigTask task;

  target_fleet_add_host (fleet, "a", 4 * GIB, 125e6, 0);
  target_fleet_add_host (fleet, "b", 4 * GIB, 125e6, 0);
  for (guint i = 0; i < vms; i++)
    target_fleet_add_vm (fleet, 0, MIG_NO_INDEX, GIB);
  const MigTaskOptions options = { .objective = "time",
                                   .moves = (char **) moves,
                                   .goes_on = goes_on };
  if (!mig_task_parse (&options, &model, fleet, &task, &error))
    return -1;
  g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
  g_assert_no_error (error);
  mig_task_clear (&task);
  return (int) plan->best.moves->len;
}

/* A VM that has ended, a host that does not answer: an error of who asks, and no news in an
 * execution that goes on, even with nothing left to move. */
static void
test_goes_on (void)
{
  const char *const gone[] = { "vm0=b", "ended=b", "vm1=elsewhere", NULL };
  const char *const known[] = { "vm0=b", NULL };

  g_assert_cmpint (move_asked (2, known, FALSE), ==, 1);
  g_assert_cmpint (move_asked (2, gone, FALSE), ==, -1);
  g_assert_cmpint (move_asked (2, gone, TRUE), ==, 1);
  g_assert_cmpint (move_asked (0, gone, FALSE), ==, -1);
  g_assert_cmpint (move_asked (0, gone, TRUE), ==, 0);
}

int
main (int argc, char **argv)
{
  if (argc > 1 && atoi (argv[1]) > 0)
    {
      Tally tally = compare_all (atoi (argv[1]), MOVES_MAX);
      guint compared = tally.fleets - tally.stuck - tally.parked - tally.unknown;
      printf ("%u fleets: %u without a way, %u over a third host, %u too large for the exact "
              "search; of %u others %u optimal, worst %.4f of the optimum\n",
              tally.fleets, tally.stuck, tally.parked, tally.unknown, compared, tally.optimal,
              tally.worst);
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/target-state/exchange", test_exchange);
  g_test_add_func ("/target-state/parking", test_parking);
  g_test_add_func ("/target-state/stuck-custom", test_stuck_custom);
  g_test_add_func ("/target-state/parking-bound", test_parking_bound);
  g_test_add_func ("/target-state/third-host", test_third_host);
  g_test_add_func ("/target-state/uplinks", test_uplinks);
  g_test_add_func ("/target-state/cluster", test_cluster);
  g_test_add_func ("/target-state/nothing", test_nothing);
  g_test_add_func ("/target-state/goes-on", test_goes_on);
  g_test_add_func ("/target-state/exact", test_exact);
  return g_test_run ();
}
