/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "lab/process.h"
#include "lab/cleanup.h"

#define KILL_TIMEOUT_NS (5 * MIG_NS_PER_S)

/* next_process: the number of the next process of /proc; 0: no more. */
static pid_t
next_process (GDir *proc)
{
  const char *name;

  while ((name = g_dir_read_name (proc)))
    if (g_ascii_isdigit (name[0]))
      return (pid_t) g_ascii_strtoull (name, NULL, 10);
  return 0;
}

/* parent_of: 0 where the process is gone. The name in parentheses may contain anything. */
static pid_t
parent_of (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return 0;
  const char *after = strrchr (stat, ')');
  if (!after || strlen (after) < 5) /* ") S PPID" */
    return 0;
  return (pid_t) g_ascii_strtoll (after + 4, NULL, 10);
}

static void
kill_children (void)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  pid_t self = getpid ();
  pid_t pid;

  while (proc && (pid = next_process (proc)))
    if (parent_of (pid) == self)
      kill (pid, SIGKILL);
}

void
mig_cleanup_children (void)
{
  for (;;)
    {
      kill_children ();
      /* at least one child has been killed: waiting is short; its children come to us now */
      if (waitpid (-1, NULL, 0) < 0 && errno == ECHILD)
        return;
    }
}

static gboolean
lives_in (pid_t pid, const char *directory)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/environ", pid);
  g_autofree char *wanted = g_strdup_printf ("HOME=%s/", directory);
  g_autofree char *environment = NULL;
  gsize size;

  if (!g_file_get_contents (path, &environment, &size, NULL)) /* gone, or somebody else's */
    return FALSE;
  for (gsize i = 0; i < size; i += strlen (environment + i) + 1)
    if (g_str_has_prefix (environment + i, wanted))
      return TRUE;
  return FALSE;
}

/* The process is opened before its environment is read: what is killed is what was looked at. */
static gboolean
kill_if_leftover (pid_t pid, const char *directory)
{
  MigProcess process;
  gboolean killed = FALSE;

  if (!mig_process_open (&process, pid))
    return FALSE;
  if (lives_in (pid, directory) && mig_process_signal (&process, SIGKILL))
    {
      mig_process_wait (&process, mig_clock_now () + KILL_TIMEOUT_NS);
      killed = TRUE;
    }
  mig_process_close (&process);
  return killed;
}

guint
mig_cleanup_leftovers (const char *directory)
{
  guint total = 0, found;

  do /* again until none is found: one may have started another meanwhile */
    {
      g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
      pid_t pid;

      found = 0;
      while (proc && (pid = next_process (proc)))
        if (pid != getpid () && kill_if_leftover (pid, directory))
          found++;
      total += found;
    }
  while (found > 0 && total < 1000);
  return total;
}

/* is_stale: the lock's process, whose number is its content, is gone. */
static gboolean
is_stale (const char *path, uid_t uid)
{
  g_autofree char *content = NULL;
  struct stat st;

  if (lstat (path, &st) < 0 || !S_ISREG (st.st_mode) ||
      (st.st_uid != uid && st.st_uid != geteuid ()) ||
      !g_file_get_contents (path, &content, NULL, NULL))
    return FALSE;
  pid_t pid = (pid_t) g_ascii_strtoll (content, NULL, 10);
  return pid > 0 && kill (pid, 0) < 0 && errno == ESRCH;
}

void
mig_cleanup_locks (uid_t uid)
{
  g_autoptr (GDir) dir = g_dir_open (MIG_CLEANUP_LOCKS, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (MIG_CLEANUP_LOCKS, name, NULL);
      if (g_str_has_prefix (name, "LCK..") && is_stale (path, uid))
        g_unlink (path);
    }
}
