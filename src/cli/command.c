/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/command.h"

/* Where mig_command_options() wants the table of a command instead of its being run. */
static GArray *wanted_options;

GArray *
mig_command_options (const MigCommand *command)
{
  static const GOptionEntry help = {
    "help", 'h', 0, G_OPTION_ARG_NONE, NULL, "show this help", NULL
  };
  GArray *options = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_autoptr (GString) nothing = g_string_new (NULL);
  g_autoptr (GError) wanted_only = NULL;
  char *argv[] = { (char *) command->name, NULL };
  int status;

  wanted_options = options;
  command->run (1, argv, nothing, &status, &wanted_only);
  wanted_options = NULL;
  return g_array_append_val (options, help);
}

const MigCommand *
mig_command_find (const char *name)
{
  for (const MigCommand *command = mig_commands; command->name; command++)
    if (strcmp (command->name, name) == 0)
      return command;
  return NULL;
}

gboolean
mig_command_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *arguments,
                   const char *summary, const char *description, int min, int max, GError **error)
{
  g_autofree char *name = g_strdup ((*argv)[0]);
  g_autofree char *program = g_strdup_printf ("migcost %s", name);
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_autoptr (GError) cause = NULL;

  if (wanted_options)
    {
      for (; entries->long_name; entries++)
        g_array_append_val (wanted_options, *entries);
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "only the options of '%s' were wanted", name);
      return FALSE;
    }
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  g_set_prgname (program);
  if (!g_option_context_parse (context, argc, argv, &cause))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "%s; see 'migcost %s --help'", cause->message,
                   name);
      return FALSE;
    }
  /* "--" ends the options and is no argument */
  if (*argc > 1 && strcmp ((*argv)[1], "--") == 0)
    {
      (*argv)[1] = (*argv)[0];
      ++*argv;
      --*argc;
    }
  int n = *argc - 1;
  if (n >= min && n <= max)
    return TRUE;
  if (n > max)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "unexpected argument '%s'; see 'migcost %s --help'", (*argv)[max + 1], name);
  else
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "missing argument: migcost %s %s; see 'migcost %s --help'", name, arguments, name);
  return FALSE;
}
