/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A command of migcost: one file each, one row in the table of main.c.
 *
 * The function parses its own options (argv[0] is the command's name), puts its result into `out`,
 * which main prints whole if all went well, and sets an exit status other than 0 where the command has
 * one. On failure: FALSE and error, and nothing of `out` is printed. */
typedef enum { MIG_EXIT_OK = 0, MIG_EXIT_FAILED = 1, MIG_EXIT_USAGE = 2, MIG_EXIT_REGRESSION = 3 } MigExit;

typedef gboolean (*MigCommandFunc) (int argc, char **argv, GString *out, int *status, GError **error);

typedef struct {
  const char *name;
  MigCommandFunc run;
  const char *arguments; /* "[STUDY]" */
  const char *summary;   /* one line for the list of commands */
} MigCommand;

gboolean mig_command_check (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_compare (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_lab (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_list (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_plan (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_report (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_run (int argc, char **argv, GString *out, int *status, GError **error);
gboolean mig_command_watch (int argc, char **argv, GString *out, int *status, GError **error);

/* mig_command_parse: parses options by a table of GOptionEntry; what is left over in argv are the
 * arguments, at least min and at most max. --help prints and exits. Errors: USAGE. */
gboolean mig_command_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *arguments,
                            const char *summary, const char *description, int min, int max, GError **error);
