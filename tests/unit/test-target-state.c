/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans that reach a target state: exchanges, circles, uplinks, limits; against exact answers.
 * 'test-target-state FLEETS' compares so many random fleets and prints how good the plans are. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "tests/unit/fleets.h"

#define GIB ((double) MIG_GIB)
#define MOVES_MAX 9
#define HOSTS 4
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

/* --- exact answers --- */

typedef struct {
  const MigFleet *fleet;
  guint parallel, n;
  guint from[MOVES_MAX], to[MOVES_MAX];
  double memory[MOVES_MAX];
  double best;
  guint nodes;
} Exact;

typedef struct {
  double now, left[MOVES_MAX], room[HOSTS];
  guchar state[MOVES_MAX]; /* 0 waits, 1 runs, 2 over */
} Node;

/* A resource: 0..H-1 out, H..2H-1 in, then the uplink in both directions. */
#define PORTS (2 * HOSTS + 2)

static gboolean
passes (const Exact *self, guint i, guint port)
{
  guint a = mig_fleet_host (self->fleet, self->from[i])->group,
        b = mig_fleet_host (self->fleet, self->to[i])->group;

  if (port < HOSTS)
    return self->from[i] == port;
  if (port < 2 * HOSTS)
    return self->to[i] == port - HOSTS;
  return port == 2 * HOSTS ? a == 1 && b != 1 : a != 1 && b == 1;
}

static double
rate_of (const Exact *self, guint port)
{
  if (port < 2 * HOSTS)
    return mig_fleet_host (self->fleet, port % HOSTS)->link_bytes_per_s;
  return mig_fleet_group (self->fleet, 0)->link_bytes_per_s;
}

/* share: max-min fair rates by filling. */
static void
share (const Exact *self, const Node *node, double *rates)
{
  double left[PORTS];
  gboolean done[MOVES_MAX];

  for (guint p = 0; p < PORTS; p++)
    left[p] = rate_of (self, p);
  for (guint i = 0; i < self->n; i++)
    done[i] = node->state[i] != 1;
  for (;;)
    {
      double least = INFINITY;
      guint tight = PORTS;
      for (guint p = 0; p < PORTS; p++)
        {
          guint users = 0;
          for (guint i = 0; i < self->n; i++)
            users += !done[i] && passes (self, i, p);
          if (users > 0 && left[p] / users < least)
            {
              least = left[p] / users;
              tight = p;
            }
        }
      if (tight == PORTS)
        return;
      for (guint i = 0; i < self->n; i++)
        if (!done[i] && passes (self, i, tight))
          {
            done[i] = TRUE;
            rates[i] = least;
            for (guint p = 0; p < PORTS; p++)
              if (passes (self, i, p))
                left[p] -= least;
          }
    }
}

static double
least_end (const Exact *self, const Node *node)
{
  double longest = 0;

  for (guint p = 0; p < PORTS; p++)
    {
      double bytes = 0;
      for (guint i = 0; i < self->n; i++)
        if (node->state[i] != 2 && passes (self, i, p))
          bytes += node->left[i];
      longest = fmax (longest, bytes / rate_of (self, p));
    }
  return node->now + longest;
}

static void explore (Exact *self, const Node *node);

/* advance: to the next end. */
static void
advance (Exact *self, Node node)
{
  double rates[MOVES_MAX], step = INFINITY;

  share (self, &node, rates);
  for (guint i = 0; i < self->n; i++)
    if (node.state[i] == 1)
      step = fmin (step, node.left[i] / rates[i]);
  if (isinf (step))
    return;
  node.now += step;
  for (guint i = 0; i < self->n; i++)
    if (node.state[i] == 1)
      {
        node.left[i] -= rates[i] * step;
        if (node.left[i] > 1)
          continue;
        node.left[i] = 0;
        node.state[i] = 2;
        node.room[self->from[i]] += self->memory[i];
      }
  explore (self, &node);
}

/* start_some: every set of those that may start, from index i on. */
static void
start_some (Exact *self, const Node *node, guint i)
{
  guint out = 0;

  if (least_end (self, node) >= self->best * (1 - SAME) || self->nodes > NODES_MAX)
    return;
  while (i < self->n && (node->state[i] != 0 || node->room[self->to[i]] + 1 < self->memory[i]))
    i++;
  if (i == self->n)
    {
      advance (self, *node);
      return;
    }
  for (guint j = 0; j < self->n; j++)
    out += node->state[j] == 1 && self->from[j] == self->from[i];
  if (out < self->parallel)
    {
      Node next = *node;
      next.state[i] = 1;
      next.room[self->to[i]] -= self->memory[i];
      start_some (self, &next, i + 1);
    }
  start_some (self, node, i + 1);
}

static void
explore (Exact *self, const Node *node)
{
  gboolean over = TRUE;

  self->nodes++;
  for (guint i = 0; i < self->n; i++)
    over = over && node->state[i] == 2;
  if (over)
    self->best = fmin (self->best, node->now);
  else
    start_some (self, node, 0);
}

/* exact_time: no plan that starts at ends of others is shorter; NaN: not found out. known: of one.
 */
static double
exact_time (const MigFleet *fleet, guint parallel, double known)
{
  Exact self = { .fleet = fleet, .parallel = parallel, .best = known * (1 + 2 * SAME) };
  Node node = { 0 };

  for (guint i = 0; i < HOSTS; i++)
    node.room[i] = mig_fleet_host (fleet, i)->memory_bytes;
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      self.from[i] = vm->host;
      self.to[i] = vm->to;
      self.memory[i] = node.left[i] = vm->memory_bytes;
      node.room[vm->host] -= vm->memory_bytes;
    }
  self.n = fleet->vms->len;
  explore (&self, &node);
  return self.nodes > NODES_MAX ? NAN : fmin (self.best, known);
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
  double time = plan->best.cost.time_s, exact = exact_time (fleet, parallel, time);
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
  g_test_add_func ("/target-state/exact", test_exact);
  return g_test_run ();
}
