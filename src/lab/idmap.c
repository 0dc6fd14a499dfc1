/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab/idmap.h"

static bool
write_file (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd < 0)
    return false;
  ssize_t written = write (fd, text, strlen (text));
  int errnum = errno;
  close (fd);
  errno = errnum;
  return written == (ssize_t) strlen (text);
}

static bool
write_map (const char *path, unsigned inside, unsigned outside)
{
  char line[40];

  snprintf (line, sizeof line, "%u %u 1", inside, outside);
  return write_file (path, line);
}

bool
mig_idmap_write (uid_t inside_uid, uid_t outside_uid, gid_t inside_gid, gid_t outside_gid)
{
  /* a group map of one's own is only allowed without setgroups(2) */
  return write_file ("/proc/self/setgroups", "deny") &&
         write_map ("/proc/self/uid_map", inside_uid, outside_uid) &&
         write_map ("/proc/self/gid_map", inside_gid, outside_gid);
}
