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

/* mig_more_time_text: of a complete run of which more would be decided by more time, if it had a
 * limit, or else by more repetitions: how long that takes, and the command that continues it, a
 * line for a shell; NULL, and no command: of any other, or of one that this version cannot
 * continue. The caller frees both. */
char *mig_more_time_text (const MigLoadedResult *result, char **command);

/* mig_more_time_item, mig_more_time_paragraphs: these, where there are any; but for a page the
 * command is a line of its own. */
void mig_more_time_item (MigBlock *parent, const MigLoadedResult *result);
void mig_more_time_paragraphs (MigBlock *parent, const MigLoadedResult *result);

/* mig_more_time_is_of_claims: whether total time is decided, and that text is of claims alone. */
gboolean mig_more_time_is_of_claims (const MigLoadedResult *result);

/* mig_json_ending: member "ending", of a run that ends by itself. */
void mig_json_ending (MigJson *json, const MigLoadedResult *result);
