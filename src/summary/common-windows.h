/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/runs.h"

/* How long all sound runs of an experiment last at least: over that much of each window what is
 * left behind by the migrations is counted, so that it can be compared. */
typedef struct _MigCommonWindows MigCommonWindows;

MigCommonWindows *mig_common_windows_new (void);

/* mig_common_windows_add: a run that was judged, with its experiment, which must outlive this. */
void mig_common_windows_add (MigCommonWindows *windows, const MigRunState *run);

/* mig_common_windows_find: of an experiment (NULL: of the runs that are of none), ns; missing: no
 * run of it is sound. */
gint64 mig_common_windows_find (const MigCommonWindows *windows, const char *experiment);

/* mig_common_windows_clear: forgets all runs. */
void mig_common_windows_clear (MigCommonWindows *windows);
void mig_common_windows_free (MigCommonWindows *windows);
