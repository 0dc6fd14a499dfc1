/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/probe.h"

/* The probes of one guest, kind and connection by their numbers. The prober may run for weeks: of
 * long ago those alone are kept that were answered late or never, with the one before and the one
 * after, and those can be forgotten, too. Inside the prober only. */
typedef struct {
  GArray *probes; /* MigProbe */
  gint64 next;    /* number that the next one will have */
  guint thinned;  /* so many of the first are what was kept of long ago */
} MigProbeLog;

/* So many at least are kept as they are: ten minutes of packets. */
#define MIG_PROBE_LOG_WHOLE 60000

void mig_probe_log_init (MigProbeLog *log);
void mig_probe_log_clear (MigProbeLog *log);

/* mig_probe_log_add: one more, which is sent now; until the next one. */
MigProbe *mig_probe_log_add (MigProbeLog *log, guint guest, MigProbeKind kind, guint connection,
                             gint64 due_ns);

/* mig_probe_log_cover: the last one covers the time until another is due, and that one a period:
 * where the prober left points of the grid out, they fared as the one before. */
void mig_probe_log_cover (MigProbeLog *log, gint64 due_ns);

/* mig_probe_log_find: NULL: it never was, or is not kept. mig_probe_log_last: NULL: none. */
MigProbe *mig_probe_log_find (const MigProbeLog *log, gint64 number);
MigProbe *mig_probe_log_last (const MigProbeLog *log);

/* mig_probe_log_forget: those that were due before, but for the last. */
void mig_probe_log_forget (MigProbeLog *log, gint64 before_ns);

/* mig_probe_log_tell: all that are kept, as lines; the last ones only as far as they were answered
 * or sent before since_ns: those after it are still on their way. */
void mig_probe_log_tell (const MigProbeLog *log, gint64 since_ns, GString *text);
