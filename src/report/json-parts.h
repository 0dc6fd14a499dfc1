/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "report/loaded-result.h"

/* Members of a JSON object; a missing value is null. */
void mig_json_number (JsonBuilder *builder, const char *key, double value);
void mig_json_integer (JsonBuilder *builder, const char *key, gint64 value);
void mig_json_text (JsonBuilder *builder, const char *key, const char *text);
void mig_json_boolean (JsonBuilder *builder, const char *key, gboolean value);

/* mig_json_texts: an array of char *, as strings. mig_json_list: an array of objects: add() puts
 * the members of one into it. */
void mig_json_texts (JsonBuilder *builder, const char *key, const GPtrArray *texts);
#define mig_json_list(builder, key, items, add)                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    mig_json_begin_array (builder, key);                                                           \
    for (guint i_ = 0; i_ < (items)->len; i_++)                                                    \
      {                                                                                            \
        json_builder_begin_object (builder);                                                       \
        add (builder, (items)->pdata[i_]);                                                         \
        json_builder_end_object (builder);                                                         \
      }                                                                                            \
    json_builder_end_array (builder);                                                              \
  }                                                                                                \
  G_STMT_END
void mig_json_begin_array (JsonBuilder *builder, const char *key);
void mig_json_begin_object (JsonBuilder *builder, const char *key);

/* mig_json_interval: "name", and where both ends are known "name_low" and "name_high". */
void mig_json_interval (JsonBuilder *builder, const char *name, MigPredicted value);

/* mig_json_accuracy: member "predictions". */
void mig_json_accuracy (JsonBuilder *builder, const MigAccuracy *accuracy);

/* mig_json_stat: an object with n, mean, ci95_low, ci95_high, median, min, max, sd, cv, mad,
 * outliers (their runs) and the values; missing_reason where it is not NULL. */
void mig_json_stat (JsonBuilder *builder, const char *key, const MigStat *stat,
                    const char *missing);

/* mig_json_findings: members "conclusions", "recommendations" and "paper". */
void mig_json_findings (JsonBuilder *builder, const MigSummary *summary,
                        const GPtrArray *conclusions);

/* mig_json_print: the finished document, as lines. The caller frees it. */
char *mig_json_print (JsonBuilder *builder);
