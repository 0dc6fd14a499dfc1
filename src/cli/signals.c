/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/signals.h"
#include "cli/terminal.h"

static const char *stopping_line; /* since before an interrupt can come to cancel() */

static void
cancel (gpointer handle)
{
  mig_terminal_line (stopping_line);
  mig_run_handle_cancel (handle);
}

static gboolean
hold (gpointer handle)
{
  return mig_run_handle_hold (handle);
}

static void
release (gpointer handle)
{
  mig_run_handle_release (handle);
}

void
mig_signals_reach (MigRunHandle *handle, const char *stopping)
{
  const MigTerminalStop stop = {
    .hold = hold,
    .release = release,
    .waits = "Ctrl-Z: stopping once the direct migrations have ended, for their guests would "
             "stand still meanwhile (Ctrl-C aborts them)",
    .data = handle,
  };

  if (handle)
    stopping_line = stopping;
  mig_terminal_on_interrupt (handle ? cancel : NULL, handle);
  mig_terminal_before_stop (handle ? &stop : NULL);
}
