/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "paper/tables.h"
#include "report/answer-text.h"
#include "report/decided-claims.h"
#include "report/order-map.h"
#include "report/run-json.h"
#include "summary/order-factors.h"
#include "summary/sequences.h"

#define RECORD MigPairedTest
static const MigJsonMember test_members[] = {
  MIG_JSON ("a", TEXT, a),
  MIG_JSON ("b", TEXT, b),
  MIG_JSON_WORD ("metric", metric, mig_metric_id),
  MIG_JSON ("class", TEXT, class_name),
  MIG_JSON ("mean_a", NUMBER, mean_a),
  MIG_JSON ("mean_b", NUMBER, mean_b),
  MIG_JSON ("b_less_a", STAT, difference),
  MIG_JSON ("corrected_low", NUMBER, wide_low),
  MIG_JSON ("corrected_high", NUMBER, wide_high),
  MIG_JSON_WORD ("verdict", verdict, mig_verdict_id),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigConclusion
static const MigJsonMember conclusion_members[] = {
  MIG_JSON ("number", COUNT, number),
  MIG_JSON ("claim", TEXT, claim),
  MIG_JSON ("test", TEXT, test),
  MIG_JSON_WORD ("verdict", verdict, mig_verdict_id),
  MIG_JSON ("note", TEXT, note),
  MIG_JSON_LIST ("evidence", POINTERS, evidence, MigPairedTest, test_members),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigRecommendation
static const MigJsonMember recommendation_members[] = {
  MIG_JSON ("best", TEXT, best),
  MIG_JSON ("other", TEXT, other),
  MIG_JSON ("shown", BOOLEAN, shown),
  MIG_JSON ("other_less_best_total_time_s", STAT, time),
  MIG_JSON ("total_time_share", NUMBER, time_share),
  MIG_JSON ("total_time_more_repetitions", INTEGER, more_repetitions),
  MIG_JSON_WORD ("downtime_metric", downtime_metric, mig_metric_id),
  MIG_JSON ("other_less_best_downtime_s", STAT, downtime),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigTimeDifference
static const MigJsonMember difference_members[] = {
  MIG_JSON ("n", COUNT, n),
  MIG_JSON ("mean_s", NUMBER, mean_s),
  MIG_JSON ("low_s", NUMBER, low_s),
  MIG_JSON ("high_s", NUMBER, high_s),
  MIG_JSON ("more_repetitions", INTEGER, more_repetitions),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigAnswer
static const MigJsonMember answer_members[] = {
  MIG_JSON_WORD ("kind", kind, mig_answer_id),
  MIG_JSON ("experiment", TEXT, experiment),
  MIG_JSON ("conditions", TEXT, conditions),
  MIG_JSON ("cases", COUNT, n_cases),
  MIG_JSON ("slower", COUNT, n_slower),
  MIG_JSON ("bound_s", NUMBER, bound_s),
  MIG_JSON ("more_repetitions", INTEGER, more_repetitions),
  MIG_JSON_END,
};
#undef RECORD

/* add_other: a case that the best one is compared with. */
static void
add_other (MigJson *json, const char *key, const MigCaseSummary *other,
           const MigTimeDifference *difference)
{
  g_autofree char *less = g_strdup_printf ("%s_less_best", key);

  mig_json_text (json, key, other->label);
  mig_json_object (json, less, difference_members, difference);
}

static void
add_unknown (MigJson *json, const MigAnswer *answer)
{
  mig_json_begin_array (json, "unknown");
  for (guint i = 0; i < answer->unknown->len; i++)
    mig_json_text (json, NULL, ((const MigCaseSummary *) answer->unknown->pdata[i])->label);
  mig_json_end_array (json);
}

static void
add_answers (MigJson *json, const MigLoadedResult *result)
{
  mig_json_begin_array (json, "answers");
  for (guint i = 0; i < result->answers->len; i++)
    {
      const MigAnswer *answer = result->answers->pdata[i];
      g_autofree char *text = mig_answer_text (result->summary, answer);
      mig_json_begin_object (json, NULL);
      mig_json_text (json, "text", text);
      mig_json_members (json, answer_members, answer);
      mig_json_boolean (json, "decided", mig_answer_is_decided (answer));
      mig_json_boolean (json, "equal", mig_answer_is_equal (answer));
      mig_json_text (json, "best", answer->best->label);
      if (answer->next)
        {
          add_other (json, "next", answer->next, &answer->to_next);
          add_other (json, "worst", answer->worst, &answer->to_worst);
        }
      if (answer->open)
        add_other (json, "open", answer->open, &answer->to_open);
      add_unknown (json, answer);
      if (answer->least_lost)
        {
          mig_json_text (json, "least_work_lost", answer->least_lost->label);
          mig_json_text (json, "most_work_lost", answer->most_lost->label);
          mig_json_object (json, "most_less_least_work_lost", difference_members,
                           &answer->to_most_lost);
        }
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
}

#define RECORD MigOrderField
static const MigJsonMember field_members[] = {
  MIG_JSON ("n", COUNT, difference.n),
  MIG_JSON ("first_less_second_s", NUMBER, difference.mean_s),
  MIG_JSON ("low_s", NUMBER, difference.low_s),
  MIG_JSON ("high_s", NUMBER, difference.high_s),
  MIG_JSON ("bound_s", NUMBER, bound_s),
  MIG_JSON ("more_repetitions", INTEGER, difference.more_repetitions),
  MIG_JSON_WORD ("verdict", verdict, mig_field_verdict_id),
  MIG_JSON_END,
};
#undef RECORD

static void
add_order_map (MigJson *json, const MigLoadedResult *result)
{
  if (result->order_map->len == 0)
    return;
  mig_json_begin_array (json, "order_map");
  for (guint i = 0; i < result->order_map->len; i++)
    {
      const MigOrderField *field = result->order_map->pdata[i];
      g_autofree char *text = mig_order_map_verdict (field);
      mig_json_begin_object (json, NULL);
      mig_json_text (json, "text", text);
      mig_json_text (json, "experiment", field->first->experiment);
      mig_json_text (json, "conditions", mig_sequence_conditions (field->first));
      mig_json_text (json, "first", field->first->label);
      mig_json_text (json, "second", field->second->label);
      mig_json_members (json, field_members, field);
      mig_json_number (json, "expected_s", mig_order_map_expected (result->accuracy, field));
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
}

#define RECORD MigOrderFactor
static const MigJsonMember factor_members[] = {
  MIG_JSON ("parameter", TEXT, parameter),
  MIG_JSON ("changed", COUNT, n_changed),
  MIG_JSON ("same", COUNT, n_same),
  MIG_JSON ("not_known", COUNT, n_unknown),
  MIG_JSON_END,
};
#undef RECORD

/* add_order_factors: of each two orders: with what their verdicts change. */
static void
add_order_factors (MigJson *json, const MigLoadedResult *result)
{
  MigOrderField **fields = (MigOrderField **) result->order_map->pdata;
  guint n_fields = result->order_map->len;

  if (n_fields == 0)
    return;
  mig_json_begin_array (json, "order_factors");
  for (guint begin = 0, n; begin < n_fields; begin += n)
    {
      n = mig_order_group (fields + begin, n_fields - begin);
      g_autoptr (GArray) factors = mig_order_factors (fields + begin, n);
      g_autofree char *first = mig_sequence_order (fields[begin]->first);
      g_autofree char *second = mig_sequence_order (fields[begin]->second);
      mig_json_begin_object (json, NULL);
      mig_json_text (json, "experiment", fields[begin]->first->experiment);
      mig_json_text (json, "first", first);
      mig_json_text (json, "second", second);
      mig_json_structs (json, "factors", factors, sizeof (MigOrderFactor), factor_members);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
}

#define RECORD MigPaperRow
static const MigJsonMember paper_members[] = {
  MIG_JSON ("figure", TEXT, figure),
  MIG_JSON ("what", TEXT, subject),
  MIG_JSON ("unit", TEXT, unit),
  MIG_JSON ("paper", NUMBER, paper),
  MIG_JSON ("paper_says", TEXT, says),
  MIG_JSON ("here", NUMBER, here),
  MIG_JSON ("n", COUNT, n),
  MIG_JSON ("ci95_low", NUMBER, low),
  MIG_JSON ("ci95_high", NUMBER, high),
  MIG_JSON ("claim", TEXT, claim),
  MIG_JSON_WORD ("verdict", verdict, mig_paper_verdict_id),
  MIG_JSON ("here_per_paper", NUMBER, ratio),
  MIG_JSON_END,
};
#undef RECORD

void
mig_json_findings (MigJson *json, const MigLoadedResult *result)
{
  g_autoptr (GArray) paper = result->tests_paper ? mig_paper_rows (result->summary) : NULL;

  add_answers (json, result);
  add_order_map (json, result);
  add_order_factors (json, result);
  mig_json_list (json, "conclusions", result->conclusions, conclusion_members);
  mig_json_claims (json, result);
  mig_json_list (json, "recommendations", result->summary->recommendations, recommendation_members);
  mig_json_structs (json, "paper", paper, sizeof (MigPaperRow), paper_members);
}
