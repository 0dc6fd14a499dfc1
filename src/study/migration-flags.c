/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "study/study.h"

static const char *const storages[] = {
  [MIG_STORAGE_STAYS] = "no",
  [MIG_STORAGE_ALL] = "all",
  [MIG_STORAGE_CHANGES] = "inc",
};

static const char *const actions[] = {
  [MIG_TIMEOUT_ABORT] = "abort",
  [MIG_TIMEOUT_SUSPEND] = "suspend",
  [MIG_TIMEOUT_POST_COPY] = "post-copy",
};

/* find: of three names; -1: none of them. */
static int
find (const char *const names[3], const char *subject, const char *name, GError **error)
{
  for (int i = 0; i < 3; i++)
    if (strcmp (names[i], name) == 0)
      return i;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "unknown %s '%s'; expected %s, %s or %s",
               subject, name, names[0], names[1], names[2]);
  return -1;
}

gboolean
mig_storage_copy_from_name (const char *name, MigStorageCopy *storage, GError **error)
{
  int index = find (storages, "copy of storage", name, error);

  if (index >= 0)
    *storage = (MigStorageCopy) index;
  return index >= 0;
}

gboolean
mig_timeout_action_from_name (const char *name, MigTimeoutAction *action, GError **error)
{
  int index = find (actions, "action at a timeout", name, error);

  if (index >= 0)
    *action = (MigTimeoutAction) index;
  return index >= 0;
}

const char *
mig_timeout_action_name (MigTimeoutAction action)
{
  return actions[action];
}
