/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Standard error: messages, and one line of progress at its bottom where it is a terminal. */

void mig_terminal_start (void); /* messages of all rooms come here from now on */
/* mig_terminal_stop: once interrupts that have come have had their effect. */
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
 * second one, a second later or more, ends the process at once. NULL: the first one ends it too. */
void mig_terminal_on_interrupt (void (*func) (gpointer data), gpointer data);

/* What SIGTSTP (Ctrl-Z) does before it stops the process; called in a thread of its own. */
typedef struct {
  /* From now on nothing begins that may not be left alone. TRUE: nor is anything of it under way;
   * FALSE: mig_terminal_may_stop() is called once that is so. Does not block. */
  gboolean (*hold) (gpointer data);
  /* The process goes on after it was stopped, or is not stopped after all. */
  void (*release) (gpointer data);
  const char *waits; /* the line that says what is waited for */
  gpointer data;
} MigTerminalStop;

/* mig_terminal_before_stop: from now on; an interrupt meanwhile takes the SIGTSTP back. NULL: it
 * stops the process at once, as ever. */
void mig_terminal_before_stop (const MigTerminalStop *stop);

/* mig_terminal_may_stop: from any thread, with any lock. */
void mig_terminal_may_stop (void);
