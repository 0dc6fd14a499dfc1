/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A cumulative counter, or several read together, streamed in time order; only its values at a few
 * moments (probes), fixed beforehand, are kept: between two points the value is interpolated. */

#define MIG_SERIES_VALUES 4
#define MIG_SERIES_PROBES 8

typedef struct {
  gint64 at_ns;
  gint64 time_ns; /* the moment that the values belong to: at_ns, or the nearest point to it */
  gboolean known;
  double values[MIG_SERIES_VALUES]; /* NaN: that counter is missing */
} MigProbe;

typedef struct {
  guint n_values, n_probes, next;
  gboolean any;
  gint64 last_ns;
  double last[MIG_SERIES_VALUES];
  gint64 reach_ns;         /* a probe at most so far outside the points takes the nearest point */
  gboolean starts_at_zero; /* before the first point, at any distance, the counters were 0 */
  gboolean ends_at_last;   /* after the last point, at any distance, they stay what they were */
  MigProbe probes[MIG_SERIES_PROBES];
} MigSeries;

void mig_series_init (MigSeries *series, guint n_values, gint64 reach_ns);

/* mig_series_probe: adds a moment; before the first point. A missing one is ignored. */
void mig_series_probe (MigSeries *series, gint64 at_ns);

/* mig_series_push: one point. One that goes back in time is ignored. */
void mig_series_push (MigSeries *series, gint64 time_ns, const double *values);

/* mig_series_finish: after the last point. */
void mig_series_finish (MigSeries *series);

/* mig_series_delta: growth of a counter between two probes; *seconds (may be NULL): between the
 * moments that the values belong to. NaN where a probe is unknown. */
double mig_series_delta (const MigSeries *series, guint value, gint64 from_ns, gint64 to_ns,
                         double *seconds);
