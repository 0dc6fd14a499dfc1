/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is predicted of a case and of its migrations, and later held to what was measured. */

typedef enum {
  MIG_QUANTITY_START,
  MIG_QUANTITY_TOTAL_TIME,
  MIG_QUANTITY_WALL_TIME,
  MIG_QUANTITY_DOWNTIME,
  MIG_QUANTITY_WORST_DOWNTIME,
  MIG_QUANTITY_LOST_WORK,
  MIG_QUANTITY_OUTAGE,
  MIG_QUANTITY_STALL,
  MIG_N_QUANTITIES
} MigQuantity;

typedef struct {
  const char *id;    /* in a study and in predictions.csv: "total-time" */
  const char *name;  /* "total time" */
  gboolean of_case;  /* predicted of a whole case */
  gboolean of_move;  /* predicted of each migration */
  gboolean relative; /* its error is a share of what was measured */
} MigQuantityInfo;

const MigQuantityInfo *mig_quantity_info (MigQuantity quantity);

/* mig_quantity_find: by its id; FALSE: there is none (id may be NULL). */
gboolean mig_quantity_find (const char *id, MigQuantity *quantity);

/* A prediction and its 95 % interval, in seconds; NaN: that end is not known. */
typedef struct {
  double value, low, high;
} MigPredicted;
