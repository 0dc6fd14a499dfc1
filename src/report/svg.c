/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "report/number.h"
#include "report/svg.h"

static const MigColour colours[MIG_N_COLOURS] = {
  [MIG_COLOUR_INK] = { "ink", "#000000", "#1b1f24", "#e8eaed" },
  [MIG_COLOUR_PAPER] = { "paper", "#FFFFFF", "#ffffff", "#14171a" },
  [MIG_COLOUR_MUTED] = { "muted", "#999999", "#8a9099", "#7d858f" },
  [MIG_COLOUR_FIRST] = { "c1", "#0072B2", "#0072b2", "#5ab0ee" },
  { "c2", "#D55E00", "#d55e00", "#ff8a3c" },
  { "c3", "#009E73", "#00825f", "#2fcf9f" },
  { "c4", "#CC79A7", "#b8558c", "#e79cc8" },
  { "c5", "#E69F00", "#c98500", "#f2b93b" },
  { "c6", "#56B4E9", "#2f96d0", "#9bd6f7" },
};

const MigColour *
mig_colour (guint index)
{
  g_return_val_if_fail (index < MIG_N_COLOURS, NULL);
  return &colours[index];
}

const char *
mig_colour_series (guint i)
{
  return colours[MIG_COLOUR_FIRST + i % MIG_COLOUR_SERIES].hex;
}

typedef struct {
  GString *out;
  const char *prefix, *label;
  guint skipped; /* depth below an element that is left out */
  guint texts;   /* depth within text */
} Filter;

static const char *const elements[] = { "svg",  "g",       "path",     "text", "tspan",
                                        "use",  "defs",    "polyline", "line", "circle",
                                        "rect", "polygon", NULL };
static const char *const attributes[] = { "viewBox",
                                          "transform",
                                          "d",
                                          "points",
                                          "x",
                                          "y",
                                          "x1",
                                          "y1",
                                          "x2",
                                          "y2",
                                          "cx",
                                          "cy",
                                          "r",
                                          "dx",
                                          "dy",
                                          "fill-opacity",
                                          "stroke-opacity",
                                          "stroke-width",
                                          "stroke-linecap",
                                          "stroke-linejoin",
                                          "stroke-dasharray",
                                          "font-size",
                                          "font-weight",
                                          "text-anchor",
                                          NULL };
/* width and height of a figure are the page's to say */
static const char *const sizes[] = { "width", "height", NULL };
static const char *const paints[] = { "fill", "stroke", "color", NULL };

/* variable_of: of a colour as gnuplot writes it: "rgb(  0, 114, 178)", "black"; NULL: of no other.
 */
static const char *
variable_of (const char *value)
{
  g_autoptr (GString) packed = g_string_new (NULL);

  for (const char *p = value; *p; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (packed, *p);
  if (strcmp (packed->str, "black") == 0)
    return colours[MIG_COLOUR_INK].variable;
  if (strcmp (packed->str, "white") == 0)
    return colours[MIG_COLOUR_PAPER].variable;
  for (guint i = 0; i < MIG_N_COLOURS; i++)
    {
      guint64 hex = g_ascii_strtoull (colours[i].hex + 1, NULL, 16);
      g_autofree char *rgb = g_strdup_printf ("rgb(%u,%u,%u)", (guint) (hex >> 16 & 255),
                                              (guint) (hex >> 8 & 255), (guint) (hex & 255));
      if (strcmp (packed->str, rgb) == 0 || g_ascii_strcasecmp (packed->str, colours[i].hex) == 0)
        return colours[i].variable;
    }
  return NULL;
}

/* is_plain: a colour. */
static gboolean
is_plain (const char *value)
{
  for (const char *p = value; *p; p++)
    if (!g_ascii_isalnum (*p) && !strchr (" #,.%", *p) &&
        !(strchr ("()", *p) && g_str_has_prefix (value, "rgb")))
      return FALSE;
  return TRUE;
}

static void
append_attribute (GString *out, const char *name, const char *prefix, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value, -1);
  g_string_append_printf (out, " %s=\"%s%s\"", name, prefix, escaped);
}

/* loads_nothing: what a drawing needs has no such word in it. */
static gboolean
loads_nothing (const char *value)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);
  return !strstr (lower, "url");
}

static void
append_attributes (Filter *self, const char *element, const char **names, const char **values)
{
  g_autoptr (GString) style = g_string_new (NULL);

  for (guint i = 0; names[i]; i++)
    {
      if (!loads_nothing (values[i]))
        continue;
      gboolean sized = g_strv_contains (sizes, names[i]) && strcmp (element, "svg") != 0;
      const char *variable = g_strv_contains (paints, names[i]) ? variable_of (values[i]) : NULL;
      g_autofree char *id = g_strdup_printf ("%s-", self->prefix);
      if (variable)
        g_string_append_printf (style, "%s:var(--%s);", names[i], variable);
      else if (sized || (g_strv_contains (paints, names[i]) && is_plain (values[i])) ||
               g_strv_contains (attributes, names[i]))
        append_attribute (self->out, names[i], "", values[i]);
      else if (strcmp (names[i], "id") == 0 && g_str_has_prefix (values[i], "gp"))
        append_attribute (self->out, "id", id, values[i]);
      else if (strcmp (names[i], "xlink:href") == 0 && *values[i] == '#')
        {
          g_autofree char *target = g_strdup_printf ("#%s", id);
          append_attribute (self->out, "href", target, values[i] + 1);
        }
    }
  if (style->len > 0)
    g_string_append_printf (self->out, " style=\"%s\"", style->str);
}

static void
on_start (GMarkupParseContext *context, const char *element, const char **names,
          const char **values, gpointer data, GError **error)
{
  Filter *self = data;

  if (self->skipped > 0 || !g_strv_contains (elements, element))
    {
      self->skipped++;
      return;
    }
  g_string_append_printf (self->out, "<%s", element);
  if (strcmp (element, "svg") == 0)
    {
      g_string_append (self->out, " role=\"img\"");
      append_attribute (self->out, "aria-label", "", self->label);
    }
  append_attributes (self, element, names, values);
  g_string_append_c (self->out, '>');
  self->texts += strcmp (element, "text") == 0;
}

static void
on_end (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Filter *self = data;

  if (self->skipped > 0)
    self->skipped--;
  else
    {
      g_string_append_printf (self->out, "</%s>", element);
      self->texts -= strcmp (element, "text") == 0;
    }
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize size, gpointer data, GError **error)
{
  Filter *self = data;

  if (self->skipped > 0 || self->texts == 0)
    return;
  g_autofree char *whole = g_strndup (text, size);
  g_autofree char *clean = mig_text_clean (whole);
  g_autofree char *escaped = g_markup_escape_text (g_strstrip (clean), -1);
  g_string_append (self->out, escaped);
}

char *
mig_svg_inline (const char *svg, gssize size, const char *prefix, const char *label, GError **error)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };
  g_autofree char *clean = mig_text_clean (label);
  Filter self = { .out = g_string_new (NULL), .prefix = prefix, .label = clean };
  g_autoptr (GMarkupParseContext)
      context = g_markup_parse_context_new (&parser, (GMarkupParseFlags) 0, &self, NULL);

  if (g_markup_parse_context_parse (context, svg, size, error) &&
      g_markup_parse_context_end_parse (context, error))
    {
      if (self.out->len > 0)
        return g_string_free (self.out, FALSE);
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "it contains no picture");
    }
  g_string_free (self.out, TRUE);
  return NULL;
}
