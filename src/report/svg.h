/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The colours of all figures: distinct for colour-blind readers (M. Okabe, K. Ito, "Color Universal
 * Design", 2008). A page shows them as the CSS variables of these names, so that they follow its
 * scheme. */
typedef struct {
  const char *variable;     /* "c1" */
  const char *hex;          /* "#0072B2": in gnuplot's scripts */
  const char *light, *dark; /* on a page of that scheme */
} MigColour;

enum { MIG_COLOUR_INK, MIG_COLOUR_PAPER, MIG_COLOUR_MUTED, MIG_COLOUR_FIRST };
#define MIG_COLOUR_SERIES 6 /* from MIG_COLOUR_FIRST on */
#define MIG_N_COLOURS (MIG_COLOUR_FIRST + MIG_COLOUR_SERIES)

const MigColour *mig_colour (guint index);

/* mig_colour_series: the i-th series' colour for gnuplot; they repeat. */
const char *mig_colour_series (guint i);

/* mig_svg_inline: a figure as gnuplot drew it, for use inside a page: drawing elements and
 * attributes only, colours by variable, ids behind `prefix`, no line breaks, nothing that depends
 * on when and by whom it was drawn. label: what it is, for those who cannot see it. Errors: those
 * of GMarkup. The caller frees it. */
char *mig_svg_inline (const char *svg, gssize size, const char *prefix, const char *label,
                      GError **error);
