/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* What happened when, of each run, for drawing: rates of the guests' work and shares of CPU, in
 * MIG_LINE_BINS bins from the window's start to its end. A bin keeps the mean, the smallest and the
 * largest value, so that what is shorter than a bin still shows, and memory does not grow with the
 * number of heartbeats and samples. */

#define MIG_LINE_BINS 320

/* Work is differentiated over this many heartbeat periods at least, single gaps being mostly the
 * jitter of their arrival; over one where they are at least a fifth of a second long, against which
 * the jitter is small. A silence of more than half of that is a value of its own. */
#define MIG_LINE_PERIODS 5
#define MIG_LINE_WORK_NS MIG_NS_PER_S

/* CPU time is differentiated over at least this: on a busy host a counter is read some time after
 * its stamp, which two samples next to each other would show as several times the CPU. */
#define MIG_LINE_CPU_NS (500 * MIG_NS_PER_MS)

typedef enum {
  MIG_LINE_WORK,       /* of a guest: units per second */
  MIG_LINE_CPU,        /* of a guest: its vCPUs, share of a CPU */
  MIG_LINE_MANAGEMENT, /* of a host: share of a CPU */
  MIG_N_LINE_KINDS
} MigLineKind;

typedef struct {
  float seconds, sum; /* how much of the bin is known; integral of the value over that */
  float low, high;
} MigBin;

/* One counter of one guest on one host (work: guest only; the host's own management: host only). */
typedef struct {
  MigLineKind kind;
  char *guest, *host;
  gint64 quantum_ns; /* shortest time that is differentiated */
  gint64 from_ns, last_ns;
  double from, last; /* the counter at these moments */
  gboolean any;
  MigBin *bins; /* MIG_LINE_BINS */
} MigLine;

typedef struct {
  const MigRunRecord *run;
  gint64 start_ns, end_ns; /* of the window */
  GPtrArray *guests;       /* of const MigGuestRecord * */
  GPtrArray *migrations;   /* of const MigMigrationRecord * */
  GPtrArray *rounds;       /* of const MigRoundRecord * */
  GPtrArray *lines;        /* of MigLine */
  GHashTable *by_name;     /* the same, as a set by kind, guest and host */
} MigTimeline;

/* mig_timelines_new: of every run that has a window, by number: array of MigTimeline that frees
 * them. The tables whole; they must outlive the result. */
GPtrArray *mig_timelines_new (const GPtrArray *runs, const GPtrArray *guests,
                              const GPtrArray *migrations, const GPtrArray *rounds);

/* One row of the big tables, in the order of the file. Rows of unknown runs are ignored; those of
 * guests and hosts that the small tables do not know must not come here: each has a line. */
void mig_timelines_heartbeat (GPtrArray *timelines, const MigHeartbeatRecord *heartbeat);
void mig_timelines_sample (GPtrArray *timelines, const MigSampleRecord *sample);

/* mig_timelines_finish: after the last row. */
void mig_timelines_finish (GPtrArray *timelines);

/* mig_timeline_bin: a bin of a kind, of a guest over all hosts, or of a host (guest NULL) over all
 * guests: their sum, and the sums of their bounds, which the sum does not exceed. FALSE: nothing is
 * known of it. */
gboolean mig_timeline_bin (const MigTimeline *timeline, MigLineKind kind, const char *guest,
                           const char *host, guint bin, MigBin *out);

/* mig_timeline_mean: of a kind, between two moments, by whole bins; NaN where nothing is known. */
double mig_timeline_mean (const MigTimeline *timeline, MigLineKind kind, const char *guest,
                          const char *host, gint64 from_ns, gint64 to_ns);

/* mig_timeline_second: seconds from the window's start to a moment, or to a bin's middle. */
double mig_timeline_second (const MigTimeline *timeline, gint64 at_ns);
double mig_timeline_bin_second (const MigTimeline *timeline, guint bin);
