/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/plan.h"

/* What a plan predicts, quantity by quantity, each with its 95 % prediction interval; and the rows
 * of predictions.csv that say so. Pure. */

typedef enum {
  MIG_QUANTITY_START,
  MIG_QUANTITY_TOTAL_TIME,
  MIG_QUANTITY_WALL_TIME,
  MIG_QUANTITY_DOWNTIME,
  MIG_QUANTITY_WORST_DOWNTIME,
  MIG_QUANTITY_LOST_WORK,
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

/* What an order would cost. Everything is borrowed. */
typedef struct {
  const MigModel *model;
  const MigFleet *fleet;
  const MigOrder *order;
  const MigOrder *least; /* the same moves where VMs update no more memory than they were seen to;
                            NULL: all working sets are known */
} MigForecast;

/* mig_forecast_case, mig_forecast_move: a quantity of the whole order, and of its i-th move. An
 * interval reaches down from what `least` says; where the model's error is not known, a least value
 * that differs is its lower end and there is no upper one. A start at 0 has no interval. NaN where
 * the quantity is not one of a case, or of a move. */
MigPredicted mig_forecast_case (const MigForecast *forecast, MigQuantity quantity);
MigPredicted mig_forecast_move (const MigForecast *forecast, guint i, MigQuantity quantity);

/* mig_forecast_records: all of them: those of the case, then those of each move in turn. GArray of
 * MigPredictionRecord, whose texts are borrowed from the arguments and the fleet; the caller unrefs
 * it. */
GArray *mig_forecast_records (const MigForecast *forecast, const char *case_label,
                              const char *order_name, const char *model);
