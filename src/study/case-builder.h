/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/read.h"

/* Cases while they are built: moves whose destinations follow from where each guest is. Inside the
 * room only. */
typedef struct {
  MigStudy *study;
  const xmlNode *node;    /* for errors */
  const MigStudyHost *to; /* destination of moves that name none; NULL: the first other host */
  MigStudyCase *study_case;
  GHashTable *places;      /* guest -> host, of those that have moved */
  GString *label, *detail; /* "cm"; "c1-m1>host3": the moves as they were written */
  gboolean long_names;     /* a class name has more than one letter */
  guint64 concurrency;     /* moves that are not parallel by themselves start so many at a time */
  guint moves;
} MigCaseBuilder;

void mig_case_begin (MigCaseBuilder *builder, MigStudy *study, const xmlNode *node,
                     const MigStudyHost *to);

/* mig_case_add_move: parallel: in the same step as the one before. destination: NULL where the move
 * does not name one. */
gboolean mig_case_add_move (MigCaseBuilder *builder, const MigStudyGuest *guest,
                            const MigStudyHost *destination, gboolean parallel, GError **error);

/* mig_case_end: labels the case and gives it to the study. Call mig_case_clear() in any event. */
gboolean mig_case_end (MigCaseBuilder *builder, GError **error);
void mig_case_clear (MigCaseBuilder *builder);
