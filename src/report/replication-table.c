/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/replication.h"
#include "summary/power.h"

/* What is said of the paper's claims, as tables: platforms side by side, or below each other. */

static const MigMark marks[] = {
  [MIG_CLAIM_SUPPORTED] = MIG_MARK_GOOD, [MIG_CLAIM_REFUTED] = MIG_MARK_BAD,
  [MIG_CLAIM_UNDECIDED] = MIG_MARK_OPEN, [MIG_CLAIM_OPEN] = MIG_MARK_NONE,
  [MIG_CLAIM_UNTESTED] = MIG_MARK_NONE,
};

MigMark
mig_replication_mark (const MigClaimCell *cell)
{
  return marks[cell->finding.verdict];
}

/* ---- a cell ---- */

/* long_time: in the unit that people would say, to a few per cent. */
static char *
long_time (double seconds)
{
  static const struct {
    double from_s, unit_s;
    const char *name;
  } units[] = {
    { 2 * 86400, 86400, "days" }, { 2 * 3600, 3600, "h" }, { 2 * 60, 60, "min" }, { 0, 1, "s" }
  };
  guint i = 0;

  while (seconds < units[i].from_s)
    i++;
  double value = seconds / units[i].unit_s;
  g_autofree char *number = mig_number (value, value < 10 ? 1 : 0);
  return g_strdup_printf ("%s %s", number, units[i].name);
}

/* more_text: how many more repetitions an undecided claim takes, and to which end; NULL: not known.
 */
static char *
more_text (const MigClaimFinding *finding)
{
  gint64 more = finding->more_repetitions;

  if (MIG_IS_MISSING (more))
    return NULL;
  if (more >= MIG_POWER_MOST_RUNS - (gint64) finding->n)
    return g_strdup ("no affordable number more");
  g_autofree char *time = isfinite (finding->more_s) ? long_time (finding->more_s) : NULL;
  return g_strdup_printf ("about %" G_GINT64_FORMAT " more%s%s%s to %s it", more, time ? " (" : "",
                          time ? time : "", time ? ")" : "",
                          finding->leans_against ? "refute" : "support");
}

/* value_digits: so that value and interval can be told apart. */
static guint
value_digits (const MigClaimFinding *finding)
{
  double half = (finding->high - finding->low) / 2;

  return MAX (mig_number_decimals (finding->value), isnan (half) ? 0 : mig_number_decimals (half));
}

/* unit_of: none of what is a ratio. */
static const char *
unit_of (const MigClaim *claim)
{
  return strcmp (claim->unit, "1") == 0 ? "" : claim->unit;
}

/* subject_of: with the unit, where it is not the one of all conclusions; the caller frees it. */
static char *
subject_of (const MigClaim *claim)
{
  const char *unit = claim->conclusion ? "" : unit_of (claim);

  return g_strdup_printf ("%s%s%s", claim->subject, *unit ? ", " : "", unit);
}

static char *
value_text (const MigClaim *claim, const MigClaimFinding *finding)
{
  g_autofree char *number = mig_number (finding->value, value_digits (finding));
  const char *unit = unit_of (claim);

  return g_strdup_printf ("%s%s%s", number, *unit ? " " : "", unit);
}

static char *
interval_text (const MigClaimFinding *finding)
{
  const MigStat interval = { .ci_low = finding->low, .ci_high = finding->high };

  return mig_number_interval (&interval, 1, value_digits (finding));
}

const char *
mig_replication_case_name (const MigReplicationSet *set, const char *label)
{
  const MigCaseSummary *of = mig_summary_find_case (set->result->summary, label);
  return of ? of->name : label;
}

/* compared_text: which comparison a conclusion's value is of: "mc against cm"; NULL: none. */
static char *
compared_text (const MigReplicationSet *set, const MigClaim *claim, const MigClaimFinding *finding)
{
  if (!claim->conclusion || !finding->case_a)
    return NULL;
  const char *b = mig_replication_case_name (set, finding->case_b),
             *a = mig_replication_case_name (set, finding->case_a);
  if (!finding->class_name)
    return g_strdup_printf ("%s against %s", b, a);
  return g_strdup_printf ("%s of one %s, %s against %s", finding->quantity, finding->class_name, b,
                          a);
}

char *
mig_replication_verdict (const MigReplication *self, guint claim, guint column)
{
  const MigClaimCell *cell = mig_claim_table_at (self->table, claim, column);
  g_autofree char *others = mig_replication_others_text (self, claim, column, FALSE);

  return g_strdup_printf ("%s%s%s%s%s", mig_claim_verdict_text (cell->finding.verdict),
                          cell->marked ? " *" : "", others ? " (" : "", others ? others : "",
                          others ? ")" : "");
}

char *
mig_replication_value_text (const MigReplication *self, const MigClaim *claim,
                            const MigClaimCell *cell)
{
  const MigClaimFinding *finding = &cell->finding;
  g_autofree char *value = value_text (claim, finding);
  g_autofree char *interval = interval_text (finding);
  g_autofree char *compared = compared_text (self->sets->pdata[cell->set], claim, finding);

  if (isnan (finding->value))
    return NULL;
  return g_strdup_printf ("%s%s%s (%s), n=%u", compared ? compared : "", compared ? " " : "", value,
                          interval, finding->n);
}

char *
mig_replication_result_text (const MigReplication *self, guint set)
{
  const char *scale = ((const MigReplicationSet *) self->sets->pdata[set])->result->manifest.scale;

  return g_strdup_printf ("[%u]%s%s", set + 1, scale ? ", at " : "", scale ? scale : "");
}

/* ---- side by side ---- */

/* cell_text: all in one. */
static char *
cell_text (const MigReplication *self, const MigClaim *claim, guint index, guint column)
{
  const MigClaimCell *cell = mig_claim_table_at (self->table, index, column);
  const MigClaimFinding *finding = &cell->finding;
  g_autofree char *verdict = mig_replication_verdict (self, index, column);
  g_autofree char *value = mig_replication_value_text (self, claim, cell);
  g_autofree char *more = more_text (finding);
  g_autofree char *result = mig_replication_result_text (self, cell->set);
  GString *text = g_string_new (NULL);

  if (finding->verdict != MIG_CLAIM_OPEN)
    g_string_append (text, verdict);
  if (value)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ": " : "", value);
  if (finding->n_tests > 1)
    g_string_append_printf (text, "; %u of %u comparisons", finding->n_hold, finding->n_tests);
  if (more)
    g_string_append_printf (text, "; %s", more);
  if (finding->verdict != MIG_CLAIM_UNTESTED)
    g_string_append_printf (text, " %s", result);
  return g_string_free (text, FALSE);
}

static void
add_claim (MigGrid *grid, const MigClaim *claim)
{
  g_autofree char *subject = subject_of (claim);

  if (claim->conclusion)
    mig_grid_count (grid, claim->conclusion);
  else
    mig_grid_text (grid, claim->figure);
  mig_grid_text (grid, subject);
  if (claim->says)
    mig_grid_text (grid, claim->says);
  else
    mig_grid_number (grid, claim->paper, 2);
  if (!claim->conclusion)
    mig_grid_text (grid, claim->claim);
}

static MigGrid *
grid_side_by_side (const MigReplication *self, gboolean conclusions)
{
  const GPtrArray *columns = self->table->columns;
  g_autoptr (GString) alignment = g_string_new (conclusions ? "lll" : "llll");

  for (guint i = 0; i < columns->len; i++)
    g_string_append_c (alignment, 'l');
  MigGrid *grid = mig_grid_new (alignment->str, NULL);
  mig_grid_text (grid, conclusions ? "no." : "fig.");
  mig_grid_text (grid, conclusions ? "conclusion" : "what");
  mig_grid_text (grid, "paper");
  if (!conclusions)
    mig_grid_text (grid, "judged as");
  for (guint i = 0; i < columns->len; i++)
    mig_grid_text (grid, columns->pdata[i]);
  for (guint i = 0; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      if ((claim.conclusion > 0) != conclusions)
        continue;
      add_claim (grid, &claim);
      for (guint column = 0; column < columns->len; column++)
        {
          const MigClaimCell *cell = mig_claim_table_at (self->table, i, column);
          g_autofree char *text = cell_text (self, &claim, i, column);
          mig_grid_mark (grid, marks[cell->finding.verdict], text);
        }
    }
  return grid;
}

/* ---- below each other, for a terminal ---- */

static void
add_narrow_row (MigGrid *grid, const MigReplication *self, const MigClaim *claim, guint index,
                guint column)
{
  const MigClaimCell *cell = mig_claim_table_at (self->table, index, column);
  const MigClaimFinding *finding = &cell->finding;
  const MigReplicationSet *set = self->sets->pdata[cell->set];
  g_autofree char *verdict = mig_replication_verdict (self, index, column);
  g_autofree char *interval = interval_text (finding);
  g_autofree char *compared = compared_text (set, claim, finding);
  g_autofree char *more = more_text (finding);
  g_autofree char *result = mig_replication_result_text (self, cell->set);

  mig_grid_format (grid, "  %s %s", set->platform, result);
  mig_grid_number (grid, finding->value, value_digits (finding));
  mig_grid_text (grid, isnan (finding->value) ? NULL : interval);
  if (finding->n > 0)
    mig_grid_count (grid, finding->n);
  else
    mig_grid_text (grid, NULL);
  mig_grid_mark (grid, marks[finding->verdict], verdict);
  mig_grid_format (grid, "%s%s%s", compared ? compared : "", compared && more ? "; " : "",
                   more ? more : "");
}

/* add_paper_says: in words, and what is judged of a figure's fact. */
static void
add_paper_says (MigGrid *grid, const MigClaim *claim)
{
  gboolean judged = claim->claim && !claim->conclusion;

  mig_grid_format (grid, "%s%s%s%s", claim->says ? claim->says : "",
                   claim->says && judged ? "; " : "", judged ? "judged as " : "",
                   judged ? claim->claim : "");
}

static MigGrid *
grid_below (const MigReplication *self, gboolean conclusions)
{
  const char *const headings[] = {
    "", conclusions ? "value, %" : "value", "95 % interval", "n", "verdict", "", NULL
  };
  MigGrid *grid = mig_grid_new ("lrrrll", headings);

  for (guint i = 0; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      g_autofree char *subject = subject_of (&claim);
      if ((claim.conclusion > 0) != conclusions)
        continue;
      if (claim.conclusion)
        mig_grid_format (grid, "%u %s", claim.conclusion, subject);
      else
        mig_grid_format (grid, "%s %s", claim.figure, subject);
      for (guint empty = 1; empty < mig_grid_columns (grid); empty++)
        mig_grid_text (grid, "");
      mig_grid_text (grid, "  paper");
      mig_grid_number (grid, claim.paper, 2);
      for (guint empty = 2; empty < mig_grid_columns (grid) - 1; empty++)
        mig_grid_text (grid, "");
      add_paper_says (grid, &claim);
      for (guint column = 0; column < self->table->columns->len; column++)
        add_narrow_row (grid, self, &claim, i, column);
    }
  return grid;
}

MigGrid *
mig_replication_grid (const MigReplication *self, const MigBlock *block, gboolean conclusions)
{
  return mig_block_is_terminal (block) ? grid_below (self, conclusions)
                                       : grid_side_by_side (self, conclusions);
}
