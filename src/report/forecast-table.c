/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "report/document.h"
#include "report/forecast-table.h"
#include "results/records.h"

/* More cases than these are for predictions.csv. */
#define MOST_CASES 40

static const MigQuantity columns[] = { MIG_QUANTITY_TOTAL_TIME, MIG_QUANTITY_DOWNTIME,
                                       MIG_QUANTITY_LOST_WORK };

static const MigPredictionRecord *
record_at (const GArray *records, guint i)
{
  return &g_array_index (records, MigPredictionRecord, i);
}

/* case_end: of the rows of the case that begins at one. */
static guint
case_end (const GArray *records, guint begin)
{
  guint end = begin;

  while (end < records->len &&
         strcmp (record_at (records, end)->case_label, record_at (records, begin)->case_label) == 0)
    end++;
  return end;
}

/* find: a quantity of the whole case; without values: it is not predicted. */
static MigPredicted
find (const GArray *records, guint begin, guint end, MigQuantity quantity)
{
  for (guint i = begin; i < end; i++)
    {
      const MigPredictionRecord *record = record_at (records, i);
      if (!record->guest && strcmp (record->quantity, mig_quantity_info (quantity)->id) == 0)
        return (MigPredicted){ mig_units_seconds (record->value_ns),
                               mig_units_seconds (record->low_ns),
                               mig_units_seconds (record->high_ns) };
    }
  return (MigPredicted){ NAN, NAN, NAN };
}

/* add_row: TRUE: with an interval. */
static gboolean
add_row (MigGrid *grid, const GArray *records, guint begin, guint end)
{
  gboolean interval = FALSE;

  mig_grid_text (grid, record_at (records, begin)->case_label);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      MigPredicted predicted = find (records, begin, end, columns[i]);
      mig_grid_predicted (grid, predicted);
      interval |= !isnan (predicted.low) || !isnan (predicted.high);
    }
  return interval;
}

static MigGrid *
begin_grid (void)
{
  MigGrid *grid = mig_grid_new ("lrrr", NULL);

  mig_grid_text (grid, "case");
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    mig_grid_format (grid, "%s, s", mig_quantity_info (columns[i])->name);
  return grid;
}

/* add_models: where the predictions come from, each once. */
static void
add_models (MigBlock *section, const GArray *records)
{
  g_autoptr (GPtrArray) told = g_ptr_array_new ();

  for (guint i = 0; i < records->len; i++)
    {
      char *model = record_at (records, i)->model;
      if (!model || g_ptr_array_find_with_equal_func (told, model, g_str_equal, NULL))
        continue;
      mig_block_item (section, "Predicted by: %s.", model);
      g_ptr_array_add (told, model);
    }
}

char *
mig_report_forecast (const GArray *records)
{
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, NULL);
  MigBlock *section = mig_block_section (document->body, NULL, "What is expected of each case");
  MigGrid *grid = begin_grid ();
  gboolean interval = FALSE;
  guint n = 0;

  for (guint begin = 0, end; begin < records->len; begin = end, n++)
    {
      end = case_end (records, begin);
      if (n < MOST_CASES)
        interval |= add_row (grid, records, begin, end);
    }
  mig_block_table (section, grid);
  if (n == 0)
    return NULL;
  if (n > MOST_CASES)
    mig_block_item (section, "... and %u more cases: predictions.csv", n - MOST_CASES);
  if (interval)
    mig_block_item (section, "In brackets: the 95 %% prediction interval.");
  add_models (section, records);
  return mig_document_render (document);
}
