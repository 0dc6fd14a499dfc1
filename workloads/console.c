/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "workloads/console.h"
#include "workloads/protocol.h"

void
mig_console_write (const char *line, size_t length)
{
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

  pthread_mutex_lock (&lock);
  while (length > 0)
    {
      ssize_t written = write (STDOUT_FILENO, line, length);
      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        break;
      line += written;
      length -= (size_t) written;
    }
  pthread_mutex_unlock (&lock);
}

size_t
mig_console_listen (const MigGuestClock *clock, int64_t deadline_ns, char *buffer, size_t size)
{
  static bool at_end;
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  int64_t left_ns = deadline_ns - clock->now (clock->opaque);

  if (left_ns < 0)
    left_ns = 0;
  if (at_end)
    {
      clock->sleep_until (clock->opaque, deadline_ns);
      return 0;
    }
  struct timespec timeout = { .tv_sec = left_ns / MIG_GUEST_NS_PER_S,
                              .tv_nsec = left_ns % MIG_GUEST_NS_PER_S };
  if (ppoll (&input, 1, &timeout, NULL) <= 0)
    return 0;
  ssize_t got = read (STDIN_FILENO, buffer, size);
  at_end = got <= 0;
  return got > 0 ? (size_t) got : 0;
}

void
mig_console_take (void)
{
  struct termios settings;

  if (tcgetattr (STDOUT_FILENO, &settings) == 0)
    {
      cfmakeraw (&settings);
      settings.c_cflag |= CLOCAL; /* no modem lines: the other end may come and go */
      tcsetattr (STDOUT_FILENO, TCSANOW, &settings);
    }
  mig_console_write ("\n", 1);
}

void
mig_console_complain (const char *lost, const char *what)
{
  char line[MIG_PROTOCOL_MAX_LINE];
  int length = snprintf (line, sizeof line, "%s: %s: %s\n", lost, what, strerror (errno));

  if (length > 0 && (size_t) length < sizeof line)
    mig_console_write (line, (size_t) length);
}

void
mig_console_fatal (const char *text)
{
  char line[MIG_PROTOCOL_MAX_LINE];
  mig_console_write (line, mig_protocol_format_fatal (line, text));
}

void
mig_console_damage (const char *text)
{
  char line[MIG_PROTOCOL_MAX_LINE];
  mig_console_write (line, mig_protocol_format_damage (line, text));
}
