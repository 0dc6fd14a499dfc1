/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/text.h"
#include "tests/unit/screen.h"

GStrv
screen_lines (const MigLoadedResult *report, const MigScreen *screen)
{
  g_autofree char *text = mig_report_overview (report, screen);
  GStrv lines = g_strsplit (text, "\n", -1);

  if (g_strv_length (lines) > 25)
    g_test_message ("%s", text);
  g_assert_cmpuint (g_strv_length (lines), <=, 25); /* the last one is empty */
  for (guint i = 0; lines[i]; i++)
    g_assert_cmpuint (mig_text_width (lines[i]), <=, 80);
  return lines;
}
