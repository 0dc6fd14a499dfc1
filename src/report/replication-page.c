/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/figure.h"
#include "report/number.h"
#include "report/replication.h"
#include "report/run-sections.h"
#include "summary/power.h"

/* The paper, claim by claim: what is said, in which order. */

static const MigMark marks[] = {
  [MIG_CLAIM_SUPPORTED] = MIG_MARK_GOOD, [MIG_CLAIM_REFUTED] = MIG_MARK_BAD,
  [MIG_CLAIM_UNDECIDED] = MIG_MARK_OPEN, [MIG_CLAIM_OPEN] = MIG_MARK_NONE,
  [MIG_CLAIM_UNTESTED] = MIG_MARK_NONE,
};

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

/* more_text: how many more repetitions an undecided claim takes; NULL: not known. */
static char *
more_text (const MigClaimFinding *finding)
{
  gint64 more = finding->more_repetitions;

  if (MIG_IS_MISSING (more))
    return NULL;
  if (more >= MIG_POWER_MOST_RUNS - (gint64) finding->n)
    return g_strdup ("no affordable number more");
  g_autofree char *time = isfinite (finding->more_s) ? long_time (finding->more_s) : NULL;
  return g_strdup_printf ("about %" G_GINT64_FORMAT " more%s%s%s", more, time ? " (" : "",
                          time ? time : "", time ? ")" : "");
}

/* value_digits: so that value and interval can be told apart. */
static guint
value_digits (const MigClaimFinding *finding)
{
  double half = (finding->high - finding->low) / 2;

  return MAX (mig_number_decimals (finding->value), isnan (half) ? 0 : mig_number_decimals (half));
}

static char *
value_text (const MigClaim *claim, const MigClaimFinding *finding)
{
  g_autofree char *number = mig_number (finding->value, value_digits (finding));
  const char *unit = strcmp (claim->unit, "1") == 0 ? "" : claim->unit;

  return g_strdup_printf ("%s%s%s", number, *unit ? " " : "", unit);
}

static char *
interval_text (const MigClaimFinding *finding)
{
  const MigStat interval = { .ci_low = finding->low, .ci_high = finding->high };

  return mig_number_interval (&interval, 1, value_digits (finding));
}

/* name_of: a case's, without its experiment. */
static const char *
name_of (const MigReplicationSet *set, const char *label)
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
  const char *b = name_of (set, finding->case_b), *a = name_of (set, finding->case_a);
  if (!finding->class_name)
    return g_strdup_printf ("%s against %s", b, a);
  return g_strdup_printf ("%s of one %s, %s against %s", finding->quantity, finding->class_name, b,
                          a);
}

static char *
verdict_text (const MigClaimCell *cell)
{
  return g_strdup_printf ("%s%s%s", mig_claim_verdict_text (cell->finding.verdict),
                          cell->marked ? " *" : "",
                          cell->disputed ? " (another result of it: the other way)" : "");
}

/* ---- side by side ---- */

/* cell_text: all in one. */
static char *
cell_text (const MigReplication *self, const MigClaim *claim, const MigClaimCell *cell)
{
  const MigClaimFinding *finding = &cell->finding;
  const MigReplicationSet *set = self->sets->pdata[cell->set];
  g_autofree char *verdict = verdict_text (cell);
  g_autofree char *value = value_text (claim, finding);
  g_autofree char *interval = interval_text (finding);
  g_autofree char *compared = compared_text (set, claim, finding);
  g_autofree char *more = more_text (finding);
  GString *text = g_string_new (NULL);

  if (finding->verdict != MIG_CLAIM_OPEN)
    g_string_append (text, verdict);
  if (!isnan (finding->value))
    g_string_append_printf (text, "%s%s%s%s (%s), n=%u", text->len > 0 ? ": " : "",
                            compared ? compared : "", compared ? " " : "", value, interval,
                            finding->n);
  if (finding->n_tests > 1)
    g_string_append_printf (text, "; %u of %u comparisons", finding->n_hold, finding->n_tests);
  if (more)
    g_string_append_printf (text, "; %s", more);
  if (finding->verdict != MIG_CLAIM_UNTESTED)
    g_string_append_printf (text, " [%u]", cell->set + 1);
  return g_string_free (text, FALSE);
}

static void
add_claim (MigGrid *grid, const MigClaim *claim)
{
  gboolean plain = claim->conclusion || strcmp (claim->unit, "1") == 0;

  if (claim->conclusion)
    mig_grid_count (grid, claim->conclusion);
  else
    mig_grid_text (grid, claim->figure);
  mig_grid_format (grid, "%s%s%s", claim->subject, plain ? "" : ", ", plain ? "" : claim->unit);
  if (claim->says)
    mig_grid_text (grid, claim->says);
  else
    mig_grid_number (grid, claim->paper, 2);
}

static MigGrid *
grid_side_by_side (const MigReplication *self, gboolean conclusions)
{
  const GPtrArray *columns = self->table->columns;
  g_autoptr (GString) alignment = g_string_new ("lll");

  for (guint i = 0; i < columns->len; i++)
    g_string_append_c (alignment, 'l');
  MigGrid *grid = mig_grid_new (alignment->str, NULL);
  mig_grid_text (grid, conclusions ? "no." : "fig.");
  mig_grid_text (grid, conclusions ? "conclusion" : "what");
  mig_grid_text (grid, "paper");
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
          g_autofree char *text = cell_text (self, &claim, cell);
          mig_grid_mark (grid, marks[cell->finding.verdict], text);
        }
    }
  return grid;
}

/* ---- below each other, for a terminal ---- */

static void
add_narrow_row (MigGrid *grid, const MigReplication *self, const MigClaim *claim,
                const MigClaimCell *cell)
{
  const MigClaimFinding *finding = &cell->finding;
  const MigReplicationSet *set = self->sets->pdata[cell->set];
  g_autofree char *verdict = verdict_text (cell);
  g_autofree char *interval = interval_text (finding);
  g_autofree char *compared = compared_text (set, claim, finding);
  g_autofree char *more = more_text (finding);

  mig_grid_format (grid, "  %s [%u]", set->platform, cell->set + 1);
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
      gboolean plain = claim.conclusion || strcmp (claim.unit, "1") == 0;
      if ((claim.conclusion > 0) != conclusions)
        continue;
      if (claim.conclusion)
        mig_grid_format (grid, "%u %s", claim.conclusion, claim.subject);
      else
        mig_grid_format (grid, "%s %s%s%s", claim.figure, claim.subject, plain ? "" : ", ",
                         plain ? "" : claim.unit);
      for (guint empty = 1; empty < mig_grid_columns (grid); empty++)
        mig_grid_text (grid, "");
      mig_grid_text (grid, "  paper");
      mig_grid_number (grid, claim.paper, 2);
      for (guint empty = 2; empty < mig_grid_columns (grid) - 1; empty++)
        mig_grid_text (grid, "");
      mig_grid_text (grid, claim.says ? claim.says : "");
      for (guint column = 0; column < self->table->columns->len; column++)
        add_narrow_row (grid, self, &claim, mig_claim_table_at (self->table, i, column));
    }
  return grid;
}

static MigGrid *
grid_of (const MigReplication *self, const MigBlock *block, gboolean conclusions)
{
  return mig_block_is_terminal (block) ? grid_below (self, conclusions)
                                       : grid_side_by_side (self, conclusions);
}

/* ---- sections ---- */

static void
add_verdicts (MigBlock *section, const MigReplication *self, const MigClaim *claim, guint index)
{
  MigBlock *item = mig_block_item (section, "Conclusion %u%s%s: ", claim->conclusion,
                                   claim->conclusion <= 2 ? ", " : "",
                                   claim->conclusion <= 2 ? claim->quantity : "");

  for (guint column = 0; column < self->table->columns->len; column++)
    {
      const MigClaimCell *cell = mig_claim_table_at (self->table, index, column);
      g_autofree char *verdict = verdict_text (cell);
      mig_block_span (item, "%s", column > 0 ? ", " : "");
      mig_block_mark (item, marks[cell->finding.verdict], verdict);
      mig_block_span (item, " on %s", (const char *) self->table->columns->pdata[column]);
    }
  mig_block_span (item, ".");
}

static void
add_conclusions (MigBlock *body, const MigReplication *self)
{
  MigBlock *section = mig_block_section (body, "conclusions", "Its four conclusions");

  for (guint i = 0; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      if (claim.conclusion)
        add_verdicts (section, self, &claim, i);
    }
  mig_block_table (section, grid_of (self, section, TRUE));
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "A value is how much more, in per cent, the first of two cases costs (or, of throughput, "
      "gets "
      "done) than the second, within the repetitions; of all comparisons that a conclusion rests "
      "on, the one that decides it or has to be decided. In brackets the 95 %% interval (of 3 and "
      "4 "
      "and where a conclusion is refuted, the verdict rests on one that is corrected for the "
      "number "
      "of comparisons); n: repetitions of both; more: repetitions, and their time on that bed, "
      "that "
      "would decide it with a chance of 80 %% if it is as it seems. In square brackets: which "
      "result, listed below.");
}

static void
add_figure (MigBlock *section, const GPtrArray *figures, const char *id)
{
  for (guint i = 0; figures && i < figures->len; i++)
    {
      const MigFigure *figure = figures->pdata[i];
      if (strcmp (figure->id, id) == 0)
        mig_block_span (mig_block_figure (section, figure->id, figure->svg, figure->caption), "%s",
                        figure->heading);
    }
}

static void
add_figures (MigBlock *body, const MigReplication *self, const GPtrArray *figures)
{
  MigBlock *section = mig_block_section (body, "figures", "Its figures 1 to 8");

  mig_block_table (section, grid_of (self, section, FALSE));
  mig_block_paragraph (section, MIG_ROLE_META,
                       "Compare the shape, not the seconds: it was other hardware. A claim holds "
                       "where the 95 %% interval of its value lies within what is claimed; it is "
                       "refuted where that lies wholly outside, or shows a difference of times or "
                       "downtimes to be less than 5 %% of the larger one.");
  add_figure (section, figures, "ratios");
}

/* add_map: of the results that have one. */
static void
add_map (MigBlock *body, const MigReplication *self, const GPtrArray *figures)
{
  MigBlock *section = mig_block_section (body, "why", "Where the order turns");
  gboolean any = FALSE;

  add_figure (section, figures, "order");
  for (guint i = 0; i < self->sets->len; i++)
    {
      const MigReplicationSet *set = self->sets->pdata[i];
      if (set->result->order_map->len == 0)
        continue;
      any = TRUE;
      mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s [%u]:", set->platform, i + 1);
      mig_section_order_map (section, set->result);
    }
  if (!any)
    mig_block_paragraph (
        section, MIG_ROLE_META,
        "No result here sweeps what a migration waits for (study bottleneck), which "
        "tells where which order is cheaper.");
}

static void
add_sets (MigBlock *body, const MigReplication *self)
{
  MigBlock *section = mig_block_section (body, "results", "What was measured");
  gboolean marked = FALSE;

  for (guint i = 0; i < self->sets->len; i++)
    {
      const MigReplicationSet *set = self->sets->pdata[i];
      g_autofree char *text = mig_replication_set_text (set);
      mig_block_item (section, "[%u] %s", i + 1, text);
      marked |= set->disturbed && i < self->n_testing;
    }
  mig_block_paragraph (
      section, MIG_ROLE_PLAIN,
      "Of several results of a platform that test a claim, the one is shown that decides it; of "
      "several, or of none, the one with the narrowest interval (beside the times or downtimes "
      "that "
      "its value is formed of, or as a percentage). Before that come results whose rates stand, "
      "where a claim is about rates, and those at full size, where a value is only for "
      "comparison.%s",
      marked
          ? " *: rates of work or CPU time that observing took a part of: not those of a run that "
            "nobody observes."
          : "");
}

static void
add_reading (MigBlock *body)
{
  static const char *const readings[] = {
    "One core: the paper sets a machine to one CPU core, which guests and Domain-0 share, and says "
    "neither of which host nor for which experiments. Read as: source and destination have one "
    "each, "
    "in all experiments; what sends and receives runs on it.",
    "Sums: time and downtime of a case are sums over its migrations, as the text says of figures 5 "
    "and "
    "6; the mVM's own downtime is that of its one migration.",
    "Downtime of cm and mc: the text says that they are 2.24 s apart, not which is longer. As the "
    "mVM "
    "stands still longer in cm (5.89 s) than in mc (4.13 s), its numbers speak against its own "
    "conclusion 1 there. Read as: they differ, either way.",
    "100 s from 30 s before: throughput is counted from 30 s before the first migration to 70 s "
    "after "
    "its start, whether the migrations are over or not (those of mm take 118.81 s). Here the "
    "window is "
    "as long where the study has the paper's timing, shorter in others, and at a smaller scale; it "
    "is "
    "the same for all cases of an experiment. The text calls it a total, the figures' captions a "
    "mean "
    "of one guest: the latter.",
    "5 of each: every experiment was repeated five times, in which order is not said. Here "
    "repetitions "
    "are blocks that hold each case once, in an order drawn from a seed; cases are compared within "
    "them, and n is what a result has.",
    "Numbers: the figures are pictures, so only numbers in the text count. Those of cm and mc are "
    "differences there; the axes of figures 1 and 2 have dirty rates that the text does not name.",
    "Conclusion 3 refers to figure 2 where times of two migrations are meant: read as figure 6.",
    "Stop rule: that of Xen 4.4.1 is not in the text but in its source: 29 rounds, fewer than 50 "
    "pages, "
    "or three times the memory. Later versions of Xen stop after 5 rounds, and no study can change "
    "that.",
    "Scenario 2, maintenance: described without figures. Where a result has it, its orders count "
    "for "
    "conclusions 1, 2 and 4.",
  };
  MigBlock *section = mig_block_section (body, "reading", "How the paper was read");

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    mig_block_item (section, "%s", readings[i]);
}

char *
mig_replication_render (const MigReplication *self, MigMedium medium, const GPtrArray *figures,
                        const char *directory, const char *why_not)
{
  g_autoptr (MigDocument) document = mig_document_new (medium, "What live migration costs",
                                                       g_strdup ("The paper, claim by claim"));
  MigBlock *head = document->head, *body = document->body;

  document->links = TRUE;
  document->figures = g_strdup (directory);
  if (mig_block_is_terminal (head))
    mig_block_paragraph (head, MIG_ROLE_PLAIN, "%s", document->title);
  mig_block_paragraph (head, MIG_ROLE_META,
                       "What Koto and Kono (Keio University) claim, measured on Xen 4.4, beside %u "
                       "result%s of migcost.",
                       self->sets->len, self->sets->len == 1 ? "" : "s");
  if (why_not)
    mig_block_item (mig_block_add (body, MIG_BLOCK_WARNING), "%c%s.", g_ascii_toupper (*why_not),
                    why_not + 1);
  add_conclusions (body, self);
  add_map (body, self, figures);
  add_figures (body, self, figures);
  add_sets (body, self);
  add_reading (body);
  return mig_document_render (document);
}
