/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/xml.h"
#include "study/read.h"

/* <migration> and <timing>: the numbers, with their defaults. */

typedef struct {
  const char *attribute;
  gsize offset; /* of a gint64 in MigStudy */
  gint64 default_ns;
  gint64 min_ns; /* 0: may be left to the hypervisor */
} Duration;

#define DEFAULT_CONNECTIONS 2
#define DEFAULT_REPETITIONS 3
#define MOST_DOWNTIME_S 2000
#define LEAST_BASELINE_NS (100 * MIG_NS_PER_MS)
#define LEAST_WINDOW_NS MIG_NS_PER_S

#define FIELD(name) G_STRUCT_OFFSET (MigStudy, name)

static const Duration migration_durations[] = {
  { "timeout", FIELD (timeout_ns), 600 * MIG_NS_PER_S, MIG_NS_PER_S },
};

static const Duration timing_durations[] = {
  { "ready-timeout", FIELD (ready_timeout_ns), 120 * MIG_NS_PER_S, MIG_NS_PER_S },
  { "settle", FIELD (settle_ns), 10 * MIG_NS_PER_S, 0 },
  { "baseline", FIELD (baseline_ns), 5 * MIG_NS_PER_S, LEAST_BASELINE_NS },
  { "window", FIELD (window_ns), 30 * MIG_NS_PER_S, LEAST_WINDOW_NS },
  { "heartbeat", FIELD (heartbeat_ns), 0, 0 },
  { "sampling", FIELD (sampling_ns), 0, 0 },
};

/* read_durations: node may be NULL: then only the defaults are set. */
static gboolean
read_durations (MigStudy *study, const xmlNode *node, const Duration *durations, gsize count,
                GError **error)
{
  for (gsize i = 0; i < count; i++)
    {
      gint64 *ns = G_STRUCT_MEMBER_P (study, durations[i].offset);
      *ns = durations[i].default_ns;
      if (node && !mig_read_duration (node, durations[i].attribute, durations[i].min_ns, ns, error))
        return FALSE;
    }
  return TRUE;
}

static guint
attribute_line (const xmlNode *node, const char *attribute)
{
  return xmlHasProp (node, (const xmlChar *) attribute) ? mig_node_line (node) : 0;
}

/* read_bandwidth: what is set: libvirt knows whole MiB/s only. */
static gboolean
read_bandwidth (MigStudy *study, const xmlNode *node, GError **error)
{
  g_autofree char *text = mig_node_attribute (node, "bandwidth");
  g_autoptr (GError) cause = NULL;
  guint64 asked = 0;

  if (text && !mig_units_parse_limit (text, &asked, &cause))
    return mig_node_error (error, node, "bandwidth of migration: %s", cause->message);
  study->bandwidth_bytes_per_s = mig_units_limit_mib (asked) * MIG_MIB;
  return TRUE;
}

/* read_max_downtime: libvirt takes whole milliseconds, and QEMU no more than 2000 s. */
static gboolean
read_max_downtime (MigStudy *study, const xmlNode *node, GError **error)
{
  if (!mig_read_duration (node, "max-downtime", 0, &study->max_downtime_ns, error))
    return FALSE;
  if (study->max_downtime_ns % MIG_NS_PER_MS == 0 &&
      study->max_downtime_ns <= MOST_DOWNTIME_S * MIG_NS_PER_S)
    return TRUE;
  g_autofree char *text = mig_node_attribute (node, "max-downtime");
  return mig_node_error (error, node,
                         "max-downtime='%s' of migration cannot be set: libvirt sets whole "
                         "milliseconds; expected something from '1 ms' to '%d s'",
                         text, MOST_DOWNTIME_S);
}

/* read_cache: QEMU takes powers of two only: the next lower one where the study is scaled. */
static gboolean
read_cache (MigStudy *study, const xmlNode *node, GError **error)
{
  guint64 asked = 0;

  if (!mig_read_bytes (node, "cache", 0, &asked, error))
    return FALSE;
  study->cache_bytes = asked;
  if (asked && (asked < MIG_PAGE_BYTES || (asked & (asked - 1))))
    {
      g_autofree char *text = mig_node_attribute (node, "cache");
      return mig_node_error (error, node,
                             "cache='%s' of migration cannot be set: QEMU takes powers of two from "
                             "4 KiB on; expected something like '64 MiB'",
                             text);
    }
  guint64 wanted = mig_scale_bytes (study->scale_ratio, study->cache_bytes);
  if (wanted == study->cache_bytes)
    return TRUE;
  study->cache_bytes = MIG_PAGE_BYTES;
  while (study->cache_bytes <= wanted / 2)
    study->cache_bytes *= 2;
  return TRUE;
}

static gboolean
is_yes (const xmlNode *node, const char *attribute)
{
  g_autofree char *text = mig_node_attribute (node, attribute);
  return g_strcmp0 (text, "yes") == 0;
}

static gboolean
read_flags (MigStudy *study, const xmlNode *node, GError **error)
{
  g_autofree char *storage = mig_node_attribute (node, "copy-storage");
  g_autofree char *action = mig_node_attribute (node, "at-timeout");
  g_autoptr (GError) cause = NULL;

  study->flags.tls = is_yes (node, "tls");
  study->tls_line = attribute_line (node, "tls");
  study->at_timeout_line = attribute_line (node, "at-timeout");
  study->flags.unsafe = is_yes (node, "unsafe");
  if (storage && !mig_storage_copy_from_name (storage, &study->flags.storage, &cause))
    return mig_node_error (error, node, "%s", cause->message);
  if (action && !mig_timeout_action_from_name (action, &study->flags.at_timeout, &cause))
    return mig_node_error (error, node, "%s", cause->message);
  return TRUE;
}

static gboolean
read_migration (MigStudy *study, const xmlNode *node, GError **error)
{
  g_autoptr (GError) cause = NULL;

  study->stop_rule = MIG_STOP_HYPERVISOR;
  study->technique = MIG_TECHNIQUE_PRE_COPY;
  study->connections = DEFAULT_CONNECTIONS;
  if (!read_durations (study, node, migration_durations, G_N_ELEMENTS (migration_durations), error))
    return FALSE;
  if (!node)
    return TRUE;
  g_autofree char *rule = mig_node_attribute (node, "stop-rule");
  if (rule && !mig_stop_rule_from_name (rule, &study->stop_rule, &cause))
    return mig_node_error (error, node, "%s", cause->message);
  g_autofree char *technique = mig_node_attribute (node, "technique");
  if (technique && !mig_technique_from_name (technique, &study->technique, &cause))
    return mig_node_error (error, node, "%s", cause->message);
  study->technique_line = attribute_line (node, "technique");
  g_autofree char *peer = mig_node_attribute (node, "peer-to-peer");
  study->peer_to_peer = g_strcmp0 (peer, "yes") == 0;
  study->direct = g_strcmp0 (peer, "no") == 0;
  study->peer_to_peer_line = attribute_line (node, "peer-to-peer");
  study->bandwidth_line = attribute_line (node, "bandwidth");
  study->max_downtime_line = attribute_line (node, "max-downtime");
  study->connections_line = attribute_line (node, "connections");
  study->cache_line = attribute_line (node, "cache");
  study->throttle_initial_line = attribute_line (node, "throttle-initial");
  study->throttle_increment_line = attribute_line (node, "throttle-increment");
  return read_flags (study, node, error) && read_bandwidth (study, node, error) &&
         read_max_downtime (study, node, error) &&
         mig_read_count (node, "connections", 1, 255, &study->connections, error) &&
         read_cache (study, node, error) &&
         mig_read_count (node, "throttle-initial", 0, 99, &study->throttle_initial, error) &&
         mig_read_count (node, "throttle-increment", 0, 99, &study->throttle_increment, error);
}

/* check_windows: the window begins with the baseline and has to show more than it. */
static gboolean
check_windows (const MigStudy *study, const xmlNode *node, GError **error)
{
  if (study->window_ns > study->baseline_ns)
    return TRUE;
  g_autofree char *window = mig_units_format_duration (study->window_ns);
  g_autofree char *baseline = mig_units_format_duration (study->baseline_ns);
  return mig_node_error (
      error, node, "the window of %s begins with the baseline of %s; expected it to be longer",
      window, baseline);
}

/* Heartbeats and samples closer than 1 ms are not to be had. */
gboolean
mig_study_check_period (gint64 ns, GError **error)
{
  if (ns == 0 || (ns >= MIG_NS_PER_MS && ns <= 10 * MIG_NS_PER_S))
    return TRUE;
  g_autofree char *period = mig_units_format_duration (ns);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "%s is out of range; expected 1 ms to 10 s, or 0", period);
  return FALSE;
}

static gboolean
check_period (const xmlNode *node, const char *attribute, gint64 ns, GError **error)
{
  g_autoptr (GError) cause = NULL;

  return mig_study_check_period (ns, &cause) ||
         mig_node_error (error, node, "%s of timing: %s", attribute, cause->message);
}

gboolean
mig_study_set_start (MigStudy *study, const char *text, GError **error)
{
  study->boots = strcmp (text, "boot") == 0;
  if (study->boots || strcmp (text, "restore") == 0)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "'%s' is no way to start guests; expected 'restore' or 'boot'", text);
  return FALSE;
}

gboolean
mig_study_until_check (const char *text, GError **error)
{
  double ratio;

  if (strcmp (text, "decided") == 0 ||
      (mig_units_parse_percent (text, &ratio, NULL) && ratio >= 0.001 && ratio < 1))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "'%s' is not an end; expected 'decided', or a share from '0.1%%' to '99%%'", text);
  return FALSE;
}

/* read_end: when the run ends, where that is no number of repetitions alone. */
static gboolean
read_end (MigStudy *study, const xmlNode *node, GError **error)
{
  g_autoptr (GError) cause = NULL;

  study->until = mig_node_attribute (node, "until");
  if (study->until && !mig_study_until_check (study->until, &cause))
    return mig_node_error (error, node, "until of timing: %s", cause->message);
  return mig_read_duration (node, "time", MIG_NS_PER_S, &study->time_ns, error);
}

static gboolean
read_timing (MigStudy *study, const xmlNode *node, GError **error)
{
  guint64 repetitions = 0;
  g_autofree char *start = node ? mig_node_attribute (node, "start") : NULL;

  study->seed = 0;
  if (!read_durations (study, node, timing_durations, G_N_ELEMENTS (timing_durations), error))
    return FALSE;
  if (node &&
      ((start && !mig_study_set_start (study, start, error)) || !read_end (study, node, error) ||
       !mig_read_count (node, "repetitions", 1, MIG_STUDY_MAX_REPETITIONS, &repetitions, error) ||
       !mig_read_count (node, "seed", 0, G_MAXUINT64, &study->seed, error) ||
       !check_windows (study, node, error) ||
       !check_period (node, "heartbeat", study->heartbeat_ns, error) ||
       !check_period (node, "sampling", study->sampling_ns, error)))
    return FALSE;
  study->baseline_ns = mig_scale_duration (study->scale_ratio, study->baseline_ns,
                                           LEAST_BASELINE_NS);
  study->window_ns = mig_scale_duration (study->scale_ratio, study->window_ns, LEAST_WINDOW_NS);
  if (repetitions == 0)
    repetitions = study->until || study->time_ns ? MIG_STUDY_MAX_REPETITIONS : DEFAULT_REPETITIONS;
  study->repetitions = (guint) repetitions;
  return TRUE;
}

gboolean
mig_read_settings (MigStudy *study, const xmlNode *root, GError **error)
{
  return read_migration (study, mig_node_next (root->children, "migration"), error) &&
         read_timing (study, mig_node_next (root->children, "timing"), error);
}
