/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/noise.h"
#include "summary/power.h"
#include "base/clock.h"
#include "report/json-parts.h"
#include "report/json.h"

#define JSON_FORMAT 1

static void
add_head (JsonBuilder *builder, const MigLoadedResult *report)
{
  const MigManifest *manifest = &report->manifest;
  g_autofree char *utc = mig_clock_format_utc (manifest->started_utc_ns);

  mig_json_integer (builder, "format", JSON_FORMAT);
  mig_json_text (builder, "study_name", manifest->study_name);
  mig_json_text (builder, "study_title", manifest->study_title);
  mig_json_text (builder, "tool_version", manifest->tool_version);
  mig_json_integer (builder, "seed", manifest->seed);
  mig_json_text (builder, "started_utc", utc);
  mig_json_integer (builder, "started_utc_ns", manifest->started_utc_ns);
  mig_json_integer (builder, "started_clock_ns", manifest->started_clock_ns);
  mig_json_boolean (builder, "complete", report->complete);
}

static void
add_metric_infos (JsonBuilder *builder)
{
  static const char *const better[] = { "lower", "higher", "neither" };

  mig_json_begin_array (builder, "metrics");
  for (guint i = 0; i < MIG_N_METRICS; i++)
    {
      const MigMetricInfo *info = mig_metric_info (i);
      json_builder_begin_object (builder);
      mig_json_text (builder, "id", info->id);
      mig_json_text (builder, "name", info->name);
      mig_json_text (builder, "unit", info->unit);
      mig_json_text (builder, "better", better[info->better]);
      mig_json_boolean (builder, "per_class", i >= MIG_FIRST_CLASS_METRIC);
      mig_json_text (builder, "meaning", info->meaning);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_window (JsonBuilder *builder, gint64 window_ns)
{
  mig_json_number (builder, "common_window_s",
                   MIG_IS_MISSING (window_ns) ? NAN : (double) window_ns / MIG_NS_PER_S);
}

static void
add_stats (JsonBuilder *builder, const MigStat *stats, const char *const *missing, guint from,
           guint to)
{
  mig_json_begin_object (builder, "metrics");
  for (guint i = from; i < to; i++)
    mig_json_stat (builder, mig_metric_info (i)->id, &stats[i], missing[i]);
  json_builder_end_object (builder);
  mig_json_begin_object (builder, "more_runs");
  for (guint i = from; i < to; i++)
    mig_json_integer (builder, mig_metric_info (i)->id, mig_power_more_runs (&stats[i]));
  json_builder_end_object (builder);
}

static void
add_class (JsonBuilder *builder, const MigClassSummary *class_summary)
{
  mig_json_text (builder, "class", class_summary->info->name);
  mig_json_text (builder, "workload", class_summary->info->workload);
  add_stats (builder, class_summary->stats, class_summary->missing, MIG_FIRST_CLASS_METRIC,
             MIG_N_METRICS);
}

static void
add_parameter (JsonBuilder *builder, const MigParameterRecord *parameter)
{
  mig_json_text (builder, "parameter", parameter->parameter);
  mig_json_text (builder, "value", parameter->value);
  mig_json_number (builder, "value_number", parameter->value_number);
  mig_json_text (builder, "unit", parameter->unit);
}

static void
add_failure (JsonBuilder *builder, const MigFailureCount *failure)
{
  mig_json_text (builder, "reason", failure->reason);
  mig_json_integer (builder, "runs", failure->n);
}

static void
add_case (JsonBuilder *builder, const MigCaseSummary *study_case)
{
  mig_json_text (builder, "case", study_case->label);
  mig_json_text (builder, "experiment", study_case->experiment);
  add_window (builder, study_case->common_window_ns);
  mig_json_integer (builder, "planned", study_case->planned);
  mig_json_integer (builder, "runs", study_case->n_runs);
  mig_json_integer (builder, "sound", study_case->n_sound);
  mig_json_list (builder, "failures", study_case->failures, add_failure);
  mig_json_boolean (builder, "parallel", study_case->parallel);
  mig_json_list (builder, "parameters", study_case->parameters, add_parameter);
  mig_json_begin_array (builder, "classes_moved");
  for (guint i = 0; i < study_case->classes_moved->len; i++)
    json_builder_add_string_value (
        builder, ((const MigClassInfo *) study_case->classes_moved->pdata[i])->name);
  json_builder_end_array (builder);
  add_stats (builder, study_case->stats, study_case->missing, 0, MIG_FIRST_CLASS_METRIC);
  mig_json_list (builder, "classes", study_case->classes, add_class);
}

static void
add_run (JsonBuilder *builder, const MigRunSummary *run)
{
  mig_json_integer (builder, "run", run->run);
  mig_json_text (builder, "case", run->case_label);
  mig_json_integer (builder, "repetition", run->repetition);
  mig_json_text (builder, "status", run->status);
  mig_json_boolean (builder, "counted", run->sound);
  mig_json_text (builder, "reason", run->reason);
  mig_json_number (builder, "stolen_share", run->stolen_share);
  mig_json_text (builder, "stolen_host", run->stolen_host);
  mig_json_number (builder, "others_share", run->others_share);
  mig_json_text (builder, "others_host", run->others_host);
  mig_json_number (builder, "sending_share", run->sending_share);
  mig_json_number (builder, "own_wait_share", run->own_wait_share);
  mig_json_text (builder, "noise", run->noise);
}

static void
add_noise (JsonBuilder *builder, const MigSummary *summary)
{
  mig_json_begin_object (builder, "noise");
  mig_json_integer (builder, "noisy_runs", summary->n_noisy);
  mig_json_integer (builder, "runs_with_host_samples", summary->n_noise_known);
  for (guint kind = 0; kind < MIG_N_NOISES; kind++)
    mig_json_number (builder, mig_noise_info (kind)->limit_id, mig_noise_info (kind)->limit);
  mig_json_number (builder, "link_configured_bytes_per_s", summary->link_bytes_per_s);
  mig_json_number (builder, "link_measured_bytes_per_s", summary->link_measured_bytes_per_s);
  mig_json_number (builder, "link_share_below", MIG_NOISE_LINK);
  mig_json_boolean (builder, "link_is_slow", summary->link_is_slow);
  json_builder_end_object (builder);
}

static void
add_migration (JsonBuilder *builder, const MigMigrationSummary *m)
{
  mig_json_integer (builder, "run", m->run);
  mig_json_text (builder, "case", m->case_label);
  mig_json_integer (builder, "repetition", m->repetition);
  mig_json_integer (builder, "step", m->step);
  mig_json_text (builder, "guest", m->guest);
  mig_json_text (builder, "class", m->class_name);
  mig_json_text (builder, "source", m->source);
  mig_json_text (builder, "destination", m->destination);
  mig_json_text (builder, "status", m->status);
  mig_json_text (builder, "reason", m->reason);
  mig_json_boolean (builder, "counted", m->sound);
  mig_json_boolean (builder, "destination_idle", m->destination_idle);
  mig_json_number (builder, "total_time_s", m->total_s);
  mig_json_number (builder, "transfer_time_s", m->transfer_s);
  mig_json_number (builder, "downtime_reported_s", m->downtime_reported_s);
  mig_json_number (builder, "downtime_events_s", m->downtime_events_s);
  mig_json_number (builder, "downtime_events_low_s", m->downtime_events_low_s);
  mig_json_number (builder, "downtime_events_high_s", m->downtime_events_high_s);
  mig_json_number (builder, "downtime_guest_s", m->downtime_guest_s);
  mig_json_number (builder, "downtime_guest_low_s", m->downtime_guest_low_s);
  mig_json_number (builder, "downtime_guest_high_s", m->downtime_guest_high_s);
  mig_json_number (builder, "downtime_guest_resolution_s", m->resolution_s);
  mig_json_text (builder, "downtime_guest_missing_reason", m->downtime_guest_why);
  mig_json_integer (builder, "sent_bytes", m->sent_bytes);
  mig_json_integer (builder, "rounds", m->rounds);
}

static void
add_lists (JsonBuilder *builder, const MigLoadedResult *report)
{
  const MigSummary *summary = report->summary;

  mig_json_list (builder, "cases", summary->cases, add_case);
  mig_json_findings (builder, summary, report->conclusions);
  mig_json_list (builder, "runs", summary->runs, add_run);
  mig_json_list (builder, "migrations", summary->migrations, add_migration);
  mig_json_texts (builder, "damaged_guests", summary->damaged);
}

static void
add_quality (JsonBuilder *builder, const MigSummary *summary)
{
  const MigAgreement *a = &summary->agreement;

  add_window (builder, summary->common_window_ns);
  mig_json_text (builder, "conclusions_downtime_metric",
                 mig_metric_info (summary->downtime_metric)->id);
  mig_json_integer (builder, "heartbeats", summary->heartbeats);
  mig_json_integer (builder, "heartbeats_lost", summary->heartbeats_lost);
  mig_json_integer (builder, "checksum_errors", summary->checksum_errors);
  mig_json_integer (builder, "ignored_rows", summary->ignored_rows);
  mig_json_number (builder, "runs_s", summary->run_s);
  mig_json_number (builder, "outside_windows_s", summary->outside_s);
  mig_json_integer (builder, "migrations_to_idle_cpu", a->idle);
  mig_json_integer (builder, "migrations_to_idle_cpu_downtimes_agree", a->idle_agree);
  mig_json_integer (builder, "migrations_to_busy_cpu", a->busy);
  mig_json_number (builder, "migrations_to_busy_cpu_mean_wait_s", a->busy_wait_s);
  add_noise (builder, summary);
}

static void
add_fact (JsonBuilder *builder, const MigEnvironmentRecord *fact)
{
  mig_json_text (builder, "scope", fact->scope);
  mig_json_text (builder, "name", fact->name);
  mig_json_text (builder, "value", fact->value);
  mig_json_text (builder, "unit", fact->unit);
}

static void
add_limit (JsonBuilder *builder, const MigLimitRecord *limit)
{
  mig_json_text (builder, "host", limit->host);
  mig_json_text (builder, "table", limit->table);
  mig_json_text (builder, "column", limit->column);
  mig_json_text (builder, "reason", limit->reason);
}

static void
add_facts (JsonBuilder *builder, const MigLoadedResult *report)
{
  mig_json_list (builder, "environment", report->environment, add_fact);
  mig_json_list (builder, "limits", report->limits, add_limit);
}

char *
mig_report_json (const MigLoadedResult *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_head (builder, report);
  add_quality (builder, report->summary);
  add_lists (builder, report);
  if (report->accuracy)
    mig_json_accuracy (builder, report->accuracy);
  add_facts (builder, report);
  add_metric_infos (builder);
  json_builder_end_object (builder);
  return mig_json_print (builder);
}
