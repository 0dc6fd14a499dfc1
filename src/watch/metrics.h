/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"

/* What a watch has seen, as numbers for Prometheus. Pure: no clock, no I/O. All counters are of
 * this process: they begin at 0, as Prometheus expects of one. */
typedef struct _MigWatchMetrics MigWatchMetrics;

/* So many values of a label at most; what comes later counts as MIG_METRICS_OTHER. */
#define MIG_METRICS_LABELS_MAX 100
#define MIG_METRICS_OTHER "other"

MigWatchMetrics *mig_watch_metrics_new (gint64 started_utc_ns);
void mig_watch_metrics_free (MigWatchMetrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigWatchMetrics, mig_watch_metrics_free)

/* mig_watch_metrics_migration: one that is over, by its row. A source or destination that is not
 * watched is "elsewhere". */
void mig_watch_metrics_migration (MigWatchMetrics *metrics, const MigMigrationRecord *row);

/* mig_watch_metrics_outage: what clients noticed of a migration of that guest; NaN: not known. */
void mig_watch_metrics_outage (MigWatchMetrics *metrics, const char *guest, double outage_s);

/* mig_watch_metrics_other: a save, a dump or a snapshot. */
void mig_watch_metrics_other (MigWatchMetrics *metrics);

/* mig_watch_metrics_gap: the watch itself did nothing for so long. */
void mig_watch_metrics_gap (MigWatchMetrics *metrics, gint64 gap_ns);

/* mig_watch_metrics_dropped: events that were lost. */
void mig_watch_metrics_dropped (MigWatchMetrics *metrics, guint events);

/* What is true now. */
typedef struct {
  guint running;            /* migrations that go on */
  guint n_hosts;            /* that are watched */
  const char *const *hosts; /* their names */
  const gboolean *answers;  /* which of them are connected */
} MigWatchNow;

/* mig_watch_metrics_text: in Prometheus' text format, as node_exporter's textfile collector reads
 * it. The caller frees it. */
char *mig_watch_metrics_text (const MigWatchMetrics *metrics, const MigWatchNow *now);
