/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/units.h"
#include "lab/autogroups.h"
#include "lab/directory.h"
#include "lab/process.h"
#include "lab/state.h"
#include "lab/cleanup.h"

#define STOP_TIMEOUT_NS (20 * MIG_NS_PER_S)

static void
status_free (gpointer data)
{
  MigLabStatus *status = data;

  g_free (status->directory);
  for (guint host = 0; host < status->n_hosts; host++)
    g_free (status->uris[host]);
  g_free (status->mode);
  g_free (status);
}

static MigLabStatus *
status_of (const char *directory)
{
  MigLabStatus *status = g_new0 (MigLabStatus, 1);
  g_autoptr (MigLabState) state = mig_lab_state_load (directory, NULL);
  pid_t holder = mig_lab_directory_holder (directory);

  status->directory = g_strdup (directory);
  status->alive = holder != 0;
  status->pid = holder > 0 ? holder : 0;
  if (state)
    {
      status->n_hosts = state->n_hosts;
      for (guint host = 0; host < state->n_hosts; host++)
        status->uris[host] = g_strdup (state->uris[host]);
      status->mode = g_strdup (mig_lab_mode_name (state->mode));
    }
  return status;
}

GPtrArray *
mig_lab_list (GError **error)
{
  g_autofree char *base = mig_lab_directory_base (error);
  g_autoptr (GPtrArray) labs = g_ptr_array_new_with_free_func (status_free);
  g_autoptr (GPtrArray) paths = NULL;

  if (!base || !(paths = mig_lab_directory_list (base, error)))
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (labs, status_of (g_ptr_array_index (paths, i)));
  return g_steal_pointer (&labs);
}

MigLabHost *
mig_lab_find_host (const char *uri)
{
  g_autofree char *base = mig_lab_directory_base (NULL);
  g_autofree char *directory = base ? mig_lab_directory_of_uri (base, uri) : NULL;
  g_autoptr (MigLabState) state = directory && mig_lab_directory_holder (directory) != 0
                                      ? mig_lab_state_load (directory, NULL)
                                      : NULL;

  for (guint i = 0; state && i < state->n_hosts; i++)
    if (g_strcmp0 (state->uris[i], uri) == 0)
      {
        MigLabHost *host = g_new0 (MigLabHost, 1);
        host->kernel = g_strdup (state->kernel);
        host->initrd = g_strdup (state->initrd);
        host->migrate_uri = g_strdup (state->migrate_uris[i]);
        host->tls_why_not = g_strdup (state->tls_why_not);
        host->kvm = state->kvm;
        return host;
      }
  return NULL;
}

void
mig_lab_host_free (MigLabHost *host)
{
  if (!host)
    return;
  g_free (host->kernel);
  g_free (host->initrd);
  g_free (host->migrate_uri);
  g_free (host->tls_why_not);
  g_free (host);
}

gboolean
mig_lab_is_gone (const char *uri)
{
  g_autofree char *base = mig_lab_directory_base (NULL);
  g_autofree char *lab = base ? mig_lab_directory_of_uri (base, uri) : NULL;

  return lab && !g_file_test (lab, G_FILE_TEST_EXISTS);
}

/* remove_crashed: what a lab left that nobody keeps any more. */
static gboolean
remove_crashed (const char *directory, GError **error)
{
  g_autofree char *home = g_build_filename (directory, "0", NULL);
  guint killed = mig_cleanup_leftovers (directory);
  struct stat st;

  if (stat (home, &st) == 0)
    mig_cleanup_locks (st.st_uid);
  mig_autogroups_restore ("", directory);

  mig_info ("removing what a crashed lab left: '%s', %u processes", directory, killed);
  return mig_files_remove_tree (directory, error);
}

gboolean
mig_lab_clean (guint *cleaned, GError **error)
{
  g_autofree char *base = mig_lab_directory_base (error);
  g_autoptr (GPtrArray) paths = NULL;
  gboolean ok = TRUE;
  guint count = 0;

  if (!base)
    return FALSE;
  int lock = mig_lab_directory_lock (base, error);
  if (lock < 0)
    return FALSE;
  paths = mig_lab_directory_list (base, error);
  ok = paths != NULL;
  for (guint i = 0; ok && i < paths->len; i++)
    {
      const char *directory = g_ptr_array_index (paths, i);
      if (mig_lab_directory_holder (directory) != 0)
        continue;
      ok = remove_crashed (directory, error);
      count += ok ? 1 : 0;
    }
  mig_lab_directory_unlock (base, lock);
  if (ok && cleaned)
    *cleaned = count;
  return ok;
}

/* end_keeper: asks the process that keeps the lab to end. Its number comes from the lock it holds
 * and is looked at again when the process has been opened: nobody else can be hit. */
static gboolean
end_keeper (const char *directory, pid_t holder, GError **error)
{
  MigProcess process;
  gboolean ended = FALSE;

  if (!mig_process_open (&process, holder))
    {
      if (errno == ESRCH)
        return TRUE;
      mig_error_set_errno (error, errno, "cannot reach the process of the lab '%s'", directory);
      return FALSE;
    }
  if (mig_lab_directory_holder (directory) != holder)
    ended = TRUE;
  else if (!mig_process_signal (&process, SIGTERM))
    mig_error_set_errno (error, errno, "cannot end the lab '%s'", directory);
  else if (mig_process_wait (&process, mig_clock_now () + STOP_TIMEOUT_NS))
    ended = TRUE;
  else
    g_set_error (error, MIG_ERROR, MIG_ERROR_TIMEOUT, "the lab '%s' did not end within 20 s",
                 directory);
  mig_process_close (&process);
  return ended;
}

/* is_lab_of: directory is one of the labs of this user, not just any directory. */
static gboolean
is_lab_of (const char *base, const char *directory)
{
  g_autoptr (GPtrArray) paths = mig_lab_directory_list (base, NULL);

  for (guint i = 0; paths && i < paths->len; i++)
    if (g_str_equal (g_ptr_array_index (paths, i), directory))
      return TRUE;
  return FALSE;
}

gboolean
mig_lab_stop (const char *directory, GError **error)
{
  g_autofree char *base = mig_lab_directory_base (error);

  if (!base)
    return FALSE;
  if (!is_lab_of (base, directory))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "'%s' is not one of your labs; 'migcost lab status' lists them", directory);
      return FALSE;
    }
  pid_t holder = mig_lab_directory_holder (directory);
  if (holder < 0)
    {
      mig_error_set_errno (error, errno, "cannot access the lab '%s'", directory);
      return FALSE;
    }
  if (holder > 0 && !end_keeper (directory, holder, error))
    return FALSE;
  /* the keeper has removed it; after a crash, or where it could not, it is done here */
  return !g_file_test (directory, G_FILE_TEST_EXISTS) || remove_crashed (directory, error);
}
