/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "report/json-stream.h"
#include "results/records.h"

#define INDENT 2
#define DIGITS "%.9g"

static void
begin_line (MigJson *self)
{
  g_string_append_c (self->out, '\n');
  for (guint i = 0; i < INDENT * self->depth; i++)
    g_string_append_c (self->out, ' ');
}

/* begin_value: all that stands before a value. */
static void
begin_value (MigJson *self, const char *key)
{
  if (self->has_value)
    g_string_append_c (self->out, ',');
  if (self->depth > 0)
    begin_line (self);
  if (key)
    g_string_append_printf (self->out, "\"%s\" : ", key);
  self->has_value = TRUE;
}

static void
begin (MigJson *self, const char *key, char bracket)
{
  begin_value (self, key);
  g_string_append_c (self->out, bracket);
  self->depth++;
  self->has_value = FALSE;
}

static void
end (MigJson *self, char bracket)
{
  self->depth--;
  if (self->has_value)
    begin_line (self);
  g_string_append_c (self->out, bracket);
  self->has_value = TRUE;
  if (self->depth == 0)
    g_string_append_c (self->out, '\n');
}

void
mig_json_begin_object (MigJson *self, const char *key)
{
  begin (self, key, '{');
}

void
mig_json_end_object (MigJson *self)
{
  end (self, '}');
  if (self->drain)
    self->drain (self->out);
}

void
mig_json_begin_array (MigJson *self, const char *key)
{
  begin (self, key, '[');
}

void
mig_json_end_array (MigJson *self)
{
  end (self, ']');
}

/* mig_json_number: nine digits, so that the last bits, which differ between processors, do not
 * show; and a point, or an exponent, so that it is no integer for those who read it. */
void
mig_json_number (MigJson *self, const char *key, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  begin_value (self, key);
  if (!isfinite (value))
    {
      g_string_append (self->out, "null");
      return;
    }
  double rounded = g_ascii_strtod (g_ascii_formatd (text, sizeof text, DIGITS, value), NULL);
  g_string_append (self->out, g_ascii_dtostr (text, sizeof text, rounded));
  if (!strpbrk (text, ".e"))
    g_string_append (self->out, ".0");
}

void
mig_json_integer (MigJson *self, const char *key, gint64 value)
{
  begin_value (self, key);
  if (MIG_IS_MISSING (value))
    g_string_append (self->out, "null");
  else
    g_string_append_printf (self->out, "%" G_GINT64_FORMAT, value);
}

/* is_plain: nothing in it has to be escaped. */
static gboolean
is_plain (const char *text)
{
  while (*text && !g_ascii_iscntrl (*text) && *text != '"' && *text != '\\')
    text++;
  return !*text;
}

/* add_escaped: json-glib knows how. */
static void
add_escaped (MigJson *self, const char *text)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), text);
  g_autofree char *escaped = json_to_string (node, FALSE);

  g_string_append (self->out, escaped);
}

void
mig_json_text (MigJson *self, const char *key, const char *text)
{
  begin_value (self, key);
  if (!text)
    g_string_append (self->out, "null");
  else if (is_plain (text))
    g_string_append_printf (self->out, "\"%s\"", text);
  else
    add_escaped (self, text);
}

void
mig_json_boolean (MigJson *self, const char *key, gboolean value)
{
  begin_value (self, key);
  g_string_append (self->out, value ? "true" : "false");
}
