/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "paper/tables.h"
#include "report/number.h"
#include "report/run-sections.h"

/* The paper's figures beside those of a result. */

/* Which of the paper's conclusions rest on which of its figures. */
static const struct {
  const char *figure;
  guint conclusions[4]; /* ended by 0 */
} grounds[] = {
  { "4", { 1 } }, { "5", { 1, 2, 4 } }, { "6", { 1, 2, 4 } }, { "7", { 3 } }, { "8", { 3 } },
};

char *
mig_paper_counts (const MigLoadedResult *result)
{
  g_autoptr (GArray) rows = result->tests_paper ? mig_paper_rows (result->summary) : NULL;
  guint n[MIG_PAPER_MISSING + 1] = { 0 };

  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (rows, MigPaperRow, i);
      n[row->verdict] += row->claim != NULL;
    }
  return !rows ? NULL
               : g_strdup_printf (
                     "The paper's claims about its figures, as far as this study tests them: %u "
                     "held, %u contradicted, %u not shown, %u not measured here.",
                     n[MIG_PAPER_HOLDS], n[MIG_PAPER_FAILS], n[MIG_PAPER_NOT_SHOWN],
                     n[MIG_PAPER_MISSING]);
}

MigMark
mig_verdict_mark (MigVerdict verdict)
{
  return verdict == MIG_VERDICT_SUPPORTED       ? MIG_MARK_GOOD
         : verdict == MIG_VERDICT_NOT_SUPPORTED ? MIG_MARK_BAD
                                                : MIG_MARK_OPEN;
}

static void
add_row (MigGrid *grid, const MigPaperRow *row)
{
  gboolean plain = strcmp (row->unit, "1") == 0;

  mig_grid_format (grid, "%s%s%s", row->subject, plain ? "" : ", ", plain ? "" : row->unit);
  if (row->says)
    mig_grid_text (grid, row->says);
  else
    mig_grid_number (grid, row->paper, 2);
  mig_grid_number (grid, row->here, 2);
  if (isnan (row->here))
    mig_grid_text (grid, NULL);
  else
    mig_grid_interval (grid, row->low, row->high, 2);
  mig_grid_text (grid, row->claim);
}

/* grid_of: one figure's rows, the verdict first, where it is seen without scrolling; figure NULL:
 * all rows. NULL: there are none. */
static MigGrid *
grid_of (const MigSummary *summary, const char *figure)
{
  const char *const headings[] = {
    figure ? "verdict" : "fig.", "what", "paper", "here", "95 % interval", "claim",
    figure ? NULL : "verdict",   NULL
  };
  g_autoptr (GArray) rows = mig_paper_rows (summary);
  g_autoptr (MigGrid) grid = mig_grid_new (figure ? "llrrrl" : "llrrrll", headings);

  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigPaperRow *row = &g_array_index (rows, MigPaperRow, i);
      if (figure && strcmp (row->figure, figure) != 0)
        continue;
      mig_grid_text (grid, figure ? mig_paper_verdict_text (row->verdict) : row->figure);
      add_row (grid, row);
      if (!figure)
        mig_grid_text (grid, mig_paper_verdict_text (row->verdict));
    }
  return mig_grid_rows (grid) > 1 ? g_steal_pointer (&grid) : NULL;
}

void
mig_section_paper (MigBlock *parent, const MigLoadedResult *result)
{
  MigGrid *grid = result->tests_paper ? grid_of (result->summary, NULL) : NULL;

  if (!grid)
    return;
  MigBlock *section = mig_block_section (parent, NULL, "The paper's figures on this data");
  if (!mig_block_is_page (parent))
    {
      g_autofree char *counts = mig_paper_counts (result);
      mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s", counts);
    }
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "The paper measured Xen 4.4 on one core with Gigabit Ethernet: compare the shape, not the "
      "seconds. A claim is judged by the 95 %% interval of its value over the repetitions: it "
      "holds where the whole interval is within the claim, does not hold where it is wholly "
      "outside, and else is not shown: more repetitions are needed, or the difference is too small "
      "to matter.");
  mig_block_table (section, grid);
}

void
mig_section_paper_figure (MigBlock *figure, const MigLoadedResult *result, const char *paper)
{
  const GPtrArray *conclusions = result->conclusions;

  mig_block_table (mig_block_add (figure, MIG_BLOCK_FACTS), grid_of (result->summary, paper));
  for (guint i = 0; i < G_N_ELEMENTS (grounds); i++)
    {
      if (strcmp (grounds[i].figure, paper) != 0)
        continue;
      MigBlock *line = mig_block_paragraph (figure, MIG_ROLE_META, "%s", "");
      for (guint j = 0; grounds[i].conclusions[j]; j++)
        for (guint k = 0; k < conclusions->len; k++)
          {
            const MigConclusion *conclusion = conclusions->pdata[k];
            if (conclusion->number != grounds[i].conclusions[j])
              continue;
            mig_block_span (line, "%sConclusion %u: ", j ? " " : "", conclusion->number);
            mig_block_mark (line, mig_verdict_mark (conclusion->verdict),
                            mig_verdict_text (conclusion->verdict));
          }
    }
}
