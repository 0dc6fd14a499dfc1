/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "tests/unit/exact-schedule.h"
#include "tests/unit/target-fleets.h"

/* Migrations that wait for others, whatever each of them takes. */

#define GIB ((double) MIG_GIB)
#define HOSTS EXACT_SCHEDULE_HOSTS

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
      g_autoptr (MigFleet) fleet = target_fleet_random (rand, 8);
      for (guint i = 0; i < HOSTS && f % 4 == 0; i++)
        g_array_index (fleet->hosts, MigFleetHost, i).max_in = 1;
      g_autoptr (MigPlan) plan = target_fleet_plan (fleet, parallel, cluster, NULL);
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
  g_autoptr (MigFleet) fleet = target_fleet_exchange ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) before = mig_order_before (&plan->best, fleet);
  g_assert_null (before->pdata[0]);
  g_assert_cmpfloat (mig_order_memory_wait (&plan->best, before, 0), ==, 0);
  g_assert_cmpfloat_with_epsilon (mig_order_memory_wait (&plan->best, before, 1), 3 * GIB / 125e6,
                                  0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/target-waits/any-times", test_any_times);
  g_test_add_func ("/target-waits/memory-wait", test_memory_wait);
  return g_test_run ();
}
