/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "lab/setup.h"

/* The certificates by which the lab's hosts migrate guests to each other by TLS. */

#define SCRIPT "pair/certificates"
#define SAYS "certificates: "
#define DIRECTORY "pki"
#define LOOPBACK "127.0.0.1"

char *
mig_certificates_directory (const MigSetup *setup, guint host)
{
  return g_strdup_printf ("%s/" DIRECTORY "/%u", setup->state->directory, host);
}

/* become_script: between fork and exec: it waits for its own children, whose ends the keeper has
 * blocked. */
static void
become_script (gpointer data)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  signal (SIGPIPE, SIG_DFL);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* last_line: of what the script has said, without its name. */
static const char *
last_line (char *said)
{
  char *line = strrchr (g_strchomp (said), '\n');

  line = line ? line + 1 : said;
  return g_str_has_prefix (line, SAYS) ? line + strlen (SAYS) : line;
}

static gboolean
run_script (char **argv, GError **error)
{
  g_autofree char *said = NULL;
  g_autoptr (GError) failed = NULL;
  int status;

  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, become_script, NULL, NULL, &said,
                     &status, error))
    return FALSE;
  if (g_spawn_check_wait_status (status, &failed))
    return TRUE;
  const char *why = last_line (said);
  g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED, "%s", *why ? why : failed->message);
  return FALSE;
}

/* make: for each host, whether the lab will be in namespaces or on loopback. */
static gboolean
make (const MigSetup *setup, GError **error)
{
  g_autofree char *script = mig_files_find_program (SCRIPT);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  if (!script)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "'%s', a part of migcost, is missing",
                   SCRIPT);
      return FALSE;
    }
  g_ptr_array_add (argv, g_steal_pointer (&script));
  g_ptr_array_add (argv, g_build_filename (setup->state->directory, DIRECTORY, NULL));
  for (guint host = 0; host < setup->state->n_hosts; host++)
    g_ptr_array_add (argv, g_strdup_printf ("%u=%s," LOOPBACK, host, mig_link_address (host)));
  g_ptr_array_add (argv, NULL);
  return run_script ((char **) argv->pdata, error);
}

static gboolean
hand_over_file (const MigSetup *setup, const char *path, GError **error)
{
  if (chown (path, setup->daemon_uid, setup->daemon_gid) == 0)
    return TRUE;
  mig_error_set_errno (error, errno, "cannot hand over '%s'", path);
  return FALSE;
}

/* hand_over: a host's directory, to the user that QEMU runs as. */
static gboolean
hand_over (const MigSetup *setup, guint host, GError **error)
{
  g_autofree char *path = mig_certificates_directory (setup, host);
  g_autoptr (GDir) directory = g_dir_open (path, 0, error);
  gboolean ok = directory && hand_over_file (setup, path, error);
  const char *name;

  while (ok && (name = g_dir_read_name (directory)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      ok = hand_over_file (setup, file, error);
    }
  return ok;
}

/* hand_over_all: the directory above them may be passed through. */
static gboolean
hand_over_all (const MigSetup *setup, GError **error)
{
  g_autofree char *path = g_build_filename (setup->state->directory, DIRECTORY, NULL);
  gboolean ok = chmod (path, 0711) == 0;

  if (!ok)
    mig_error_set_errno (error, errno, "cannot open '%s' to the lab's user", path);
  for (guint host = 0; ok && host < setup->state->n_hosts; host++)
    ok = hand_over (setup, host, error);
  return ok;
}

void
mig_certificates_make (MigSetup *setup)
{
  g_autoptr (GError) error = NULL;

  if (!make (setup, &error) || (setup->uid == 0 && !hand_over_all (setup, &error)))
    setup->state->tls_why_not = g_strdup (error->message);
}
