/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/number.h"
#include "report/order-map.h"
#include "report/replication.h"
#include "summary/sequences.h"

/* What the paper, claim by claim, begins with: what came out, and what its words mean. */

/* ---- the finding ---- */

/* find_claim: of a conclusion, by what it is about. */
static guint
find_claim (guint conclusion, const char *quantity)
{
  for (guint i = 0; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      if (claim.conclusion == conclusion && g_strcmp0 (claim.quantity, quantity) == 0)
        return i;
    }
  g_return_val_if_reached (0);
}

/* answer_of: to the question which guests go first. The values are per cent of the time of the
 * paper's order, with which a refuted one may agree but for what does not matter. */
static const char *
answer_of (const MigClaimFinding *finding)
{
  double margin = 100 * MIG_PAPER_MARGIN;

  switch (finding->verdict)
    {
    case MIG_CLAIM_SUPPORTED:
      return "that holds";
    case MIG_CLAIM_REFUTED:
      return finding->high < 0        ? "it is the other way round"
             : finding->low > -margin ? "the order makes no difference that matters"
                                      : "that order saves nothing that matters";
    case MIG_CLAIM_UNDECIDED:
      return "that is undecided";
    case MIG_CLAIM_OPEN:
    case MIG_CLAIM_UNTESTED:
    default:
      return "that was not measured";
    }
}

/* append_compared: "mc takes 20.5 % more time than cm (95 % interval: 0.9 to 40.2)". */
static void
append_compared (MigBlock *text, const MigReplicationSet *set, const MigClaimFinding *finding)
{
  gboolean less = finding->value < 0;
  double sign = less ? -1 : 1;
  const MigStat interval = { .ci_low = less ? -finding->high : finding->low,
                             .ci_high = less ? -finding->low : finding->high };
  g_autofree char *value = mig_number (sign * finding->value, 1);
  g_autofree char *ends = mig_number_interval (&interval, 1, 1);

  mig_block_span (text, ": %s takes %s %% %s time than %s (95 %% interval: %s)",
                  mig_replication_case_name (set, finding->case_b), value, less ? "less" : "more",
                  mig_replication_case_name (set, finding->case_a), ends);
}

/* are_orders: whether a field is of these two orders. */
static gboolean
are_orders (const MigOrderField *field, const char *a, const char *b)
{
  g_autofree char *first = mig_sequence_order (field->first);
  g_autofree char *second = mig_sequence_order (field->second);

  return (strcmp (first, a) == 0 && strcmp (second, b) == 0) ||
         (strcmp (first, b) == 0 && strcmp (second, a) == 0);
}

/* append_turns: what becomes of the answer where studies on that platform sweep what migrations
 * wait for. cell: the answer's. */
static void
append_turns (MigBlock *text, const MigReplication *self, const char *platform,
              const MigClaimCell *cell)
{
  const MigReplicationSet *answers = self->sets->pdata[cell->set];
  const char *a = mig_replication_case_name (answers, cell->finding.case_a);
  const char *b = mig_replication_case_name (answers, cell->finding.case_b);
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  guint n_results = 0;

  for (guint i = 0; i < self->sets->len; i++)
    {
      const MigReplicationSet *set = self->sets->pdata[i];
      const GPtrArray *map = set->result->order_map;
      guint before = fields->len;
      for (guint k = 0; k < map->len && strcmp (set->platform, platform) == 0; k++)
        if (are_orders (map->pdata[k], a, b))
          g_ptr_array_add (fields, map->pdata[k]);
      n_results += fields->len > before;
    }
  if (fields->len == 0)
    return;
  g_autofree char *counts = mig_order_map_counts ((MigOrderField **) fields->pdata, fields->len,
                                                  NULL, NULL);
  mig_block_span (text,
                  " There what the migrations wait for was varied, too: %s of %u conditions in %u "
                  "result%s.",
                  counts, fields->len, n_results, n_results == 1 ? "" : "s");
}

/* append_scope: what the answer rests on: at which size, and that it is one pair of orders only. */
static void
append_scope (MigBlock *text, const MigReplicationSet *set, const MigClaimFinding *finding)
{
  const char *scale = set->result->manifest.scale;

  mig_block_span (text, "%s%s%s%s", scale ? " at " : "", scale ? scale : "",
                  scale ? " of full size" : "",
                  finding->n_tests == 1 ? " for one pair of orders" : "");
}

static void
append_answer (MigBlock *text, const MigReplication *self, guint claim, guint column)
{
  const MigClaimCell *cell = mig_claim_table_at (self->table, claim, column);
  const MigReplicationSet *set = self->sets->pdata[cell->set];
  const char *platform = self->table->columns->pdata[column];
  g_autofree char *others = mig_replication_others_text (self, claim, column, TRUE);

  mig_block_span (text, " On %s ", platform);
  mig_block_strong (text, answer_of (&cell->finding));
  if (cell->finding.case_a)
    {
      append_scope (text, set, &cell->finding);
      append_compared (text, set, &cell->finding);
    }
  mig_block_span (text, ".");
  if (others)
    mig_block_span (text, " Other results there: %s.", others);
  if (cell->finding.case_a)
    append_turns (text, self, platform, cell);
}

static void
append_answers (MigBlock *text, const MigReplication *self)
{
  guint claim = find_claim (2, "time");

  for (guint column = 0; column < self->table->columns->len; column++)
    append_answer (text, self, claim, column);
}

/* append_counts: of the verdicts of all conclusions on a platform. */
static void
append_counts (MigBlock *text, const MigReplication *self, guint column)
{
  static const MigClaimVerdict verdicts[] = { MIG_CLAIM_SUPPORTED, MIG_CLAIM_REFUTED,
                                              MIG_CLAIM_UNDECIDED, MIG_CLAIM_UNTESTED };
  gboolean first = TRUE;

  mig_block_span (text, " on %s", (const char *) self->table->columns->pdata[column]);
  for (guint k = 0; k < G_N_ELEMENTS (verdicts); k++)
    {
      guint n = 0;
      for (guint i = 0; i < mig_claims_of_conclusions (); i++)
        n += mig_claim_table_at (self->table, i, column)->finding.verdict == verdicts[k];
      if (n == 0)
        continue;
      mig_block_span (text, "%s %u %s", first ? "" : ",", n, mig_claim_verdict_text (verdicts[k]));
      first = FALSE;
    }
}

void
mig_replication_add_finding (MigBlock *parent, const MigReplication *self)
{
  MigBlock *text = mig_block_paragraph (
      parent, MIG_ROLE_ANSWER,
      "Which guests leave a busy host first? The paper says: those that compute (c) before those "
      "that update their memory (m); on Xen 4.4 m before c, mc, took 11.68 s more than cm.");

  append_answers (text, self);
  mig_block_span (text, " Its four conclusions make %u statements:", mig_claims_of_conclusions ());
  for (guint column = 0; column < self->table->columns->len; column++)
    {
      mig_block_span (text, "%s", column > 0 ? ";" : "");
      append_counts (text, self, column);
    }
  mig_block_span (text, ".");
}

/* ---- the words ---- */

static gboolean
is_scaled (const MigReplicationSet *set)
{
  return set->result->manifest.scale != NULL;
}

/* is_any: of the results that test claims. */
static gboolean
is_any (const MigReplication *self, gboolean (*is) (const MigReplicationSet *set))
{
  for (guint i = 0; i < self->n_testing; i++)
    if (is (self->sets->pdata[i]))
      return TRUE;
  return FALSE;
}

void
mig_replication_add_words (MigBlock *body, const MigReplication *self)
{
  static const char *const words[] = {
    "c, cVM: a guest that computes and updates next to no memory. m, mVM: one that updates its "
    "memory all the time.",
    "cm: first c leaves the host, then m; mc: first m; cc, mm: two of a kind. The paper's host has "
    "four guests, c, c, m and m: two leave, two stay. cmcm, ccmm and so on: all four leave, in "
    "that "
    "order.",
    "VMmg: a guest while it migrates. VMco: one that stays on the host meanwhile.",
    "Time: from the start of a migration to its end. Downtime: how long the guest stands still at "
    "that end, as its heartbeats tell: lines that it sends at regular times. One downtime is known "
    "to within their period; a mean of several is known better, for they fall at any moment of it. "
    "Time and downtime are summed over the migrations of a case.",
    "Throughput: what a guest gets done per second.",
    "Management: what sends and receives guests: Domain-0, Xen's own guest for that, and on QEMU "
    "and KVM QEMU's own threads.",
    "QEMU (lab): two hosts on one machine, whose guests QEMU emulates where there is no KVM.",
    "Supported: the data shows that it is so. Refuted: it shows that it is not, or by less than "
    "what matters, 5 %. Undecided: it takes more repetitions to tell. n: how many there are. 6 of "
    "12 comparisons: so many of those that a conclusion rests on support it. Pair of orders: two "
    "that are compared.",
  };
  MigBlock *section = mig_block_section (body, "words", "What the words mean");

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    mig_block_item (section, "%s", words[i]);
  if (is_any (self, is_scaled))
    mig_block_item (section, "At 1/4, scale 1/4: guests that use and update a quarter of the "
                             "study's memory, in a quarter of its time; what their kernels take "
                             "stays as it is.");
  if (is_any (self, mig_replication_rates_disturbed))
    mig_block_item (section, "*: rates of work or CPU time that observing, or others on the "
                             "machine, took a part of: not those of a run that nobody observes or "
                             "disturbs.");
}
