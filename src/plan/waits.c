/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/waits.h"

static int
compare_waits (gconstpointer a, gconstpointer b)
{
  const MigWait *x = a, *y = b;

  return x->before != y->before ? (x->before > y->before) - (x->before < y->before)
                                : (x->move > y->move) - (x->move < y->move);
}

static void
add_wait (GArray *waits, guint move, guint before)
{
  const MigWait wait = { move, before };

  for (guint i = waits->len; i > 0; i--)
    {
      const MigWait *known = &g_array_index (waits, MigWait, i - 1);
      if (known->move != move)
        break;
      if (known->before == before)
        return;
    }
  g_array_append_val (waits, wait);
}

static int
compare_starts (gconstpointer a, gconstpointer b, gpointer data)
{
  const MigMoveCost *costs = data;
  guint i = *(const guint *) a, j = *(const guint *) b;

  return costs[i].start_s != costs[j].start_s ? (costs[i].start_s > costs[j].start_s ? 1 : -1)
                                              : (i > j) - (i < j);
}

static int
compare_ends (gconstpointer a, gconstpointer b, gpointer data)
{
  const MigMoveCost *costs = data;
  guint i = *(const guint *) a, j = *(const guint *) b;

  return costs[i].end_s != costs[j].end_s ? (costs[i].end_s > costs[j].end_s ? 1 : -1)
                                          : (i > j) - (i < j);
}

/* wait_for_memory: adds to waits what has to leave the target before this one; by_end: all moves by
 * their end; needed[host]: how far in that list those before it looked, used[host]: memory then. */
static void
wait_for_memory (const MigListSchedule *self, const guint *by_end, guint move, guint *needed,
                 double *used, GArray *waits)
{
  guint to = mig_list_schedule_move (self, move)->to;
  double capacity = mig_fleet_host_room (mig_fleet_host (self->fleet, to));

  used[to] += mig_fleet_vm_claim (mig_list_schedule_vm (self, move));
  while (used[to] > capacity && needed[to] < self->moves->len)
    {
      guint left = by_end[needed[to]++];
      if (mig_list_schedule_source (self, left) == to &&
          self->costs[left].end_s <= self->costs[move].start_s)
        used[to] -= mig_fleet_vm_claim (mig_list_schedule_vm (self, left));
    }
  for (guint i = 0; i < needed[to]; i++)
    if (mig_list_schedule_source (self, by_end[i]) == to)
      add_wait (waits, move, by_end[i]);
}

/* write_order: of each source, what starts at the same time is a group. */
static void
write_order (const MigListSchedule *self, const guint *by_start, const guint *place,
             MigOrder *order)
{
  guint n = self->moves->len;
  g_autofree guint *group = g_new0 (guint, self->fleet->hosts->len);
  g_autofree double *began = g_new (double, self->fleet->hosts->len);

  for (guint i = 0; i < self->fleet->hosts->len; i++)
    began[i] = -1;
  for (guint i = 0; i < n; i++)
    {
      MigMove move = *mig_list_schedule_move (self, by_start[i]);
      guint from = mig_list_schedule_source (self, by_start[i]);
      double start = self->costs[by_start[i]].start_s;
      if (began[from] >= 0 && start > began[from])
        group[from]++;
      began[from] = start;
      move.group = group[from];
      g_array_append_val (order->moves, move);
    }
  for (guint i = 0; i < order->waits->len; i++)
    {
      MigWait *wait = &g_array_index (order->waits, MigWait, i);
      *wait = (MigWait){ place[wait->move], place[wait->before] };
    }
  g_array_sort (order->waits, compare_waits);
}

void
mig_waits_write (const MigListSchedule *self, MigOrder *order)
{
  guint n = self->moves->len, hosts = self->fleet->hosts->len;
  g_autofree guint *by_start = g_new (guint, n), *by_end = g_new (guint, n),
                   *place = g_new (guint, n), *needed = g_new0 (guint, hosts);
  g_autofree double *used = g_memdup2 (self->memory, hosts * sizeof (double));

  for (guint i = 0; i < n; i++)
    by_start[i] = by_end[i] = i;
  g_qsort_with_data (by_start, n, sizeof (guint), compare_starts, self->costs);
  g_qsort_with_data (by_end, n, sizeof (guint), compare_ends, self->costs);
  order->waits = g_array_new (FALSE, FALSE, sizeof (MigWait));
  order->parked = self->parked;
  for (guint i = 0; i < n; i++)
    {
      guint move = by_start[i], leg = mig_list_schedule_first_leg (self, move);
      place[move] = i;
      if (leg != MIG_NO_INDEX)
        add_wait (order->waits, move, leg);
      if (self->trigger[move] != MIG_NO_INDEX)
        add_wait (order->waits, move, self->trigger[move]);
      wait_for_memory (self, by_end, move, needed, used, order->waits);
    }
  write_order (self, by_start, place, order);
}
