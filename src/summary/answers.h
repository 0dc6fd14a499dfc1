/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/paired-time.h"

/* What a result answers, by total time: which guests to move, in which order, or else what the
 * cases cost. Pure. */

typedef enum {
  MIG_ANSWER_GUESTS, /* which guests to move: cases that move as many, but other ones */
  MIG_ANSWER_ORDER,  /* in which order the same guests move */
  MIG_ANSWER_RANGE,  /* cases that differ otherwise: the cheapest and the dearest */
  MIG_ANSWER_ONE     /* a single case: what it costs */
} MigAnswerKind;

/* mig_answer_id: for programs: "guests", "order", "range", "one". */
const char *mig_answer_id (guint kind);

/* The intervals hold together for all pairs of the cases that are compared, with 95 %: each is of
 * the paired t test at a level of 5 % by the number of pairs (Bonferroni), since which case is the
 * best is found from the same values. Where the run was a race that asked the pair, the interval is
 * the race's (paired-time.h), so that an answer says what the run said. */
typedef struct {
  MigAnswerKind kind;
  const char *experiment;        /* NULL: the study has none */
  const char *conditions;        /* the swept values, "rate=2000"; NULL: the same in all cases */
  const MigCaseSummary *best;    /* the shortest mean total time */
  const MigCaseSummary *next;    /* the next one; NULL: there is no other */
  const MigCaseSummary *worst;   /* the longest */
  guint n_cases;                 /* that are compared, the best included */
  guint n_slower;                /* shown to take longer than the best */
  const MigCaseSummary *slowest; /* the longest of these; NULL: none is */
  const MigCaseSummary *open;    /* the shortest that is neither slower, nor within
                                  * MIG_ANSWER_EQUAL_SHARE of the best, nor alike by the race;
                                  * NULL: none */
  MigTimeDifference to_next, to_worst, to_slowest, to_open;
  GPtrArray *unknown; /* of const MigCaseSummary *: of a difference to them no interval is known */
  double bound_s; /* of all others, the best included, no two differ by more, of a range none from
                   * the best; NaN: there is no other */
  gint64 more_repetitions; /* that would show 5 % between the best and the open one, or else the
                            * next; missing: unknown */
  /* of orders: by the mean work that all guests lose; NULL: not known of all */
  const MigCaseSummary *least_lost, *most_lost;
  MigTimeDifference to_most_lost;
} MigAnswer;

/* mig_answer_is_decided: all others are shown to take longer than the best. */
gboolean mig_answer_is_decided (const MigAnswer *answer);

/* mig_answer_is_equal: none is shown to take longer, and no two differ by more than a tenth of the
 * best one's time: all their intervals are known. */
#define MIG_ANSWER_EQUAL_SHARE 0.1
gboolean mig_answer_is_equal (const MigAnswer *answer);

/* mig_answer_tells_work: which order it is makes a difference in the guests' work, of more than a
 * tenth of the best one's time. */
gboolean mig_answer_tells_work (const MigAnswer *answer);

/* mig_answer_more_repetitions: of each case, that would decide what the answer leaves open: which
 * guests, a difference of 5 % between two orders (where the run asked them: which is the better
 * one), or the cheapest and the dearest; missing: nothing is open, or unknown. */
gint64 mig_answer_more_repetitions (const MigAnswer *answer);

/* mig_answers_new: GPtrArray of MigAnswer, choices before what is a cost only, each by experiment,
 * that frees them; empty where no run is
 * sound. The summary must outlive it. */
GPtrArray *mig_answers_new (const MigSummary *summary);
