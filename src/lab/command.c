/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/command.h"

void
mig_command_enter_netns (gpointer data)
{
  const int *netns = data;

  if (*netns >= 0 && setns (*netns, CLONE_NEWNET) < 0)
    {
      static const char message[] = "cannot enter the network namespace\n";
      if (write (STDERR_FILENO, message, sizeof message - 1) < 0)
        _exit (126);
      _exit (127);
    }
}

gboolean
mig_command_run (int netns, const char *program, const char *arguments, GError **error)
{
  g_autofree char *line = g_strconcat (program, " ", arguments, NULL);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autofree char *errors = NULL;
  g_autoptr (GError) local = NULL;
  int status;

  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, mig_command_enter_netns, &netns,
                     NULL, &errors, &status, error))
    return FALSE;
  if (g_spawn_check_wait_status (status, &local))
    return TRUE;
  g_strstrip (errors);
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "'%s' failed: %s", line,
               *errors ? errors : local->message);
  return FALSE;
}
