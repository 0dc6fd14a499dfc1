/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/show.h"
#include "report/figures.h"
#include "report/gnuplot.h"
#include "report/run.h"
#include "report/json.h"

/* One of the two: a text of the report alone, or with figures, which are drawn in a directory. */
typedef struct {
  const char *name;
  MigLoadedResult *(*read) (const char *path, GError **error); /* what it shows */
  char *(*render) (const MigLoadedResult *report);
  gboolean (*draw) (const MigLoadedResult *report, const char *directory, GString *out,
                    GError **error);
} Format;

static gboolean
draw_in_scratch (GPtrArray *figures, GError **error)
{
  g_autofree char *scratch = g_dir_make_tmp ("migcost-figures-XXXXXX", error);

  if (!scratch)
    return FALSE;
  gboolean ok = mig_gnuplot_draw (figures, scratch, error);
  return mig_files_remove_tree (scratch, ok ? error : NULL) && ok;
}

/* draw_figures: NULL, or what is missing. */
static char *
draw_figures (GPtrArray *figures, const char *directory)
{
  g_autoptr (GError) problem = NULL;

  if (!mig_gnuplot_available ())
    g_set_error (&problem, MIG_ERROR, MIG_ERROR_UNSUPPORTED, MIG_GNUPLOT_MISSING);
  else if (directory)
    mig_gnuplot_draw (figures, directory, &problem);
  else
    draw_in_scratch (figures, &problem);
  return problem ? g_strdup (problem->message) : NULL;
}

char *
mig_show_figures (GPtrArray *figures, const char *directory)
{
  char *why_not = draw_figures (figures, directory);

  if (why_not)
    mig_warning ("%s", why_not);
  return why_not;
}

static gboolean
draw_html (const MigLoadedResult *report, const char *directory, GString *out, GError **error)
{
  g_autoptr (GPtrArray) figures = mig_figures_new (report);
  g_autofree char *why_not = mig_show_figures (figures, directory);
  g_autofree char *page = mig_report_html (report, figures, why_not);

  g_string_append (out, page);
  return TRUE;
}

static gboolean
draw_pdf (const MigLoadedResult *report, const char *directory, GString *out, GError **error)
{
  g_autoptr (GPtrArray) figures = mig_figures_new (report);
  g_autoptr (GPtrArray) front = mig_report_front (report);
  g_autoptr (GBytes) pdf = NULL;

  if (!mig_gnuplot_available ())
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED, MIG_GNUPLOT_MISSING);
      return FALSE;
    }
  if (!mig_gnuplot_pdf (figures, front, directory, report->manifest.started_utc_ns / MIG_NS_PER_S,
                        &pdf, error))
    return FALSE;
  g_string_append_len (out, g_bytes_get_data (pdf, NULL), (gssize) g_bytes_get_size (pdf));
  return TRUE;
}

static const Format formats[] = {
  { "text", mig_loaded_result_read, mig_report_text, NULL },
  { "json", mig_loaded_result_read, mig_report_json, NULL },
  { "csv", mig_loaded_result_read_summary, mig_report_csv, NULL },
  { "markdown", mig_loaded_result_read, mig_report_markdown, NULL },
  { "html", mig_loaded_result_read_whole, NULL, draw_html },
  { "pdf", mig_loaded_result_read_whole, NULL, draw_pdf },
};

const char *
mig_show_format (guint index)
{
  return index < G_N_ELEMENTS (formats) ? formats[index].name : NULL;
}

/* draw: beside the output, or in a directory that is gone afterwards. */
static gboolean
draw (const Format *format, const MigLoadedResult *report, const char *output, GString *out,
      GError **error)
{
  if (output)
    {
      g_autofree char *directory = g_strconcat (output, ".figures", NULL);
      return format->draw (report, directory, out, error);
    }
  g_autofree char *scratch = g_dir_make_tmp ("migcost-figures-XXXXXX", error);
  if (!scratch)
    return FALSE;
  gboolean ok = format->draw (report, scratch, out, error);
  return mig_files_remove_tree (scratch, ok ? error : NULL) && ok;
}

static const Format *
find_format (const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (formats[i].name, name) == 0)
      return &formats[i];
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "unknown format '%s'; expected " MIG_SHOW_FORMATS,
               name);
  return NULL;
}

gboolean
mig_show_result (const char *directory, const char *format, const char *output, GString *out,
                 GError **error)
{
  const Format *renderer = find_format (format, error);

  if (!renderer)
    return FALSE;
  g_autoptr (MigLoadedResult) report = renderer->read (directory, error);
  if (!report)
    return FALSE;
  if (renderer->draw)
    return draw (renderer, report, output, out, error);
  g_autofree char *text = renderer->render (report);
  g_string_append (out, text);
  return TRUE;
}

gboolean
mig_show_overview (const char *directory, GString *out, GError **error)
{
  g_autoptr (MigLoadedResult) report = mig_loaded_result_read (directory, error);
  g_autofree char *page = g_build_filename (directory, MIG_SHOW_PAGE, NULL);
  gboolean terminal = isatty (STDOUT_FILENO);

  if (!report)
    return FALSE;
  const MigScreen screen = {
    .bars = terminal,
    .ascii = terminal && !g_get_charset (NULL),
    .page = g_file_test (page, G_FILE_TEST_IS_REGULAR) ? page : NULL,
  };
  g_autofree char *text = mig_report_overview (report, &screen);
  g_string_append (out, text);
  return TRUE;
}

gboolean
mig_show_write_page (const char *directory, GError **error)
{
  g_autoptr (MigLoadedResult) report = mig_loaded_result_read_whole (directory, error);
  g_autofree char *path = g_build_filename (directory, MIG_SHOW_PAGE, NULL);
  g_autofree char *kept = g_strconcat (path, ".figures", NULL);

  if (!report)
    return FALSE;
  g_autoptr (GPtrArray) figures = mig_figures_new (report);
  g_autofree char *why_not = draw_figures (figures, kept);
  g_autofree char *page = mig_report_html (report, figures, why_not);
  return mig_files_write (path, page, strlen (page), error);
}
