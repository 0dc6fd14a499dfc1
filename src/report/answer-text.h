/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/answers.h"

/* Answers in plain sentences, for readers who know no statistics. */

/* mig_answer_text: one or two sentences; with the experiment and conditions in front where there
 * are some. The caller frees it. */
char *mig_answer_text (const MigSummary *summary, const MigAnswer *answer);

/* mig_answer_texts: of all answers (of MigAnswer), in their order. GPtrArray that frees them. */
GPtrArray *mig_answer_texts (const MigSummary *summary, const GPtrArray *answers);
