/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* Values that cannot be: an end before its beginning, a migration outside its run, a negative
 * duration or amount. A clock went back, a table was edited, or a hypervisor gave a wrong figure.
 */

typedef struct {
  MigTable table;
  guint line; /* of the table's file; 0: not known */
  gint64 run;
  const char *guest;      /* of the records; NULL: of the whole run */
  const char *column;     /* whose value is impossible */
  const char *limited_by; /* the column that it is earlier than; NULL: it is negative */
  gboolean of_run;        /* ... which is the run's */
  gboolean later;         /* ... than which it is later, rather */
  gint64 value, limit;    /* of that column; 0: it is negative */
} MigImpossible;

/* mig_impossible_take_out: makes the impossible values of runs and migrations (of MigRunRecord,
 * MigMigrationRecord) missing. Of two moments the one that should be the later one is
 * taken out. Returns
 * what it was (of MigImpossible), in the order of the rows. The records must outlive that. */
GArray *mig_impossible_take_out (GPtrArray *runs, GPtrArray *migrations);

/* mig_impossible_text: "migrations.csv:2: end_ns is 5 ms before start_ns (run 1, guest 'c1')". The
 * caller frees it. */
char *mig_impossible_text (const MigImpossible *impossible);
