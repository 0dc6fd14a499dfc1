/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/internal.h"

#define AT(i) g_array_index (self->heap, guint, i)

/* before: by time, then by index, so that the same plan always runs the same way. */
static gboolean
before (const MigSimulation *self, guint a, guint b)
{
  double x = self->migrations[a].next_s, y = self->migrations[b].next_s;
  return x < y || (x == y && a < b);
}

static void
put (MigSimulation *self, guint slot, guint migration)
{
  AT (slot) = migration;
  self->migrations[migration].slot = slot;
}

static void
sift_up (MigSimulation *self, guint slot, guint migration)
{
  while (slot > 0 && before (self, migration, AT ((slot - 1) / 2)))
    {
      put (self, slot, AT ((slot - 1) / 2));
      slot = (slot - 1) / 2;
    }
  put (self, slot, migration);
}

static void
sift_down (MigSimulation *self, guint slot, guint migration)
{
  for (guint child = 2 * slot + 1; child < self->heap->len; child = 2 * slot + 1)
    {
      if (child + 1 < self->heap->len && before (self, AT (child + 1), AT (child)))
        child++;
      if (!before (self, AT (child), migration))
        break;
      put (self, slot, AT (child));
      slot = child;
    }
  put (self, slot, migration);
}

void
mig_heap_add (MigSimulation *self, guint migration)
{
  g_array_append_val (self->heap, migration);
  sift_up (self, self->heap->len - 1, migration);
}

void
mig_heap_move (MigSimulation *self, guint migration)
{
  sift_up (self, self->migrations[migration].slot, migration);
  sift_down (self, self->migrations[migration].slot, migration);
}

void
mig_heap_remove (MigSimulation *self, guint migration)
{
  guint slot = self->migrations[migration].slot, last = AT (self->heap->len - 1);

  g_array_set_size (self->heap, self->heap->len - 1);
  if (last == migration)
    return;
  self->migrations[last].slot = slot;
  put (self, slot, last);
  mig_heap_move (self, last);
}
