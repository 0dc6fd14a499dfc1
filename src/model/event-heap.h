/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Events by time: numbers, each with the time at which something happens to it. */
typedef struct {
  GArray *order;   /* of guint: a binary heap */
  GArray *times_s; /* of double, by number */
  GArray *slots;   /* of guint, by number: where it is in the heap */
} MigEventHeap;

void mig_event_heap_init (MigEventHeap *heap);
void mig_event_heap_clear (MigEventHeap *heap);

/* mig_event_heap_reset: empty, with room for numbers below n. */
void mig_event_heap_reset (MigEventHeap *heap, guint n);

void mig_event_heap_add (MigEventHeap *heap, guint number, double time_s);
/* mig_event_heap_move: of one that is in it: at another time now. */
void mig_event_heap_move (MigEventHeap *heap, guint number, double time_s);
void mig_event_heap_remove (MigEventHeap *heap, guint number);

/* mig_event_heap_first: of equal times the lowest number; the heap is not empty. */
guint mig_event_heap_first (const MigEventHeap *heap);
gboolean mig_event_heap_is_empty (const MigEventHeap *heap);
