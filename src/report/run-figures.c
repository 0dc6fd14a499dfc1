/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/run-sections.h"

/* The figures of a result on its page. */

static MigBlock *
add_plain_figure (MigBlock *parent, const MigFigure *figure)
{
  MigBlock *block = mig_block_figure (parent, figure->id, figure->svg, figure->caption);

  if (figure->paper)
    mig_block_span (block, "Figure %s of the paper: ", figure->paper);
  mig_block_span (block, "%s", figure->heading);
  return block;
}

static void
add_figure (MigBlock *parent, const MigFigure *figure, const MigLoadedResult *result)
{
  MigBlock *block = add_plain_figure (parent, figure);

  if (figure->paper)
    mig_section_paper_figure (block, result, figure->paper);
}

/* What ends the ids of the two figures that carry the answers. */
static const char *const leading[] = { "total-time", "downtime" };

/* leading_experiment: that of the first answer. */
static const char *
leading_experiment (const MigLoadedResult *result)
{
  const GPtrArray *answers = result->answers;

  return answers->len > 0 ? ((const MigAnswer *) answers->pdata[0])->experiment : NULL;
}

static gboolean
leads (const MigFigure *figure, const char *experiment, const char *ending)
{
  return !figure->run && !figure->of_plan && g_strcmp0 (figure->experiment, experiment) == 0 &&
         g_str_has_suffix (figure->id, ending);
}

void
mig_section_leading_figures (MigBlock *parent, const MigLoadedResult *result,
                             const GPtrArray *figures)
{
  const char *experiment = leading_experiment (result);
  MigBlock *group = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (leading); k++)
    for (guint i = 0; i < figures->len; i++)
      {
        const MigFigure *figure = figures->pdata[i];
        if (!leads (figure, experiment, leading[k]))
          continue;
        group = group ? group : mig_block_add (parent, MIG_BLOCK_FIGURES);
        add_plain_figure (group, figure);
        break;
      }
}

void
mig_section_figures (MigBlock *parent, const MigLoadedResult *result, const GPtrArray *figures,
                     const char *why_not)
{
  MigBlock *section = mig_block_section (parent, "figures", "Figures"), *group = NULL;
  const char *experiment = NULL, *led = leading_experiment (result);

  if (why_not)
    mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s", why_not);
  for (guint i = 0; i < figures->len && !why_not; i++)
    {
      const MigFigure *figure = figures->pdata[i];
      if (figure->run || figure->of_plan || leads (figure, led, leading[0]) ||
          leads (figure, led, leading[1]))
        continue;
      if (!group || g_strcmp0 (figure->experiment, experiment) != 0)
        group = mig_block_add (
            figure->experiment
                ? mig_block_section (section, NULL, "Experiment %s", figure->experiment)
                : section,
            MIG_BLOCK_FIGURES);
      experiment = figure->experiment;
      add_figure (group, figure, result);
    }
}

void
mig_section_figures_of_plan (MigBlock *parent, const GPtrArray *figures)
{
  MigBlock *group = NULL;

  for (guint i = 0; i < figures->len; i++)
    {
      const MigFigure *figure = figures->pdata[i];
      if (!figure->of_plan)
        continue;
      group = group ? group : mig_block_add (parent, MIG_BLOCK_FIGURES);
      add_figure (group, figure, NULL);
    }
}

/* The first run of each case stands open; the others are a line to click on. */
void
mig_section_timelines (MigBlock *parent, const GPtrArray *figures, const char *why_not)
{
  MigBlock *section = mig_block_section (parent, "timelines", "Time lines");
  const char *label = NULL;

  for (guint i = 0; i < figures->len && !why_not; i++)
    {
      const MigFigure *figure = figures->pdata[i];
      if (!figure->run)
        continue;
      MigBlock *fold = mig_block_add (section, MIG_BLOCK_FOLD);
      fold->open = section->children->len == 1 || g_strcmp0 (label, figure->run->case_label) != 0;
      label = figure->run->case_label;
      mig_block_span (fold, "%s", figure->heading);
      mig_block_figure (fold, figure->id, figure->svg, figure->caption)->wide = TRUE;
    }
  if (section->children->len == 0)
    mig_block_paragraph (
        section, MIG_ROLE_PLAIN, "%s",
        why_not ? why_not : "No time lines: this result has neither heartbeats nor CPU samples.");
}
