/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/figure.h"
#include "report/number.h"

#define MOST_OF_NAME 32 /* bytes of an experiment's name in that of a file */

/* own_id: names of experiments become names of files: nothing but letters and digits is taken from
 * them. */
static char *
own_id (const MigSummary *part, const char *id)
{
  if (!part || !part->experiment)
    return g_strdup (id);
  g_autofree char *name = g_strndup (part->experiment, MOST_OF_NAME);
  g_strcanon (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS, '-');
  return g_strdup_printf ("%u-%s-%s", part->number, name, id);
}

MigFigure *
mig_figure_new (const MigSummary *part, const char *id, const char *paper, char *heading,
                guint width, guint height)
{
  MigFigure *self = g_new0 (MigFigure, 1);

  self->id = own_id (part, id);
  self->experiment = part ? g_strdup (part->experiment) : NULL;
  self->paper = g_strdup (paper);
  self->heading = heading;
  self->width = width;
  self->height = height;
  self->script = g_string_new ("set datafile missing 'NaN'\n");
  self->data = g_string_new (NULL);
  return self;
}

void
mig_figure_free (gpointer data)
{
  MigFigure *self = data;

  g_free (self->id);
  g_free (self->experiment);
  g_free (self->paper);
  g_free (self->heading);
  g_free (self->caption);
  g_string_free (self->script, TRUE);
  g_string_free (self->data, TRUE);
  g_free (self->svg);
  g_free (self);
}

void
mig_figure_quote (GString *out, const char *text)
{
  g_autofree char *clean = mig_text_clean (text);

  g_string_append_c (out, '\'');
  for (const char *p = clean; *p; p++)
    {
      g_string_append_c (out, *p);
      if (*p == '\'') /* in single quotes nothing else means anything to gnuplot */
        g_string_append_c (out, '\'');
    }
  g_string_append_c (out, '\'');
}

void
mig_figure_set (MigFigure *self, const char *option, const char *text)
{
  g_string_append_printf (self->script, "set %s ", option);
  mig_figure_quote (self->script, text);
  g_string_append_c (self->script, '\n');
}

void
mig_figure_number (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (out,
                   isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.6g", value) : "NaN");
}

void
mig_figure_numbers (GString *out, guint n, const double *values)
{
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ' ');
      mig_figure_number (out, values[i]);
    }
  g_string_append_c (out, '\n');
}
