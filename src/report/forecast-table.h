/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_report_forecast: what is expected of each case, before it is run, as lines of text. records:
 * of MigPredictionRecord, those of a case together. NULL: nothing is. The caller frees it. */
char *mig_report_forecast (const GArray *records);
