/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/idmap.h"
#include "lab/setup.h"
#include "lab/cleanup.h"

pid_t
mig_namespaces_fork (const MigSetup *setup)
{
  unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC;

  if (setup->uid != 0)
    flags |= CLONE_NEWUSER;
  return (pid_t) syscall (SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* mount_proc: of the new PID namespace; nothing of this is seen outside. */
static gboolean
mount_proc (GError **error)
{
  if (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
    {
      mig_error_set_errno (error, errno, "cannot make mounts private");
      return FALSE;
    }
  if (mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
    {
      mig_error_set_errno (error, errno, "cannot mount a /proc of its own");
      return FALSE;
    }
  return TRUE;
}

/* libvirtd locks the consoles it opens with files that hold its number, which means nothing outside
 * this PID namespace: a killed lab's files would lock the next one's consoles, whose daemons have
 * the same numbers. A directory of its own goes with the lab. */
static gboolean
mount_locks (GError **error)
{
  if (mount ("tmpfs", MIG_CLEANUP_LOCKS, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
             "mode=1777,size=1m") < 0 &&
      errno != ENOENT)
    {
      mig_error_set_errno (error, errno, "cannot mount a " MIG_CLEANUP_LOCKS " of its own");
      return FALSE;
    }
  return TRUE;
}

static gboolean
open_network (int *fd, GError **error)
{
  *fd = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (*fd < 0)
    mig_error_set_errno (error, errno, "cannot open the network namespace");
  return *fd >= 0;
}

static gboolean
make_network (int *fd, GError **error)
{
  if (unshare (CLONE_NEWNET) < 0)
    {
      mig_error_set_errno (error, errno, "cannot make another network namespace");
      return FALSE;
    }
  return open_network (fd, error);
}

/* The descriptors keep the namespaces alive. This process stays in that of the second host. */
static gboolean
make_networks (MigSetup *setup, GError **error)
{
  guint hosts = setup->state->n_hosts;

  if (!open_network (&setup->netns[0], error))
    return FALSE;
  for (guint host = 2; host < hosts; host++)
    if (!make_network (&setup->netns[host], error))
      return FALSE;
  return (hosts == 2 || make_network (&setup->switch_netns, error)) &&
         make_network (&setup->netns[1], error);
}

gboolean
mig_namespaces_join (int netns, GError **error)
{
  if (setns (netns, CLONE_NEWNET) == 0)
    return TRUE;
  mig_error_set_errno (error, errno, "cannot enter a network namespace");
  return FALSE;
}

gboolean
mig_namespaces_add_network (const MigSetup *setup, int *fd, GError **error)
{
  return make_network (fd, error) && mig_namespaces_join (setup->netns[1], error);
}

gboolean
mig_namespaces_enter (MigSetup *setup, GError **error)
{
  if (setup->uid != 0 && !mig_idmap_write (0, setup->uid, 0, setup->gid))
    {
      mig_error_set_errno (error, errno, "cannot become root of a user namespace");
      return FALSE;
    }
  return mount_proc (error) && mount_locks (error) && make_networks (setup, error);
}
