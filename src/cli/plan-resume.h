/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/interrupted.h"
#include "execute/plan-session.h"
#include "hosts/migration-options.h"

/* An interrupted execution that is to go on. */
typedef struct {
  MigInterrupted *interrupted; /* NULL: nothing is resumed */
  MigResultWriter *writer;     /* NULL: dry run */
} MigPlanResume;

/* How it migrates; options' texts as for MigPlanExecuteOptions. */
typedef struct {
  char **hosts;
  const MigMigrationOptions *migration;
  const char *stop_rule, *technique; /* NULL: not given */
} MigPlanResumeWay;

/* mig_plan_resume_open: of a result directory. yes: the hosts say what became of what was begun,
 * and the result is written to from then on; else it is only read. Errors: no execution's result,
 * complete, written to by another process; a host does not answer.
 */
gboolean mig_plan_resume_open (MigPlanResume *resume, const char *path, const MigPlanResumeWay *way,
                               gboolean yes, GError **error);

/* mig_plan_resume_keep: the plan that was made now gives way to what is left of the earlier one,
 * where that still fits; which of the two it is is said. */
void mig_plan_resume_keep (const MigPlanResume *resume, MigPlanSession *planning);

void mig_plan_resume_clear (MigPlanResume *resume);
