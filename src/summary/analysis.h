/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* From records to a summary. Pure: no files, no clock. Memory grows with the small tables,
 * not with heartbeats and samples, whatever names these hold.
 *
 * A run is sound, and counted, where its status and all its migrations' are "ok", no guest raised
 * an alarm and no guest's heartbeats went back. Of two sound runs of the same repetition of a case
 * the later one counts. Where one migration of a run lacks a value, the run's sum is missing.
 * Impossible values (summary/impossible.h) are made missing in the records, and listed. */
typedef struct _MigAnalysis MigAnalysis;

/* mig_analysis_new: the small tables whole, as arrays of record pointers; a reference is kept. */
MigAnalysis *mig_analysis_new (GPtrArray *schedule, GPtrArray *runs, GPtrArray *guests,
                               GPtrArray *migrations);

/* mig_analysis_set_parameters / _set_environment / _set_round_trips: tables that a result may lack,
 * as arrays of record pointers; a reference is kept, of the parameters also by the summary.
 * Parameters before the first row of the big tables, the others before the finish. */
void mig_analysis_set_parameters (MigAnalysis *analysis, GPtrArray *parameters);
void mig_analysis_set_environment (MigAnalysis *analysis, GPtrArray *environment);
void mig_analysis_set_round_trips (MigAnalysis *analysis, GPtrArray *round_trips);

/* mig_analysis_set_settings: how its cases are to migrate; must be there until the finish. */
void mig_analysis_set_settings (MigAnalysis *analysis, const MigSettings *settings);

/* mig_analysis_add_heartbeat / _add_sample: one row of the big tables, in the order of the file.
 * FALSE: it counts nowhere: it is of a run, guest or host that no small table names; or a sample of
 * a guest on the host that it had left. While a process ends, its counters are wrong (seen: 15 s of
 * CPU time within 0.75 s). */
gboolean mig_analysis_add_heartbeat (MigAnalysis *analysis, const MigHeartbeatRecord *heartbeat);
gboolean mig_analysis_add_sample (MigAnalysis *analysis, const MigSampleRecord *sample);

/* mig_analysis_add_probe: the same of a probe. */
void mig_analysis_add_probe (MigAnalysis *analysis, const MigProbeRecord *probe);
void mig_analysis_add_announcement (MigAnalysis *analysis,
                                    const MigAnnouncementRecord *announcement);
void mig_analysis_add_request (MigAnalysis *analysis, const MigRequestRecord *request);

/* mig_analysis_runs: instead of the summary: the runs (of MigRunState), by number, finished; the
 * analysis owns them. */
GPtrArray *mig_analysis_runs (MigAnalysis *analysis);

/* mig_analysis_finish: the summary; the analysis takes no more rows after it. */
MigSummary *mig_analysis_finish (MigAnalysis *analysis);

void mig_analysis_free (MigAnalysis *analysis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigAnalysis, mig_analysis_free)
