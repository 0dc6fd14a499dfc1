/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/json-parts.h"

static void
add_within (JsonBuilder *builder, MigCoverage within)
{
  json_builder_set_member_name (builder, "within");
  if (within == MIG_COVERAGE_UNKNOWN)
    json_builder_add_null_value (builder);
  else
    json_builder_add_boolean_value (builder, within == MIG_COVERAGE_YES);
}

static void
add_held (JsonBuilder *builder, const MigPredictionCheck *held)
{
  json_builder_begin_object (builder);
  mig_json_text (builder, "quantity", mig_quantity_info (held->quantity)->id);
  mig_json_text (builder, "guest", held->guest);
  mig_json_interval (builder, "predicted_s", held->predicted);
  mig_json_stat (builder, "measured_s", &held->measured, NULL);
  add_within (builder, held->within);
  mig_json_integer (builder, "values_within",
                    held->within == MIG_COVERAGE_UNKNOWN ? MIG_MISSING_INT : held->n_within);
  mig_json_number (builder, "error_ratio", held->error);
  json_builder_end_object (builder);
}

static void
add_case (JsonBuilder *builder, const MigPredictionCase *of)
{
  mig_json_text (builder, "case", of->label);
  mig_json_text (builder, "order", of->order);
  mig_json_text (builder, "model", of->model);
  mig_json_begin_array (builder, "quantities");
  for (guint i = 0; i < of->held->len; i++)
    add_held (builder, &g_array_index (of->held, MigPredictionCheck, i));
  json_builder_end_array (builder);
}

static void
add_errors (JsonBuilder *builder, const char *of, const char *quantity,
            const MigPredictionErrors *errors)
{
  if (errors->n == 0 && errors->n_interval == 0)
    return;
  json_builder_begin_object (builder);
  mig_json_text (builder, "of", of);
  mig_json_text (builder, "quantity", quantity);
  mig_json_integer (builder, "n", errors->n);
  mig_json_number (builder, "mean_absolute_ratio", errors->mean_absolute);
  mig_json_integer (builder, "intervals", errors->n_interval);
  mig_json_integer (builder, "within", errors->n_within);
  json_builder_end_object (builder);
}

static void
add_ranking (JsonBuilder *builder, const MigPredictionRanking *ranking)
{
  mig_json_begin_object (builder, "ranking");
  mig_json_text (builder, "quantity", mig_quantity_info (ranking->quantity)->id);
  mig_json_integer (builder, "cases", ranking->n);
  mig_json_number (builder, "spearman", ranking->rank);
  mig_json_text (builder, "predicted_best",
                 ranking->predicted_best ? ranking->predicted_best->label : NULL);
  mig_json_text (builder, "measured_best",
                 ranking->measured_best ? ranking->measured_best->label : NULL);
  mig_json_text (builder, "best", mig_best_order_id (ranking->best));
  mig_json_stat (builder, "predicted_less_measured_best_s", &ranking->difference, NULL);
  json_builder_end_object (builder);
}

void
mig_json_accuracy (JsonBuilder *builder, const MigAccuracy *accuracy)
{
  mig_json_begin_object (builder, "predictions");
  mig_json_list (builder, "cases", accuracy->cases, add_case);
  mig_json_begin_array (builder, "errors");
  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    {
      add_errors (builder, "migrations", mig_quantity_info (q)->id, &accuracy->of_moves[q]);
      add_errors (builder, "cases", mig_quantity_info (q)->id, &accuracy->of_cases[q]);
    }
  add_errors (builder, "migrations", NULL, &accuracy->all);
  json_builder_end_array (builder);
  add_ranking (builder, &accuracy->ranking);
  json_builder_end_object (builder);
}
