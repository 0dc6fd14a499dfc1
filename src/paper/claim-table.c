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

/* best_cell: of a platform's sets. */
static MigClaimCell
best_cell (guint index, const MigClaimSet *sets, guint n, const char *platform)
{
  MigClaimCell best = { .set = n };
  gboolean verdicts[MIG_CLAIM_UNTESTED + 1] = { FALSE };

  for (guint i = 0; i < n; i++)
    {
      if (strcmp (sets[i].platform, platform) != 0)
        continue;
      MigClaimCell next = find_cell (index, sets, i);
      if (!next.marked)
        verdicts[next.finding.verdict] = TRUE;
      if (best.set == n || is_better (sets, &next, &best))
        best = next;
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
belong_together (MigClaimTable *self, const MigClaimSet *sets)
{
  for (guint claim = 0; claim < mig_claims_count (); claim++)
    for (guint column = 0; !mig_claim_at (claim).claim && column < self->columns->len; column++)
      {
        const MigClaimCell *judged = mig_claim_table_at (self, judged_beside (claim), column);
        if (judged->finding.verdict == MIG_CLAIM_UNTESTED)
          continue;
        MigClaimCell beside = find_cell (claim, sets, judged->set);
        if (beside.finding.verdict != MIG_CLAIM_UNTESTED)
          g_array_index (self->cells, MigClaimCell, claim * self->columns->len + column) = beside;
      }
}

MigClaimTable *
mig_claim_table_new (const MigClaimSet *sets, guint n)
{
  MigClaimTable *self = g_new0 (MigClaimTable, 1);

  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->cells = g_array_new (FALSE, FALSE, sizeof (MigClaimCell));
  for (guint i = 0; i < n; i++)
    if (!g_ptr_array_find_with_equal_func (self->columns, sets[i].platform, g_str_equal, NULL))
      g_ptr_array_add (self->columns, g_strdup (sets[i].platform));
  for (guint claim = 0; claim < mig_claims_count (); claim++)
    for (guint column = 0; column < self->columns->len; column++)
      {
        MigClaimCell cell = best_cell (claim, sets, n, self->columns->pdata[column]);
        g_array_append_val (self->cells, cell);
      }
  belong_together (self, sets);
  return self;
}

const MigClaimCell *
mig_claim_table_at (const MigClaimTable *self, guint claim, guint column)
{
  return &g_array_index (self->cells, MigClaimCell, claim * self->columns->len + column);
}

void
mig_claim_table_free (MigClaimTable *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->columns);
  g_array_unref (self->cells);
  g_free (self);
}
