/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "report/load.h"

/* Members of a JSON object; a missing value is null. */
void mig_json_number (JsonBuilder *builder, const char *key, double value);
void mig_json_integer (JsonBuilder *builder, const char *key, gint64 value);
void mig_json_text (JsonBuilder *builder, const char *key, const char *text);
void mig_json_boolean (JsonBuilder *builder, const char *key, gboolean value);

/* mig_json_stat: an object with n, mean, ci95_low, ci95_high, median, min, max, sd, cv, mad,
 * outliers (their runs) and the values; missing_reason where it is not NULL. */
void mig_json_stat (JsonBuilder *builder, const char *key, const MigStat *stat,
                    const char *missing);

/* mig_json_findings: members "conclusions", "recommendations" and "paper". */
void mig_json_findings (JsonBuilder *builder, const MigSummary *summary);

/* mig_json_print: the finished document, as lines. The caller frees it. */
char *mig_json_print (JsonBuilder *builder);
