/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Standard error: messages, and one line of progress at its bottom where it is a terminal. */

void mig_terminal_start (void); /* messages of all rooms come here from now on */
void mig_terminal_stop (void);

/* mig_terminal_set_quiet: warnings only. */
void mig_terminal_set_quiet (gboolean quiet);
gboolean mig_terminal_is_interactive (void);

/* mig_terminal_status: the progress line; replaces the one before; NULL: none. Only on a terminal.
 */
void mig_terminal_status (const char *text);

/* mig_terminal_line: a line that stays, above the progress line; nothing where quiet. */
void mig_terminal_line (const char *text);

/* mig_terminal_on_interrupt: what the first SIGINT or SIGTERM does (in a thread of its own); a
 * second one ends the process at once. NULL: the first one ends it too. */
void mig_terminal_on_interrupt (void (*func) (gpointer data), gpointer data);

/* mig_terminal_before_stop: from now on SIGTSTP (Ctrl-Z) stops the process only when func, in a
 * thread of its own, has returned. NULL: at once, as ever. */
void mig_terminal_before_stop (void (*func) (gpointer data), gpointer data);
