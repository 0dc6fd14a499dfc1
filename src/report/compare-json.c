/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/compare.h"
#include "report/run-json.h"

#define JSON_FORMAT 1

static void
add_noisy (MigJson *json, gconstpointer record)
{
  mig_json_integer (json, "noisy_runs", ((const MigLoadedResult *) record)->summary->n_noisy);
}

#define RECORD MigLoadedResult
static const MigJsonMember side_members[] = {
  MIG_JSON ("study_name", TEXT, manifest.study_name),
  MIG_JSON ("tool_version", TEXT, manifest.tool_version),
  MIG_JSON_ADD (mig_json_started),
  MIG_JSON ("complete", BOOLEAN, complete),
  MIG_JSON_ADD (add_noisy),
  MIG_JSON_OF ("impossible", TEXTS, summary, MigSummary, impossible),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigChange
static const MigJsonMember change_members[] = {
  MIG_JSON ("case", TEXT, case_label),
  MIG_JSON ("class", TEXT, class_name),
  MIG_JSON_WORD ("metric", metric, mig_metric_id),
  MIG_JSON ("base", STAT_AT, base),
  MIG_JSON ("new", STAT_AT, now),
  MIG_JSON ("difference", NUMBER, difference),
  MIG_JSON ("share", NUMBER, share),
  MIG_JSON ("ci95_low", NUMBER, ci_low),
  MIG_JSON ("ci95_high", NUMBER, ci_high),
  MIG_JSON ("p_differs", NUMBER, p_differs),
  MIG_JSON ("p_matters", NUMBER, p_matters),
  MIG_JSON ("more_runs", INTEGER, more_runs),
  MIG_JSON ("resolution", NUMBER, resolution),
  MIG_JSON_WORD ("verdict", verdict, mig_change_id),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigFailureChange
static const MigJsonMember failure_members[] = {
  MIG_JSON ("case", TEXT, case_label),
  MIG_JSON ("base_failed", COUNT, base_failed),
  MIG_JSON ("base_runs", COUNT, base_runs),
  MIG_JSON ("new_failed", COUNT, now_failed),
  MIG_JSON ("new_runs", COUNT, now_runs),
  MIG_JSON ("p", NUMBER, p),
  MIG_JSON ("no_sound_run_left", BOOLEAN, lost),
  MIG_JSON_WORD ("verdict", verdict, mig_change_id),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigFactChange
static const MigJsonMember fact_members[] = {
  MIG_JSON ("scope", TEXT, scope),
  MIG_JSON ("name", TEXT, name),
  MIG_JSON ("base", TEXT, base),
  MIG_JSON ("new", TEXT, now),
  MIG_JSON ("unit", TEXT, unit),
  MIG_JSON ("matters", BOOLEAN, matters),
  MIG_JSON_END,
};
#undef RECORD

static void
add_verdicts (MigJson *json, gconstpointer record)
{
  mig_json_number (json, "error_rate", MIG_COMPARE_LEVEL);
  mig_json_integer (json, "tested", ((const MigComparison *) record)->n_tested);
  mig_json_begin_object (json, "verdicts");
  for (guint i = 0; i < MIG_N_CHANGES; i++)
    mig_json_integer (json, mig_change_id (i), ((const MigComparison *) record)->n[i]);
  mig_json_end_object (json);
}

static void
add_regression (MigJson *json, gconstpointer record)
{
  mig_json_boolean (json, "regression", mig_comparison_regressed (record));
}

#define RECORD MigComparison
static const MigJsonMember comparison_members[] = {
  MIG_JSON ("threshold", NUMBER, threshold),
  MIG_JSON_ADD (add_verdicts),
  MIG_JSON_LIST ("environment", STRUCTS, facts, MigFactChange, fact_members),
  MIG_JSON_LIST ("changes", STRUCTS, changes, MigChange, change_members),
  MIG_JSON_LIST ("failures", STRUCTS, failures, MigFailureChange, failure_members),
  MIG_JSON ("only_base", TEXTS, only_base),
  MIG_JSON ("only_new", TEXTS, only_now),
  MIG_JSON ("missing", TEXTS, missing),
  MIG_JSON ("allow_missing", BOOLEAN, allow_missing),
  MIG_JSON_ADD (add_regression),
  MIG_JSON_END,
};
#undef RECORD

char *
mig_compare_json (const MigLoadedResult *base, const MigLoadedResult *now,
                  const MigComparison *comparison)
{
  MigJson document = { .out = g_string_new (NULL) }, *json = &document;

  mig_json_begin_object (json, NULL);
  mig_json_integer (json, "format", JSON_FORMAT);
  mig_json_object (json, "base", side_members, base);
  mig_json_object (json, "new", side_members, now);
  mig_json_members (json, comparison_members, comparison);
  mig_json_end_object (json);
  return g_string_free (document.out, FALSE);
}
