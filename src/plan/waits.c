/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan/waits.h"

/* Places for migrations: of a host, out or in or both, or of the fleet. */
typedef struct {
  guint most;    /* 0: any number */
  GArray *users; /* of guint: of each place the last migration that had it; NULL: none had one */
} Places;

/* An order as it is written. */
typedef struct {
  const MigListSchedule *schedule;
  GArray *waits;    /* of MigWait */
  Places *places;   /* out of each host, into each, both, then those of the fleet */
  GArray **leaving; /* of each host: of guint: moves from it by their end; NULL: none */
  guint *needed;    /* of each host: so many of them are waited for by those that have come ... */
  double *used;     /* ... and so much memory is in use then */
} Writing;

static int
compare_waits (gconstpointer a, gconstpointer b)
{
  const MigWait *x = a, *y = b;

  return x->before != y->before ? (x->before > y->before) - (x->before < y->before)
                                : (x->move > y->move) - (x->move < y->move);
}

/* add_wait: of a move whose waits are the last of all. */
static void
add_wait (Writing *self, guint move, guint before, gboolean memory)
{
  const MigWait wait = { move, before, memory };

  for (guint i = self->waits->len; i > 0; i--)
    {
      const MigWait *known = &g_array_index (self->waits, MigWait, i - 1);
      if (known->move != move)
        break;
      if (known->before == before)
        return;
    }
  g_array_append_val (self->waits, wait);
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

/* wait_for_memory: what has to leave the target before this one and those that came before it. */
static void
wait_for_memory (Writing *self, guint move)
{
  const MigListSchedule *schedule = self->schedule;
  guint to = mig_list_schedule_move (schedule, move)->to;
  const GArray *leaving = self->leaving[to];
  double capacity = mig_fleet_host_room (mig_fleet_host (schedule->fleet, to));

  self->used[to] += mig_fleet_vm_claim (mig_list_schedule_vm (schedule, move));
  while (self->used[to] > capacity && leaving && self->needed[to] < leaving->len)
    {
      guint left = g_array_index (leaving, guint, self->needed[to]);
      if (schedule->costs[left].end_s > schedule->costs[move].start_s)
        break;
      self->needed[to]++;
      self->used[to] -= mig_fleet_vm_claim (mig_list_schedule_vm (schedule, left));
    }
  for (guint i = 0; i < self->needed[to]; i++)
    {
      const MigWait wait = { move, g_array_index (leaving, guint, i), TRUE };
      g_array_append_val (self->waits, wait);
    }
}

/* better_place: whose place to take: the one's that let the move start, for which it waits anyway;
 * else the one's that is over first. */
static guint
better_place (const MigListSchedule *schedule, guint move, const GArray *users, guint best, guint i)
{
  guint user = g_array_index (users, guint, i), trigger = schedule->trigger[move];

  if (schedule->costs[user].end_s > schedule->costs[move].start_s)
    return best;
  if (best == MIG_NO_INDEX || user == trigger)
    return i;
  guint known = g_array_index (users, guint, best);
  return known != trigger && schedule->costs[user].end_s < schedule->costs[known].end_s ? i : best;
}

/* take_place: it waits for the one that had its place before, so that there are never more than
 * may be, however long each takes. */
static void
take_place (Writing *self, guint index, guint move)
{
  Places *places = &self->places[index];
  guint best = MIG_NO_INDEX;

  if (places->most == 0)
    return;
  if (!places->users)
    places->users = g_array_new (FALSE, FALSE, sizeof (guint));
  if (places->users->len < places->most)
    {
      g_array_append_val (places->users, move);
      return;
    }
  for (guint i = 0; i < places->users->len; i++)
    best = better_place (self->schedule, move, places->users, best, i);
  if (best == MIG_NO_INDEX)
    return;
  add_wait (self, move, g_array_index (places->users, guint, best), FALSE);
  g_array_index (places->users, guint, best) = move;
}

static void
take_places (Writing *self, guint move)
{
  guint hosts = self->schedule->fleet->hosts->len;
  guint from = mig_list_schedule_source (self->schedule, move),
        to = mig_list_schedule_move (self->schedule, move)->to;

  take_place (self, from, move);
  take_place (self, hosts + to, move);
  take_place (self, 2 * hosts + from, move);
  take_place (self, 2 * hosts + to, move);
  take_place (self, 3 * hosts, move);
}

static guint
lesser (guint a, guint b)
{
  return a == 0 ? b : b == 0 ? a : MIN (a, b);
}

static void
count_places (Writing *self)
{
  const MigFleet *fleet = self->schedule->fleet;
  guint hosts = fleet->hosts->len;

  for (guint i = 0; i < hosts; i++)
    {
      const MigFleetHost *host = mig_fleet_host (fleet, i);
      self->places[i].most = lesser (self->schedule->task->parallel, host->max_out);
      self->places[hosts + i].most = host->max_in;
      self->places[2 * hosts + i].most = host->max_parallel == G_MAXUINT ? 0 : host->max_parallel;
    }
  self->places[3 * hosts].most = self->schedule->task->cluster;
}

static void
list_leaving (Writing *self, const guint *by_end)
{
  for (guint i = 0; i < self->schedule->moves->len; i++)
    {
      GArray **leaving = &self->leaving[mig_list_schedule_source (self->schedule, by_end[i])];
      if (!*leaving)
        *leaving = g_array_new (FALSE, FALSE, sizeof (guint));
      g_array_append_val (*leaving, by_end[i]);
    }
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
      *wait = (MigWait){ place[wait->move], place[wait->before], wait->memory };
    }
  g_array_sort (order->waits, compare_waits);
}

static void
write_waits (Writing *self, const guint *by_start)
{
  const MigListSchedule *schedule = self->schedule;

  for (guint i = 0; i < schedule->moves->len; i++)
    {
      guint move = by_start[i], leg = mig_list_schedule_first_leg (schedule, move);
      wait_for_memory (self, move);
      if (leg != MIG_NO_INDEX)
        add_wait (self, move, leg, FALSE);
      take_places (self, move);
      if (schedule->trigger[move] != MIG_NO_INDEX)
        add_wait (self, move, schedule->trigger[move], FALSE);
    }
}

static void
writing_clear (Writing *self)
{
  guint hosts = self->schedule->fleet->hosts->len;

  for (guint i = 0; i <= 3 * hosts; i++)
    g_clear_pointer (&self->places[i].users, g_array_unref);
  for (guint i = 0; i < hosts; i++)
    g_clear_pointer (&self->leaving[i], g_array_unref);
  g_free (self->places);
  g_free (self->leaving);
  g_free (self->needed);
  g_free (self->used);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

void
mig_waits_write (const MigListSchedule *schedule, MigOrder *order)
{
  guint n = schedule->moves->len, hosts = schedule->fleet->hosts->len;
  g_autofree guint *by_start = g_new (guint, n), *by_end = g_new (guint, n),
                   *place = g_new (guint, n);
  g_auto (Writing) writing = { .schedule = schedule,
                               .waits = g_array_new (FALSE, FALSE, sizeof (MigWait)),
                               .places = g_new0 (Places, 3 * hosts + 1),
                               .leaving = g_new0 (GArray *, hosts),
                               .needed = g_new0 (guint, hosts),
                               .used = g_memdup2 (schedule->memory, hosts * sizeof (double)) };

  for (guint i = 0; i < n; i++)
    by_start[i] = by_end[i] = i;
  g_qsort_with_data (by_start, n, sizeof (guint), compare_starts, schedule->costs);
  g_qsort_with_data (by_end, n, sizeof (guint), compare_ends, schedule->costs);
  for (guint i = 0; i < n; i++)
    place[by_start[i]] = i;
  count_places (&writing);
  list_leaving (&writing, by_end);
  write_waits (&writing, by_start);
  order->waits = writing.waits;
  order->parked = schedule->parked;
  write_order (schedule, by_start, place, order);
}
