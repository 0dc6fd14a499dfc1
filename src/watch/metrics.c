/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "watch/metrics.h"

#define ELSEWHERE "elsewhere"
#define BUCKETS_MAX 12

/* ---- a histogram ---- */

typedef struct {
  const char *name, *meaning;
  guint n;
  double bounds[BUCKETS_MAX]; /* upper ends, seconds */
} HistogramInfo;

static const HistogramInfo time_info = { "migcost_watch_migration_duration_seconds",
                                         "Time from the first sign of a migration to its end.",
                                         11,
                                         { 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600 } };
static const HistogramInfo downtime_info = { "migcost_watch_migration_downtime_seconds",
                                             "Time for which a guest that moved stood still.",
                                             10,
                                             { 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 3, 10, 30 } };

static const HistogramInfo outage_info = { "migcost_watch_migration_outage_seconds",
                                           "Time for which clients of a guest had no answer.",
                                           10,
                                           { 0.03, 0.1, 0.2, 0.4, 0.8, 1, 3, 7, 15, 30 } };

typedef struct {
  guint64 counts[BUCKETS_MAX + 1]; /* the last: beyond all bounds */
  guint64 count;
  double sum_s;
} Histogram;

/* observe: nothing where it is not known (NaN). */
static void
observe (Histogram *self, const HistogramInfo *info, double seconds)
{
  guint bucket = 0;

  if (isnan (seconds))
    return;
  while (bucket < info->n && seconds > info->bounds[bucket])
    bucket++;
  self->counts[bucket]++;
  self->count++;
  self->sum_s += seconds;
}

/* ---- counters by label ---- */

typedef struct {
  char *labels; /* as they are printed: source="a",destination="b" */
  guint64 count;
} Series;

/* The last one of a guest. */
typedef struct {
  char *labels;
  double seconds;
} Outage;

struct _MigWatchMetrics {
  gint64 started_utc_ns;
  GPtrArray *migrations, *failures, *guests; /* of Series */
  Histogram time, downtime, outage;
  GPtrArray *outages; /* of Outage */
  guint64 sent_bytes, others, gaps, dropped;
  double gap_s;
};

static void
series_free (gpointer data)
{
  Series *self = data;
  g_free (self->labels);
  g_free (self);
}

static void
outage_free (gpointer data)
{
  Outage *self = data;
  g_free (self->labels);
  g_free (self);
}

MigWatchMetrics *
mig_watch_metrics_new (gint64 started_utc_ns)
{
  MigWatchMetrics *self = g_new0 (MigWatchMetrics, 1);

  self->started_utc_ns = started_utc_ns;
  self->migrations = g_ptr_array_new_with_free_func (series_free);
  self->failures = g_ptr_array_new_with_free_func (series_free);
  self->guests = g_ptr_array_new_with_free_func (series_free);
  self->outages = g_ptr_array_new_with_free_func (outage_free);
  return self;
}

void
mig_watch_metrics_free (MigWatchMetrics *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->migrations);
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->guests);
  g_ptr_array_unref (self->outages);
  g_free (self);
}

static Series *
find (const GPtrArray *all, const char *labels)
{
  for (guint i = 0; i < all->len; i++)
    if (strcmp (((Series *) all->pdata[i])->labels, labels) == 0)
      return all->pdata[i];
  return NULL;
}

/* count: one more of these labels; of others where there are too many already. */
static void
count (GPtrArray *all, const char *labels, const char *otherwise)
{
  Series *series = find (all, labels);

  if (!series && all->len >= MIG_METRICS_LABELS_MAX)
    series = find (all, labels = otherwise);
  if (!series)
    {
      series = g_new0 (Series, 1);
      series->labels = g_strdup (labels);
      g_ptr_array_add (all, series);
    }
  series->count++;
}

/* label: NAME="VALUE", with what Prometheus wants escaped. */
static char *
label (const char *name, const char *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  g_string_append_printf (text, "%s=\"", name);
  for (const char *c = valid; *c; c++)
    if (*c == '\n')
      g_string_append (text, "\\n");
    else
      {
        if (*c == '"' || *c == '\\')
          g_string_append_c (text, '\\');
        g_string_append_c (text, *c);
      }
  g_string_append_c (text, '"');
  return g_strdup (text->str);
}

/* ---- what was seen ---- */

static void
count_outcome (MigWatchMetrics *self, const MigMigrationRecord *row, gboolean ok)
{
  g_autofree char *from = label ("source", row->source ? row->source : ELSEWHERE);
  g_autofree char *to = label ("destination", row->destination ? row->destination : ELSEWHERE);
  g_autofree char *guest = label ("guest", row->guest);
  g_autofree char *labels = g_strdup_printf ("%s,%s,result=\"%s\"", from, to, ok ? "ok" : "failed");
  g_autofree char *rest = g_strdup_printf ("source=\"" MIG_METRICS_OTHER
                                           "\",destination=\"" MIG_METRICS_OTHER "\",result=\"%s\"",
                                           ok ? "ok" : "failed");

  count (self->migrations, labels, rest);
  count (self->guests, guest, "guest=\"" MIG_METRICS_OTHER "\"");
  if (ok)
    return;
  g_autofree char *reason = label ("reason", row->reason ? row->reason : "not known");
  count (self->failures, reason, "reason=\"" MIG_METRICS_OTHER "\"");
}

void
mig_watch_metrics_migration (MigWatchMetrics *self, const MigMigrationRecord *row)
{
  gboolean ok = g_strcmp0 (row->status, "ok") == 0;

  count_outcome (self, row, ok);
  observe (&self->time, &time_info, mig_units_seconds_between (row->start_ns, row->end_ns));
  if (!MIG_IS_MISSING (row->sent_bytes))
    self->sent_bytes += (guint64) MAX (row->sent_bytes, 0);
  if (!ok)
    return;
  double downtime_s = mig_units_seconds_between (row->suspended_ns, row->resumed_ns);
  observe (&self->downtime, &downtime_info,
           isnan (downtime_s) ? mig_units_seconds (row->downtime_reported_ns) : downtime_s);
}

/* keep_outage: in place of the guest's last one; none of more guests than there may be labels. */
static void
keep_outage (const MigWatchMetrics *self, char *labels /* taken */, double seconds)
{
  Outage *outage = NULL;

  for (guint i = 0; i < self->outages->len && !outage; i++)
    if (strcmp (((Outage *) self->outages->pdata[i])->labels, labels) == 0)
      outage = self->outages->pdata[i];
  if (!outage && self->outages->len < MIG_METRICS_LABELS_MAX)
    {
      outage = g_new0 (Outage, 1);
      outage->labels = g_strdup (labels);
      g_ptr_array_add (self->outages, outage);
    }
  if (outage)
    outage->seconds = seconds;
  g_free (labels);
}

void
mig_watch_metrics_outage (MigWatchMetrics *self, const char *guest, double outage_s)
{
  if (isnan (outage_s))
    return;
  observe (&self->outage, &outage_info, outage_s);
  keep_outage (self, label ("guest", guest), outage_s);
}

void
mig_watch_metrics_other (MigWatchMetrics *self)
{
  self->others++;
}

void
mig_watch_metrics_gap (MigWatchMetrics *self, gint64 gap_ns)
{
  self->gaps++;
  self->gap_s += mig_units_seconds (gap_ns);
}

void
mig_watch_metrics_dropped (MigWatchMetrics *self, guint events)
{
  self->dropped += events;
}

/* ---- the text ---- */

static void
head (GString *out, const char *name, const char *type, const char *meaning)
{
  g_string_append_printf (out, "# HELP %s %s\n# TYPE %s %s\n", name, meaning, name, type);
}

/* add_number: in a form that no locale changes. */
static void
add_number (GString *out, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "%s %s\n", name,
                          g_ascii_formatd (text, sizeof text, "%.15g", value));
}

static void
add_counter (GString *out, const char *name, const char *meaning, double value)
{
  head (out, name, "counter", meaning);
  add_number (out, name, value);
}

static void
add_gauge (GString *out, const char *name, const char *meaning, double value)
{
  head (out, name, "gauge", meaning);
  add_number (out, name, value);
}

static void
add_series (GString *out, const char *name, const char *meaning, const GPtrArray *all)
{
  head (out, name, "counter", meaning);
  for (guint i = 0; i < all->len; i++)
    {
      const Series *series = all->pdata[i];
      g_string_append_printf (out, "%s{%s} %" G_GUINT64_FORMAT "\n", name, series->labels,
                              series->count);
    }
}

static void
add_histogram (GString *out, const Histogram *self, const HistogramInfo *info)
{
  guint64 below = 0;
  char bound[G_ASCII_DTOSTR_BUF_SIZE], sum[G_ASCII_DTOSTR_BUF_SIZE];

  head (out, info->name, "histogram", info->meaning);
  for (guint i = 0; i < info->n; i++)
    {
      below += self->counts[i];
      g_string_append_printf (out, "%s_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n", info->name,
                              g_ascii_formatd (bound, sizeof bound, "%g", info->bounds[i]), below);
    }
  g_string_append_printf (
      out,
      "%s_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n%s_sum %s\n%s_count %" G_GUINT64_FORMAT "\n",
      info->name, self->count, info->name, g_ascii_formatd (sum, sizeof sum, "%.15g", self->sum_s),
      info->name, self->count);
}

static void
add_hosts (GString *out, const MigWatchNow *now)
{
  static const char name[] = "migcost_watch_host_up";

  head (out, name, "gauge", "1: the watch is connected to the host.");
  for (guint i = 0; i < now->n_hosts; i++)
    {
      g_autofree char *host = label ("host", now->hosts[i]);
      g_string_append_printf (out, "%s{%s} %d\n", name, host, now->answers[i] ? 1 : 0);
    }
}

/* add_outages: nothing where no guest was probed. */
static void
add_outages (GString *out, const MigWatchMetrics *self)
{
  static const char name[] = "migcost_watch_guest_outage_seconds";
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->outage.count == 0)
    return;
  add_histogram (out, &self->outage, &outage_info);
  head (out, name, "gauge", "For how long clients of the guest had no answer, at its last move.");
  for (guint i = 0; i < self->outages->len; i++)
    {
      const Outage *outage = self->outages->pdata[i];
      g_string_append_printf (out, "%s{%s} %s\n", name, outage->labels,
                              g_ascii_formatd (number, sizeof number, "%.15g", outage->seconds));
    }
}

char *
mig_watch_metrics_text (const MigWatchMetrics *self, const MigWatchNow *now)
{
  GString *out = g_string_new (NULL);

  add_series (out, "migcost_watch_migrations_total", "Migrations that ended, by their hosts.",
              self->migrations);
  add_series (out, "migcost_watch_migration_failures_total",
              "Migrations that did not move their guest, by the reason.", self->failures);
  add_series (out, "migcost_watch_guest_migrations_total",
              "Migrations that ended, by guest; beyond the first hundred guests: other.",
              self->guests);
  add_gauge (out, "migcost_watch_migrations_running", "Migrations that go on now.", now->running);
  add_histogram (out, &self->time, &time_info);
  add_histogram (out, &self->downtime, &downtime_info);
  add_outages (out, self);
  add_counter (out, "migcost_watch_sent_bytes_total", "What migrations sent, where that is known.",
               (double) self->sent_bytes);
  add_counter (out, "migcost_watch_other_jobs_total", "Saves, dumps and snapshots.",
               (double) self->others);
  add_counter (out, "migcost_watch_lost_events_total",
               "Events that came faster than they could be handled.", (double) self->dropped);
  add_counter (out, "migcost_watch_standstills_total",
               "How often the watch itself stood still: stopped, or its machine asleep.",
               (double) self->gaps);
  add_counter (out, "migcost_watch_standstill_seconds_total",
               "For how long the watch itself stood still.", self->gap_s);
  add_hosts (out, now);
  add_gauge (out, "migcost_watch_start_time_seconds", "When the watch began, since 1970.",
             mig_units_seconds (self->started_utc_ns));
  return g_string_free (out, FALSE);
}
