/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How many guests are on which host at each step of a run's migrations. A host NULL is one too. */
typedef struct _MigOccupancy MigOccupancy;

#define MIG_STEP_FIRST G_MININT64 /* before all */

MigOccupancy *mig_occupancy_new (void);

/* mig_occupancy_arrive, _leave: a guest is there from that step on, or no longer. */
void mig_occupancy_arrive (MigOccupancy *self, const char *host, gint64 step);
void mig_occupancy_leave (MigOccupancy *self, const char *host, gint64 step);

/* mig_occupancy_count: once all are known: that are there at that step. */
guint mig_occupancy_count (const MigOccupancy *self, const char *host, gint64 step);

void mig_occupancy_free (MigOccupancy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigOccupancy, mig_occupancy_free)
