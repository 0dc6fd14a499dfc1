/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/figures.h"
#include "report/run.h"
#include "tests/fuzz/fuzz.h"

/* Outside of its strings a script of gnuplot's is migcost's own: no name or text of the result gets
 * there, so none can run a command. */
static void
check_script (const char *script)
{
  gboolean single = FALSE, whole = FALSE; /* within '...', within "..." */

  for (const char *p = script; *p; p++)
    {
      single = single != (*p == '\'' && !whole);
      whole = whole != (*p == '"' && !single);
      g_assert (*p != '\n' || (!single && !whole));
      g_assert (single || (*p != '`' && *p != '!' && *p != '@'));
    }
  g_assert (!single && !whole);
}

/* What a browser would run or load: nothing. Names of the result are text. */
static void
check_page (const char *page)
{
  static const char *const active[] = { "<script", "<img",     "<iframe", "<link",
                                        "<object", "<hostile", " onload=" };

  g_assert (g_utf8_validate (page, -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (active); i++)
    g_assert (!strstr (page, active[i]));
  for (const char *p = page; *p; p++)
    g_assert ((guchar) *p >= 0x20 || *p == '\n' || *p == '\t');
}

/* A result directory from somebody else as a page, without what gnuplot would draw. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigLoadedResult)
      report = mig_loaded_result_read_whole (fuzz_folder (data, size), &error);

  g_assert (!report == (error != NULL));
  if (!report)
    return 0;
  g_autoptr (GPtrArray) figures = mig_figures_new (report);
  g_autoptr (GPtrArray) front = mig_report_front (report);
  for (guint i = 0; i < figures->len; i++)
    check_script (((const MigFigure *) figures->pdata[i])->script->str);
  for (guint i = 0; i < front->len; i++)
    g_assert (g_utf8_validate (front->pdata[i], -1, NULL));
  g_autofree char *page = mig_report_html (report, figures, "not drawn");
  check_page (page);
  return 0;
}
