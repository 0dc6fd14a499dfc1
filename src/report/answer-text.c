/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/answer-text.h"
#include "report/guests-text.h"
#include "report/number.h"
#include "summary/race.h"
#include "summary/sequences.h"

/* More repetitions than these are no advice. */
#define MOST_REPETITIONS 1000

/* append_time: "two that compute take 12.5 s". */
static void
append_time (GString *out, const MigCaseSummary *study_case, gboolean verb)
{
  g_autofree char *who = mig_guests_text (study_case);
  g_autofree char *time = mig_number_measure (study_case->stats[MIG_METRIC_TOTAL_TIME].mean);
  gboolean one = study_case->classes_moved->len == 1;

  g_string_append_printf (out, "%s%s %s s", who, !verb ? "" : one ? " takes" : " take", time);
}

/* append_interval: " (47 to 167 s)"; nothing where there is none. */
static void
append_interval (GString *out, const MigTimeDifference *d)
{
  guint digits = mig_number_decimals (d->mean_s);
  g_autofree char *low = mig_number (d->low_s, digits), *high = mig_number (d->high_s, digits);

  if (!isnan (d->low_s))
    g_string_append_printf (out, " (%s to %s s)", low, high);
}

/* append_more: "107 s more (47 to 167 s)". */
static void
append_more (GString *out, const MigTimeDifference *d)
{
  g_autofree char *mean = mig_number (d->mean_s, mig_number_decimals (d->mean_s));

  g_string_append_printf (out, "%s s more", mean);
  append_interval (out, d);
}

/* append_open: what is missing for a decision, of a difference that looks like this. */
static void
append_open (GString *out, const MigTimeDifference *d, gint64 more, const char *tell)
{
  guint digits = mig_number_decimals (fmax (fabs (d->low_s), fabs (d->high_s)));
  g_autofree char *low = mig_number (fabs (d->low_s), digits);
  g_autofree char *high = mig_number (fabs (d->high_s), digits);

  if (isnan (d->low_s))
    {
      g_string_append (out, d->n == 0   ? "; no repetition has both."
                            : d->n == 1 ? "; one repetition cannot tell whether that is chance."
                                        : "; two repetitions cannot tell whether that is chance.");
      return;
    }
  g_string_append_printf (out,
                          "; after %u repetitions the difference may be anything from %s s %s to "
                          "%s s %s.",
                          d->n, low, d->low_s < 0 ? "less" : "more", high,
                          d->high_s < 0 ? "less" : "more");
  if (!MIG_IS_MISSING (more) && more > MOST_REPETITIONS)
    g_string_append_printf (out, " More than %d further repetitions %s.", MOST_REPETITIONS, tell);
  else if (!MIG_IS_MISSING (more) && more > 0)
    g_string_append_printf (out, " About %" G_GINT64_FORMAT " more repetition%s %s.", more,
                            more == 1 ? "" : "s", tell);
}

/* order_of: without the conditions, where the answer says them before. */
static char *
order_of (const MigAnswer *answer, const MigCaseSummary *study_case)
{
  return answer->conditions ? mig_sequence_order (study_case) : g_strdup (study_case->name);
}

/* name_of: a case by what its kind of answer compares. */
static char *
name_of (const MigAnswer *answer, const MigCaseSummary *study_case)
{
  return answer->kind == MIG_ANSWER_GUESTS ? mig_guests_text (study_case)
                                           : order_of (answer, study_case);
}

/* Why of a difference no interval is known. */
typedef enum { WHY_FAILED, WHY_ONE, WHY_APART, N_REASONS } WhyUnknown;

static WhyUnknown
why_unknown (const MigCaseSummary *study_case)
{
  return study_case->n_runs > study_case->n_sound + study_case->n_not_run ? WHY_FAILED
         : study_case->n_sound == 1                                       ? WHY_ONE
                                                                          : WHY_APART;
}

/* names_of: those of the unknown that are so for that reason, but for one that is told of; NULL: no
 * other is. */
static char *
names_of (const MigAnswer *answer, WhyUnknown why, const MigCaseSummary *told)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < answer->unknown->len; i++)
    {
      const MigCaseSummary *study_case = answer->unknown->pdata[i];
      g_autofree char *name = name_of (answer, study_case);
      if (study_case != told && why_unknown (study_case) == why)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  return g_string_free (names, names->len == 0);
}

/* append_unknown: those of which no interval is known, but for one that is told of: sentences, or
 * what goes on with a sentence. */
static void
append_unknown (GString *out, const MigAnswer *answer, const MigCaseSummary *told,
                gboolean sentences)
{
  static const struct {
    const char *before, *after;
  } texts[N_REASONS] = {
    [WHY_FAILED] = { "too few repetitions of ", " are sound to tell" },
    [WHY_ONE] = { "one repetition of ", " is too few to tell (migcost run --repeat makes more, "
                                        "with --resume in this result)" },
    [WHY_APART] = { "too few repetitions of ", " can be compared to tell" },
  };

  for (guint i = 0; i < N_REASONS; i++)
    {
      g_autofree char *names = names_of (answer, i, told);
      const char *before = texts[i].before;
      if (names && sentences)
        g_string_append_printf (out, " %c%s%s%s.", g_ascii_toupper (*before), before + 1, names,
                                texts[i].after);
      else if (names)
        g_string_append_printf (out, "; %s%s%s", before, names, texts[i].after);
    }
}

/* append_near: how far those differ that are not shown to be slower, where that is little. */
static void
append_near (GString *out, const MigAnswer *answer)
{
  double best_s = answer->best->stats[MIG_METRIC_TOTAL_TIME].mean;
  guint n = answer->n_cases - 1 - answer->n_slower - answer->unknown->len;

  if (isnan (answer->bound_s))
    return;
  if (answer->bound_s <= MIG_ANSWER_EQUAL_SHARE * best_s)
    {
      g_autofree char *bound = mig_number_measure (answer->bound_s);
      g_string_append_printf (out, "; the rest differ by no more than %s s", bound);
      return;
    }
  g_autofree char *best = name_of (answer, answer->best);
  g_string_append_printf (out, "; the rest %s not told apart from %s", n == 1 ? "is" : "are", best);
}

/* append_rest: of those that are not all shown to be slower. */
static void
append_rest (GString *out, const MigAnswer *answer, const char *choices)
{
  if (mig_answer_is_decided (answer))
    return;
  g_string_append_printf (out, " %u of the other %u %s %s shown to take longer", answer->n_slower,
                          answer->n_cases - 1, choices, answer->n_slower == 1 ? "is" : "are");
  append_unknown (out, answer, NULL, FALSE);
  append_near (out, answer);
  g_string_append_c (out, '.');
}

/* append_in_question: what is not decided, after the two that it is about. */
static void
append_in_question (GString *out, const MigAnswer *answer, gint64 more, const char *tell)
{
  append_open (out, &answer->to_open, more, tell);
  append_unknown (out, answer, answer->open, TRUE);
}

/* append_both: "two that compute take 11.00 s, two that update memory 32.00 s". */
static void
append_both (GString *out, const MigAnswer *answer, const MigCaseSummary *other)
{
  append_time (out, answer->best, TRUE);
  g_string_append (out, ", ");
  append_time (out, other, FALSE);
}

/* makes_little: what is shown to take longer does, but by less than what matters. */
static gboolean
makes_little (const MigAnswer *answer)
{
  return answer->slowest &&
         answer->to_slowest.high_s <=
             MIG_RACE_MARGIN * answer->slowest->stats[MIG_METRIC_TOTAL_TIME].mean;
}

static void
append_guests (GString *out, const MigAnswer *answer)
{
  g_autofree char *first = mig_guests_first_text (answer->best);
  g_autofree char *bound = mig_number_measure (answer->bound_s);

  if (answer->open)
    {
      g_string_append (out, "Which guests to move first is not decided: ");
      append_both (out, answer, answer->open);
      append_in_question (out, answer, mig_answer_more_repetitions (answer), "would show it");
      return;
    }
  if (!answer->slowest)
    {
      g_string_append_printf (
          out, "Which guests to move first makes no difference of more than %s s: ", bound);
      append_both (out, answer, answer->next);
      g_string_append_c (out, '.');
      return;
    }
  if (makes_little (answer))
    g_string_append (out, "Which guests to move first makes a difference of less than 5 %: ");
  else if (mig_answer_is_decided (answer))
    g_string_append_printf (out, "Move %s first: ", first);
  else
    g_string_append (out, "Which guests to move first matters: ");
  append_both (out, answer, answer->slowest);
  g_string_append (out, ", ");
  append_more (out, &answer->to_slowest);
  g_string_append_c (out, '.');
  append_rest (out, answer, "choices");
}

/* turn_text: "Which of one that computes and one that updates memory goes first", "In which order
 * two that compute and two that update memory go". */
static char *
turn_text (const MigAnswer *answer)
{
  g_autofree char *who = mig_guests_text (answer->best);

  return answer->best->classes_moved->len == 2 ? g_strdup_printf ("Which of %s goes first", who)
                                               : g_strdup_printf ("In which order %s go", who);
}

static void
append_order (GString *out, const MigAnswer *answer)
{
  gboolean decided = mig_answer_is_decided (answer);
  const MigCaseSummary *slower = decided ? answer->next : answer->slowest;
  const MigCaseSummary *other = slower ? slower : answer->open;
  g_autofree char *turn = turn_text (answer);
  g_autofree char *first = order_of (answer, answer->best);
  g_autofree char *bound = mig_number_measure (answer->bound_s);
  g_autofree char *best = mig_number_measure (answer->best->stats[MIG_METRIC_TOTAL_TIME].mean);

  if (!other)
    {
      g_string_append_printf (out, "%s makes no difference of more than %s s.", turn, bound);
      return;
    }
  g_autofree char *second = order_of (answer, other);
  g_autofree char *time = mig_number_measure (other->stats[MIG_METRIC_TOTAL_TIME].mean);
  if (slower)
    {
      g_string_append_printf (out, "%s %s: %s takes %s s, %s ", turn,
                              makes_little (answer) ? "makes a difference of less than 5 %"
                                                    : "matters",
                              first, best, second);
      append_more (out, decided ? &answer->to_next : &answer->to_slowest);
      g_string_append_c (out, '.');
      append_rest (out, answer, "orders");
      return;
    }
  g_string_append_printf (out, "%s is not decided: %s takes %s s, %s %s s", turn, first, best,
                          second, time);
  append_in_question (out, answer, mig_answer_more_repetitions (answer),
                      answer->to_open.asked ? "would decide it" : "would show a difference of 5 %");
}

/* append_work: where the order matters to the guests' work, whether it does to the time or not. */
static void
append_work (GString *out, const MigAnswer *answer)
{
  const MigTimeDifference *d = &answer->to_most_lost;
  g_autofree char *least = order_of (answer, answer->least_lost);
  g_autofree char *most = order_of (answer, answer->most_lost);
  g_autofree char *mean = mig_number (d->mean_s, mig_number_decimals (d->mean_s));

  g_string_append_printf (out, " In %s the guests do %s s more of their work than in %s", least,
                          mean, most);
  append_interval (out, d);
  g_string_append_c (out, '.');
}

static void
append_range (GString *out, const MigAnswer *answer)
{
  g_autofree char *low = mig_number_measure (answer->best->stats[MIG_METRIC_TOTAL_TIME].mean);
  g_autofree char *high = mig_number_measure (answer->worst->stats[MIG_METRIC_TOTAL_TIME].mean);

  guint near = answer->n_cases - 1 - answer->n_slower;

  g_string_append_printf (out, "%s took the least time, %s s", answer->best->name, low);
  if (near > 0 && answer->to_worst.low_s > 0)
    g_string_append_printf (out, " (not told apart from %u other%s)", near, near > 1 ? "s" : "");
  g_string_append_printf (out, ", %s the most, %s s", answer->worst->name, high);
  if (answer->to_worst.low_s > 0)
    {
      g_string_append (out, ": ");
      append_more (out, &answer->to_worst);
      g_string_append_c (out, '.');
    }
  else
    append_open (out, &answer->to_worst, mig_answer_more_repetitions (answer), "would show it");
}

static void
append_one (GString *out, const MigSummary *summary, const MigAnswer *answer)
{
  const MigStat *time = &answer->best->stats[MIG_METRIC_TOTAL_TIME];
  const MigStat *down = &answer->best->stats[summary->downtime_metric];
  gboolean one = answer->best->classes_moved->len == 1;
  g_autofree char *who = mig_guests_text (answer->best);
  g_autofree char *text = mig_number_stat (time, 1, time->n);
  g_autofree char *still = mig_number_measure (down->mean);

  if (mig_number_is_vague (time))
    g_string_append_printf (out,
                            "How long moving %s takes is not known yet: %u repetitions differ too "
                            "much",
                            who, time->n);
  else
    g_string_append_printf (out, "Moving %s takes %s s", who, text);
  if (down->n > 0 && !mig_number_is_vague (down))
    g_string_append_printf (out, "; %s stand%s still for %s s%s", one ? "it" : "they",
                            one ? "s" : "", still, one ? "" : ", together");
  g_string_append_c (out, '.');
}

char *
mig_answer_text (const MigSummary *summary, const MigAnswer *answer)
{
  GString *out = g_string_new (NULL);

  if (answer->experiment)
    g_string_append_printf (out, "%s: ", answer->experiment);
  if (answer->conditions)
    g_string_append_printf (out, "With %s: ", answer->conditions);
  switch (answer->kind)
    {
    case MIG_ANSWER_GUESTS:
      append_guests (out, answer);
      break;
    case MIG_ANSWER_ORDER:
      append_order (out, answer);
      if (mig_answer_tells_work (answer))
        append_work (out, answer);
      break;
    case MIG_ANSWER_RANGE:
      append_range (out, answer);
      break;
    case MIG_ANSWER_ONE:
    default:
      append_one (out, summary, answer);
      break;
    }
  return g_string_free (out, FALSE);
}

GPtrArray *
mig_answer_texts (const MigSummary *summary, const GPtrArray *answers)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < answers->len; i++)
    g_ptr_array_add (texts, mig_answer_text (summary, answers->pdata[i]));
  if (texts->len == 0)
    g_ptr_array_add (texts, g_strdup ("No run is counted yet, so there is no answer."));
  return texts;
}
