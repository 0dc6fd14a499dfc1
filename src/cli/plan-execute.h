/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/migration-options.h"
#include "cli/plan-resume.h"
#include "execute/execute.h"
#include "study/study.h"

typedef struct {
  char **hosts;          /* "NAME=URI" or "URI", as the plan had them */
  char **migrate_uris;   /* "NAME=URI"; NULL: the hypervisor's choice everywhere */
  char **peer_uris;      /* "NAME=URI"; NULL: as hosts have them */
  gboolean direct;       /* no migration is peer-to-peer */
  const char *technique; /* NULL: pre-copy */
  MigMigrationOptions migration;
  const char *values;        /* the options as XML, to be kept with the result */
  const char *one_guest;     /* options that a guest of the plan is moved with alone, for a shell */
  const char *again;         /* options that ask the same again, for a shell */
  MigPlanResume *resume;     /* that goes on; its writer is taken */
  const char *output;        /* directory; NULL: migcost-results/execute-DATE */
  gboolean keep_definitions; /* and autostart */
  const char *link;          /* rate; NULL: not known */
  GHashTable *probes;        /* as of mig_probe_options_read() */
} MigPlanExecuteOptions;

/* mig_plan_execute_hosts: of MigPlanExecutorHost, from such texts, which must outlive them. The
 * caller unrefs the array. */
GArray *mig_plan_execute_hosts (char **texts);

/* How guests are migrated. */
typedef struct {
  MigTechnique technique;
  MigMigrationFlags flags;
  gint64 timeout_ns; /* 0: from what is predicted */
} MigPlanExecuteWay;

/* mig_plan_execute_take: hosts with all that options say of them (of MigPlanExecutorHost, as
 * above), and the way. Errors: USAGE. */
GArray *mig_plan_execute_take (const MigPlanExecuteOptions *options, MigPlanExecuteWay *way,
                               GError **error);

/* mig_plan_execute_options: what an executor is to do, without its writer and planner. */
MigPlanExecutorOptions mig_plan_execute_options (const MigPlanSession *planning,
                                                 const MigPlanExecuteOptions *options,
                                                 const GArray *hosts, const MigPlanExecuteWay *way);

/* mig_plan_execute_recover: before the hosts are looked at, takes back what killed processes left
 * there. */
gboolean mig_plan_execute_recover (GError **error);

/* mig_plan_execute: performs the plan that was made for planning->own_fleet, and plans the rest
 * anew where it does not go as predicted. Appends what was done; *status is FAILED where not all of
 * it was, or its result is not complete. Errors: USAGE; the result directory; nothing was begun
 * then. */
gboolean mig_plan_execute (MigPlanSession *planning, const MigPlanExecuteOptions *options,
                           GString *out, int *status, GError **error);
