/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

const char *
fuzz_file (const uint8_t *data, size_t size, int *fd)
{
  static char path[64];

  *fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert (*fd >= 0 && write (*fd, data, size) == (ssize_t) size && lseek (*fd, 0, SEEK_SET) == 0);
  g_snprintf (path, sizeof path, "/proc/self/fd/%d", *fd);
  return path;
}

void
fuzz_file_close (int fd)
{
  close (fd);
}
