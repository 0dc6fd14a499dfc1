/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/claim-table.h"

static gboolean
is_decided (const MigClaimFinding *finding)
{
  return finding->verdict == MIG_CLAIM_SUPPORTED || finding->verdict == MIG_CLAIM_REFUTED;
}

/* width: of the interval, beside what it is an interval of; infinite where there is none. */
static double
width (const MigClaimFinding *finding)
{
  double share = (finding->high - finding->low) / finding->magnitude;

  return isnan (share) ? HUGE_VAL : share;
}

/* is_better: cell a tests the claim better than b. */
static gboolean
is_better (const MigClaimSet *sets, const MigClaimCell *a, const MigClaimCell *b)
{
  const MigClaimFinding *one = &a->finding, *other = &b->finding;
  double difference = width (one) - width (other); /* NaN: neither has an interval */

  if ((one->verdict == MIG_CLAIM_UNTESTED) != (other->verdict == MIG_CLAIM_UNTESTED))
    return other->verdict == MIG_CLAIM_UNTESTED;
  if (a->marked != b->marked)
    return b->marked;
  if (is_decided (one) != is_decided (other))
    return is_decided (one);
  if (one->of_all && one->verdict == MIG_CLAIM_SUPPORTED && other->verdict == one->verdict &&
      one->n_tests != other->n_tests)
    return one->n_tests > other->n_tests;
  return difference != 0 && !isnan (difference) ? difference < 0
                                                : sets[b->set].scaled && !sets[a->set].scaled;
}

static MigClaimCell
find_cell (guint index, const MigClaimSet *sets, guint set)
{
  MigClaimCell cell = { .finding = mig_claim_find (index, &sets[set].source), .set = set };

  cell.marked = sets[set].disturbed && mig_claim_at (index).of_rates &&
                cell.finding.verdict != MIG_CLAIM_UNTESTED;
  return cell;
}

static const MigClaimCell *
cell_of_set (const MigClaimTable *self, guint claim, guint set)
{
  return &g_array_index (self->of_sets, MigClaimCell, claim * self->column_of->len + set);
}

/* best_cell: of a platform's sets. */
static MigClaimCell
best_cell (const MigClaimTable *self, guint claim, const MigClaimSet *sets, guint column)
{
  guint n = self->column_of->len;
  MigClaimCell best = { .set = n };
  gboolean verdicts[MIG_CLAIM_UNTESTED + 1] = { FALSE };

  for (guint i = 0; i < n; i++)
    {
      if (g_array_index (self->column_of, guint, i) != column)
        continue;
      const MigClaimCell *next = cell_of_set (self, claim, i);
      if (!next->marked)
        verdicts[next->finding.verdict] = TRUE;
      if (best.set == n || is_better (sets, next, &best))
        best = *next;
    }
  best.disputed = verdicts[MIG_CLAIM_SUPPORTED] && verdicts[MIG_CLAIM_REFUTED];
  return best;
}

/* judged_beside: the first claim of its figure that is judged; itself where none is. */
static guint
judged_beside (guint claim)
{
  for (guint i = 0; i < mig_claims_count (); i++)
    if (mig_claim_at (i).claim &&
        g_strcmp0 (mig_claim_at (i).figure, mig_claim_at (claim).figure) == 0)
      return i;
  return claim;
}

/* belong_together: values of a figure that nothing is judged of are those of the result by which
 * its difference is judged, where that has them: a column is one measurement. */
static void
belong_together (MigClaimTable *self)
{
  for (guint claim = 0; claim < mig_claims_count (); claim++)
    for (guint column = 0; !mig_claim_at (claim).claim && column < self->columns->len; column++)
      {
        const MigClaimCell *judged = mig_claim_table_at (self, judged_beside (claim), column);
        if (judged->finding.verdict == MIG_CLAIM_UNTESTED)
          continue;
        MigClaimCell beside = *cell_of_set (self, claim, judged->set);
        if (beside.finding.verdict != MIG_CLAIM_UNTESTED)
          g_array_index (self->cells, MigClaimCell, claim * self->columns->len + column) = beside;
      }
}

static void
add_set (MigClaimTable *self, const char *platform)
{
  guint column;

  if (!g_ptr_array_find_with_equal_func (self->columns, platform, g_str_equal, &column))
    {
      column = self->columns->len;
      g_ptr_array_add (self->columns, g_strdup (platform));
    }
  g_array_append_val (self->column_of, column);
}

MigClaimTable *
mig_claim_table_new (const MigClaimSet *sets, guint n)
{
  MigClaimTable *self = g_new0 (MigClaimTable, 1);

  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->cells = g_array_new (FALSE, FALSE, sizeof (MigClaimCell));
  self->of_sets = g_array_new (FALSE, FALSE, sizeof (MigClaimCell));
  self->column_of = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    add_set (self, sets[i].platform);
  for (guint claim = 0; claim < mig_claims_count (); claim++)
    {
      for (guint i = 0; i < n; i++)
        {
          MigClaimCell cell = find_cell (claim, sets, i);
          g_array_append_val (self->of_sets, cell);
        }
      for (guint column = 0; column < self->columns->len; column++)
        {
          MigClaimCell cell = best_cell (self, claim, sets, column);
          g_array_append_val (self->cells, cell);
        }
    }
  belong_together (self);
  return self;
}

const MigClaimCell *
mig_claim_table_at (const MigClaimTable *self, guint claim, guint column)
{
  return &g_array_index (self->cells, MigClaimCell, claim * self->columns->len + column);
}

GArray *
mig_claim_table_others (const MigClaimTable *self, guint claim, guint column)
{
  const MigClaimCell *shown = mig_claim_table_at (self, claim, column);
  GArray *others = g_array_new (FALSE, FALSE, sizeof (MigClaimCell));
  gboolean agree = TRUE;

  for (guint i = 0; i < self->column_of->len; i++)
    {
      const MigClaimCell *cell = cell_of_set (self, claim, i);
      if (g_array_index (self->column_of, guint, i) != column || i == shown->set ||
          cell->finding.verdict == MIG_CLAIM_UNTESTED || (cell->marked && !shown->marked))
        continue;
      agree &= cell->finding.verdict == shown->finding.verdict;
      g_array_append_vals (others, cell, 1);
    }
  if (agree)
    g_array_set_size (others, 0);
  return others;
}

void
mig_claim_table_free (MigClaimTable *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->columns);
  g_array_unref (self->cells);
  g_array_unref (self->of_sets);
  g_array_unref (self->column_of);
  g_free (self);
}
