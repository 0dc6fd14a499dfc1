/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/claim-race.h"
#include "paper/claims.h"
#include "report/more-time.h"
#include "results/facts.h"

#define MINUTE_S 60
#define HOUR_S 3600
#define MOST_S HOUR_S           /* for a claim, which is of interest beside total time */
#define LONGEST_S (24 * HOUR_S) /* that more repetitions are worth a command */

/* ---- how long ---- */

static double
used_time (const MigSummary *summary)
{
  double used_s = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    {
      double length_s = ((MigRunSummary *) summary->runs->pdata[i])->length_s;
      used_s += isnan (length_s) ? 0 : length_s;
    }
  return used_s;
}

/* is_asked: undecided, with a comparison left to measure that mig_race_remaining() has not counted,
 * as it has those of total time. */
static gboolean
is_asked (const MigLoadedResult *result, const MigClaimRace *claims, const MigClaim *claim,
          const MigClaimFinding *finding)
{
  return finding->verdict == MIG_CLAIM_UNDECIDED && claim->cost != MIG_COST_TIME &&
         mig_claim_race_is_open (claims, result->conclusions->pdata[claim->conclusion - 1],
                                 claim->cost);
}

/* claims_time: that would decide the claims that may be decided; they are measured beside each
 * other. *all becomes FALSE where one takes more than MOST_S, or that is not known, as before total
 * time leaves them any error. */
static double
claims_time (const MigLoadedResult *result, gboolean *all)
{
  const MigClaimSource source = { result->summary, result->conclusions, NULL };
  double longest_s = 0;

  if (!mig_race_until_decided (result->summary->race) || result->conclusions->len == 0)
    return 0;
  g_autoptr (MigClaimRace) claims = mig_claim_race_new (result->summary, result->conclusions);
  *all &= claims->looked_at || claims->open->len == 0;
  if (mig_claim_race_next (claims, HUGE_VAL) != MIG_RACE_GO_ON)
    return 0;
  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      const MigClaimFinding finding = mig_claim_find (i, &source);
      if (!is_asked (result, claims, &claim, &finding))
        continue;
      gboolean counts = finding.more_s <= MOST_S;
      *all &= counts;
      longest_s = fmax (longest_s, counts ? finding.more_s : 0);
    }
  return longest_s > 0 ? fmax (longest_s, mig_claim_race_block (claims)) : 0;
}

gboolean
mig_more_time_find (const MigLoadedResult *result, MigMoreTime *self)
{
  MigRace *race = result->summary->race;

  if (!race)
    return FALSE;
  *self = (MigMoreTime){
    .until = mig_fact_find (result->environment, MIG_FACT_UNTIL, NULL),
    .limit_s = mig_fact_number (result->environment, MIG_FACT_TIME_LIMIT, NULL) / MIG_NS_PER_S,
    .used_s = used_time (result->summary),
    .all = TRUE
  };
  if (race->rule.until == MIG_UNTIL_TIME)
    return TRUE;
  self->more_s = mig_race_remaining (race, &self->all);
  self->total_time = self->more_s > 0;
  self->more_s += claims_time (result, &self->all);
  return TRUE;
}

/* ---- the command ---- */

/* may_repeat: the run has not had the repetitions that it was asked for at most. */
static gboolean
may_repeat (const MigLoadedResult *result)
{
  double most = mig_fact_number (result->environment, MIG_FACT_MOST_REPETITIONS, NULL);

  return isnan (most) || mig_summary_last_repetition (result->summary) < most;
}

/* time_text: rounded up: "40 s", "12 min", "3 h"; with another gap "40s". The caller frees it. */
static char *
time_text (double seconds, const char *gap)
{
  return seconds <= 2 * MINUTE_S ? g_strdup_printf ("%.0f%ss", ceil (seconds / 10) * 10, gap)
         : seconds <= 2 * HOUR_S ? g_strdup_printf ("%.0f%smin", ceil (seconds / MINUTE_S), gap)
                                 : g_strdup_printf ("%.0f%sh", ceil (seconds / HOUR_S), gap);
}

/* shell_word: quoted where a shell would take it for something else. The caller frees it. */
static char *
shell_word (const char *text)
{
  static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/._-+,:@%=";

  return text[strspn (text, plain)] ? g_shell_quote (text) : g_strdup (text);
}

/* can_continue: it is a study's, and has ended. */
static gboolean
can_continue (const MigLoadedResult *result)
{
  return result->complete && result->can_grow && !mig_manifest_is_execution (&result->manifest) &&
         !mig_manifest_is_watch (&result->manifest);
}

/* find_undecided: FALSE: the run had no time limit, or has had all its repetitions; or nothing is
 * known that more time would decide. */
static gboolean
find_undecided (const MigLoadedResult *result, MigMoreTime *more)
{
  return mig_more_time_find (result, more) && !isnan (more->limit_s) && more->more_s > 0 &&
         may_repeat (result);
}

/* text_by_time: of what is open after that time. */
static char *
text_by_time (const MigMoreTime *more, const char *directory, char **command)
{
  double whole_s = more->used_s + more->more_s;
  g_autofree char *text = time_text (whole_s, " "), *time = time_text (whole_s, "");

  *command = g_strdup_printf ("migcost run --resume %s --time %s", directory, time);
  return g_strdup_printf (
      "%s about %s in all:", more->all ? "What is not decided takes" : "More is decided in", text);
}

/* least_repetitions: of each case, that would decide one of what the answers leave open; missing:
 * none is known to. */
static gint64
least_repetitions (const GPtrArray *answers)
{
  gint64 least = MIG_MISSING_INT;

  for (guint i = 0; i < answers->len; i++)
    {
      gint64 more = mig_answer_more_repetitions (answers->pdata[i]);
      if (more > 0 && (MIG_IS_MISSING (least) || more < least))
        least = more;
    }
  return least;
}

/* text_by_number: of a run of a fixed number of repetitions; NULL: no more of them are known to
 * decide anything in a day. */
static char *
text_by_number (const MigLoadedResult *result, const char *directory, char **command)
{
  gint64 had = mig_summary_last_repetition (result->summary);
  gint64 more = least_repetitions (result->answers);

  if (had == 0 || MIG_IS_MISSING (more))
    return NULL;
  double more_s = used_time (result->summary) / (double) had * (double) more;
  if (more_s > LONGEST_S)
    return NULL;
  g_autofree char *time = time_text (more_s, " ");
  *command = g_strdup_printf ("migcost run --resume %s --repeat %" G_GINT64_FORMAT, directory,
                              had + more);
  return g_strdup_printf ("About %" G_GINT64_FORMAT
                          " repetitions of each case would decide more, in another %s:",
                          had + more, time);
}

char *
mig_more_time_text (const MigLoadedResult *result, char **command)
{
  MigMoreTime more;

  if (!can_continue (result))
    return NULL;
  g_autofree char *directory = shell_word (result->path);
  if (find_undecided (result, &more))
    return text_by_time (&more, directory, command);
  return result->summary->race ? NULL : text_by_number (result, directory, command);
}

void
mig_more_time_item (MigBlock *parent, const MigLoadedResult *result)
{
  g_autofree char *command = NULL, *text = mig_more_time_text (result, &command);

  if (text && mig_block_is_page (parent))
    mig_block_strong (mig_block_item (parent, "%s ", text), command);
  else if (text)
    {
      mig_block_item (parent, "%s", text);
      mig_block_item (parent, "%s", command)->role = MIG_ROLE_COMMAND;
    }
}

void
mig_more_time_paragraphs (MigBlock *parent, const MigLoadedResult *result)
{
  g_autofree char *command = NULL, *text = mig_more_time_text (result, &command);

  if (!text)
    return;
  mig_block_paragraph (parent, MIG_ROLE_PLAIN, "%s", text);
  mig_block_paragraph (parent, MIG_ROLE_COMMAND, "%s", command);
}

gboolean
mig_more_time_is_of_claims (const MigLoadedResult *result)
{
  MigMoreTime more;

  return find_undecided (result, &more) && !more.total_time;
}

/* ---- for programs ---- */

#define RECORD MigMoreTime
static const MigJsonMember members[] = {
  MIG_JSON ("until", TEXT, until),
  MIG_JSON ("time_limit_s", NUMBER, limit_s),
  MIG_JSON ("time_used_s", NUMBER, used_s),
  MIG_JSON ("more_s", NUMBER, more_s),
  MIG_JSON_END,
};
#undef RECORD

void
mig_json_ending (MigJson *json, const MigLoadedResult *result)
{
  MigMoreTime more;

  if (mig_more_time_find (result, &more))
    mig_json_object (json, "ending", members, &more);
}
