/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* Making a summary, for this room only. */
MigSummary *mig_summary_new (void);

/* The one of that name, made where it is missing; owned by the summary (case). */
MigCaseSummary *mig_summary_add_case (MigSummary *summary, const char *label);
MigClassSummary *mig_case_add_class (MigCaseSummary *study_case, const MigClassInfo *info);
