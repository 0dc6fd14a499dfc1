/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/plan-progress.h"

/* What became of a plan, for a report. */

/* A guest of any of the plans. */
typedef struct {
  const MigPlannedMove *planned; /* the last time that it was planned for */
  const MigPlannedMove *last;    /* the last time that it was begun; NULL: never */
  char *place;                   /* where it is */
  char *command;                 /* moves it later, by itself; NULL: no need, or it is lost */
  gboolean moved;                /* it is on the host that it was to go to, alone */
  gboolean gone;                 /* it has ended meanwhile */
  gboolean taken;                /* somebody else has moved it to where it may be, too, or to a host
                                    that is none of these */
} MigPlanGuest;

/* A guest that stays, since it cannot be moved, or somebody else does something with it. */
typedef struct {
  const char *guest, *reason; /* as of MigSkippedGuest; borrowed */
  char *place;                /* where it is */
} MigPlanStaying;

/* A definition that a guest left behind, or an autostart that it has lost. */
typedef struct {
  const MigPlanGuest *guest;
  char *what, *command; /* as of MigLeftDefinition */
} MigPlanDefinition;

typedef struct {
  const GPtrArray *moves; /* of MigPlannedMove: of all plans; borrowed */
  GPtrArray *guests;      /* of MigPlanGuest, in the order in which they were first planned for */
  GPtrArray *staying;     /* of MigPlanStaying: not where plans would have taken them */
  GPtrArray *definitions; /* of MigPlanDefinition: of guests that moved, as their hosts are now */
  guint plans;            /* how many there were */
  guint moved, gone;      /* guests */
  guint taken;            /* guests that somebody else has moved */
  guint asked;            /* guests: those that were planned for, and those that only stay; not
                             those that were taken */
  /* borrowed, set by whoever had it performed */
  const GPtrArray *notes; /* of char *: what was not as predicted, and what was made of it */
  const char *again;      /* options that ask the same again, as a shell reads them */
  const char *stuck;      /* why it did not go on; NULL: it did */
  const char *path;       /* of the result */
  gint64 took_ns;
  MigPredicted expected; /* of the first plan as a whole */
} MigPlanOutcome;

/* mig_plan_outcome_is_done: all guests that are still there are where they were to go. */
static inline gboolean
mig_plan_outcome_is_done (const MigPlanOutcome *self)
{
  return self->moved + self->gone == self->asked && !self->stuck;
}

/* mig_plan_outcome_guest: NULL: no plan was to move it. */
const MigPlanGuest *mig_plan_outcome_guest (const MigPlanOutcome *outcome, const char *uuid);

void mig_plan_outcome_clear (MigPlanOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigPlanOutcome, mig_plan_outcome_clear)
