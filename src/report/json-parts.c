/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/json-parts.h"
#include "paper/tables.h"

/* rounded: to nine significant digits, so that the last bits, which differ between processors, do
 * not show. */
static double
rounded (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.9g", value), NULL);
}

static void
add_number (JsonBuilder *builder, double value)
{
  if (isfinite (value))
    json_builder_add_double_value (builder, rounded (value));
  else
    json_builder_add_null_value (builder);
}

void
mig_json_number (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  add_number (builder, value);
}

void
mig_json_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  if (MIG_IS_MISSING (value))
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, value);
}

void
mig_json_text (JsonBuilder *builder, const char *key, const char *text)
{
  json_builder_set_member_name (builder, key);
  if (text)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
mig_json_boolean (JsonBuilder *builder, const char *key, gboolean value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

void
mig_json_begin_array (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
}

void
mig_json_begin_object (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
}

void
mig_json_texts (JsonBuilder *builder, const char *key, const GPtrArray *texts)
{
  mig_json_begin_array (builder, key);
  for (guint i = 0; i < texts->len; i++)
    json_builder_add_string_value (builder, texts->pdata[i]);
  json_builder_end_array (builder);
}

void
mig_json_interval (JsonBuilder *builder, const char *name, MigPredicted value)
{
  g_autofree char *low = g_strconcat (name, "_low", NULL),
                  *high = g_strconcat (name, "_high", NULL);

  mig_json_number (builder, name, value.value);
  if (isnan (value.low) || isnan (value.high))
    return;
  mig_json_number (builder, low, value.low);
  mig_json_number (builder, high, value.high);
}

void
mig_json_stat (JsonBuilder *builder, const char *key, const MigStat *stat, const char *missing)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  mig_json_integer (builder, "n", stat->n);
  mig_json_number (builder, "mean", stat->mean);
  mig_json_number (builder, "ci95_low", stat->ci_low);
  mig_json_number (builder, "ci95_high", stat->ci_high);
  mig_json_number (builder, "median", stat->median);
  mig_json_number (builder, "min", stat->min);
  mig_json_number (builder, "max", stat->max);
  mig_json_number (builder, "sd", stat->sd);
  mig_json_number (builder, "cv", stat->cv);
  mig_json_number (builder, "mad", stat->mad);
  json_builder_set_member_name (builder, "outliers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < stat->values->len; i++)
    if (mig_stat_is_outlier (&g_array_index (stat->values, MigValue, i)))
      json_builder_add_int_value (builder, g_array_index (stat->values, MigValue, i).run);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "values");
  json_builder_begin_array (builder);
  for (guint i = 0; i < stat->values->len; i++)
    {
      const MigValue *value = &g_array_index (stat->values, MigValue, i);
      json_builder_begin_object (builder);
      mig_json_integer (builder, "run", value->run);
      mig_json_integer (builder, "repetition", value->repetition);
      mig_json_number (builder, "value", value->value);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (missing)
    mig_json_text (builder, "missing_reason", missing);
  json_builder_end_object (builder);
}

static void
add_evidence (JsonBuilder *builder, const MigPairedTest *e)
{
  json_builder_begin_object (builder);
  mig_json_text (builder, "a", e->a);
  mig_json_text (builder, "b", e->b);
  mig_json_text (builder, "metric", mig_metric_info (e->metric)->id);
  mig_json_text (builder, "class", e->class_name);
  mig_json_number (builder, "mean_a", e->mean_a);
  mig_json_number (builder, "mean_b", e->mean_b);
  mig_json_stat (builder, "b_less_a", &e->difference, NULL);
  mig_json_number (builder, "corrected_low", e->wide_low);
  mig_json_number (builder, "corrected_high", e->wide_high);
  mig_json_text (builder, "verdict", mig_verdict_text (e->verdict));
  json_builder_end_object (builder);
}

static void
add_conclusion (JsonBuilder *builder, const MigConclusion *conclusion)
{
  json_builder_begin_object (builder);
  mig_json_integer (builder, "number", conclusion->number);
  mig_json_text (builder, "claim", conclusion->claim);
  mig_json_text (builder, "test", conclusion->test);
  mig_json_text (builder, "verdict", mig_verdict_text (conclusion->verdict));
  mig_json_text (builder, "note", conclusion->note);
  json_builder_set_member_name (builder, "evidence");
  json_builder_begin_array (builder);
  for (guint i = 0; i < conclusion->evidence->len; i++)
    add_evidence (builder, conclusion->evidence->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_recommendation (JsonBuilder *builder, const MigRecommendation *r)
{
  json_builder_begin_object (builder);
  mig_json_text (builder, "best", r->best);
  mig_json_text (builder, "other", r->other);
  mig_json_boolean (builder, "shown", r->shown);
  mig_json_stat (builder, "other_less_best_total_time_s", &r->time, NULL);
  mig_json_number (builder, "total_time_share", r->time_share);
  mig_json_integer (builder, "total_time_more_repetitions", r->more_repetitions);
  mig_json_text (builder, "downtime_metric", mig_metric_info (r->downtime_metric)->id);
  mig_json_stat (builder, "other_less_best_downtime_s", &r->downtime, NULL);
  json_builder_end_object (builder);
}

static void
add_paper (JsonBuilder *builder, const MigSummary *summary)
{
  g_autoptr (GArray) rows = mig_paper_rows (summary);

  json_builder_set_member_name (builder, "paper");
  json_builder_begin_array (builder);
  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (rows, MigPaperRow, i);
      json_builder_begin_object (builder);
      mig_json_text (builder, "figure", row->figure);
      mig_json_text (builder, "what", row->what);
      mig_json_text (builder, "unit", row->unit);
      mig_json_number (builder, "paper", row->paper);
      mig_json_text (builder, "paper_says", row->says);
      mig_json_number (builder, "here", row->here);
      mig_json_number (builder, "ci95_low", row->low);
      mig_json_number (builder, "ci95_high", row->high);
      mig_json_text (builder, "claim", row->claim);
      mig_json_text (builder, "verdict", mig_paper_verdict_text (row->verdict));
      mig_json_number (builder, "here_per_paper", row->ratio);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
mig_json_findings (JsonBuilder *builder, const MigSummary *summary, const GPtrArray *conclusions)
{
  json_builder_set_member_name (builder, "conclusions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < conclusions->len; i++)
    add_conclusion (builder, conclusions->pdata[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "recommendations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < summary->recommendations->len; i++)
    add_recommendation (builder, summary->recommendations->pdata[i]);
  json_builder_end_array (builder);
  add_paper (builder, summary);
}

char *
mig_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  JsonNode *root = json_builder_get_root (builder);

  json_generator_set_root (generator, root);
  json_node_unref (root);
  json_generator_set_pretty (generator, TRUE);
  g_autofree char *text = json_generator_to_data (generator, NULL);
  return g_strconcat (text, "\n", NULL);
}
