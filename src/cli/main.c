/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/spool.h"
#include "cli/terminal.h"

const MigCommand mig_commands[] = {
  { "run", mig_command_run, "[STUDY]", "run a study: migrate guests and measure what it costs" },
  { "report", mig_command_report, "DIR...",
    "report on a result directory, or on several beside the paper" },
  { "compare", mig_command_compare, "BASE NEW", "compare two results and report regressions" },
  { "plan", mig_command_plan, "[FLEET]",
    "predict what orders of migrations cost and recommend one" },
  { "check", mig_command_check, "[STUDY]", "check that the hosts can run a study" },
  { "watch", mig_command_watch, "URI...",
    "record every migration on these hosts, whoever starts it" },
  { "lab", mig_command_lab, "up|down|status [DIR...]", "start, stop and inspect the built-in lab" },
  { "list", mig_command_list, "", "list bundled studies, workloads and domain templates" },
  { "complete", mig_command_complete, "WORD...", NULL },
  { NULL },
};

static void
add_help (GString *out)
{
  g_string_append (out, "Usage: migcost COMMAND [OPTION...] [ARGUMENT]\n\nWhat does live migration "
                        "cost, and in which order should VMs move?\n\nCommands:\n");
  for (const MigCommand *command = mig_commands; command->name; command++)
    if (command->summary)
      g_string_append_printf (out, "  %-8s %-23s %s\n", command->name, command->arguments,
                              command->summary);
  g_string_append (
      out, "\n'migcost COMMAND --help' lists a command's options, 'man migcost-COMMAND' explains "
           "them.\nWithout hosts, 'migcost run' uses the built-in lab: two hosts on this "
           "machine.\n\nExit status: 0 done, 1 failed, 2 usage, 3 regression found.\n");
}

static gboolean
run_command (int argc, char **argv, GString *out, int *status, GError **error)
{
  const char *name = argc > 1 ? argv[1] : NULL;

  if (!name)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "no command given; see 'migcost --help'");
      return FALSE;
    }
  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || strcmp (name, "help") == 0)
    {
      add_help (out);
      return TRUE;
    }
  if (strcmp (name, "--version") == 0)
    {
      g_string_append (out, "migcost " PACKAGE_VERSION "\n");
      return TRUE;
    }
  const MigCommand *command = mig_command_find (name);
  if (!command)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "unknown command '%s'; see 'migcost --help'",
                   name);
      return FALSE;
    }
  return command->run (argc - 1, argv + 1, out, status, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  int status = MIG_EXIT_OK;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* a decimal point in all that is written, also in sentences */
  signal (SIGPIPE, SIG_IGN);
  mig_terminal_start ();
  gboolean ok = run_command (argc, argv, out, &status, &error);
  g_assert (ok == (error == NULL));
  mig_terminal_stop ();
  if (ok)
    ok = mig_spool_print (out, &error);
  if (!ok)
    {
      g_autofree char *message = mig_text_printable (error->message, 0);
      g_printerr ("migcost: %s\n", message);
      return g_error_matches (error, MIG_ERROR, MIG_ERROR_USAGE) ? MIG_EXIT_USAGE : MIG_EXIT_FAILED;
    }
  return status;
}
