/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workloads/console.h"
#include "workloads/modules.h"

#define MODULES "/modules"
#define MODULE_IS_COMPRESSED 4 /* MODULE_INIT_COMPRESSED_FILE, linux/module.h */

static bool
ends_in (const char *text, const char *end)
{
  size_t length = strlen (text), tail = strlen (end);
  return length >= tail && strcmp (text + length - tail, end) == 0;
}

static bool
load_module (const char *name)
{
  char path[sizeof MODULES + NAME_MAX + 2];
  int flags = ends_in (name, ".ko") ? 0 : MODULE_IS_COMPRESSED;

  snprintf (path, sizeof path, MODULES "/%s", name);
  int file = open (path, O_RDONLY | O_CLOEXEC);
  bool loaded = file >= 0 && (syscall (SYS_finit_module, file, "", flags) == 0 || errno == EEXIST);
  if (!loaded)
    mig_console_complain ("no kernel module", name);
  if (file >= 0)
    close (file);
  (void) unlink (path); /* its memory is the guest's again */
  return loaded;
}

static int
is_module (const struct dirent *entry)
{
  return strstr (entry->d_name, ".ko") != NULL;
}

bool
mig_modules_load (void)
{
  struct dirent **entries = NULL;
  int n = scandir (MODULES, &entries, is_module, alphasort);
  bool loaded = n >= 0;

  if (!loaded)
    mig_console_complain ("no kernel module", MODULES);
  for (int i = 0; i < n; i++)
    {
      loaded = loaded && load_module (entries[i]->d_name);
      free (entries[i]);
    }
  free (entries);
  return loaded;
}
