/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/run-job.h"
#include "paper/claim-race.h"

/* What a run has decided, and what it has not: a row of decisions.csv and a line for each, once. */
typedef struct {
  MigResultWriter *writer;
  GHashTable *told;   /* decisions that are written already: a set of their texts */
  gint64 last_run;    /* that is looked at */
  gint64 last_before; /* the last run that an earlier look saw already */
} MigRunDecisions;

/* why a question stays open: the case that it is about was given up */
#define MIG_NOT_MEASURABLE "what is not decided cannot be measured here"

/* mig_run_decisions_init: of a resumed run with those that are there. */
void mig_run_decisions_init (MigRunDecisions *self, const MigRunJob *job);
void mig_run_decisions_clear (MigRunDecisions *self);

/* mig_run_decision: a row without any values. */
MigDecisionRecord mig_run_decision (gint64 run, const char *decision);

/* mig_run_decisions_append: *added: it is a new one; open ones and the end always are. Errors: as
 * mig_result_writer_append(). */
gboolean mig_run_decisions_append (MigRunDecisions *self, const MigDecisionRecord *record,
                                   gboolean *added, GError **error);

/* mig_run_decisions_write: of total time, and the cases that have dropped out; claims: NULL: the
 * study tests none. */
gboolean mig_run_decisions_write (MigRunDecisions *self, const MigRace *race,
                                  const MigClaimRace *claims, GError **error);

/* mig_run_decisions_write_open: at the end: what is not decided of total time. */
gboolean mig_run_decisions_write_open (MigRunDecisions *self, MigRace *race, GError **error);

/* mig_run_need_text: "about 3 more repetitions, 60.0 s", of what has n; repetitions missing: why
 * they are not known. The caller frees it. */
char *mig_run_need_text (guint n, gint64 repetitions, double seconds);
