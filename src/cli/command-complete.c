/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/complete.h"

static gboolean
takes_value (const GOptionEntry *option)
{
  return option->arg != G_OPTION_ARG_NONE;
}

/* find_option: "--output", "--output=x" or "-o" among the options; NULL: none. */
static const GOptionEntry *
find_option (const GArray *options, const char *word)
{
  const char *name = g_str_has_prefix (word, "--") ? word + 2 : NULL;
  gsize length = name ? strcspn (name, "=") : 0;

  for (guint i = 0; i < options->len; i++)
    {
      const GOptionEntry *option = &g_array_index (options, GOptionEntry, i);
      if (name ? strlen (option->long_name) == length &&
                     strncmp (option->long_name, name, length) == 0
               : word[0] == '-' && word[1] != '\0' && word[1] == option->short_name &&
                     word[2] == '\0')
        return option;
    }
  return NULL;
}

static void
add_options (GString *out, const GArray *options, const char *prefix)
{
  for (guint i = 0; i < options->len; i++)
    {
      const GOptionEntry *option = &g_array_index (options, GOptionEntry, i);
      const char brief[] = { '-', option->short_name, '\0' };
      g_autofree char *word = g_strconcat ("--", option->long_name, NULL);
      mig_complete_add (out, "", word, prefix, option->description);
      if (option->short_name)
        mig_complete_add (out, "", brief, prefix, option->description);
    }
}

/* argument_name: "DIR" of "DIR", "STUDY" of "[STUDY]", "URI" for all of "URI..."; NULL: no more of
 * them. */
static char *
argument_name (const MigCommand *command, guint index)
{
  g_auto (GStrv) names = g_strsplit_set (command->arguments, " []", -1);
  const char *last = NULL;

  for (guint i = 0; names[i]; i++)
    {
      if (!*names[i])
        continue;
      if (index-- == 0)
        return g_str_has_suffix (names[i], "...") ? g_strndup (names[i], strlen (names[i]) - 3)
                                                  : g_strdup (names[i]);
      last = names[i];
    }
  return last && g_str_has_suffix (last, "...") ? g_strndup (last, strlen (last) - 3) : NULL;
}

/* complete_word: words are those between the command and the one that is typed. */
static void
complete_word (GString *out, const MigCommand *command, char **words, guint n, const char *typed)
{
  g_autoptr (GArray) options = mig_command_options (command);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  const MigCompleteWords line = { command, arguments };
  const GOptionEntry *pending = NULL; /* the option whose value the next word is */
  gboolean only_arguments = FALSE;    /* behind "--" */

  for (guint i = 0; i < n; i++)
    {
      const GOptionEntry *option = only_arguments || pending ? NULL
                                                             : find_option (options, words[i]);
      if (pending)
        pending = NULL;
      else if (option)
        pending = takes_value (option) && !strchr (words[i], '=') ? option : NULL;
      else if (!only_arguments && strcmp (words[i], "--") == 0)
        only_arguments = TRUE;
      else if (only_arguments || words[i][0] != '-')
        g_ptr_array_add (arguments, words[i]);
    }
  const char *equals = !only_arguments && g_str_has_prefix (typed, "--") ? strchr (typed, '=')
                                                                         : NULL;
  const GOptionEntry *option = equals ? find_option (options, typed) : pending;
  if (option && takes_value (option))
    {
      g_autofree char *before = equals && !pending ? g_strndup (typed, equals + 1 - typed)
                                                   : g_strdup ("");
      mig_complete_values (out, &line, option->arg_description, before, typed + strlen (before));
      return;
    }
  if (!only_arguments && typed[0] == '-')
    {
      add_options (out, options, typed);
      return;
    }
  g_autofree char *name = argument_name (command, arguments->len);
  if (name)
    mig_complete_values (out, &line, name, "", typed);
}

/* For shells: not for people, so it is in no list, and its words are none of its own options. It
 * says nothing rather than fail: an error in the middle of a line that is typed helps nobody. */
gboolean
mig_command_complete (int argc, char **argv, GString *out, int *status, GError **error)
{
  const char *typed = argc > 1 ? argv[argc - 1] : "";

  if (argc <= 2)
    {
      for (const MigCommand *command = mig_commands; command->name; command++)
        if (command->summary)
          mig_complete_add (out, "", command->name, typed, command->summary);
      mig_complete_add (out, "", "--help", typed, "the commands");
      mig_complete_add (out, "", "--version", typed, "show the version");
      return TRUE;
    }
  const MigCommand *command = mig_command_find (argv[1]);
  if (command && command->summary)
    complete_word (out, command, argv + 2, argc - 3, typed);
  return TRUE;
}
