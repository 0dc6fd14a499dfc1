/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/quantity.h"
#include "plan/order.h"

/* What a plan predicts, quantity by quantity, each with its 95 % prediction interval; and the rows
 * of predictions.csv that say so. Pure. */

/* What an order would cost. Everything is borrowed. */
typedef struct {
  const MigModel *model;
  const MigFleet *fleet;
  const MigOrder *order;
  const MigOrder *lower_bound; /* the same moves where VMs update no more memory than they were seen
                            to; NULL: all working sets are known */
} MigForecast;

/* mig_forecast_case, mig_forecast_move: a quantity of the whole order, and of its i-th move. An
 * interval reaches down from the `lower_bound`; where the model's error is not known, a lower bound
 * that differs is its lower end and there is no upper one. A start at 0 has no interval. NaN where
 * the quantity is not one of a case, or of a move. */
MigPredicted mig_forecast_case (const MigForecast *forecast, MigQuantity quantity);
MigPredicted mig_forecast_move (const MigForecast *forecast, guint i, MigQuantity quantity);

/* mig_forecast_memory: the time of the i-th move without what copying its disks takes of it. */
MigPredicted mig_forecast_memory (const MigForecast *forecast, guint i);

/* mig_forecast_end: of the i-th move, from the plan's start. */
MigPredicted mig_forecast_end (const MigForecast *forecast, guint i);

/* mig_forecast_lost_staying: work that the VMs lose that do not move; mig_forecast_lost: that one
 * VM loses. */
MigPredicted mig_forecast_lost_staying (const MigForecast *forecast);
MigPredicted mig_forecast_lost (const MigForecast *forecast, guint vm);

/* mig_forecast_records: all of them: those of the case, then those of each move in turn. GArray of
 * MigPredictionRecord, whose texts are borrowed from the arguments and the fleet; the caller unrefs
 * it. */
GArray *mig_forecast_records (const MigForecast *forecast, const char *case_label,
                              const char *order_name, const char *model);
