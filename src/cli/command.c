/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "cli/command.h"

gboolean
mig_command_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *arguments,
                   const char *summary, const char *description, int min, int max, GError **error)
{
  g_autofree char *name = g_strdup ((*argv)[0]);
  g_autofree char *program = g_strdup_printf ("migcost %s", name);
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_autoptr (GError) cause = NULL;

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  g_set_prgname (program);
  if (!g_option_context_parse (context, argc, argv, &cause))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "%s; see 'migcost %s --help'", cause->message, name);
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
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "'%s' is one argument too many; see 'migcost %s --help'",
                 (*argv)[max + 1], name);
  else
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "an argument is missing: migcost %s %s; see 'migcost %s --help'",
                 name, arguments, name);
  return FALSE;
}
