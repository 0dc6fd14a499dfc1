/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/event-heap.h"

#define AT(i) g_array_index (self->order, guint, i)
#define TIME(number) g_array_index (self->times_s, double, number)
#define SLOT(number) g_array_index (self->slots, guint, number)

/* before: by time, then by index, so that the same plan always runs the same way. */
static gboolean
before (const MigEventHeap *self, guint a, guint b)
{
  double x = TIME (a), y = TIME (b);
  return x < y || (x == y && a < b);
}

static void
put (MigEventHeap *self, guint slot, guint number)
{
  AT (slot) = number;
  SLOT (number) = slot;
}

static void
sift_up (MigEventHeap *self, guint slot, guint number)
{
  while (slot > 0 && before (self, number, AT ((slot - 1) / 2)))
    {
      put (self, slot, AT ((slot - 1) / 2));
      slot = (slot - 1) / 2;
    }
  put (self, slot, number);
}

static void
sift_down (MigEventHeap *self, guint slot, guint number)
{
  for (guint child = 2 * slot + 1; child < self->order->len; child = 2 * slot + 1)
    {
      if (child + 1 < self->order->len && before (self, AT (child + 1), AT (child)))
        child++;
      if (!before (self, AT (child), number))
        break;
      put (self, slot, AT (child));
      slot = child;
    }
  put (self, slot, number);
}

void
mig_event_heap_init (MigEventHeap *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->times_s = g_array_new (FALSE, FALSE, sizeof (double));
  self->slots = g_array_new (FALSE, FALSE, sizeof (guint));
}

void
mig_event_heap_clear (MigEventHeap *self)
{
  g_array_unref (self->order);
  g_array_unref (self->times_s);
  g_array_unref (self->slots);
}

void
mig_event_heap_reset (MigEventHeap *self, guint n)
{
  g_array_set_size (self->order, 0);
  g_array_set_size (self->times_s, n);
  g_array_set_size (self->slots, n);
}

void
mig_event_heap_add (MigEventHeap *self, guint number, double time_s)
{
  TIME (number) = time_s;
  g_array_append_val (self->order, number);
  sift_up (self, self->order->len - 1, number);
}

static void
sift (MigEventHeap *self, guint number)
{
  sift_up (self, SLOT (number), number);
  sift_down (self, SLOT (number), number);
}

void
mig_event_heap_move (MigEventHeap *self, guint number, double time_s)
{
  TIME (number) = time_s;
  sift (self, number);
}

void
mig_event_heap_remove (MigEventHeap *self, guint number)
{
  guint slot = SLOT (number), last = AT (self->order->len - 1);

  g_array_set_size (self->order, self->order->len - 1);
  if (last == number)
    return;
  SLOT (last) = slot;
  put (self, slot, last);
  sift (self, last);
}

guint
mig_event_heap_first (const MigEventHeap *self)
{
  return AT (0);
}

gboolean
mig_event_heap_is_empty (const MigEventHeap *self)
{
  return self->order->len == 0;
}
