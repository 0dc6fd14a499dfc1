/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "paper/claims.h"
#include "report/decided-claims.h"
#include "summary/power.h"
#include "summary/race.h"

/* append_need: "; about 3 more repetitions, 60 s", in brief ", n=6"; nothing where it is not
 * known. */
static void
append_need (GString *out, const MigClaimFinding *finding, gboolean brief)
{
  gint64 more = finding->more_repetitions;

  if (MIG_IS_MISSING (more) || more >= MIG_POWER_MOST_RUNS - (gint64) finding->n)
    return;
  g_autofree char *time = mig_units_format_seconds (finding->more_s);
  if (brief)
    g_string_append_printf (out, ", n=%" G_GINT64_FORMAT, finding->n + more);
  else
    g_string_append_printf (out, "; about %" G_GINT64_FORMAT " more repetition%s, %s", more,
                            more == 1 ? "" : "s", time);
}

/* find_all: of each claim of a conclusion, in their order. The caller frees it. */
static MigClaimFinding *
find_all (const MigLoadedResult *result)
{
  const MigClaimSource source = { result->summary, result->conclusions, NULL };
  MigClaimFinding *findings = g_new (MigClaimFinding, mig_claims_of_conclusions ());

  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    findings[i] = mig_claim_find (i, &source);
  return findings;
}

/* append_verdict: "refuted 2 (time), 2 (downtime)"; nothing where no claim has that verdict. */
static void
append_verdict (GString *out, const MigClaimFinding *findings, MigClaimVerdict verdict,
                gboolean brief)
{
  guint n = 0;

  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      if (findings[i].verdict != verdict)
        continue;
      g_string_append_printf (out, "%s %u (%s", n++ > 0 ? "," : mig_claim_verdict_text (verdict),
                              claim.conclusion, claim.quantity);
      if (verdict == MIG_CLAIM_UNDECIDED)
        append_need (out, &findings[i], brief);
      g_string_append_c (out, ')');
    }
}

char *
mig_decided_claims_text (const MigLoadedResult *result, gboolean brief)
{
  static const MigClaimVerdict verdicts[] = { MIG_CLAIM_SUPPORTED, MIG_CLAIM_REFUTED,
                                              MIG_CLAIM_UNDECIDED };
  g_autoptr (GString) text = g_string_new (NULL);

  const MigRace *race = result->summary->race;

  if (result->conclusions->len == 0)
    return NULL;
  g_autofree MigClaimFinding *findings = find_all (result);
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      g_autoptr (GString) part = g_string_new (NULL);
      append_verdict (part, findings, verdicts[i], brief);
      if (part->len > 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", part->str);
    }
  if (text->len == 0)
    return NULL;
  return g_strdup_printf ("The paper's conclusions: %s%s.", text->str,
                          !mig_race_until_decided (race) || mig_race_released (race) > 0
                              ? ""
                              : " (not looked at before a difference of total time is decided)");
}

#define RECORD MigClaim
static const MigJsonMember claim_members[] = {
  MIG_JSON ("conclusion", COUNT, conclusion),
  MIG_JSON ("quantity", TEXT, quantity),
  MIG_JSON ("statement", TEXT, statement),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigClaimFinding
static const MigJsonMember finding_members[] = {
  MIG_JSON_WORD ("verdict", verdict, mig_claim_verdict_id),
  MIG_JSON ("comparisons", COUNT, n_tests),
  MIG_JSON ("comparisons_supporting", COUNT, n_hold),
  MIG_JSON ("more_repetitions", INTEGER, more_repetitions),
  MIG_JSON ("more_s", NUMBER, more_s),
  MIG_JSON_END,
};
#undef RECORD

void
mig_json_claims (MigJson *json, const MigLoadedResult *result)
{
  if (!result->tests_paper)
    return;
  g_autofree MigClaimFinding *findings = find_all (result);
  mig_json_begin_array (json, "claims");
  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      mig_json_begin_object (json, NULL);
      mig_json_members (json, claim_members, &claim);
      mig_json_members (json, finding_members, &findings[i]);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
}
