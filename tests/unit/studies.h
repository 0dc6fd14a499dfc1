/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* A study that is good, and what tests make of it. Its lines are numbered, because errors name
 * them. */
extern const char study_base[];

/* Its sequence; that one with predictions; one of these. */
#define STUDY_SEQUENCE "<sequence>c1 m1</sequence>"
#define STUDY_PREDICTED(inner)                                                                     \
  "<sequence>c1 m1<prediction order='plan' model='m'>" inner "</prediction></sequence>"
#define STUDY_START "<move guest='c1' quantity='start' value='0 s'/>"

/* study_with: it with one text, which must be there, replaced by another. The caller frees it. */
char *study_with (const char *from, const char *to);

/* study_parse_good: the same, parsed; it must be good. */
MigStudy *study_parse_good (const char *from, const char *to);

/* study_assert_bad: the text is no study, and this is said. study_check_bad: the same of texts
 * replaced in the good one. */
typedef struct {
  const char *from, *to, *message;
} StudyBad;

void study_assert_bad (const char *xml, gsize size, const char *message);
void study_check_bad (const StudyBad *bad, gsize count);
