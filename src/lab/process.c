/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "lab/process.h"

#define RETRY_NS (20 * MIG_NS_PER_MS)

gboolean
mig_process_open (MigProcess *process, pid_t pid)
{
  process->pid = pid;
  process->fd = (int) syscall (SYS_pidfd_open, pid, 0);
  return process->fd >= 0 || (errno == ENOSYS && kill (pid, 0) == 0);
}

void
mig_process_close (MigProcess *process)
{
  if (process->fd >= 0)
    close (process->fd);
  process->fd = -1;
}

gboolean
mig_process_signal (const MigProcess *process, int number)
{
  if (process->fd < 0)
    return kill (process->pid, number) == 0;
  return syscall (SYS_pidfd_send_signal, process->fd, number, NULL, 0) == 0;
}

static gboolean
is_zombie (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/cmdline", pid);
  g_autofree char *text = NULL;
  gsize size = 0;

  return g_file_get_contents (path, &text, &size, NULL) && size == 0;
}

gboolean
mig_process_wait (const MigProcess *process, gint64 deadline_ns)
{
  struct pollfd item = { .fd = process->fd, .events = POLLIN };
  gint64 left;

  while ((left = deadline_ns - mig_clock_now ()) > 0)
    {
      if (process->fd >= 0)
        {
          if (poll (&item, 1, (int) (left / MIG_NS_PER_MS) + 1) > 0)
            return TRUE;
        }
      else if (kill (process->pid, 0) < 0 || is_zombie (process->pid))
        return TRUE;
      else
        mig_clock_sleep_until (mig_clock_now () + RETRY_NS);
    }
  return FALSE;
}
