/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/difference-picture.h"

#define WIDTH 180
#define HEIGHT 16
#define LEAST_RANGE 0.1 /* share of BASE that reaches from the middle to an edge */

double
mig_difference_range (const MigComparison *comparison)
{
  double range = fmax (LEAST_RANGE, 2 * comparison->threshold);

  for (guint i = 0; i < comparison->changes->len; i++)
    {
      double share = fabs (g_array_index (comparison->changes, MigChange, i).share);
      if (isfinite (share))
        range = fmax (range, 1.5 * share);
    }
  return range;
}

static double
position (double share, double range)
{
  return WIDTH / 2.0 * (1 + fmax (-1, fmin (1, share / range)));
}

static void
append_number (GString *out, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (out, " %s=\"%s\"", name,
                          g_ascii_formatd (text, sizeof text, "%.1f", value));
}

static void
append_line (GString *out, double x1, double y1, double x2, double y2, const char *colour)
{
  g_string_append (out, "<line");
  append_number (out, "x1", x1);
  append_number (out, "y1", y1);
  append_number (out, "x2", x2);
  append_number (out, "y2", y2);
  g_string_append_printf (out, " style=\"stroke:var(--%s);stroke-width:2\"/>", colour);
}

char *
mig_difference_picture (const MigComparison *comparison, const MigChange *change, double range)
{
  GString *out = g_string_new (NULL);
  double mean = fabs (change->base->mean),
         band = position (comparison->threshold, range) - WIDTH / 2.0;
  const char *colour = change->verdict == MIG_CHANGE_WORSE    ? "c2"
                       : change->verdict == MIG_CHANGE_BETTER ? "c3"
                                                              : "c1";

  if (!isfinite (change->share))
    return g_string_free (out, FALSE);
  g_string_append_printf (
      out,
      "<svg class=\"change\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
      "aria-label=\"difference and interval\"><rect y=\"0\" height=\"%d\"",
      WIDTH, HEIGHT, WIDTH, HEIGHT, HEIGHT);
  append_number (out, "x", WIDTH / 2.0 - band);
  append_number (out, "width", 2 * band);
  g_string_append (out, " style=\"fill:var(--line)\"/>");
  append_line (out, WIDTH / 2.0, 0, WIDTH / 2.0, HEIGHT, "muted");
  if (isfinite (change->ci_low) && isfinite (change->ci_high))
    append_line (out, position (change->ci_low / mean, range), HEIGHT / 2.0,
                 position (change->ci_high / mean, range), HEIGHT / 2.0, colour);
  g_string_append (out, "<circle r=\"4\"");
  append_number (out, "cx", position (change->share, range));
  append_number (out, "cy", HEIGHT / 2.0);
  g_string_append_printf (out, " style=\"fill:var(--%s)\"/></svg>", colour);
  return g_string_free (out, FALSE);
}
