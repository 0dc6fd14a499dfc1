/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/departures.h"
#include "model/migration-phases.h"

static gboolean
has_slot (const MigSimulation *self, guint host)
{
  return self->hosts[host].migrations->len < mig_fleet_host (self->fleet, host)->max_parallel;
}

void
mig_departures_start (MigSimulation *self, guint index)
{
  MigSimMigration *m = &self->migrations[index];
  guint full = !has_slot (self, m->source)     ? m->source
               : !has_slot (self, m->move->to) ? m->move->to
                                               : MIG_NO_INDEX;

  if (full != MIG_NO_INDEX)
    {
      g_queue_push_tail (&self->hosts[full].waiting, GUINT_TO_POINTER (index));
      return;
    }
  mig_migration_phases_begin (self, m);
}

static void
start_waiting (MigSimulation *self, guint host)
{
  guint n = g_queue_get_length (&self->hosts[host].waiting);

  for (guint i = 0; i < n && has_slot (self, host); i++)
    mig_departures_start (self, GPOINTER_TO_UINT (g_queue_pop_head (&self->hosts[host].waiting)));
}

/* start_group: the source's next group. */
static void
start_group (MigSimulation *self, MigSimHost *source)
{
  guint first = source->next;

  while (source->next < source->moves->len)
    {
      guint index = g_array_index (source->moves, guint, source->next);
      if (source->next > first && self->migrations[index].move->group != source->group)
        break;
      source->group = self->migrations[index].move->group;
      source->left++;
      source->next++;
    }
  for (guint i = first; i < source->next; i++)
    mig_departures_start (self, g_array_index (source->moves, guint, i));
}

/* end_waits: of those that wait for it. */
static void
end_waits (MigSimulation *self, guint ended)
{
  guint low = 0, high = self->waits->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (g_array_index (self->waits, MigWait, middle).before < ended)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < self->waits->len && g_array_index (self->waits, MigWait, low).before == ended; low++)
    {
      guint move = g_array_index (self->waits, MigWait, low).move;
      if (--self->migrations[move].waits == 0)
        mig_departures_start (self, move);
    }
}

/* start_next: what the end of a migration allows. */
static void
start_next (MigSimulation *self, guint ended)
{
  if (self->chooser.choose)
    self->chooser.choose (self, ended, self->chooser.data);
  else if (self->waits)
    end_waits (self, ended);
  else if (--self->hosts[self->migrations[ended].source].left == 0)
    start_group (self, &self->hosts[self->migrations[ended].source]);
}

void
mig_departures_ended (MigSimulation *self, guint ended)
{
  const MigSimMigration *m = &self->migrations[ended];

  start_next (self, ended);
  start_waiting (self, m->source);
  start_waiting (self, m->move->to);
}

void
mig_departures_first (MigSimulation *self)
{
  if (self->chooser.choose)
    self->chooser.choose (self, MIG_NO_INDEX, self->chooser.data);
  for (guint i = 0; i < self->n && self->waits && !self->chooser.choose; i++)
    if (self->migrations[i].waits == 0)
      mig_departures_start (self, i);
  for (guint i = 0; i < self->fleet->hosts->len && !self->waits && !self->chooser.choose; i++)
    if (self->hosts[i].moves->len > 0)
      start_group (self, &self->hosts[i]);
}
