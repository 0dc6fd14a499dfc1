/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/document.h"
#include "report/json-write.h"
#include "report/loaded-result.h"

/* A run that ends by itself (--until, --time): what ended it, and what more time would decide. */
typedef struct {
  const char *until;   /* the result's: "decided", "5%"; NULL: its time alone */
  double limit_s;      /* NaN: none */
  double used_s;       /* all its repetitions */
  double more_s;       /* that would decide what is open, about; 0: nothing is, or not known */
  gboolean all;        /* ... all of it, as far as that can be measured */
  gboolean total_time; /* ... of total time, not of claims alone */
} MigMoreTime;

/* mig_more_time_find: FALSE: the number of its repetitions was fixed. */
gboolean mig_more_time_find (const MigLoadedResult *result, MigMoreTime *self);

/* mig_more_time_text: of a run that its time ended before all was decided: how long it takes, and
 * the command that continues it; NULL: of any other. The caller frees it. */
char *mig_more_time_text (const MigLoadedResult *result);

/* mig_more_time_item: an item of that text, where there is one. */
void mig_more_time_item (MigBlock *parent, const MigLoadedResult *result);

/* mig_more_time_is_of_claims: whether total time is decided, and that text is of claims alone. */
gboolean mig_more_time_is_of_claims (const MigLoadedResult *result);

/* mig_json_ending: member "ending", of a run that ends by itself. */
void mig_json_ending (MigJson *json, const MigLoadedResult *result);
