/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* What the clients of a guest noticed of its migration, from the probes of it. Pure. */
typedef struct {
  gint64 outage_ns;      /* that unanswered packets cover; 0: all were answered; missing: see why */
  gint64 period_ns;      /* how often it was asked: the resolution of that; missing: unknown */
  gint64 outage_icmp_ns; /* the same of ICMP echo; missing: none was sent, or none answered */
  gint64 silence_ns;     /* the longest time between two answers to packets */
  gint64 silence_from_ns; /* when that began; missing with it */
  gint64 stall_ns; /* the longest wait for an answer, of the connection that waited longest */
  gint64 stall_median_ns;                  /* the same, of the median connection */
  gint64 silence_floor_ns, stall_floor_ns; /* the longest before the migration; missing: unknown */
  guint open_requests; /* still not answered at the end: their connections waited at least until
                        * then, which is what both stalls have of them */
  gint64 connect_ns, connect_floor_ns; /* the longest that a new connection took, and before the
                                        * migration (mig_connect_times); missing: none was made */
  /* The longest in which nothing of a stream to the guest was acknowledged, or of one from it came,
   * and before the migration; missing: there is no stream, or it did not go on. */
  gint64 stream_to_ns, stream_to_floor_ns, stream_from_ns, stream_from_floor_ns;
  const char *why;       /* why outage and silence are missing; NULL: they are not; a literal */
  const char *stall_why; /* the same of the stall */
} MigOutage;

/* Which probes tell of a migration; each may be missing, but for start_ns. */
typedef struct {
  gint64 from_ns;  /* what began before does not count to the floors: it tells of the guest's
                    * migration before */
  gint64 start_ns; /* of the migration; for a guest that stays of the run's first one */
  gint64 next_ns;  /* what was due from then on tells of the guest's next migration alone */
  gint64 end_ns;   /* of the window */
} MigProbeSpan;

typedef struct _MigProbeSeries MigProbeSeries;

MigProbeSeries *mig_probe_series_new (const MigProbeSpan *span);
void mig_probe_series_free (MigProbeSeries *series);

/* mig_probe_series_add: rows of one kind and connection in the order of their numbers; those
 * that tell of the next migration alone are passed over. Where a number is missing, what lies
 * between is not known to have been silence. */
void mig_probe_series_add (MigProbeSeries *series, const MigProbeRecord *probe);

/* mig_probe_series_outage: of all that was added; nothing is added after it. What was asked before
 * the migration began and answered by then counts to the floors, all else to the migration. */
MigOutage mig_probe_series_outage (MigProbeSeries *series);

/* mig_outage_of: the same of these rows (MigProbeRecord) of one guest. */
MigOutage mig_outage_of (const GArray *rows, const MigProbeSpan *span);

/* mig_outage_start_ns: of a migration that nobody saw begin (start_ns missing), when it may have
 * let its clients wait: 10 s before its end. */
gint64 mig_outage_start_ns (gint64 start_ns, gint64 end_ns);

/* mig_outage_text: what clients noticed, in a line: "outage 130 ms, silence 420 ms", "outage not
 * known: WHY". The caller frees it. */
char *mig_outage_text (const MigOutage *outage);
