/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plan/succession.h"

#define KICK 3         /* pairs that change places where nothing else helps */
#define AFTER_ODDS 0.3 /* how often one is to wait for another, or no longer, instead */
#define SEED 20
/* How near to the bound is near enough. */
#define ENOUGH_RATIO (1 + 2e-6)

static const MigPlanValue forbidden = { .objective = INFINITY };

static gboolean
is_better (const MigPlanValue *a, const MigPlanValue *b)
{
  return mig_plan_value_compare (a, b) < 0;
}

static MigPlanValue
value_of (const MigListSchedule *self, const MigPlanCost *cost)
{
  for (guint i = 0; i < self->moves->len; i++)
    if (!self->costs[i].converges ||
        self->costs[i].downtime_s > mig_list_schedule_vm (self, i)->max_downtime_s)
      return forbidden;
  return mig_plan_value (&self->task->objective, cost);
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

/* set_keys: how pressing each is: how long its fullest port, of a host or an uplink, has to send;
 * or how long it lasts. */
static void
set_keys (const MigListSchedule *self, gboolean ports, double *keys)
{
  g_autofree double *out = g_new0 (double, self->fleet->hosts->len),
                    *in = g_new0 (double, self->fleet->hosts->len),
                    *uplinks = g_new0 (double, 2 * self->fleet->groups->len + 1);

  for (guint i = 0; i < self->moves->len; i++)
    {
      double bytes = mig_model_vm_bytes (self->model, mig_list_schedule_vm (self, i));
      guint from = mig_list_schedule_source (self, i), to = mig_list_schedule_move (self, i)->to;
      out[from] += bytes / mig_fleet_host (self->fleet, from)->link_bytes_per_s;
      in[to] += bytes / mig_fleet_host (self->fleet, to)->link_bytes_per_s;
      for (guint u = 0; u < self->paths[i].n_uplinks; u++)
        {
          guint uplink = self->paths[i].uplinks[u];
          uplinks[uplink] += bytes / mig_fleet_group (self->fleet, uplink / 2)->link_bytes_per_s;
        }
    }
  for (guint i = 0; i < self->moves->len; i++)
    {
      double length = mig_model_vm_bytes (self->model, mig_list_schedule_vm (self, i)) /
                      mig_list_schedule_rate (self, i);
      double fullest = fmax (out[self->paths[i].from], in[self->paths[i].to]);
      for (guint u = 0; u < self->paths[i].n_uplinks; u++)
        fullest = fmax (fullest, uplinks[self->paths[i].uplinks[u]]);
      keys[i] = ports ? fullest + 1e-3 * length : length;
    }
}

/* Best of all that were tried. */
typedef struct {
  MigPlanValue value;
  guint *succession;
  guint *after; /* of each move: one that it lets go before; MIG_NO_INDEX: none */
  guint way;
} Found;

/* The ways of starting: with links dedicated or shared, orderly or not. Of many moves those with
 * dedicated links are tried, of very many the one that is not orderly, and nothing is changed. */
#define WAYS 4
#define WAY_DEDICATED 1
#define CHANGED_MAX 1000

static void
set_way (MigListSchedule *self, guint way)
{
  self->dedicated = way % 2 == 1;
  self->orderly = way / 2 == 1;
}

static MigPlanValue
try_one (MigListSchedule *self, const guint *succession, const guint *after)
{
  MigPlanCost cost;

  memcpy (self->after, after, self->moves->len * sizeof *after);
  return mig_list_schedule_run (self, succession, &cost) ? value_of (self, &cost) : forbidden;
}

/* What is changed to find better ones. */
typedef struct {
  guint n;
  guint *succession, *after;
  MigPlanValue value;
} Trial;

static void
copy_trial (Trial *to, const Trial *from)
{
  memcpy (to->succession, from->succession, to->n * sizeof (guint));
  memcpy (to->after, from->after, to->n * sizeof (guint));
  to->value = from->value;
}

static void
change_after (Trial *trial, GRand *rand)
{
  guint i = g_rand_int_range (rand, 0, trial->n), j = g_rand_int_range (rand, 0, trial->n);

  trial->after[i] = trial->after[i] == MIG_NO_INDEX && i != j ? j : MIG_NO_INDEX;
}

static void
change (Trial *trial, GRand *rand)
{
  if (g_rand_double (rand) < AFTER_ODDS)
    change_after (trial, rand);
  else
    move_to (trial->succession, g_rand_int_range (rand, 0, trial->n),
             g_rand_int_range (rand, 0, trial->n));
}

/* improve: changes something while that helps, then several things, and goes on, from the best. */
static void
improve (MigListSchedule *self, Found *found, guint64 effort, double enough, GRand *rand)
{
  guint n = self->moves->len, idle = 0;
  g_autofree guint *numbers = g_new (guint, 4 * n);
  Trial best = { n, found->succession, found->after, found->value },
        now = { n, numbers, numbers + n, forbidden },
        next = { n, numbers + 2 * n, numbers + 3 * n, forbidden };

  copy_trial (&now, &best);
  set_way (self, found->way);
  for (guint64 used = n; n > 1 && used <= effort; used += n)
    {
      gboolean kicked = idle > 4 * n;
      if (kicked && best.value.objective <= enough)
        break;
      copy_trial (&next, &now);
      for (guint k = 0; k <= (kicked ? KICK : 0); k++)
        change (&next, rand);
      next.value = try_one (self, next.succession, next.after);
      idle = is_better (&next.value, &now.value) || kicked ? 0 : idle + 1;
      if (!is_better (&now.value, &next.value) || (kicked && isfinite (next.value.objective)))
        copy_trial (&now, &next);
      if (is_better (&now.value, &best.value))
        copy_trial (&best, &now);
      else if (g_rand_double (rand) < 1. / (8 * n))
        copy_trial (&now, &best);
    }
  found->value = best.value;
}

/* begin: the best of some successions: as it is, and by how pressing each is. */
static Found
begin (MigListSchedule *self, guint way, const guint *succession, guint *sorted, double *keys)
{
  guint n = self->moves->len;
  Found found = { forbidden, g_memdup2 (succession, n * sizeof (guint)), g_new (guint, n), way };

  for (guint i = 0; i < n; i++)
    found.after[i] = MIG_NO_INDEX;
  set_way (self, way);
  found.value = try_one (self, succession, found.after);
  for (guint ports = 0; ports < 2; ports++)
    {
      set_keys (self, ports == 1, keys);
      g_qsort_with_data (sorted, n, sizeof (guint), compare_keys, keys);
      MigPlanValue value = try_one (self, sorted, found.after);
      if (!is_better (&value, &found.value))
        continue;
      found.value = value;
      memcpy (found.succession, sorted, n * sizeof *sorted);
    }
  return found;
}

/* Successions by how pressing each is, all ways of starting, then better ones. */
void
mig_succession_search (MigListSchedule *self, guint *succession, guint64 effort, double bound)
{
  guint n = self->moves->len;
  guint step = n > MIG_SUCCESSION_SHARED_MAX ? 2 : 1, first = step == 2 ? WAY_DEDICATED : 0,
        last = n > CHANGED_MAX ? first : WAYS - 1, best = first;
  Found found[WAYS];
  g_autofree double *keys = g_new (double, n);
  g_autofree guint *sorted = g_memdup2 (succession, n * sizeof (guint));
  GRand *rand = g_rand_new_with_seed (SEED);

  for (guint way = first; way <= last; way += step)
    found[way] = begin (self, way, succession, sorted, keys);
  for (guint way = first; way <= last; way += step)
    {
      if (n <= CHANGED_MAX)
        improve (self, &found[way], effort / WAYS, bound * ENOUGH_RATIO, rand);
      best = is_better (&found[way].value, &found[best].value) ? way : best;
    }
  memcpy (succession, found[best].succession, n * sizeof *succession);
  memcpy (self->after, found[best].after, n * sizeof (guint));
  set_way (self, best);
  for (guint way = first; way <= last; way += step)
    {
      g_free (found[way].succession);
      g_free (found[way].after);
    }
  g_rand_free (rand);
}
