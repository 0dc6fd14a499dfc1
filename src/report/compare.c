/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/clock.h"
#include "report/compare.h"
#include "report/difference-picture.h"
#include "report/document.h"
#include "report/number.h"
#include "summary/power.h"

/* What is said of a comparison. */

static MigMark
mark_of (MigChangeVerdict verdict)
{
  return verdict == MIG_CHANGE_WORSE    ? MIG_MARK_BAD
         : verdict == MIG_CHANGE_BETTER ? MIG_MARK_GOOD
                                        : MIG_MARK_OPEN;
}

static void
add_side (MigBlock *head, const char *name, const MigLoadedResult *result)
{
  g_autofree char *utc = mig_clock_format_utc (result->manifest.started_utc_ns);
  g_autofree char *study = mig_manifest_study (&result->manifest);
  guint sound = 0;

  for (guint i = 0; i < result->summary->cases->len; i++)
    sound += ((MigCaseSummary *) result->summary->cases->pdata[i])->n_sound;
  MigBlock *side = mig_block_paragraph (head, MIG_ROLE_META,
                                        "%s: %s, %s, migcost %s, %u runs counted", name, study, utc,
                                        result->manifest.tool_version, sound);
  if (result->summary->n_noisy > 0)
    mig_block_span (side, ", %u of them noisy", result->summary->n_noisy);
  if (!result->complete)
    mig_block_span (side, "; not complete");
}

/* add_facts: facts of the environment that differ: those that matter, or the others. */
static void
add_facts (MigBlock *parent, const MigComparison *comparison, gboolean matter)
{
  for (guint i = 0; i < comparison->facts->len; i++)
    {
      const MigFactChange *fact = &g_array_index (comparison->facts, MigFactChange, i);
      if (fact->matters != matter)
        continue;
      g_autofree char *base = mig_number_fact (fact->base, fact->unit);
      g_autofree char *now = mig_number_fact (fact->now, fact->unit);
      mig_block_item (parent, "%s, %s: BASE %s; NEW %s", fact->scope ? fact->scope : "?",
                      fact->name ? fact->name : "?", base, now);
    }
}

/* add_impossible: values of a side that are not counted. */
static void
add_impossible (MigBlock *warning, const char *name, const MigLoadedResult *result)
{
  const GPtrArray *impossible = result->summary->impossible;

  for (guint i = 0; i < impossible->len; i++)
    mig_block_item (warning, "%s, %s/%s: not counted", name, result->path,
                    (const char *) impossible->pdata[i]);
}

/* add_conditions: what differs and can explain a difference by itself. */
static void
add_conditions (MigBlock *body, const MigLoadedResult *base, const MigLoadedResult *now,
                const MigComparison *comparison)
{
  MigBlock *warning = mig_block_add (body, MIG_BLOCK_WARNING);

  if (g_strcmp0 (base->manifest.study_name, now->manifest.study_name) != 0)
    mig_block_item (warning, "the studies have different names: their cases may be different ones");
  add_facts (warning, comparison, TRUE);
  if (warning->children->len > 0)
    mig_block_span (warning, "Warning: not measured under the same conditions; what differs below "
                             "may come from that");
  if (base->summary->impossible->len + now->summary->impossible->len == 0)
    return;
  warning = mig_block_add (body, MIG_BLOCK_WARNING);
  mig_block_span (warning, "Warning: impossible values");
  add_impossible (warning, "BASE", base);
  add_impossible (warning, "NEW", now);
}

static char *
metric_text (const MigChange *change, MigShown shown)
{
  return g_strdup_printf (
      "%s%s%s%s%s", mig_metric_info (change->metric)->name, change->class_name ? " " : "",
      change->class_name ? change->class_name : "", *shown.unit ? ", " : "", shown.unit);
}

/* shown_as: unit and digits of a change's means. */
static MigShown
shown_as (const MigChange *change, guint *digits)
{
  double largest = fmax (fabs (change->base->mean), fabs (change->now->mean)); /* ignores a NaN */
  MigShown shown = mig_number_shown (mig_metric_info (change->metric), largest);

  *digits = mig_number_decimals (largest * shown.factor);
  return shown;
}

/* add_count: "; 1 shows no difference", "; 4 show no difference"; nothing of none. */
static void
add_count (MigBlock *text, guint n, guint *before, const char *one, const char *many)
{
  if (n > 0)
    mig_block_span (text, "%s%u %s", (*before)++ ? "; " : "", n, n == 1 ? one : many);
}

/* add_verdicts: how often each was given: worse and better first. */
static void
add_verdicts (MigBlock *text, const guint n[MIG_N_CHANGES])
{
  guint sum = 0, before = 0;

  for (guint i = 0; i < MIG_N_CHANGES; i++)
    sum += n[i];
  if (n[MIG_CHANGE_WORSE] + n[MIG_CHANGE_BETTER] == 0)
    mig_block_span (text, "Nothing is shown to be worse or better.");
  if (sum == 0)
    return;
  mig_block_span (text, "%sOf %u comparison%s ", text->spans->len > 1 ? " " : "", sum,
                  sum == 1 ? "" : "s");
  add_count (text, n[MIG_CHANGE_WORSE], &before, "is worse", "are worse");
  add_count (text, n[MIG_CHANGE_BETTER], &before, "is better", "are better");
  add_count (text, n[MIG_CHANGE_DIFFERS], &before, "differs, but is not shown to matter",
             "differ, but are not shown to matter");
  add_count (text, n[MIG_CHANGE_NONE], &before, "shows no difference", "show no difference");
  add_count (text, n[MIG_CHANGE_TOO_FEW], &before, "has too few runs, or too much scatter, to tell",
             "have too few runs, or too much scatter, to tell");
  add_count (text, n[MIG_CHANGE_NOT_MEASURED], &before, "is measured in one result only",
             "are measured in one result only");
  mig_block_span (text, ".");
}

/* add_missing: the cases that NEW lacks. */
static void
add_missing (MigBlock *text, const MigComparison *comparison)
{
  const GPtrArray *missing = comparison->missing;

  if (missing->len == 0)
    return;
  mig_block_span (text, " NEW has no run of %u case%s that BASE measured: ", missing->len,
                  missing->len == 1 ? "" : "s");
  for (guint i = 0; i < missing->len; i++)
    mig_block_span (text, "%s%s", i ? ", " : "", (const char *) missing->pdata[i]);
  mig_block_span (text, comparison->allow_missing
                            ? "; that is allowed."
                            : "; that is a regression, unless --allow-missing is given.");
}

/* add_answer: how often each verdict was given; on a page also what became worse and better. */
static void
add_answer (MigBlock *body, const MigComparison *comparison)
{
  MigBlock *answer = mig_block_paragraph (body, MIG_ROLE_ANSWER, "%s", "");

  add_verdicts (answer, comparison->n);
  add_missing (answer, comparison);
  for (guint i = 0; i < comparison->changes->len && mig_block_is_page (body); i++)
    {
      const MigChange *change = &g_array_index (comparison->changes, MigChange, i);
      guint digits;
      if (change->verdict != MIG_CHANGE_WORSE && change->verdict != MIG_CHANGE_BETTER)
        continue;
      g_autofree char *metric = metric_text (change, shown_as (change, &digits));
      g_autofree char *share = mig_number (100 * change->share, 1);
      MigBlock *item = mig_block_item (body, "%s", "");
      mig_block_mark (item, mark_of (change->verdict), mig_change_text (change->verdict));
      mig_block_span (item, " %s, %s: %s %%", change->case_label, metric, share);
    }
}

/* More runs than these are no advice: the values scatter too widely. */
#define MOST_MORE_RUNS 100

static char *
verdict_text (const MigChange *change)
{
  const char *text = mig_change_text (change->verdict);

  if (change->verdict == MIG_CHANGE_NOT_MEASURED)
    return g_strdup_printf ("%s in %s", text, change->base->n == 0 ? "BASE" : "NEW");
  if (change->verdict != MIG_CHANGE_TOO_FEW)
    return g_strdup (text);
  if (MIN (change->base->n, change->now->n) < 2)
    return g_strdup_printf ("%s (2 of each needed)", text);
  if (MIG_IS_MISSING (change->more_runs) || change->more_runs == 0)
    return g_strdup (text);
  return change->more_runs > MOST_MORE_RUNS
             ? g_strdup ("scatters too widely")
             : g_strdup_printf ("%s (%" G_GINT64_FORMAT " more)", text, change->more_runs);
}

/* add_change: a row; picture: on a page the one before the verdict, which is marked. */
static void
add_change (MigGrid *grid, const MigChange *change, char *picture)
{
  guint digits;
  MigShown shown = shown_as (change, &digits);
  g_autofree char *metric = metric_text (change, shown), *verdict = verdict_text (change);

  mig_grid_text (grid, change->case_label);
  mig_grid_text (grid, metric);
  mig_grid_number (grid, change->base->mean * shown.factor, digits);
  mig_grid_number (grid, change->now->mean * shown.factor, digits);
  mig_grid_number (grid, change->difference * shown.factor, digits);
  mig_grid_interval (grid, change->ci_low * shown.factor, change->ci_high * shown.factor, digits);
  mig_grid_number (grid, 100 * change->share, 1);
  mig_grid_format (grid, "%u, %u", change->base->n, change->now->n);
  if (picture)
    mig_grid_picture (grid, picture);
  mig_grid_mark (grid, mark_of (change->verdict), verdict);
}

static void
add_changes (MigBlock *body, const MigComparison *comparison)
{
  static const char *const headings[] = { "case",          "metric", "BASE", "NEW", "NEW less BASE",
                                          "95 % interval", "%",      "runs", NULL };
  if (comparison->changes->len == 0)
    return;
  MigBlock *section = mig_block_section (body, NULL, "Means and differences");
  gboolean page = mig_block_is_page (body);
  MigGrid *grid = mig_grid_new (page ? "llrrrrrrll" : "llrrrrrrl", headings);
  double range = mig_difference_range (comparison);

  if (page)
    mig_grid_format (grid, "-%.0f to +%.0f %%", 100 * range, 100 * range);
  mig_grid_text (grid, "verdict");
  for (guint i = 0; i < comparison->changes->len; i++)
    {
      const MigChange *change = &g_array_index (comparison->changes, MigChange, i);
      add_change (grid, change, page ? mig_difference_picture (comparison, change, range) : NULL);
    }
  mig_block_table (section, grid);
  if (page)
    mig_block_paragraph (section, MIG_ROLE_META,
                         "Picture: the difference (dot) and its 95 %% interval (line) as a share "
                         "of BASE's mean; grey band: the threshold; values beyond the range "
                         "end at its edge.");
}

static void
add_failures (MigBlock *body, const MigComparison *comparison)
{
  MigBlock *section = mig_block_section (body, NULL, "Runs that failed");

  for (guint i = 0; i < comparison->failures->len; i++)
    {
      const MigFailureChange *change = &g_array_index (comparison->failures, MigFailureChange, i);
      mig_block_item (section, "%s: BASE %u of %u, NEW %u of %u: %s%s", change->case_label,
                      change->base_failed, change->base_runs, change->now_failed, change->now_runs,
                      mig_change_text (change->verdict),
                      change->lost ? " (NEW has no sound run of it)" : "");
    }
}

static void
add_labels (MigBlock *body, const char *side, const GPtrArray *labels)
{
  if (labels->len == 0)
    return;
  MigBlock *line = mig_block_paragraph (body, MIG_ROLE_PLAIN, "Cases that only %s has: ", side);
  for (guint i = 0; i < labels->len; i++)
    mig_block_span (line, "%s%s", i ? ", " : "", (const char *) labels->pdata[i]);
}

/* add_tests: how sure worse and better are; n: how many were tested. */
static void
add_tests (MigBlock *text, guint n, double threshold)
{
  g_autofree char *limit = mig_number (100 * threshold, 1);

  if (n == 0)
    {
      mig_block_span (text, "Nothing could be tested: that takes two runs of a case in both "
                            "results. ");
      return;
    }
  mig_block_span (text, "Worse, better: shown to differ by more than %s %% of BASE's mean, by %s. ",
                  limit, n == 1 ? "a t test" : "t tests");
  if (n == 1)
    mig_block_span (text, "The chance of such a verdict without cause is at most %.0f %%. ",
                    100 * MIG_COMPARE_LEVEL);
  else
    mig_block_span (text,
                    "Over all %u tests of this comparison together the chance of even one such "
                    "verdict without cause is at most %.0f %% (Holm). ",
                    n, 100 * MIG_COMPARE_LEVEL);
  mig_block_span (text, "The intervals (Welch) are of each difference alone. What does not scatter "
                        "is taken to be known to within its resolution, such as 1 ms or a "
                        "heartbeat period. ");
}

static void
add_method (MigBlock *body, const MigComparison *comparison)
{
  MigBlock *section = mig_block_section (body, NULL, "How verdicts are reached");
  MigBlock *text = mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s", "");
  g_autofree char *shown = mig_number (
      100 * (comparison->threshold > 0 ? comparison->threshold : MIG_POWER_EFFECT), 1);

  add_tests (text, comparison->n_tested, comparison->threshold);
  mig_block_span (
      text,
      "Too few runs: more of them, in both, would be needed to show a difference of %s %% with a "
      "chance of %.0f %%, whatever the other tests show; scatters too widely: more than %d more. "
      "Runs of one result were made next to each other; what changes on the hosts from one day to "
      "another is not in their scatter: the threshold is to cover it.",
      shown, 100 * MIG_POWER_WANTED, MOST_MORE_RUNS);
}

static char *
render (const MigLoadedResult *base, const MigLoadedResult *now, const MigComparison *comparison,
        MigMedium medium)
{
  char *title = g_strdup_printf ("%s: NEW against BASE", now->manifest.study_name);
  g_autoptr (MigDocument)
      document = mig_document_new (medium, "What live migration costs: a comparison", title);

  add_side (document->head, "BASE", base);
  add_side (document->head, "NEW", now);
  add_conditions (document->body, base, now, comparison);
  add_answer (document->body, comparison);
  add_changes (document->body, comparison);
  add_failures (document->body, comparison);
  add_labels (document->body, "BASE", comparison->only_base);
  add_labels (document->body, "NEW", comparison->only_now);
  add_method (document->body, comparison);
  add_facts (mig_block_section (document->body, NULL, "Other differences of the environment"),
             comparison, FALSE);
  return mig_document_render (document);
}

char *
mig_compare_text (const MigLoadedResult *base, const MigLoadedResult *now,
                  const MigComparison *comparison)
{
  return render (base, now, comparison, MIG_MEDIUM_TERMINAL);
}

char *
mig_compare_html (const MigLoadedResult *base, const MigLoadedResult *now,
                  const MigComparison *comparison)
{
  return render (base, now, comparison, MIG_MEDIUM_PAGE);
}
