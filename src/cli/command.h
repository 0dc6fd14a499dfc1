/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A command of migcost: one file each, one row in the table of main.c.
 *
 * The function parses its own options (argv[0] is the command's name), puts its result into `out`,
 * which main prints whole if all went well, and sets an exit status other than 0 where the command
 * has one. On failure: FALSE and error, and nothing of `out` is printed. */
typedef enum {
  MIG_EXIT_OK = 0,
  MIG_EXIT_FAILED = 1,
  MIG_EXIT_USAGE = 2,
  MIG_EXIT_REGRESSION = 3
} MigExit;

typedef gboolean (*MigCommandFunc) (int argc, char **argv, GString *out, int *status,
                                    GError **error);

typedef struct {
  const char *name;
  MigCommandFunc run;
  const char *arguments; /* "[STUDY]" */
  const char *summary;   /* one line for the list of commands; NULL: for programs, not listed */
} MigCommand;

extern const MigCommand mig_commands[]; /* the last one has no name */

/* mig_command_find: the command of that name, or NULL. */
const MigCommand *mig_command_find (const char *name);

/* mig_command_options: a copy of the options of a command that is listed, with --help, as it gives
 * them to mig_command_parse(): GArray of GOptionEntry. Free it with g_array_unref(). */
GArray *mig_command_options (const MigCommand *command);

gboolean mig_command_check (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_compare (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_complete (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_lab (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_list (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_plan (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_report (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_run (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_watch (int argc, char **argv, GString *out, int *status, GError **error);

/* mig_command_parse: parses options by a table of GOptionEntry; what is left over in argv are the
 * arguments, at least min and at most max. --help prints and exits. Errors: USAGE. */
gboolean mig_command_parse (int *argc, char ***argv, const GOptionEntry *entries,
                            const char *arguments, const char *summary, const char *description,
                            int min, int max, GError **error);

/* mig_compare_format: the names of the formats that 'migcost compare' prints, from index 0 to NULL.
 */
const char *mig_compare_format (guint index);
