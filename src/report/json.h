/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/loaded-result.h"

/* mig_report_json: everything, as described in migcost-results(5); units are in the keys, a missing
 * value is null, numbers have nine significant digits. The same input gives the same bytes. The
 * caller frees it. */
char *mig_report_json (const MigLoadedResult *report);

/* mig_report_csv: one row per case, class and metric, with the same names, and the study's scale.
 * The caller frees it. */
char *mig_report_csv (const MigLoadedResult *report);
