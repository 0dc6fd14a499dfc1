/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "report/gnuplot.h"
#include "report/number.h"
#include "report/svg.h"

#define SHOWN_LINES 4 /* of gnuplot's messages */
#define PDF_COLUMNS 120
#define NARROW 600 /* width up to which a figure shrinks on a phone, and has larger letters */

gboolean
mig_gnuplot_available (void)
{
  g_autofree char *path = g_find_program_in_path ("gnuplot");
  return path != NULL;
}

static gboolean
write_text (const char *directory, const char *id, const char *suffix, const GString *text,
            GError **error)
{
  g_autofree char *name = g_strconcat (id, suffix, NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return mig_files_write (path, text->str, text->len, error);
}

static gboolean
make_directory (const char *directory, GError **error)
{
  if (g_mkdir_with_parents (directory, 0777) == 0)
    return TRUE;
  mig_error_set_errno (error, errno, "cannot make the directory '%s' for figures", directory);
  return FALSE;
}

/* first_lines: what gnuplot says of an error, in one line. */
static char *
first_lines (const char *messages)
{
  g_auto (GStrv) lines = g_strsplit (messages ? messages : "", "\n", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0, shown = 0; lines[i] && shown < SHOWN_LINES; i++)
    {
      g_autofree char *line = mig_text_clean (g_strstrip (lines[i]));
      if (!*line)
        continue;
      g_string_append_printf (text, "%s%s", shown ? " " : "", line);
      shown++;
    }
  return g_string_free (text, FALSE);
}

/* run_gnuplot: on a script in the directory. One process each: what one script leaves in gnuplot's
 * terminal would show in the next one's picture. */
static gboolean
run_gnuplot (const char *directory, const char *script, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *messages = NULL;

  g_subprocess_launcher_set_cwd (launcher, directory);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  /* a PDF without compressed objects, so that set_date finds its date; older cairos pay no heed */
  g_subprocess_launcher_setenv (launcher, "CAIRO_DEBUG_PDF", "1", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "GNUTERM");
  g_subprocess_launcher_unsetenv (launcher, "GNUPLOT_LIB");
  /* -d: the user's settings are not these figures' */
  g_autoptr (GSubprocess)
      process = g_subprocess_launcher_spawn (launcher, error, "gnuplot", "-d", script, NULL);
  if (!process)
    {
      g_prefix_error (error, "cannot start gnuplot: ");
      return FALSE;
    }
  if (!g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &messages, error))
    {
      g_prefix_error (error, "cannot read what gnuplot says: ");
      return FALSE;
    }
  if (g_subprocess_get_successful (process))
    return TRUE;
  g_autofree char *said = first_lines (messages);
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "gnuplot failed in '%s': %s", directory, said);
  return FALSE;
}

static GString *
whole_script (const MigFigure *figure)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "# gnuplot %s.gp draws %s.svg\n"
                          "reset session\n"
                          "set terminal svg size %u,%u noenhanced font 'sans-serif,%u'\n"
                          "set encoding utf8\n"
                          "set output '%s.svg'\n"
                          "top = 0.88\n"
                          "%s"
                          "unset output\n",
                          figure->id, figure->id, figure->width, figure->height,
                          figure->width > NARROW ? 13 : 15, figure->id, figure->script->str);
  return text;
}

static gboolean
load_svg (MigFigure *figure, const char *directory, GError **error)
{
  g_autofree char *name = g_strconcat (figure->id, ".svg", NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *svg = NULL;
  gsize size;

  if (!g_file_get_contents (path, &svg, &size, error))
    return FALSE;
  figure->svg = mig_svg_inline (svg, (gssize) size, figure->id, figure->heading, error);
  if (!figure->svg)
    g_prefix_error (error, "cannot use what gnuplot drew, '%s': ", path);
  return figure->svg != NULL;
}

gboolean
mig_gnuplot_draw (GPtrArray *figures, const char *directory, GError **error)
{
  if (figures->len == 0)
    return TRUE;
  if (!make_directory (directory, error))
    return FALSE;
  for (guint i = 0; i < figures->len; i++)
    {
      MigFigure *figure = figures->pdata[i];
      GString *script = whole_script (figure);
      gboolean ok = write_text (directory, figure->id, ".gp", script, error) &&
                    write_text (directory, figure->id, ".dat", figure->data, error);
      g_string_free (script, TRUE);
      g_autofree char *name = g_strconcat (figure->id, ".gp", NULL);
      if (!ok || !run_gnuplot (directory, name, error) || !load_svg (figure, directory, error))
        return FALSE;
    }
  return TRUE;
}

/* append_wrapped: a text as gnuplot's string of lines; enhanced text is off, so \n comes from its
 * double quotes and the text itself from single ones. */
static void
append_wrapped (GString *out, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean first = TRUE;

  for (guint i = 0; words[i]; i++)
    {
      if (line->len > 0 &&
          g_utf8_strlen (line->str, -1) + 1 + g_utf8_strlen (words[i], -1) > PDF_COLUMNS)
        {
          mig_figure_quote (out, line->str);
          g_string_append (out, ".\"\\n\".");
          g_string_truncate (line, 0);
          first = FALSE;
        }
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", words[i]);
    }
  if (line->len > 0 || first)
    mig_figure_quote (out, line->str);
  else
    g_string_append (out, "''");
}

static void
append_front_page (GString *out, const GPtrArray *lines)
{
  g_string_append (out, "unset border\nunset tics\nunset key\nset xrange [0:1]\nset yrange [0:1]\n"
                        "set label 1 ");
  for (guint i = 0; i < lines->len; i++)
    {
      if (i > 0)
        g_string_append (out, ".\"\\n\\n\".");
      append_wrapped (out, lines->pdata[i]);
    }
  g_string_append (out, " at graph 0,1 left front\nplot NaN notitle\n");
}

/* set_date: the time of its making in a PDF, of which cairo has its own mind. */
static void
set_date (char *content, gsize size, gint64 epoch_s)
{
  static const char key[] = "/CreationDate (D:";
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (epoch_s);
  g_autofree char *digits = date ? g_date_time_format (date, "%Y%m%d%H%M%S") : NULL;

  for (gsize i = 0; digits && i + sizeof key - 1 + strlen (digits) < size; i++)
    if (memcmp (content + i, key, sizeof key - 1) == 0)
      memcpy (content + i + sizeof key - 1, digits, strlen (digits));
}

gboolean
mig_gnuplot_pdf (const GPtrArray *figures, const GPtrArray *lines, const char *directory,
                 gint64 epoch_s, GBytes **pdf, GError **error)
{
  GString *script = g_string_new (
      "# gnuplot figures.gp draws figures.pdf\n"
      "reset session\n"
      "set terminal pdfcairo noenhanced size 24cm,17cm font 'sans-serif,11'\n"
      "set encoding utf8\n"
      "set output 'figures.pdf'\n");
  char *content = NULL;
  gsize size;

  if (!make_directory (directory, error))
    return FALSE;
  append_front_page (script, lines);
  gboolean ok = TRUE;
  for (guint i = 0; i < figures->len && ok; i++)
    {
      const MigFigure *figure = figures->pdata[i];
      g_autofree char *text = g_strdup_printf (
          "%s%s%s. %s", figure->experiment ? figure->experiment : "",
          figure->experiment ? ": " : "", figure->heading, figure->caption);
      g_string_append (script, "reset\nset label 9999 ");
      append_wrapped (script, text);
      g_string_append_printf (script, " at screen 0.02,0.97 left font ',9'\ntop = 0.78\n%s",
                              figure->script->str);
      ok = write_text (directory, figure->id, ".dat", figure->data, error);
    }
  g_string_append (script, "unset output\n");
  ok = ok && write_text (directory, "figures", ".gp", script, error);
  g_string_free (script, TRUE);
  if (!ok || !run_gnuplot (directory, "figures.gp", error))
    return FALSE;
  g_autofree char *path = g_build_filename (directory, "figures.pdf", NULL);
  if (!g_file_get_contents (path, &content, &size, error))
    return FALSE;
  set_date (content, size, epoch_s);
  *pdf = g_bytes_new_take (content, size);
  return TRUE;
}
