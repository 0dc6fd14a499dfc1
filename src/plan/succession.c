/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plan/succession.h"

#define KICK 3 /* pairs that change places where nothing else helps */
#define SEED 20
/* What counts for the migrations' own time, where the objective is the same. */
#define TIE 1e-6

static double
value_of (const MigListSchedule *self, const MigPlanCost *cost)
{
  double value = mig_objective_value (&self->task->objective, cost);

  for (guint i = 0; i < self->moves->len; i++)
    if (!self->costs[i].converges ||
        self->costs[i].downtime_s > mig_list_schedule_vm (self, i)->max_downtime_s)
      return INFINITY;
  /* of two that take the same time, the one whose migrations are shorter */
  return value + TIE * cost->migration_s / self->moves->len;
}

static void
move_to (guint *succession, guint from, guint to)
{
  guint moved = succession[from];

  if (from < to)
    memmove (succession + from, succession + from + 1, (to - from) * sizeof *succession);
  else
    memmove (succession + to + 1, succession + to, (from - to) * sizeof *succession);
  succession[to] = moved;
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *keys = data;
  guint i = *(const guint *) a, j = *(const guint *) b;

  return keys[i] != keys[j] ? (keys[i] < keys[j] ? 1 : -1) : (i > j) - (i < j);
}

/* set_keys: how pressing each is: what its fullest port still has to send, or how long it lasts. */
static void
set_keys (const MigListSchedule *self, gboolean ports, double *keys)
{
  g_autofree double *out = g_new0 (double, self->fleet->hosts->len),
                    *in = g_new0 (double, self->fleet->hosts->len);

  for (guint i = 0; i < self->moves->len; i++)
    {
      double bytes = mig_list_schedule_vm (self, i)->used_bytes;
      guint from = mig_list_schedule_source (self, i), to = mig_list_schedule_move (self, i)->to;
      out[from] += bytes / mig_fleet_host (self->fleet, from)->link_bytes_per_s;
      in[to] += bytes / mig_fleet_host (self->fleet, to)->link_bytes_per_s;
    }
  for (guint i = 0; i < self->moves->len; i++)
    {
      double length = mig_list_schedule_vm (self, i)->used_bytes / mig_list_schedule_rate (self, i);
      keys[i] = ports ? fmax (out[mig_list_schedule_source (self, i)],
                              in[mig_list_schedule_move (self, i)->to]) +
                            1e-3 * length
                      : length;
    }
}

/* Best of all that were tried. */
typedef struct {
  double value;
  guint *succession;
  guint way;
} Found;

/* The ways of starting: with links dedicated or shared, orderly or not. */
#define WAYS 4

static void
set_way (MigListSchedule *self, guint way)
{
  self->dedicated = way % 2 == 1;
  self->orderly = way / 2 == 1;
}

static double
try_one (MigListSchedule *self, const guint *succession)
{
  MigPlanCost cost;

  return mig_list_schedule_run (self, succession, &cost) ? value_of (self, &cost) : INFINITY;
}

/* shake: a succession that nothing near is better than, so that others come near. */
static void
shake (guint *succession, guint n, GRand *rand)
{
  for (guint k = 0; k < KICK; k++)
    move_to (succession, g_rand_int_range (rand, 0, n), g_rand_int_range (rand, 0, n));
}

/* improve: moves one elsewhere while that helps, then shakes it and goes on, from the best. */
static void
improve (MigListSchedule *self, Found *best, guint64 effort, double enough, GRand *rand)
{
  guint n = self->moves->len, idle = 0;
  g_autofree guint *now = g_memdup2 (best->succession, n * sizeof (guint)),
                   *next = g_new (guint, n);
  double value = best->value;

  set_way (self, best->way);
  for (guint64 used = n; n > 1 && used <= effort; used += n)
    {
      gboolean kicked = idle > 4 * n;
      if (kicked && best->value <= enough)
        return;
      memcpy (next, now, n * sizeof *now);
      guint from = g_rand_int_range (rand, 0, n), to = g_rand_int_range (rand, 0, n);
      move_to (next, from, to);
      if (kicked)
        shake (next, n, rand);
      double tried = try_one (self, next);
      idle = tried < value || kicked ? 0 : idle + 1;
      if (tried <= value || kicked)
        {
          memcpy (now, next, n * sizeof *now);
          value = tried;
        }
      if (value < best->value)
        {
          memcpy (best->succession, now, n * sizeof *now);
          best->value = value;
        }
      else if (g_rand_double (rand) < 1. / (8 * n))
        {
          memcpy (now, best->succession, n * sizeof *now);
          value = best->value;
        }
    }
}

/* Successions by how pressing each is, all ways of starting, then better ones. */
void
mig_succession_search (MigListSchedule *self, guint *succession, guint64 effort, double bound)
{
  guint n = self->moves->len;
  Found found[WAYS];
  g_autofree double *keys = g_new (double, n);
  g_autofree guint *sorted = g_memdup2 (succession, n * sizeof (guint));
  GRand *rand = g_rand_new_with_seed (SEED);

  for (guint way = 0; way < WAYS; way++)
    {
      set_way (self, way);
      found[way] = (Found){ try_one (self, succession), g_memdup2 (succession, n * sizeof (guint)),
                            way };
      for (guint ports = 0; ports < 2; ports++)
        {
          set_keys (self, ports == 1, keys);
          g_qsort_with_data (sorted, n, sizeof (guint), compare_keys, keys);
          double value = try_one (self, sorted);
          if (value < found[way].value)
            {
              found[way].value = value;
              memcpy (found[way].succession, sorted, n * sizeof *sorted);
            }
        }
    }
  for (guint way = 0; way < WAYS; way++)
    improve (self, &found[way], effort / WAYS, bound * (1 + 2 * TIE), rand);
  guint best = 0;
  for (guint way = 1; way < WAYS; way++)
    best = found[way].value < found[best].value ? way : best;
  memcpy (succession, found[best].succession, n * sizeof *succession);
  set_way (self, best);
  for (guint way = 0; way < WAYS; way++)
    g_free (found[way].succession);
  g_rand_free (rand);
}
