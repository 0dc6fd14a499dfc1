/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/command.h"

/* What a shell can put in the place of a word that is being typed. */

/* The words of a command line so far. */
typedef struct {
  const MigCommand *command;
  GPtrArray *arguments; /* of strings: those that are no options, without the word being typed */
} MigCompleteWords;

/* mig_complete_values: appends the values of `what`, a place as options and commands call it
 * ("FORMAT", "STUDY", "up|down|status"), of those that begin with `prefix`: a line
 * "VALUE<tab>MEANING" each, `before` in front of VALUE; and, where files or directories fit, the
 * line ":files" or ":directories". */
void mig_complete_values (GString *out, const MigCompleteWords *words, const char *kind,
                          const char *before, const char *prefix);

/* mig_complete_add: appends the line of one word, if it begins with the prefix. meaning may be
 * NULL. */
void mig_complete_add (GString *out, const char *before, const char *word, const char *prefix,
                       const char *meaning);
