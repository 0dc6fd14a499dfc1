/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_command_run: runs a program (arguments separated by single spaces, none with a space in it)
 * in a network namespace and waits for it. Errors: with what it wrote to its standard error. */
gboolean mig_command_run (int netns, const char *program, const char *arguments, GError **error);

/* mig_command_enter_netns: child set-up: *data is the descriptor of a network namespace; -1: stays.
 */
void mig_command_enter_netns (gpointer data);
