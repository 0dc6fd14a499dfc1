/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* A study of several experiments is several studies that were run together: their cases have
 * windows of their own, and only those of one experiment belong into one figure. */

/* mig_experiments_read: fills a table, case's label -> its experiment, from the rows of
 * parameters.csv (of MigParameterRecord), whose texts it borrows; a case that is of none is not in
 * it. */
void mig_experiments_read (const GPtrArray *parameters, GHashTable *experiments);

/* mig_parameter_is_experiment: whether a row says that, rather than what is swept. */
gboolean mig_parameter_is_experiment (const MigParameterRecord *parameter);

/* mig_summary_by_experiment: each experiment as a summary of its own, in the study's order: its
 * cases, their classes, runs and migrations; without conclusions. One that has all where the study
 * has none. They hold nothing but references to the summary, which must outlive them. GPtrArray
 * that frees them. */
GPtrArray *mig_summary_by_experiment (const MigSummary *summary);
