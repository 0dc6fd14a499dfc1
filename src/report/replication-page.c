/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/figure.h"
#include "report/replication.h"
#include "report/run-sections.h"

/* The paper, claim by claim: what is said, in which order. */

static void
add_verdicts (MigBlock *section, const MigReplication *self, const MigClaim *claim, guint index)
{
  gboolean of_two = claim->conclusion <= 2;
  MigBlock *item = mig_block_item (section, "%u%s%s: %s: ", claim->conclusion, of_two ? ", " : "",
                                   of_two ? claim->quantity : "", claim->statement);

  for (guint column = 0; column < self->table->columns->len; column++)
    {
      const MigClaimCell *cell = mig_claim_table_at (self->table, index, column);
      g_autofree char *verdict = mig_replication_verdict (self, index, column);
      mig_block_span (item, "%s", column > 0 ? ", " : "");
      mig_block_mark (item, mig_replication_mark (cell), verdict);
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
  mig_block_table (section, mig_replication_grid (self, section, TRUE));
  mig_replication_add_others (section, self);
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "A conclusion rests on several comparisons of two cases. Shown is the one that decides it; "
      "of an undecided one of 1 and 2 the one least favourable to it, of 3 and 4, for which one is "
      "enough, the one that would decide it first: by how many per cent the first case costs more "
      "than the second (of throughput: gets more done), compared within each repetition. In "
      "brackets: the 95 %% interval. \"About N more\": repetitions, and their time there, that "
      "would support or refute it with a chance of 80 %% if it is as it seems. In square brackets: "
      "which result, listed below, and behind the verdict which other results of the platform come "
      "to another.");
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "For 3 and 4, and where a conclusion is refuted, the verdict rests on a wider interval, "
      "corrected for the number of comparisons; of a run that ended when it had decided, on its "
      "own, "
      "all of which hold together, however often it looked.");
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

/* add_counts: how the claims about figures fared on each platform; what is marked decides none. */
static void
add_counts (MigBlock *section, const MigReplication *self)
{
  for (guint column = 0; column < self->table->columns->len; column++)
    {
      guint n[MIG_CLAIM_UNTESTED + 1] = { 0 }, n_marked = 0;
      for (guint i = 0; i < mig_claims_count (); i++)
        {
          const MigClaim claim = mig_claim_at (i);
          const MigClaimCell *cell = mig_claim_table_at (self->table, i, column);
          if (claim.conclusion || !claim.claim)
            continue;
          n_marked += cell->marked;
          n[cell->finding.verdict] += !cell->marked;
        }
      MigBlock *item = mig_block_item (
          section, "%s: %u supported, %u refuted, %u undecided, %u not measured",
          (const char *) self->table->columns->pdata[column], n[MIG_CLAIM_SUPPORTED],
          n[MIG_CLAIM_REFUTED], n[MIG_CLAIM_UNDECIDED], n[MIG_CLAIM_UNTESTED]);
      if (n_marked > 0)
        mig_block_span (item, ", %u only by rates that were disturbed (*)", n_marked);
      mig_block_span (item, ".");
    }
}

static void
add_figures (MigBlock *body, const MigReplication *self, const GPtrArray *figures)
{
  MigBlock *section = mig_block_section (body, "figures", "Its figures 1 to 8");

  add_counts (section, self);
  mig_block_table (section, mig_replication_grid (self, section, FALSE));
  mig_block_paragraph (section, MIG_ROLE_META,
                       "Compare the shape, not the seconds: it was other hardware. So what is "
                       "judged is what can hold on any. A claim is supported where the 95 %% "
                       "interval of its value lies within that; it is refuted where it lies wholly "
                       "outside, or shows a difference of times or downtimes to be less than 5 %% "
                       "of the larger one.");
  add_figure (section, figures, "ratios");
}

static gboolean
has_map (const MigReplication *self)
{
  for (guint i = 0; i < self->sets->len; i++)
    if (((const MigReplicationSet *) self->sets->pdata[i])->result->order_map->len > 0)
      return TRUE;
  return FALSE;
}

/* add_map: of the results that have one. */
static void
add_map (MigBlock *body, const MigReplication *self, const GPtrArray *figures)
{
  MigBlock *section = mig_block_section (body, "why", "Where the order turns");

  add_figure (section, figures, "order");
  if (!has_map (self))
    {
      mig_block_paragraph (section, MIG_ROLE_META,
                           "No result here sweeps what a migration waits for (study bottleneck), "
                           "which tells where which order is cheaper.");
      return;
    }
  mig_block_paragraph (
      section, MIG_ROLE_PLAIN,
      "Why it may turn: a guest that leaves frees the source's CPU and takes from the "
      "destination's. Where the migrations wait for the CPU of the source, the guest that takes "
      "long should go last, cm; where they wait for that of the destination, first, mc; where they "
      "wait for the link, the order does not matter.");
  add_figure (section, figures, "map");
  for (guint i = 0; i < self->sets->len; i++)
    {
      const MigReplicationSet *set = self->sets->pdata[i];
      if (set->result->order_map->len == 0)
        continue;
      mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s [%u]:", set->platform, i + 1);
      mig_section_order_map (section, set->result, i + 1);
    }
}

static void
add_sets (MigBlock *body, const MigReplication *self)
{
  MigBlock *section = mig_block_section (body, "results", "What was measured");

  for (guint i = 0; i < self->sets->len; i++)
    {
      g_autofree char *text = mig_replication_set_text (self->sets->pdata[i]);
      mig_block_item (section, "[%u] %s", i + 1, text);
    }
  mig_block_paragraph (
      section, MIG_ROLE_PLAIN,
      "Of several results of a platform that test a claim, the one is shown that decides it; of "
      "several that support what all comparisons have to (1 and 2), the one with the most; of "
      "several, or of none, the one with the narrowest interval (beside the times or downtimes "
      "that its value is formed of, or as a percentage). Before that come results whose rates "
      "stand, where a claim is about rates. Values that nothing is judged of are those of the "
      "result "
      "that its figure is judged by.");
}

static void
add_reading (MigBlock *body)
{
  static const char *const readings[] = {
    "One core: the paper sets a machine to one CPU core, which guests and Domain-0 share, and says "
    "neither of which host nor for which experiments. Read as: source and destination have one "
    "each, in all experiments; what sends and receives runs on it.",
    "Sums: time and downtime of a case are sums over its migrations, as the text says of figures 5 "
    "and 6; the mVM's own downtime is that of its one migration.",
    "Downtime of cm and mc: the text says that they are 2.24 s apart, not which is longer. As the "
    "mVM stands still longer in cm (5.89 s) than in mc (4.13 s), its numbers speak against its own "
    "conclusion 1 there. Read as: they differ, either way.",
    "More than 2 s (figure 1): a number of that hardware. Read as: the dirty rate makes a "
    "difference, judged as above 0; and so for all differences in seconds.",
    "20-40 % (figure 3): read off a curve, over the time of one migration. Judged is the mean over "
    "the migration: between 20 and 40 % of a CPU.",
    "Loses more than 10 % (figure 3): of a CPU or of what the guest had, the text does not say. "
    "Read as points of a CPU: two guests that share one have about 50 % each before.",
    "Two of four: where a result has two guests only, c and m, both leave, and cm and mc are "
    "tested all the same; with half of the load, and nobody left behind.",
    "100 s from 30 s before: throughput is counted from 30 s before the first migration to 70 s "
    "after its start, whether the migrations are over or not (those of mm take 118.81 s). Here the "
    "window is as long where the study has the paper's timing, shorter in others, and at a smaller "
    "scale; it is the same for all cases of an experiment. The text calls it a total, the figures' "
    "captions a mean of one guest: the latter.",
    "5 of each: every experiment was repeated five times, in which order is not said. Here "
    "repetitions are blocks that hold each case once, in an order drawn from a seed; cases are "
    "compared within them, and n is what a result has.",
    "Numbers: the figures are pictures, so only numbers in the text count. Those of cm and mc are "
    "differences there; the axes of figures 1 and 2 have dirty rates that the text does not name.",
    "Conclusion 3 refers to figure 2 where times of two migrations are meant: read as figure 6.",
    "Stop rule: that of Xen 4.4.1 is not in the text but in its source: 29 rounds, fewer than 50 "
    "pages, or three times the memory. Later versions of Xen stop after 5 rounds, and no study can "
    "change that.",
    "Scenario 2, maintenance: described without figures. Where a result has it, its orders count "
    "for conclusions 1, 2 and 4.",
  };
  MigBlock *section = mig_block_section (body, "reading", "How the paper was read");

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    mig_block_item (section, "%s", readings[i]);
}

/* add_origin: whose claims, beside what. */
static void
add_origin (MigBlock *head, const MigReplication *self)
{
  guint n_virtual = 0;
  MigBlock *text = mig_block_paragraph (
      head, MIG_ROLE_META,
      "The paper: Koto and Kono (Keio University), Xen 4.4. Beside it %u result%s of migcost",
      self->sets->len, self->sets->len == 1 ? "" : "s");

  for (guint i = 0; i < self->sets->len; i++)
    n_virtual += mig_replication_is_virtual (self->sets->pdata[i]);
  if (n_virtual == self->sets->len)
    mig_block_span (text, ", on hosts that are virtual machines themselves");
  else if (n_virtual > 0)
    mig_block_span (text, ", %u on hosts that are virtual machines themselves", n_virtual);
  mig_block_span (text, ".");
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
  /* a terminal's head is not wrapped */
  mig_replication_add_finding (mig_block_is_terminal (head) ? body : head, self);
  add_origin (head, self);
  if (why_not)
    mig_block_item (mig_block_add (body, MIG_BLOCK_WARNING), "%c%s.", g_ascii_toupper (*why_not),
                    why_not + 1);
  mig_replication_add_words (body, self);
  add_conclusions (body, self);
  add_map (body, self, figures);
  add_figures (body, self, figures);
  mig_replication_add_shapes (body, self);
  mig_replication_add_scatter (body, self);
  add_sets (body, self);
  add_reading (body);
  return mig_document_render (document);
}
