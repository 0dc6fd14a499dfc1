/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/grid.h"
#include "report/number.h"
#include "results/records.h"

struct _MigGrid {
  char *alignment;
  guint n_columns;
  GArray *cells; /* of MigCell, row by row */
};

static void
clear_cell (gpointer cell)
{
  g_free (((MigCell *) cell)->text);
}

MigGrid *
mig_grid_new (const char *alignment, const char *const *headings)
{
  MigGrid *self = g_new0 (MigGrid, 1);

  self->alignment = g_strdup (alignment);
  self->n_columns = strlen (alignment);
  self->cells = g_array_new (FALSE, FALSE, sizeof (MigCell));
  g_array_set_clear_func (self->cells, clear_cell);
  for (guint i = 0; headings && headings[i]; i++)
    mig_grid_text (self, headings[i]);
  return self;
}

static void
add_cell (MigGrid *self, MigCell cell)
{
  g_array_append_val (self->cells, cell);
}

void
mig_grid_text (MigGrid *self, const char *text)
{
  mig_grid_mark (self, MIG_MARK_NONE, text);
}

void
mig_grid_mark (MigGrid *self, MigMark mark, const char *text)
{
  add_cell (self, (MigCell){ .kind = MIG_CELL_TEXT, .mark = mark, .text = g_strdup (text) });
}

void
mig_grid_format (MigGrid *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  add_cell (self, (MigCell){ .kind = MIG_CELL_TEXT, .text = g_strdup_vprintf (format, args) });
  va_end (args);
}

void
mig_grid_count (MigGrid *self, gint64 n)
{
  mig_grid_number (self, MIG_IS_MISSING (n) ? NAN : (double) n, 0);
}

void
mig_grid_number (MigGrid *self, double value, guint digits)
{
  add_cell (self, (MigCell){ .kind = MIG_CELL_NUMBER, .value = value, .digits = digits });
}

void
mig_grid_measure (MigGrid *self, double value)
{
  mig_grid_number (self, value, mig_number_decimals (value));
}

void
mig_grid_percent (MigGrid *self, double ratio)
{
  add_cell (self,
            (MigCell){ .kind = MIG_CELL_NUMBER, .value = 100 * ratio, .digits = 1, .unit = "%" });
}

void
mig_grid_error (MigGrid *self, double ratio)
{
  mig_grid_percent (self, ratio);
  g_array_index (self->cells, MigCell, self->cells->len - 1).sign = TRUE;
}

void
mig_grid_interval (MigGrid *self, double low, double high, guint digits)
{
  add_cell (self,
            (MigCell){ .kind = MIG_CELL_INTERVAL, .low = low, .high = high, .digits = digits });
}

void
mig_grid_predicted (MigGrid *self, MigPredicted p)
{
  add_cell (self, (MigCell){
                      .kind = MIG_CELL_PREDICTED, .value = p.value, .low = p.low, .high = p.high });
}

void
mig_grid_around (MigGrid *self, MigPredicted p)
{
  add_cell (self, (MigCell){ .kind = MIG_CELL_AROUND, .value = p.value, .high = p.high });
}

void
mig_grid_stat (MigGrid *self, const MigStat *stat, double factor, guint n_expected)
{
  add_cell (self,
            (MigCell){ .kind = MIG_CELL_TEXT, .text = mig_number_stat (stat, factor, n_expected) });
}

void
mig_grid_picture (MigGrid *self, char *svg)
{
  add_cell (self, (MigCell){ .kind = MIG_CELL_PICTURE, .text = svg });
}

static char *
number_text (const MigCell *cell)
{
  g_autofree char *number = mig_number (cell->value, cell->digits);
  gboolean unit = cell->unit && !isnan (cell->value);

  return g_strdup_printf ("%s%s%s%s", cell->sign && cell->value > 0 ? "+" : "", number,
                          unit ? " " : "", unit ? cell->unit : "");
}

static char *
around_text (const MigCell *cell)
{
  double half = cell->high - cell->value;
  guint digits = MAX (mig_number_decimals (cell->value), mig_number_decimals (half));
  g_autofree char *wide = mig_number (half, digits);
  g_autofree char *middle = mig_number (cell->value,
                                        isnan (half) ? mig_number_decimals (cell->value) : digits);
  return isnan (half) ? g_steal_pointer (&middle) : g_strdup_printf ("%s ± %s", middle, wide);
}

char *
mig_cell_text (const MigCell *cell)
{
  const MigStat interval = { .ci_low = cell->low, .ci_high = cell->high };

  switch (cell->kind)
    {
    case MIG_CELL_NUMBER:
      return number_text (cell);
    case MIG_CELL_INTERVAL:
      return mig_number_interval (&interval, 1, cell->digits);
    case MIG_CELL_PREDICTED:
      return mig_number_predicted ((MigPredicted){ cell->value, cell->low, cell->high });
    case MIG_CELL_AROUND:
      return around_text (cell);
    case MIG_CELL_TEXT:
    case MIG_CELL_PICTURE:
    default:
      return mig_text_clean (cell->kind == MIG_CELL_PICTURE ? "" : cell->text);
    }
}

guint
mig_grid_columns (const MigGrid *self)
{
  return self->n_columns;
}

guint
mig_grid_rows (const MigGrid *self)
{
  return self->cells->len / self->n_columns;
}

const MigCell *
mig_grid_cell (const MigGrid *self, guint row, guint column)
{
  return &g_array_index (self->cells, MigCell, row * self->n_columns + column);
}

gboolean
mig_grid_is_right (const MigGrid *self, guint column)
{
  return self->alignment[column] == 'r';
}

void
mig_grid_free (MigGrid *self)
{
  if (!self)
    return;
  g_free (self->alignment);
  g_array_unref (self->cells);
  g_free (self);
}
