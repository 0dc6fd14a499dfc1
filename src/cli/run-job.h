/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/migration-options.h"
#include "measure/resume.h"
#include "results/result.h"
#include "study/study.h"

/* Of a number that may be 0 where that is wrong. */
#define MIG_RUN_NOT_GIVEN G_MININT

/* What `migcost run` was asked for; strings NULL, seed 0, repeat MIG_RUN_NOT_GIVEN: nothing. */
typedef struct {
  char *output, *only, *resume, *heartbeat, *sampling, *observing_cost, *time, *until, *scale;
  char *start, *ready_timeout, *predict;
  int repeat;
  gint64 seed;
  gboolean untrusted, yes;
  MigMigrationOptions migration;
  const GOptionEntry *entries; /* all options of the command, with those of its hosts */
} MigRunRequest;

/* What is to be run, and where it goes: a study as the options change it, its schedule, its result
 * directory. Needs no hosts. */
typedef struct {
  const MigRunRequest *request;
  char **options; /* "NAME=VALUE": what was asked for now and is to be kept for --resume */
  MigStudy *study;
  GArray *schedule; /* MigScheduleItem */
  guint64 seed;
  gboolean no_sampling;
  gint64 alternation_ns; /* guests are observed and left alone in turn; 0: always observed */
  MigResume resume;
  MigResultWriter *writer;
  gboolean open_ended; /* the schedule is that of one block: mig_run_race_extend() adds the others
                        */
  gboolean begun;      /* a repetition has been begun: the result directory is worth keeping */
} MigRunJob;

/* mig_run_job_prepare: study: a file or a name; NULL: the default one. The request must outlive the
 * job. Errors: those of the study, of the directory to be resumed or made; USAGE: options that do
 * not go together, or existing guests that nobody has allowed to be moved. */
gboolean mig_run_job_prepare (MigRunJob *job, const MigRunRequest *request, const char *study,
                              GError **error);

/* mig_run_job_continue: before anything is measured into a resumed result: it is complete no more,
 * and the options given now, what ends the run among them, and the repetitions that are added, are
 * on the disk for the next --resume. */
gboolean mig_run_job_continue (const MigRunJob *job, GError **error);

/* mig_run_job_n_done: repetitions that were sound before, of a resumed run. */
guint mig_run_job_n_done (const MigRunJob *job);

/* mig_run_job_discard: removes the result directory where this process has made it and nothing was
 * measured: it is of no use to anyone. */
void mig_run_job_discard (MigRunJob *job);
void mig_run_job_clear (MigRunJob *job);
