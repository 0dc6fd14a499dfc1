/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/clock.h"
#include "report/compare.h"
#include "report/json-parts.h"

#define JSON_FORMAT 1

static void
add_side (JsonBuilder *builder, const char *key, const MigLoadedResult *report)
{
  g_autofree char *utc = mig_clock_format_utc (report->manifest.started_utc_ns);

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  mig_json_text (builder, "study_name", report->manifest.study_name);
  mig_json_text (builder, "tool_version", report->manifest.tool_version);
  mig_json_text (builder, "started_utc", utc);
  mig_json_boolean (builder, "complete", report->complete);
  mig_json_integer (builder, "noisy_runs", report->summary->n_noisy);
  json_builder_end_object (builder);
}

static void
add_change (JsonBuilder *builder, const MigChange *change)
{
  json_builder_begin_object (builder);
  mig_json_text (builder, "case", change->case_label);
  mig_json_text (builder, "class", change->class_name);
  mig_json_text (builder, "metric", mig_metric_info (change->metric)->id);
  mig_json_stat (builder, "base", change->base, NULL);
  mig_json_stat (builder, "new", change->now, NULL);
  mig_json_number (builder, "difference", change->difference);
  mig_json_number (builder, "share", change->share);
  mig_json_number (builder, "ci95_low", change->ci_low);
  mig_json_number (builder, "ci95_high", change->ci_high);
  mig_json_number (builder, "p_differs", change->p_differs);
  mig_json_number (builder, "p_matters", change->p_matters);
  mig_json_integer (builder, "more_runs", change->more_runs);
  mig_json_text (builder, "verdict", mig_change_text (change->verdict));
  json_builder_end_object (builder);
}

static void
add_failures (JsonBuilder *builder, const MigFailureChange *change)
{
  json_builder_begin_object (builder);
  mig_json_text (builder, "case", change->case_label);
  mig_json_integer (builder, "base_failed", change->base_failed);
  mig_json_integer (builder, "base_runs", change->base_runs);
  mig_json_integer (builder, "new_failed", change->now_failed);
  mig_json_integer (builder, "new_runs", change->now_runs);
  mig_json_number (builder, "p", change->p);
  mig_json_boolean (builder, "no_sound_run_left", change->lost);
  mig_json_text (builder, "verdict", mig_change_text (change->verdict));
  json_builder_end_object (builder);
}

static void
add_fact (JsonBuilder *builder, const MigFactChange *fact)
{
  json_builder_begin_object (builder);
  mig_json_text (builder, "scope", fact->scope);
  mig_json_text (builder, "name", fact->name);
  mig_json_text (builder, "base", fact->base);
  mig_json_text (builder, "new", fact->now);
  mig_json_text (builder, "unit", fact->unit);
  mig_json_boolean (builder, "matters", fact->matters);
  json_builder_end_object (builder);
}

static void
add_labels (JsonBuilder *builder, const char *key, const GPtrArray *labels)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < labels->len; i++)
    json_builder_add_string_value (builder, labels->pdata[i]);
  json_builder_end_array (builder);
}

static void
add_lists (JsonBuilder *builder, const MigComparison *comparison)
{
  json_builder_set_member_name (builder, "environment");
  json_builder_begin_array (builder);
  for (guint i = 0; i < comparison->facts->len; i++)
    add_fact (builder, &g_array_index (comparison->facts, MigFactChange, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "changes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < comparison->changes->len; i++)
    add_change (builder, &g_array_index (comparison->changes, MigChange, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "failures");
  json_builder_begin_array (builder);
  for (guint i = 0; i < comparison->failures->len; i++)
    add_failures (builder, &g_array_index (comparison->failures, MigFailureChange, i));
  json_builder_end_array (builder);
  add_labels (builder, "only_base", comparison->only_base);
  add_labels (builder, "only_new", comparison->only_now);
}

char *
mig_compare_json (const MigLoadedResult *base, const MigLoadedResult *now,
                  const MigComparison *comparison)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  mig_json_integer (builder, "format", JSON_FORMAT);
  add_side (builder, "base", base);
  add_side (builder, "new", now);
  mig_json_number (builder, "threshold", comparison->threshold);
  mig_json_number (builder, "error_rate", MIG_COMPARE_LEVEL);
  mig_json_integer (builder, "tested", comparison->n_tested);
  json_builder_set_member_name (builder, "verdicts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < MIG_N_CHANGES; i++)
    mig_json_integer (builder, mig_change_text (i), comparison->n[i]);
  json_builder_end_object (builder);
  add_lists (builder, comparison);
  json_builder_end_object (builder);
  return mig_json_print (builder);
}
