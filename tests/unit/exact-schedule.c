/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "tests/unit/exact-schedule.h"

#define SAME 1e-6

typedef struct {
  const MigFleet *fleet;
  guint parallel, n;
  guint from[EXACT_SCHEDULE_MOVES], to[EXACT_SCHEDULE_MOVES];
  double memory[EXACT_SCHEDULE_MOVES];
  double best;
  guint nodes, most_nodes;
} Exact;

typedef struct {
  double now, left[EXACT_SCHEDULE_MOVES], room[EXACT_SCHEDULE_HOSTS];
  guchar state[EXACT_SCHEDULE_MOVES]; /* 0 waits, 1 runs, 2 over */
} Node;

/* A resource: 0..H-1 out, H..2H-1 in, then the uplink in both directions. */
#define PORTS (2 * EXACT_SCHEDULE_HOSTS + 2)

static gboolean
passes (const Exact *self, guint i, guint port)
{
  guint a = mig_fleet_host (self->fleet, self->from[i])->group,
        b = mig_fleet_host (self->fleet, self->to[i])->group;

  if (port < EXACT_SCHEDULE_HOSTS)
    return self->from[i] == port;
  if (port < 2 * EXACT_SCHEDULE_HOSTS)
    return self->to[i] == port - EXACT_SCHEDULE_HOSTS;
  return port == 2 * EXACT_SCHEDULE_HOSTS ? a == 1 && b != 1 : a != 1 && b == 1;
}

static double
rate_of (const Exact *self, guint port)
{
  if (port < 2 * EXACT_SCHEDULE_HOSTS)
    return mig_fleet_host (self->fleet, port % EXACT_SCHEDULE_HOSTS)->link_bytes_per_s;
  return self->fleet->groups->len > 0 ? mig_fleet_group (self->fleet, 0)->link_bytes_per_s
                                      : INFINITY;
}

/* share: max-min fair rates by filling. */
static void
share (const Exact *self, const Node *node, double *rates)
{
  double left[PORTS];
  gboolean done[EXACT_SCHEDULE_MOVES];

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
  double rates[EXACT_SCHEDULE_MOVES], step = INFINITY;

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

  if (least_end (self, node) >= self->best * (1 - SAME) || self->nodes > self->most_nodes)
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

double
exact_schedule_time (const MigFleet *fleet, guint parallel, double known, guint nodes)
{
  Exact self = {
    .fleet = fleet, .parallel = parallel, .best = known * (1 + 2 * SAME), .most_nodes = nodes
  };
  Node node = { 0 };

  for (guint i = 0; i < EXACT_SCHEDULE_HOSTS; i++)
    node.room[i] = mig_fleet_host (fleet, i)->memory_bytes;
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      node.room[vm->host] -= vm->memory_bytes;
      if (vm->to == MIG_NO_INDEX || vm->to == vm->host)
        continue;
      self.from[self.n] = vm->host;
      self.to[self.n] = vm->to;
      self.memory[self.n] = vm->memory_bytes;
      node.left[self.n++] = vm->used_bytes;
    }
  explore (&self, &node);
  return self.nodes > nodes ? NAN : fmin (self.best, known);
}
