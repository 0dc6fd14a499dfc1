/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/show.h"
#include "cli/show-paper.h"

static char *format;
static char *output;
static gboolean full, paper;

static const GOptionEntry entries[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &format,
    "text (default), json, csv, markdown, html or pdf", "FORMAT" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "write to this file instead of standard output", "FILE" },
  { "full", 0, 0, G_OPTION_ARG_NONE, &full, "all of the text, not the first screen alone", NULL },
  { "paper", 0, 0, G_OPTION_ARG_NONE, &paper, "compare the results with the paper, claim by claim",
    NULL },
  { NULL },
};

/* show: the first screen, where it is not said what else. places: ended by NULL. */
static gboolean
show (char **places, GString *out, GError **error)
{
  gboolean text = !format || g_str_equal (format, "text");

  if (paper)
    return mig_show_paper (places, format ? format : "text", output, out, error);
  if (places[1])
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "unexpected argument '%s'; several results are compared with the paper by "
                   "--paper, two with each other by 'migcost compare'",
                   places[1]);
      return FALSE;
    }
  if (full && !text)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--full is of the text; format %s has all",
                   format);
      return FALSE;
    }
  return text && !full ? mig_show_overview (places[0], out, error)
                       : mig_show_result (places[0], format ? format : "text", output, out, error);
}

gboolean
mig_command_report (int argc, char **argv, GString *out, int *status, GError **error)
{
  if (!mig_command_parse (
          &argc, &argv, entries, "DIR...",
          "Reports on a result directory: the answer, what the migrations cost, how sure that is.",
          NULL, 1, G_MAXINT, error))
    return FALSE;
  if (!show (argv + 1, out, error))
    return FALSE;
  if (!output)
    return TRUE;
  if (!mig_files_write (output, out->str, out->len, error))
    return FALSE;
  g_string_truncate (out, 0);
  return TRUE;
}
