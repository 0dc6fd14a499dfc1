/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "cli/command.h"
#include "cli/show.h"

static char *format;
static char *output;

static const GOptionEntry entries[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default), json, csv, html or pdf",
    "FORMAT" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "write to this file instead of standard output", "FILE" },
  { NULL },
};

gboolean
mig_command_report (int argc, char **argv, GString *out, int *status, GError **error)
{
  if (!mig_command_parse (
          &argc, &argv, entries, "DIR",
          "Reports on a result directory: costs, and what they say about the paper's conclusions.",
          NULL, 1, 1, error))
    return FALSE;
  if (!mig_show_result (argv[1], format ? format : "text", output, out, error))
    return FALSE;
  if (!output)
    return TRUE;
  if (!mig_files_write (output, out->str, out->len, error))
    return FALSE;
  g_string_truncate (out, 0);
  return TRUE;
}
