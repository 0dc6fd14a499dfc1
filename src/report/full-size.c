/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/run-sections.h"

/* What a scaled study is expected to cost at full size. */

static MigGrid *
tabulate (const MigFullSize *full, const char *scale)
{
  MigGrid *grid = mig_grid_new ("lrrrrr", NULL);

  mig_grid_text (grid, "case");
  mig_grid_text (grid, "n");
  mig_grid_format (grid, "time at %s, s", scale);
  mig_grid_text (grid, "at full size");
  mig_grid_format (grid, "downtime at %s, s", scale);
  mig_grid_text (grid, "at full size");
  for (guint i = 0; i < full->cases->len; i++)
    {
      const MigFullSizeCase *of = full->cases->pdata[i];
      mig_grid_text (grid, of->label);
      mig_grid_count (grid, of->n_runs);
      mig_grid_measure (grid, of->measured_time_s);
      mig_grid_predicted (grid, of->time);
      mig_grid_measure (grid, of->measured_downtime_s);
      mig_grid_predicted (grid, of->downtime);
    }
  return grid;
}

void
mig_section_full_size (MigBlock *parent, const MigLoadedResult *result)
{
  const MigFullSize *full = result->full_size;

  if (!full)
    return;
  MigBlock *section = mig_block_section (parent, "full-size", "Expected at full size");
  if (full->why_not)
    {
      mig_block_paragraph (section, MIG_ROLE_PLAIN, "The model says nothing of full size: %s.",
                           full->why_not);
      return;
    }
  mig_block_table (section, tabulate (full, result->manifest.scale));
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Sums over a case's sequence. By the model, calibrated with the %u migrations of this run%s "
      "(rates, set-up, switch-over and end do not shrink), times what the case is off from the "
      "model at scale %s. In brackets: where 95 %% of the repetitions at full size are expected.",
      full->n_migrations, full->by_technique ? ", of each technique by themselves" : "",
      result->manifest.scale);
}

/* compare_times: by total time. */
static gint
compare_times (gconstpointer a, gconstpointer b)
{
  const MigFullSizeCase *one = *(MigFullSizeCase *const *) a,
                        *other = *(MigFullSizeCase *const *) b;

  return (one->time.value > other->time.value) - (one->time.value < other->time.value);
}

char *
mig_full_size_line (const MigLoadedResult *result)
{
  const MigFullSize *full = result->full_size;
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  if (!full)
    return NULL;
  for (guint i = 0; i < full->cases->len; i++)
    if (isfinite (((MigFullSizeCase *) full->cases->pdata[i])->time.value))
      g_ptr_array_add (sorted, full->cases->pdata[i]);
  if (sorted->len == 0)
    return g_strdup ("Full size: nothing can be said yet (--full says why).");
  g_ptr_array_sort (sorted, compare_times);
  const MigFullSizeCase *first = sorted->pdata[0], *last = sorted->pdata[sorted->len - 1];
  g_autofree char *least = mig_number_measure (first->time.value);
  g_autofree char *most = mig_number_measure (last->time.value);
  if (sorted->len == 1)
    return g_strdup_printf ("Expected at full size: %s s (--full).", least);
  return g_strdup_printf ("Expected at full size: %s s (%s) to %s s (%s) (--full).", least,
                          first->label, most, last->label);
}
