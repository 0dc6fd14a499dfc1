/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "virt/events.h"

/* Migrations that somebody else started, made out from the events of the hosts that are watched. Pure: no
 * I/O, no clock. A host is a number; -1: one that is not watched, or not yet known. */
typedef struct {
  char *guest;
  int source, destination;
  gint64 start_ns;                  /* first sign of it */
  gint64 suspended_ns, resumed_ns;  /* MIG_MISSING_INT: no event */
  gint64 end_ns;                    /* missing: it goes on */
  char *failure;                    /* NULL: it moved, or it goes on */
} MigObserved;

typedef enum {
  MIG_SEEN_NOTHING, /* no sign of a migration */
  MIG_SEEN_BEGUN,
  MIG_SEEN_MORE,    /* of one that is known */
  MIG_SEEN_ENDED,
} MigSeen;

typedef struct _MigObservation MigObservation;

MigObservation *mig_observation_new (void);

/* mig_observation_event: one event of a host, in the order of arrival. *observed: which migration it belongs
 * to; the observation's, one that has ended until mig_observation_forget(). A source that is watched says
 * when the migration is over; one that is not, the guest's running on the destination does. */
MigSeen mig_observation_event (MigObservation *observation, int host, const char *guest, MigEventKind kind,
                               gboolean by_migration, gint64 arrival_ns, MigObserved **observed);

/* mig_observation_give_up: this one is over, and no event will say so. */
void mig_observation_give_up (MigObserved *observed, gint64 now_ns, const char *failure);

/* mig_observation_all: of MigObserved, in the order of their beginning; the observation's. */
const GPtrArray *mig_observation_all (const MigObservation *observation);

/* mig_observation_forget: all that have ended. */
void mig_observation_forget (MigObservation *observation);
void mig_observation_free (MigObservation *observation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigObservation, mig_observation_free)
