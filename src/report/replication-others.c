/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/replication.h"

/* What other results of a platform come to, where one stands for all of them. */

/* append_listed: "a, b and c". */
static void
append_listed (GString *text, guint index, guint n, const char *item)
{
  g_string_append_printf (text, "%s%s", index == 0 ? "" : index + 1 < n ? ", " : " and ", item);
}

/* ---- in brief ---- */

/* result_text: "[2]", "[2] (5 pairs, rather against the claim)". */
static char *
result_text (const MigClaimCell *cell, gboolean pairs)
{
  guint n = cell->finding.n_tests;

  return pairs ? g_strdup_printf ("[%u] (%u pair%s%s)", cell->set + 1, n, n == 1 ? "" : "s",
                                  cell->finding.leans_against ? ", rather against the claim" : "")
               : g_strdup_printf ("[%u]", cell->set + 1);
}

/* append_verdict: of those of that verdict: "undecided in [2] and [3]". */
static void
append_verdict (GString *text, const GArray *others, MigClaimVerdict verdict, gboolean pairs)
{
  guint n = 0, index = 0;

  for (guint i = 0; i < others->len; i++)
    n += g_array_index (others, MigClaimCell, i).finding.verdict == verdict;
  if (n > 0)
    g_string_append_printf (text, "%s%s in ", text->len > 0 ? "; " : "",
                            mig_claim_verdict_text (verdict));
  for (guint i = 0; i < others->len; i++)
    {
      const MigClaimCell *other = &g_array_index (others, MigClaimCell, i);
      if (other->finding.verdict != verdict)
        continue;
      g_autofree char *result = result_text (other, pairs);
      append_listed (text, index++, n, result);
    }
}

char *
mig_replication_others_text (const MigReplication *self, guint claim, guint column, gboolean pairs)
{
  static const MigClaimVerdict verdicts[] = { MIG_CLAIM_SUPPORTED, MIG_CLAIM_REFUTED,
                                              MIG_CLAIM_UNDECIDED };
  const MigClaimCell *shown = mig_claim_table_at (self->table, claim, column);
  g_autoptr (GArray) others = mig_claim_table_others (self->table, claim, column);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (verdicts[i] != shown->finding.verdict)
      append_verdict (text, others, verdicts[i], pairs);
  return g_string_free (text, text->len == 0);
}

/* ---- in full ---- */

/* orders_of: names of the cases that a result compares for a conclusion: "cm and mc". The caller
 * frees it. */
static char *
orders_of (const MigReplicationSet *set, const MigClaim *claim)
{
  const MigConclusion *conclusion = set->result->conclusions->pdata[claim->conclusion - 1];
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < conclusion->evidence->len; i++)
    {
      const MigPairedTest *test = conclusion->evidence->pdata[i];
      const char *const labels[] = { test->a, test->b };
      for (guint k = 0; k < G_N_ELEMENTS (labels) && mig_conclusion_about (test, claim->cost); k++)
        {
          const char *name = mig_replication_case_name (set, labels[k]);
          if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
            g_ptr_array_add (names, (gpointer) name);
        }
    }
  for (guint i = 0; i < names->len; i++)
    append_listed (text, i, names->len, names->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
add_result (MigBlock *item, const MigReplication *self, const MigClaim *claim,
            const MigClaimCell *cell)
{
  g_autofree char *orders = orders_of (self->sets->pdata[cell->set], claim);
  g_autofree char *value = mig_replication_value_text (self, claim, cell);
  g_autofree char *result = mig_replication_result_text (self, cell->set);

  mig_block_span (item, "%s, ", result);
  mig_block_mark (item, mig_replication_mark (cell),
                  mig_claim_verdict_text (cell->finding.verdict));
  mig_block_span (item, " for %s", orders);
  if (value)
    mig_block_span (item, ": %s", value);
}

/* add_claim: of a platform whose results come to several verdicts. */
static void
add_claim (MigBlock *section, const MigReplication *self, guint index, guint column,
           const GArray *others)
{
  const MigClaim claim = mig_claim_at (index);
  gboolean of_two = claim.conclusion <= 2;

  MigBlock *item = mig_block_item (section, "%u%s%s, on %s: ", claim.conclusion, of_two ? ", " : "",
                                   of_two ? claim.quantity : "",
                                   (const char *) self->table->columns->pdata[column]);
  add_result (item, self, &claim, mig_claim_table_at (self->table, index, column));
  for (guint i = 0; i < others->len; i++)
    {
      mig_block_span (item, "; ");
      add_result (item, self, &claim, &g_array_index (others, MigClaimCell, i));
    }
  mig_block_span (item, ".");
}

void
mig_replication_add_others (MigBlock *section, const MigReplication *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < mig_claims_of_conclusions (); i++)
    for (guint column = 0; column < self->table->columns->len; column++)
      {
        g_autoptr (GArray) others = mig_claim_table_others (self->table, i, column);
        if (others->len == 0)
          continue;
        if (!any)
          mig_block_paragraph (section, MIG_ROLE_PLAIN,
                               "Where results of a platform come to several verdicts, all of them, "
                               "the one shown above first, each with the orders that it compares:");
        any = TRUE;
        add_claim (section, self, i, column, others);
      }
}
