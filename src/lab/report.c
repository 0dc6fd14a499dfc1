/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/report.h"

static const char *const words[] = {
  [MIG_REPORT_PROGRESS] = "progress", [MIG_REPORT_WARNING] = "warning",
  [MIG_REPORT_READY] = "ready",       [MIG_REPORT_LINK] = "link",
  [MIG_REPORT_ERROR] = "error",
};

MigHelperReport
mig_report_parse (const char *line, int *code, const char **text)
{
  const char *space = strchr (line, ' ');

  *text = line;
  if (!space)
    return MIG_REPORT_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (strlen (words[i]) != (gsize) (space - line) ||
          strncmp (line, words[i], space - line) != 0)
        continue;
      *text = space + 1;
      if (i == MIG_REPORT_ERROR)
        {
          char *end;
          *code = (int) g_ascii_strtoll (space + 1, &end, 10);
          *text = *end == ' ' ? end + 1 : end;
        }
      return i;
    }
  return MIG_REPORT_UNKNOWN;
}

static void
send_line (int fd, char *line)
{
  g_strdelimit (line, "\r\n", ' ');
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  if (write (fd, whole, strlen (whole)) < 0)
    return; /* nobody reads any more: the end of standard input tells */
}

void
mig_report_send (int fd, MigHelperReport report, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *line = g_strconcat (words[report], " ", text, NULL);
  send_line (fd, line);
}

void
mig_report_send_error (int fd, const GError *failure)
{
  int code = failure->domain == MIG_ERROR ? failure->code : MIG_ERROR_FAILED;
  g_autofree char *line = g_strdup_printf ("%s %d %s", words[MIG_REPORT_ERROR], code,
                                           failure->message);
  send_line (fd, line);
}
