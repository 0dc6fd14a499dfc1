/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans that reach a target state: exchanges, circles, uplinks, limits; against exact answers.
 * 'test-target-state FLEETS' compares so many random fleets and prints how good the plans are. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "tests/unit/exact-schedule.h"
#include "tests/unit/fleets.h"

#define GIB ((double) MIG_GIB)
#define HOSTS EXACT_SCHEDULE_HOSTS
#define MOVES_MAX 9
#define NODES_MAX 50000
#define SAME 1e-6

/* bare_model: nothing but bytes over links. */
static MigModel
bare_model (void)
{
  return (MigModel){ .cap_bytes_per_s = INFINITY,
                     .max_rounds = 1,
                     .time_error = NAN,
                     .downtime_error = NAN,
                     .lost_error = NAN,
                     .lost_mean_error = NAN };
}

static guint
add_host (MigFleet *fleet, const char *name, double memory, double rate, guint group)
{
  MigFleetHost host = { .name = (char *) name,
                        .memory_bytes = memory,
                        .cpus = 64,
                        .link_bytes_per_s = rate,
                        .max_parallel = G_MAXUINT,
                        .group = group };
  return mig_fleet_add_host (fleet, &host);
}

static guint
add_vm (MigFleet *fleet, guint host, guint to, double memory)
{
  g_autofree char *name = g_strdup_printf ("vm%u", fleet->vms->len);
  MigFleetVm vm = { .name = name,
                    .host = host,
                    .to = to,
                    .memory_bytes = memory,
                    .used_bytes = memory,
                    .vcpus = 1,
                    .max_downtime_s = INFINITY };
  return mig_fleet_add_vm (fleet, &vm);
}

static MigPlan *
plan_for (MigFleet *fleet, guint parallel, guint cluster, GError **error)
{
  const MigModel model = bare_model ();
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  guint first = 0;

  g_array_append_val (sources, first);
  MigTask task = { .sources = sources,
                   .targets = sources,
                   .relieve_to_cpus = NAN,
                   .parallel = parallel,
                   .objective = { .time = 1 },
                   .target_state = TRUE,
                   .cluster = cluster };
  return mig_plan_make (&model, fleet, &task, error);
}

/* check_memory: at no time is more on a host than it has, nor more under way than may be. */
static void
check_plan (const MigFleet *fleet, const MigPlan *plan, guint parallel)
{
  const GArray *moves = plan->best.moves, *costs = plan->best.costs;

  for (guint at = 0; at < moves->len; at++)
    {
      double now = g_array_index (costs, MigMoveCost, at).start_s;
      for (guint host = 0; host < fleet->hosts->len; host++)
        {
          double memory = 0;
          guint out = 0;
          for (guint i = 0; i < fleet->vms->len; i++)
            memory += mig_fleet_vm (fleet, i)->host == host ? mig_fleet_vm (fleet, i)->memory_bytes
                                                            : 0;
          for (guint i = 0; i < moves->len; i++)
            {
              const MigMove *move = &g_array_index (moves, MigMove, i);
              const MigMoveCost *cost = &g_array_index (costs, MigMoveCost, i);
              guint from = mig_order_source (&plan->best, fleet, i);
              double bytes = mig_fleet_vm (fleet, move->vm)->memory_bytes;
              memory += move->to == host && cost->start_s <= now + SAME ? bytes : 0;
              memory -= from == host && cost->end_s <= now + SAME ? bytes : 0;
              out += from == host && cost->start_s <= now + SAME && cost->end_s > now + SAME;
            }
          g_assert_cmpfloat (memory, <=, mig_fleet_host (fleet, host)->memory_bytes + 1);
          g_assert_cmpuint (out, <=, parallel);
        }
    }
  g_assert_true (plan->best.allowed);
  g_assert_cmpfloat (plan->bound, <=, plan->best.cost.time_s * (1 + SAME));
}

/* random_fleet: two hosts on each side of an uplink; room for little more than is there. */
static MigFleet *
random_fleet (GRand *rand, guint n)
{
  MigFleet *fleet = mig_fleet_new ();
  MigFleetGroup near = { (char *) "near", g_rand_int_range (rand, 4, 16) * 15.625e6, 0 },
                far = { (char *) "far", INFINITY, 0 };
  double now[HOSTS] = { 0 }, then[HOSTS] = { 0 };

  mig_fleet_add_group (fleet, &near);
  mig_fleet_add_group (fleet, &far);
  for (guint i = 0; i < HOSTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      add_host (fleet, name, 0, g_rand_boolean (rand) ? 62.5e6 : 125e6, 1 + i / 2);
    }
  for (guint i = 0; i < n; i++)
    {
      guint from = g_rand_int_range (rand, 0, HOSTS),
            to = (from + g_rand_int_range (rand, 1, HOSTS)) % HOSTS;
      double memory = g_rand_int_range (rand, 1, 5) * GIB;
      add_vm (fleet, from, to, memory);
      now[from] += memory;
      then[to] += memory;
    }
  for (guint i = 0; i < HOSTS; i++)
    g_array_index (fleet->hosts, MigFleetHost, i).memory_bytes = fmax (now[i], then[i]) +
                                                                 g_rand_int_range (rand, 0, 4) *
                                                                     GIB;
  return fleet;
}

typedef struct {
  guint fleets, optimal, unknown, stuck, parked;
  double worst;
} Tally;

static void
compare (GRand *rand, guint most, Tally *tally)
{
  guint n = g_rand_int_range (rand, 3, most + 1), parallel = g_rand_int_range (rand, 1, 3);
  g_autoptr (MigFleet) fleet = random_fleet (rand, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (MigPlan) plan = plan_for (fleet, parallel, 0, &error);

  tally->fleets++;
  if (!plan)
    {
      tally->stuck++;
      g_assert_nonnull (g_strrstr (error->message, "memory"));
      return;
    }
  check_plan (fleet, plan, parallel);
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
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  add_host (fleet, "a", 4 * GIB, 125e6, 0);
  add_host (fleet, "b", 6 * GIB, 125e6, 0);
  add_vm (fleet, 0, 1, 3 * GIB);
  add_vm (fleet, 1, 0, 3 * GIB);
  g_autoptr (MigPlan) plan = plan_for (fleet, 1, 0, &error);
  g_assert_no_error (error);
  check_plan (fleet, plan, 1);
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

  add_host (fleet, "a", 4 * GIB, 125e6, 0);
  add_host (fleet, "b", 4 * GIB, 125e6, 0);
  add_host (fleet, "c", 3 * GIB, 125e6, 0);
  add_vm (fleet, 0, 1, 3 * GIB);
  add_vm (fleet, 1, 0, 3 * GIB);
  g_autoptr (MigPlan) plan = plan_for (fleet, 1, 0, &error);
  g_assert_no_error (error);
  check_plan (fleet, plan, 1);
  g_assert_cmpuint (plan->best.parked, ==, 1);
  g_assert_cmpuint (plan->best.moves->len, ==, 3);
  g_assert_cmpuint (mig_order_source (&plan->best, fleet, 2), ==, 2);
  g_array_index (fleet->hosts, MigFleetHost, 2).memory_bytes = 2 * GIB;
  g_autoptr (MigPlan) none = plan_for (fleet, 1, 0, &error);
  g_assert_null (none);
  g_assert_nonnull (g_strrstr (error->message, "2.15 GB more on host"));
  g_clear_error (&error);
  g_array_index (fleet->hosts, MigFleetHost, 0).memory_bytes = 2 * GIB;
  g_assert_null (plan_for (fleet, 1, 0, &error));
  g_assert_nonnull (g_strrstr (error->message, "in the end"));
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
  add_host (fleet, "a", INFINITY, 125e6, 2);
  add_host (fleet, "b", INFINITY, 125e6, 3);
  add_host (fleet, "c", INFINITY, 125e6, 4);
  add_host (fleet, "d", INFINITY, 125e6, 4);
  add_host (fleet, "e", INFINITY, 125e6, 2);
  add_vm (fleet, 0, 2, 3 * GIB); /* with the next through 50 MB/s: 30 are left for it */
  add_vm (fleet, 1, 3, 2 * GIB); /* 20 MB/s */
  add_vm (fleet, 4, 0, 1 * GIB); /* 125 MB/s */
  g_autoptr (MigPlan) plan = plan_for (fleet, 1, 0, &error);
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
      add_host (fleet, name, INFINITY, 125e6, 0);
    }
  for (guint i = 0; i < 4; i++)
    add_vm (fleet, i, (i + 1) % 4, GIB);
  g_autoptr (MigPlan) free = plan_for (fleet, 1, 0, &error), one = plan_for (fleet, 1, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (free->best.cost.time_s, GIB / 125e6, 0.01);
  g_assert_cmpfloat_with_epsilon (one->best.cost.time_s, 4 * GIB / 125e6, 0.01);
  g_assert_cmpfloat_with_epsilon (one->bound, 4 * GIB / 125e6, 0.01);
}

/* --- whatever migrations take --- */

/* A plan as it is performed: what has begun and ended, and what that makes of the hosts. */
typedef struct {
  const MigFleet *fleet;
  const MigPlan *plan;
  GPtrArray *before;
  guint parallel, cluster, running;
  gboolean begun[EXACT_SCHEDULE_MOVES], over[EXACT_SCHEDULE_MOVES];
  double end_s[EXACT_SCHEDULE_MOVES];
  double memory[HOSTS];
  guint out[HOSTS], in[HOSTS];
} Performed;

static gboolean
may_begin (const Performed *self, guint i)
{
  const GArray *waits = self->before->pdata[i];

  for (guint j = 0; waits && j < waits->len; j++)
    if (!self->over[g_array_index (waits, MigWait, j).before])
      return FALSE;
  return !self->begun[i];
}

static void
begin (Performed *self, guint i, double now_s, double takes_s)
{
  const MigMove *move = &g_array_index (self->plan->best.moves, MigMove, i);
  guint from = mig_order_source (&self->plan->best, self->fleet, i);
  const MigFleetHost *to = mig_fleet_host (self->fleet, move->to);

  self->begun[i] = TRUE;
  self->end_s[i] = now_s + takes_s;
  self->memory[move->to] += mig_fleet_vm (self->fleet, move->vm)->memory_bytes;
  g_assert_cmpfloat (self->memory[move->to], <=, to->memory_bytes);
  g_assert_cmpuint (++self->out[from], <=, self->parallel);
  ++self->in[move->to];
  g_assert_true (to->max_in == 0 || self->in[move->to] <= to->max_in);
  ++self->running;
  g_assert_true (self->cluster == 0 || self->running <= self->cluster);
}

/* end_first: of those that go on; FALSE: none does. */
static gboolean
end_first (Performed *self, double *now_s)
{
  guint first = MIG_NO_INDEX;

  for (guint i = 0; i < self->plan->best.moves->len; i++)
    if (self->begun[i] && !self->over[i] &&
        (first == MIG_NO_INDEX || self->end_s[i] < self->end_s[first]))
      first = i;
  if (first == MIG_NO_INDEX)
    return FALSE;
  const MigMove *move = &g_array_index (self->plan->best.moves, MigMove, first);
  guint from = mig_order_source (&self->plan->best, self->fleet, first);
  self->over[first] = TRUE;
  self->memory[from] -= mig_fleet_vm (self->fleet, move->vm)->memory_bytes;
  self->out[from]--;
  self->in[move->to]--;
  self->running--;
  *now_s = self->end_s[first];
  return TRUE;
}

static void
perform (Performed *self, GRand *rand)
{
  double now_s = 0;
  guint n = self->plan->best.moves->len;

  for (guint i = 0; i < self->fleet->vms->len; i++)
    self->memory[mig_fleet_vm (self->fleet, i)->host] +=
        mig_fleet_vm (self->fleet, i)->memory_bytes;
  do
    for (guint i = 0; i < n; i++)
      if (may_begin (self, i))
        begin (self, i, now_s, g_rand_double_range (rand, 1, 100));
  while (end_first (self, &now_s));
  for (guint i = 0; i < n; i++)
    g_assert_true (self->over[i]);
}

/* Memory and limits are kept by the waits alone, whatever each migration takes, and all end. */
static void
test_any_times (void)
{
  GRand *rand = g_rand_new_with_seed (11);
  guint planned = 0;

  for (guint f = 0; f < 40; f++)
    {
      guint parallel = 1 + f % 2, cluster = f % 3 == 0 ? 3 : 0;
      g_autoptr (MigFleet) fleet = random_fleet (rand, 8);
      for (guint i = 0; i < HOSTS && f % 4 == 0; i++)
        g_array_index (fleet->hosts, MigFleetHost, i).max_in = 1;
      g_autoptr (MigPlan) plan = plan_for (fleet, parallel, cluster, NULL);
      if (!plan || plan->best.moves->len > EXACT_SCHEDULE_MOVES)
        continue;
      g_autoptr (GPtrArray) before = mig_order_before (&plan->best, fleet);
      planned++;
      for (guint k = 0; k < 50; k++)
        {
          Performed one = {
            .fleet = fleet, .plan = plan, .before = before, .parallel = parallel, .cluster = cluster
          };
          perform (&one, rand);
        }
    }
  g_assert_cmpuint (planned, >, 20);
  g_rand_free (rand);
}

/* Of a and b one has to leave before the other comes: how long it waits for that is known. */
static void
test_memory_wait (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  add_host (fleet, "a", 4 * GIB, 125e6, 0);
  add_host (fleet, "b", 6 * GIB, 125e6, 0);
  add_vm (fleet, 0, 1, 3 * GIB);
  add_vm (fleet, 1, 0, 3 * GIB);
  g_autoptr (MigPlan) plan = plan_for (fleet, 1, 0, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) before = mig_order_before (&plan->best, fleet);
  g_assert_null (before->pdata[0]);
  g_assert_cmpfloat (mig_order_memory_wait (&plan->best, before, 0), ==, 0);
  g_assert_cmpfloat_with_epsilon (mig_order_memory_wait (&plan->best, before, 1), 3 * GIB / 125e6,
                                  0.01);
}

/* All are where they are to be: a plan without moves, compared with no other. */
static void
test_nothing (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GError) error = NULL;

  add_host (fleet, "a", 4 * GIB, 125e6, 0);
  add_vm (fleet, 0, 0, 3 * GIB);
  g_autoptr (MigPlan) plan = plan_for (fleet, 1, 0, &error);
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
  MigModel model = bare_model ();
  MigTask task;

  add_host (fleet, "a", 4 * GIB, 125e6, 0);
  add_host (fleet, "b", 4 * GIB, 125e6, 0);
  for (guint i = 0; i < vms; i++)
    add_vm (fleet, 0, MIG_NO_INDEX, GIB);
  const MigTaskOptions options = { .objective = "time",
                                   .moves = (char **) moves,
                                   .goes_on = goes_on };
  if (!mig_task_parse (&options, fleet, &task, &error))
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
  g_test_add_func ("/target-state/uplinks", test_uplinks);
  g_test_add_func ("/target-state/cluster", test_cluster);
  g_test_add_func ("/target-state/any-times", test_any_times);
  g_test_add_func ("/target-state/memory-wait", test_memory_wait);
  g_test_add_func ("/target-state/nothing", test_nothing);
  g_test_add_func ("/target-state/goes-on", test_goes_on);
  g_test_add_func ("/target-state/exact", test_exact);
  return g_test_run ();
}
