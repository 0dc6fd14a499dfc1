/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/show.h"
#include "report/json.h"
#include "report/text.h"

typedef struct {
  const char *name;
  char *(*render) (const MigReport *report);
} Format;

static const Format formats[] = {
  { "text", mig_report_text },
  { "json", mig_report_json },
  { "csv", mig_report_csv },
};

gboolean
mig_show_result (const char *directory, const char *format, GString *out, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (strcmp (formats[i].name, format) != 0)
        continue;
      g_autoptr (MigReport) report = mig_report_load (directory, error);
      if (!report)
        return FALSE;
      g_autofree char *text = formats[i].render (report);
      g_string_append (out, text);
      return TRUE;
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "there is no format '%s'; expected text, json or csv", format);
  return FALSE;
}
