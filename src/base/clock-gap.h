/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Whether migcost itself stood still while it measured: it was stopped (Ctrl-Z), or its machine
 * slept (a laptop's lid). Nothing was measured meanwhile, and what ended meanwhile seems to have
 * lasted longer, or shorter. Pure: the clock's readings are given to it. */
typedef struct {
  gint64 asleep_ns; /* mig_clock_asleep() when it was last looked at */
  gint64 total_ns;  /* of all gaps; 0: none */
  gint64 end_ns;    /* of the last one */
} MigClockGap;

/* mig_clock_gap_init: from now on. */
void mig_clock_gap_init (MigClockGap *gap, gint64 asleep_ns);

/* mig_clock_gap_note: a wait that was to end at due_ns ended at now_ns. TRUE: that was a gap. */
gboolean mig_clock_gap_note (MigClockGap *gap, gint64 due_ns, gint64 now_ns, gint64 asleep_ns);

/* mig_clock_gap_text: what happened, in one line; NULL: nothing. The caller frees it. */
char *mig_clock_gap_text (const MigClockGap *gap);
