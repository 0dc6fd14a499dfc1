/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/clock.h"
#include "report/json.h"
#include "report/more-time.h"
#include "report/run-json.h"
#include "summary/noise.h"
#include "summary/power.h"

#define JSON_FORMAT 1

static void
add_window (MigJson *json, gint64 window_ns)
{
  mig_json_number (json, "common_window_s",
                   MIG_IS_MISSING (window_ns) ? NAN : (double) window_ns / MIG_NS_PER_S);
}

/* --- the result --- */

void
mig_json_started (MigJson *json, gconstpointer record)
{
  const MigLoadedResult *result = record;
  g_autofree char *utc = mig_clock_format_utc (result->manifest.started_utc_ns);

  mig_json_text (json, "started_utc", utc);
}

static void
add_scale (MigJson *json, gconstpointer record)
{
  mig_json_number (json, "scale",
                   mig_manifest_scale (&((const MigLoadedResult *) record)->manifest));
}

#define RECORD MigLoadedResult
static const MigJsonMember head_members[] = {
  MIG_JSON ("study_name", TEXT, manifest.study_name),
  MIG_JSON ("study_title", TEXT, manifest.study_title),
  MIG_JSON_ADD (add_scale),
  MIG_JSON ("tool_version", TEXT, manifest.tool_version),
  MIG_JSON ("seed", INTEGER, manifest.seed),
  MIG_JSON_ADD (mig_json_started),
  MIG_JSON ("started_utc_ns", INTEGER, manifest.started_utc_ns),
  MIG_JSON ("started_clock_ns", INTEGER, manifest.started_clock_ns),
  MIG_JSON ("complete", BOOLEAN, complete),
  MIG_JSON_END,
};
#undef RECORD

static void
add_noise (MigJson *json, gconstpointer record)
{
  const MigSummary *summary = record;

  mig_json_begin_object (json, "noise");
  mig_json_integer (json, "noisy_runs", summary->n_noisy);
  mig_json_integer (json, "runs_with_host_samples", summary->n_noise_known);
  for (guint kind = 0; kind < MIG_N_NOISES; kind++)
    mig_json_number (json, mig_noise_info (kind)->limit_id, mig_noise_info (kind)->limit);
  mig_json_number (json, "link_configured_bytes_per_s", summary->link_bytes_per_s);
  mig_json_number (json, "link_measured_bytes_per_s", summary->link_measured_bytes_per_s);
  mig_json_number (json, "link_share_below", MIG_NOISE_LINK);
  mig_json_boolean (json, "link_is_slow", summary->link_is_slow);
  mig_json_end_object (json);
}

static void
add_common_window (MigJson *json, gconstpointer record)
{
  add_window (json, ((const MigSummary *) record)->common_window_ns);
}

#define RECORD MigSummary
static const MigJsonMember quality_members[] = {
  MIG_JSON_ADD (add_common_window),
  MIG_JSON_WORD ("conclusions_downtime_metric", downtime_metric, mig_metric_id),
  MIG_JSON ("heartbeats", INTEGER, heartbeats),
  MIG_JSON ("heartbeats_lost", INTEGER, heartbeats_lost),
  MIG_JSON ("checksum_errors", INTEGER, checksum_errors),
  MIG_JSON ("ignored_rows", INTEGER, ignored_rows),
  MIG_JSON ("runs_s", NUMBER, run_s),
  MIG_JSON ("outside_windows_s", NUMBER, outside_s),
  MIG_JSON ("migrations_to_idle_cpu", COUNT, agreement.idle),
  MIG_JSON ("migrations_to_idle_cpu_downtimes_agree", COUNT, agreement.idle_agree),
  MIG_JSON ("migrations_to_busy_cpu", COUNT, agreement.busy),
  MIG_JSON ("migrations_to_busy_cpu_mean_wait_s", NUMBER, agreement.busy_wait_s),
  MIG_JSON ("migrations_by_post_copy", COUNT, post_copies.n),
  MIG_JSON ("migrations_by_post_copy_switched", COUNT, post_copies.n_switched),
  MIG_JSON_ADD (add_noise),
  MIG_JSON_END,
};
#undef RECORD

/* --- at full size --- */

#define RECORD MigFullSizeCase
static const MigJsonMember full_size_case_members[] = {
  MIG_JSON ("case", TEXT, label),
  MIG_JSON ("n", COUNT, n_runs),
  MIG_JSON ("measured_time_s", NUMBER, measured_time_s),
  MIG_JSON ("total_time_s", PREDICTED, time),
  MIG_JSON ("measured_downtime_s", NUMBER, measured_downtime_s),
  MIG_JSON ("downtime_s", PREDICTED, downtime),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigFullSize
static const MigJsonMember full_size_members[] = {
  MIG_JSON ("migrations", COUNT, n_migrations),
  MIG_JSON ("by_technique", BOOLEAN, by_technique),
  MIG_JSON ("why_not", TEXT, why_not),
  MIG_JSON_LIST ("cases", POINTERS, cases, MigFullSizeCase, full_size_case_members),
  MIG_JSON_END,
};
#undef RECORD

/* --- cases --- */

static void
add_stats (MigJson *json, const MigStat *stats, const char *const *missing, guint from, guint to)
{
  mig_json_begin_object (json, "metrics");
  for (guint i = from; i < to; i++)
    mig_json_stat (json, mig_metric_id (i), &stats[i], missing[i]);
  mig_json_end_object (json);
  mig_json_begin_object (json, "more_runs");
  for (guint i = from; i < to; i++)
    mig_json_integer (json, mig_metric_id (i), mig_power_more_runs (&stats[i]));
  mig_json_end_object (json);
}

static void
add_class_stats (MigJson *json, gconstpointer record)
{
  const MigClassSummary *of_class = record;

  mig_json_text (json, "class", of_class->info->name);
  mig_json_text (json, "workload", of_class->info->workload);
  add_stats (json, of_class->stats, of_class->missing, MIG_FIRST_CLASS_METRIC, MIG_N_METRICS);
}

static const MigJsonMember class_members[] = {
  MIG_JSON_ADD (add_class_stats),
  MIG_JSON_END,
};

#define RECORD MigParameterRecord
static const MigJsonMember parameter_members[] = {
  MIG_JSON ("parameter", TEXT, parameter),
  MIG_JSON ("value", TEXT, value),
  MIG_JSON ("value_number", NUMBER, value_number),
  MIG_JSON ("unit", TEXT, unit),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigFailureCount
static const MigJsonMember failure_members[] = {
  MIG_JSON ("reason", TEXT, reason),
  MIG_JSON ("runs", COUNT, n),
  MIG_JSON_END,
};
#undef RECORD

static void
add_case_window (MigJson *json, gconstpointer record)
{
  add_window (json, ((const MigCaseSummary *) record)->common_window_ns);
}

static void
add_classes_moved (MigJson *json, gconstpointer record)
{
  const GPtrArray *classes = ((const MigCaseSummary *) record)->classes_moved;

  mig_json_begin_array (json, "classes_moved");
  for (guint i = 0; i < classes->len; i++)
    mig_json_text (json, NULL, ((const MigClassInfo *) classes->pdata[i])->name);
  mig_json_end_array (json);
}

static void
add_settings (MigJson *json, gconstpointer record)
{
  const MigCaseSummary *study_case = record;

  mig_json_begin_object (json, "migration");
  for (guint i = 0; i < MIG_N_SETTINGS; i++)
    mig_json_text (json, mig_setting_info (i)->id, study_case->settings[i]);
  mig_json_end_object (json);
}

static void
add_case_stats (MigJson *json, gconstpointer record)
{
  const MigCaseSummary *study_case = record;
  add_stats (json, study_case->stats, study_case->missing, 0, MIG_FIRST_CLASS_METRIC);
}

#define RECORD MigCaseSummary
static const MigJsonMember case_members[] = {
  MIG_JSON ("case", TEXT, label),
  MIG_JSON ("experiment", TEXT, experiment),
  MIG_JSON_ADD (add_case_window),
  MIG_JSON ("planned", INTEGER, planned),
  MIG_JSON ("runs", COUNT, n_runs),
  MIG_JSON ("sound", COUNT, n_sound),
  MIG_JSON_LIST ("failures", POINTERS, failures, MigFailureCount, failure_members),
  MIG_JSON ("parallel", BOOLEAN, parallel),
  MIG_JSON_LIST ("parameters", POINTERS, parameters, MigParameterRecord, parameter_members),
  MIG_JSON_ADD (add_settings),
  MIG_JSON_ADD (add_classes_moved),
  MIG_JSON_ADD (add_case_stats),
  MIG_JSON_LIST ("classes", POINTERS, classes, MigClassSummary, class_members),
  MIG_JSON_END,
};
#undef RECORD

/* --- dirty rates --- */

#define RECORD MigDirtyRate
static const MigJsonMember dirty_rate_members[] = {
  MIG_JSON ("case", TEXT, case_label),
  MIG_JSON ("guest", TEXT, guest),
  MIG_JSON ("method", TEXT, method),
  MIG_JSON ("asked_bytes_per_s", NUMBER, asked),
  MIG_JSON ("own_bytes_per_s", STAT, own),
  MIG_JSON ("before_bytes_per_s", STAT, before),
  MIG_JSON ("before_bytes_per_s_low", NUMBER, before_low),
  MIG_JSON ("before_bytes_per_s_high", NUMBER, before_high),
  MIG_JSON ("rounds_bytes_per_s", STAT, during),
  MIG_JSON ("highest_round_bytes_per_s", STAT, highest),
  MIG_JSON ("rounds_to_before_ratio", STAT, ratio),
  MIG_JSON_END,
};
#undef RECORD

/* --- runs and migrations --- */

#define RECORD MigRunSummary
static const MigJsonMember run_members[] = {
  MIG_JSON ("run", INTEGER, run),
  MIG_JSON ("case", TEXT, case_label),
  MIG_JSON ("repetition", INTEGER, repetition),
  MIG_JSON ("status", TEXT, status),
  MIG_JSON ("counted", BOOLEAN, sound),
  MIG_JSON ("reason", TEXT, reason),
  MIG_JSON ("stolen_share", NUMBER, stolen_share),
  MIG_JSON ("stolen_host", TEXT, stolen_host),
  MIG_JSON ("others_share", NUMBER, others_share),
  MIG_JSON ("others_host", TEXT, others_host),
  MIG_JSON ("sending_share", NUMBER, sending_share),
  MIG_JSON ("own_wait_share", NUMBER, own_wait_share),
  MIG_JSON ("observing_share", NUMBER, observing_share),
  MIG_JSON ("noise", TEXT, noise),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigMigrationSummary
static const MigJsonMember migration_members[] = {
  MIG_JSON_OF ("run", INTEGER, run, MigRunSummary, run),
  MIG_JSON_OF ("case", TEXT, run, MigRunSummary, case_label),
  MIG_JSON_OF ("repetition", INTEGER, run, MigRunSummary, repetition),
  MIG_JSON_OF ("step", INTEGER, record, MigMigrationRecord, step),
  MIG_JSON_OF ("guest", TEXT, record, MigMigrationRecord, guest),
  MIG_JSON ("class", TEXT, class_name),
  MIG_JSON_OF ("source", TEXT, record, MigMigrationRecord, source),
  MIG_JSON_OF ("destination", TEXT, record, MigMigrationRecord, destination),
  MIG_JSON_OF ("status", TEXT, record, MigMigrationRecord, status),
  MIG_JSON_OF ("reason", TEXT, record, MigMigrationRecord, reason),
  MIG_JSON_OF ("counted", BOOLEAN, run, MigRunSummary, sound),
  MIG_JSON ("destination_idle", BOOLEAN, destination_idle),
  MIG_JSON ("total_time_s", NUMBER, total_s),
  MIG_JSON ("transfer_time_s", NUMBER, transfer_s),
  MIG_JSON ("downtime_reported_s", NUMBER, downtime_reported_s),
  MIG_JSON ("downtime_events_s", NUMBER, downtime_events_s),
  MIG_JSON ("downtime_events_low_s", NUMBER, downtime_events_low_s),
  MIG_JSON ("downtime_events_high_s", NUMBER, downtime_events_high_s),
  MIG_JSON ("downtime_guest_s", NUMBER, downtime_guest_s),
  MIG_JSON ("downtime_guest_low_s", NUMBER, downtime_guest_low_s),
  MIG_JSON ("downtime_guest_high_s", NUMBER, downtime_guest_high_s),
  MIG_JSON ("downtime_guest_resolution_s", NUMBER, resolution_s),
  MIG_JSON ("downtime_guest_missing_reason", TEXT, downtime_guest_why),
  MIG_JSON ("outage_s", NUMBER, outage_s),
  MIG_JSON ("silence_s", NUMBER, silence_s),
  MIG_JSON ("outage_missing_reason", TEXT, outage_why),
  MIG_JSON ("tcp_stall_s", NUMBER, stall_s),
  MIG_JSON ("tcp_stall_at_least", BOOLEAN, stall_at_least),
  MIG_JSON ("tcp_stall_missing_reason", TEXT, stall_why),
  MIG_JSON ("first_rarp_s", NUMBER, rarp_s),
  MIG_JSON ("first_arp_s", NUMBER, arp_s),
  MIG_JSON_OF ("sent_bytes", INTEGER, record, MigMigrationRecord, sent_bytes),
  MIG_JSON_OF ("rounds", INTEGER, record, MigMigrationRecord, rounds),
  MIG_JSON_OF ("disk_total_bytes", INTEGER, record, MigMigrationRecord, disk_total_bytes),
  MIG_JSON_OF ("disk_sent_bytes", INTEGER, record, MigMigrationRecord, disk_sent_bytes),
  MIG_JSON_OF ("disk_ns", INTEGER, record, MigMigrationRecord, disk_ns),
  MIG_JSON_OF ("stopped_by", TEXT, record, MigMigrationRecord, stopped_by),
  MIG_JSON_OF ("post_copy_requests", INTEGER, record, MigMigrationRecord, post_copy_requests),
  MIG_JSON_END,
};
#undef RECORD

/* --- what it was measured with --- */

#define RECORD MigEnvironmentRecord
static const MigJsonMember fact_members[] = {
  MIG_JSON ("scope", TEXT, scope),
  MIG_JSON ("name", TEXT, name),
  MIG_JSON ("value", TEXT, value),
  MIG_JSON ("unit", TEXT, unit),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigLimitRecord
static const MigJsonMember limit_members[] = {
  MIG_JSON ("host", TEXT, host),
  MIG_JSON ("table", TEXT, table),
  MIG_JSON ("column", TEXT, column),
  MIG_JSON ("reason", TEXT, reason),
  MIG_JSON_END,
};
#undef RECORD

static void
add_metrics (MigJson *json)
{
  static const char *const better[] = { "lower", "higher", "neither" };

  mig_json_begin_array (json, "metrics");
  for (guint i = 0; i < MIG_N_METRICS; i++)
    {
      const MigMetricInfo *info = mig_metric_info (i);
      mig_json_begin_object (json, NULL);
      mig_json_text (json, "id", info->id);
      mig_json_text (json, "name", info->name);
      mig_json_text (json, "unit", info->unit);
      mig_json_text (json, "better", better[info->better]);
      mig_json_boolean (json, "per_class", i >= MIG_FIRST_CLASS_METRIC);
      mig_json_text (json, "meaning", info->meaning);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
}

char *
mig_report_json (const MigLoadedResult *result)
{
  MigJson document = { .out = g_string_new (NULL) }, *json = &document;
  const MigSummary *summary = result->summary;

  mig_json_begin_object (json, NULL);
  mig_json_integer (json, "format", JSON_FORMAT);
  mig_json_members (json, head_members, result);
  mig_json_ending (json, result);
  mig_json_members (json, quality_members, summary);
  mig_json_list (json, "cases", summary->cases, case_members);
  mig_json_findings (json, result);
  mig_json_list (json, "runs", summary->runs, run_members);
  mig_json_list (json, "migrations", summary->migrations, migration_members);
  if (result->dirty_rates->len > 0)
    mig_json_list (json, "dirty_rates", result->dirty_rates, dirty_rate_members);
  mig_json_texts (json, "damaged_guests", summary->damaged);
  mig_json_texts (json, "impossible_values", summary->impossible);
  if (result->full_size)
    mig_json_object (json, "full_size", full_size_members, result->full_size);
  if (result->accuracy)
    mig_json_accuracy (json, result->accuracy);
  mig_json_list (json, "environment", result->environment, fact_members);
  mig_json_list (json, "limits", result->limits, limit_members);
  add_metrics (json);
  mig_json_end_object (json);
  return g_string_free (document.out, FALSE);
}
