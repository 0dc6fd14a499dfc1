/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/run-json.h"

static const char *
quantity_id (guint quantity)
{
  return mig_quantity_info (quantity)->id;
}

static void
add_predicted (MigJson *json, gconstpointer record)
{
  mig_json_interval (json, "predicted_s", ((const MigPredictionCheck *) record)->predicted);
}

static void
add_within (MigJson *json, gconstpointer record)
{
  const MigPredictionCheck *check = record;

  if (check->coverage == MIG_COVERAGE_UNKNOWN)
    mig_json_text (json, "within", NULL);
  else
    mig_json_boolean (json, "within", check->coverage == MIG_COVERAGE_YES);
  mig_json_integer (json, "values_within",
                    check->coverage == MIG_COVERAGE_UNKNOWN ? MIG_MISSING_INT : check->n_covered);
}

#define RECORD MigPredictionCheck
static const MigJsonMember check_members[] = {
  MIG_JSON_WORD ("quantity", quantity, quantity_id),
  MIG_JSON ("guest", TEXT, guest),
  MIG_JSON_ADD (add_predicted),
  MIG_JSON ("measured_s", STAT, measured),
  MIG_JSON_ADD (add_within),
  MIG_JSON ("error_ratio", NUMBER, error),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigPredictionCase
static const MigJsonMember case_members[] = {
  MIG_JSON ("case", TEXT, label), MIG_JSON ("order", TEXT, order), MIG_JSON ("model", TEXT, model),
  MIG_JSON_LIST ("quantities", STRUCTS, checks, MigPredictionCheck, check_members), MIG_JSON_END
};
#undef RECORD

#define RECORD MigPredictionErrors
static const MigJsonMember error_members[] = {
  MIG_JSON ("n", COUNT, n), MIG_JSON ("mean_absolute_ratio", NUMBER, mean_absolute),
  MIG_JSON ("intervals", COUNT, n_interval), MIG_JSON ("within", COUNT, n_covered), MIG_JSON_END
};
#undef RECORD

static void
add_errors (MigJson *json, const char *of, const char *quantity, const MigPredictionErrors *errors)
{
  if (errors->n == 0 && errors->n_interval == 0)
    return;
  mig_json_begin_object (json, NULL);
  mig_json_text (json, "of", of);
  mig_json_text (json, "quantity", quantity);
  mig_json_members (json, error_members, errors);
  mig_json_end_object (json);
}

static void
add_best (MigJson *json, gconstpointer record)
{
  const MigPredictionRanking *ranking = record;

  mig_json_text (json, "predicted_best",
                 ranking->predicted_best ? ranking->predicted_best->label : NULL);
  mig_json_text (json, "measured_best",
                 ranking->measured_best ? ranking->measured_best->label : NULL);
}

#define RECORD MigPredictionRanking
static const MigJsonMember ranking_members[] = {
  MIG_JSON_WORD ("quantity", quantity, quantity_id),
  MIG_JSON ("cases", COUNT, n),
  MIG_JSON ("spearman", NUMBER, rank),
  MIG_JSON_ADD (add_best),
  MIG_JSON_WORD ("best", best, mig_best_order_id),
  MIG_JSON ("predicted_alike", COUNT, n_best),
  MIG_JSON ("predicted_less_measured_best_s", STAT, difference),
  MIG_JSON ("low_s", NUMBER, low_s),
  MIG_JSON ("high_s", NUMBER, high_s),
  MIG_JSON_END,
};
#undef RECORD

void
mig_json_accuracy (MigJson *json, const MigAccuracy *accuracy)
{
  mig_json_begin_object (json, "predictions");
  mig_json_list (json, "cases", accuracy->cases, case_members);
  mig_json_begin_array (json, "errors");
  for (guint q = 0; q < MIG_N_QUANTITIES; q++)
    {
      add_errors (json, "migrations", quantity_id (q), &accuracy->of_moves[q]);
      add_errors (json, "cases", quantity_id (q), &accuracy->of_cases[q]);
    }
  add_errors (json, "migrations", NULL, &accuracy->all);
  mig_json_end_array (json);
  mig_json_object (json, "ranking", ranking_members, &accuracy->ranking);
  mig_json_end_object (json);
}
