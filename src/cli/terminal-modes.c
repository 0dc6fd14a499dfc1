/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/terminal-modes.h"

static int tty = -1;
static struct termios kept;

void
mig_terminal_modes_keep (void)
{
  tty = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (tty < 0 || tcgetattr (tty, &kept) == 0)
    return;
  close (tty);
  tty = -1;
}

void
mig_terminal_modes_restore (void)
{
  struct termios now;

  /* of a process in the background a change would stop it */
  if (tty >= 0 && tcgetpgrp (tty) == getpgrp () && tcgetattr (tty, &now) == 0 &&
      now.c_lflag != kept.c_lflag)
    tcsetattr (tty, TCSANOW, &kept);
}
