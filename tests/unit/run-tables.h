/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"
#include "summary/analysis.h"

/* Runs from records made by hand. One guest, "g", moves from host "a" to host "b" in a window of
 * 20 s; it takes half of a CPU, the host's CPU is busy for it alone and idle otherwise, unless a
 * MadeRun says more. The last sample of the guest's process there is taken while it ends. */

typedef struct {
  double stolen; /* share of host a's CPU */
  double others;
  double sent_bytes;
  const char *failure;
  double own_wait;  /* share of the window */
  double observing; /* share of a CPU */
} MadeRun;

typedef struct {
  GPtrArray *schedule, *runs, *guests, *migrations, *parameters, *environment, *samples,
      *round_trips;
} RunTables;

void run_tables_init (RunTables *t);
void run_tables_clear (RunTables *t);

/* run_tables_add: a copy of a record, which is returned. */
gpointer run_tables_add (GPtrArray *table, MigTable kind, gconstpointer record);
void run_tables_add_fact (RunTables *t, const char *scope, const char *name, const char *value);

/* run_tables_add_run: with all that belongs to it. */
void run_tables_add_run (RunTables *t, gint64 number, const MadeRun *made);

/* run_tables_analyse: after that many more runs, from number 1 on. */
MigSummary *run_tables_analyse (RunTables *t, const MadeRun *runs, guint n);
