/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* The guests of cases in plain words, by what they do. The caller frees all texts. */

/* mig_guests_text: who moves, in no order: "one that computes and two that update memory". */
char *mig_guests_text (const MigCaseSummary *study_case);

/* mig_guests_first_text: of guests that move first: "the guests that compute". */
char *mig_guests_first_text (const MigCaseSummary *study_case);

/* mig_guests_legend: what the letters of the cases stand for: "c computes, m updates memory; cm:
 * first c, then m". NULL: their classes are guests that were there, or do nothing. */
char *mig_guests_legend (const MigSummary *summary);
