/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/repeated-interval.h"
#include "summary/summary.h"

/* A race of cases: repetitions are added block by block until what a study asks is decided, and a
 * case about which nothing is asked any more drops out (racing: O. Maron, A. W. Moore, "Hoeffding
 * races", NIPS 6, 1994; as in ranking and selection: S.-H. Kim, B. L. Nelson, ACM TOMACS 11, 2001).
 *
 * Asked is the total time of every pair of cases that move equally many guests, one at a time,
 * under the same conditions: of the same guests, which order is the best; of others, which of the
 * two takes less (a claim of the paper). A pair is looked at by the differences within the blocks
 * that both cases ran in, which cancels what drifts from block to block, by a repeated confidence
 * interval (repeated-interval.h) whose error is MIG_RACE_ERROR divided by the number of pairs
 * (Bonferroni). So the chance that a race says anything wrong, over all pairs and however many
 * looks, and whatever was dropped and when, is at most MIG_RACE_ERROR.
 *
 * A pair is decided where its interval excludes 0, or lies within MIG_RACE_MARGIN of the larger
 * mean: then the two are alike. Two orders of the same guests that are both shown to take longer
 * than a third need not be told apart. Of a case that is in no pair its own total time is asked,
 * as of MIG_UNTIL_PRECISION, to MIG_RACE_MARGIN; it counts as one more pair. */
#define MIG_RACE_ERROR 0.05
#define MIG_RACE_MARGIN 0.05
/* Of total time, s: what its stamps can tell. */
#define MIG_RACE_RESOLUTION_S 0.001
/* A case is given up that failed so often without one sound repetition, or so often in a row after
 * the last one. */
#define MIG_RACE_MAX_FAILURES 3
#define MIG_RACE_MAX_FAILURES_SINCE 10
/* No larger number of repetitions is told. */
#define MIG_RACE_MOST_REPETITIONS 10000

typedef enum {
  MIG_UNTIL_TIME,      /* the time is over: nothing drops out */
  MIG_UNTIL_DECIDED,   /* all that is asked is decided */
  MIG_UNTIL_PRECISION, /* nothing but this is asked: that the repeated interval of each case's mean
                          total time is no wider to each side than that share of the mean;
                          MIG_RACE_ERROR is divided by the number of cases */
} MigUntil;

typedef struct {
  MigUntil until;
  double precision; /* a share; of MIG_UNTIL_PRECISION */
} MigRaceRule;

/* mig_race_rule_parse: "decided" or "5%", as in MIG_FACT_UNTIL; NULL: MIG_UNTIL_TIME. FALSE: it is
 * something else. */
gboolean mig_race_rule_parse (const char *text, MigRaceRule *rule);

typedef enum {
  MIG_PAIR_OPEN,
  MIG_PAIR_LESS,  /* a takes less than b */
  MIG_PAIR_MORE,  /* b takes less than a */
  MIG_PAIR_ALIKE, /* no difference beyond the margin: of more than the larger end of the interval */
  MIG_PAIR_MOOT,  /* both take longer than a third order of the same guests */
} MigPairVerdict;

typedef struct {
  guint a, b; /* of the race's cases */
  gboolean same_guests;
  MigRepeatedInterval difference; /* b less a, s: n blocks, mean, low and high */
  double mean_a, mean_b;          /* over these blocks, s */
  MigPairVerdict verdict;
  guint decided_n;    /* blocks then; 0: it is not decided */
  gint64 decided_run; /* the run after which it was */
} MigRacePair;

typedef struct {
  char *label;
  gboolean alone;           /* its own total time is asked */
  MigRepeatedInterval time; /* total time, s: n sound repetitions, mean; low, high where alone */
  guint n_failed;           /* since its last sound repetition */
  gboolean given_up;        /* it cannot be run, or failed too often in a row */
  double run_s;             /* all its repetitions, from the first guest's start to their end */
  guint n_runs;             /* of these */
  GArray *blocks;           /* of double, by repetition (index 0: none): total time, s; NaN: none */
  GArray *pairs;            /* of guint: the race's pairs that it is in */
  guint n_open;             /* of these: to be decided, and the other is not given up */
  gint64 out_run;           /* the run after which it had dropped out; missing: it has not */
} MigRaceCase;

typedef struct MigRace {
  MigRaceRule rule;
  GPtrArray *cases;          /* of MigRaceCase */
  GHashTable *indices;       /* a case's label -> its index + 1 */
  GArray *pairs;             /* of MigRacePair */
  guint n_unknown;           /* more that may turn out to be asked: a case has no sound run yet */
  MigErrorSpending spending; /* of each question */
  GHashTable *spendings;     /* double *, another error -> MigErrorSpending, as far as asked for */
} MigRace;

/* ---- from a result ---- */

/* mig_race_from_summary: the race that these runs were, as far as they go: pure, so it says
 * afterwards what it said then. */
MigRace *mig_race_from_summary (const MigSummary *summary, const MigRaceRule *rule);

/* mig_race_set: the summary's, which it owns then. Until decided, its downtime is chosen by what
 * every case had when intervals could be looked at first (two cases with MIG_FIRST_LOOK sound
 * repetitions, all others with one): what is asked does not change in mid-run. */
void mig_race_set (MigSummary *summary, MigRace *race);

/* mig_race_until_decided: whether that is its rule; race NULL: there was none. */
gboolean mig_race_until_decided (const MigRace *race);

/* ---- what it says ---- */

/* mig_race_pair_is_open, mig_race_case_is_open: asked, still to be decided, and the cases are not
 * given up. */
gboolean mig_race_pair_is_open (const MigRace *race, const MigRacePair *pair);
gboolean mig_race_case_is_open (const MigRace *race, const MigRaceCase *study_case);

/* mig_race_case_is_decided: all that is asked about it in comparisons; a case that is compared with
 * one that was given up may be neither that nor open. */
gboolean mig_race_case_is_decided (const MigRace *race, const MigRaceCase *study_case);

/* mig_race_label: of a case. mig_race_find_pair: of two cases, by their labels, whichever is a;
 * NULL: it is not asked. */
const char *mig_race_label (const MigRace *race, guint index);
const MigRacePair *mig_race_find_pair (const MigRace *race, const char *one, const char *other);

/* mig_race_find_case: NULL: there is none. */
const MigRaceCase *mig_race_find_case (const MigRace *race, const char *label);

/* mig_race_runs: whether the case is still in question. */
gboolean mig_race_runs (const MigRace *race, guint index);

/* How much longer something would take with a chance of MIG_POWER_WANTED (power.h), if mean and
 * scatter are what they seem. */
typedef struct {
  gint64 repetitions; /* of each case concerned; missing: unknown, or more than
                         MIG_RACE_MOST_REPETITIONS */
  double seconds;     /* NaN: unknown */
} MigRaceNeed;

/* A mean of which an interval is to show that it is not 0, or lies within the margin; one_sided:
 * that it is above 0, or below the margin. */
typedef struct {
  const MigRepeatedInterval *interval;
  double error, margin;
  gboolean one_sided;
  double resolution; /* the standard deviation is taken for at least this */
} MigRaceAim;

/* mig_race_aim_need: repetition_s: that a value more takes. careful: as mig_race_next() is. */
MigRaceNeed mig_race_aim_need (MigRace *race, const MigRaceAim *aim, gboolean careful,
                               double repetition_s);

/* mig_race_length: of a repetition of the case, mean, s; of one that has not run: as of all; NaN:
 * none has. */
double mig_race_length (const MigRace *race, const MigRaceCase *study_case);

MigRaceNeed mig_race_pair_need (MigRace *race, const MigRacePair *pair);
MigRaceNeed mig_race_case_need (MigRace *race, const MigRaceCase *study_case);

/* mig_race_remaining: how long all that is open takes, s, about: of every question as
 * mig_race_pair_need() and mig_race_case_need() say, and until the first look where that is not
 * known before. A repetition counts once, however many questions it serves, and each case still in
 * question has one at least. 0: nothing is open, or of nothing is it known; *all: of everything is
 * it. */
double mig_race_remaining (MigRace *race, gboolean *all);

typedef enum {
  MIG_RACE_GO_ON,
  MIG_RACE_DECIDED,
  MIG_RACE_TOO_LONG, /* deciding anything more would take longer than the time left */
  MIG_RACE_NO_TIME,  /* the next block would take longer than the time left */
  MIG_RACE_GIVEN_UP, /* what is open cannot be run */
} MigRaceNext;

/* mig_race_next: what comes after the block that is over. left_s: HUGE_VAL: no limit. The verdict
 * MIG_RACE_TOO_LONG is careful: it takes half of the scatter seen, and differences one standard
 * error to the better, after MIG_FIRST_LOOK blocks. */
MigRaceNext mig_race_next (MigRace *race, double left_s);

/* ---- what others may ask besides ---- */

/* mig_race_released: the part of MIG_RACE_ERROR that other comparisons of the same run may take,
 * after those of total time, which keep all of theirs: of each pair of which it is decided which
 * takes less, half of its error. (A decision can be wrong to one side only, where there is a
 * difference: to each side it is with half of the pair's error. What is told apart without any
 * error differs, so what is released is at most the sum of these halves over all pairs that differ,
 * a constant; and an interval at less than that sum encloses the one at it. So the chance of a
 * wrong decision about a pair, or a wrong interval of the others, is MIG_RACE_ERROR at most,
 * however they depend on each other. This is what a gatekeeper passes on, P. H. Westfall, A.
 * Krishen, Journal of Statistical Planning and Inference 99, 2001, for decisions that have a
 * direction: J. P. Shaffer, Annals of Statistics 8, 1980.) It grows with the decisions. */
double mig_race_released (const MigRace *race);

/* mig_race_spending: of that error; the race's. */
MigErrorSpending *mig_race_spending (MigRace *race, double error);

/* ---- made by hand ---- */

MigRace *mig_race_new (const MigRaceRule *rule);

/* mig_race_add_case: its index. */
guint mig_race_add_case (MigRace *race, const char *label);
void mig_race_ask (MigRace *race, guint a, guint b, gboolean same_guests);

/* mig_race_begin: after the last question; also to run it anew: it forgets all repetitions. */
void mig_race_begin (MigRace *race);

/* mig_race_add: a repetition that is over: total time, and how long all of it took; time NaN: it
 * failed. Repetitions in the order of their runs. */
void mig_race_add (MigRace *race, guint index, guint repetition, gint64 run, double time_s,
                   double run_s);

/* mig_race_give_up: a case that cannot be run: nothing is decided about it, nor by it. */
void mig_race_give_up (MigRace *race, guint index, gint64 run);

MigRace *mig_race_ref (MigRace *race);
void mig_race_unref (MigRace *race);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigRace, mig_race_unref)
