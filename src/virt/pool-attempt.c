/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "virt/pool-attempt.h"

/* how often a transient pool that another run has ended meanwhile is opened again, and how long it
 * is waited before, at most: two runs are not to be in step */
#define MAX_ATTEMPTS 20
#define MAX_PAUSE_US 100000

/* ---- what several actions do ---- */

virStorageVolPtr
mig_pool_make_volume (virStoragePoolPtr pool, const char *name, gsize size)
{
  g_autofree char *xml = g_markup_printf_escaped (
      "<volume><name>%s</name><capacity>%" G_GSIZE_FORMAT "</capacity><allocation>0</allocation>"
      "<target><format type='raw'/><permissions><mode>0644</mode></permissions></target></volume>",
      name, size);
  return virStorageVolCreateXML (pool, xml, 0);
}

gboolean
mig_pool_take_away (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);

  /* somebody else may do so at the same time */
  if ((volume && virStorageVolDelete (volume, 0) == 0) ||
      virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  mig_virt_error (error, "cannot remove '%s' from the storage pool '%s' of host '%s'", task->name,
                  task->place, host->name);
  return FALSE;
}

char *
mig_volume_path (virStorageVolPtr volume, const MigHost *host, const MigPoolTask *task,
                 GError **error)
{
  char *found = virStorageVolGetPath (volume);
  char *path = g_strdup (found);

  if (!found)
    mig_virt_error (error, "the storage pool '%s' of host '%s' does not say where '%s' is",
                    task->place, host->name, task->name);
  free (found);
  return path;
}

gboolean
mig_pool_ended_reading (virStoragePoolPtr pool, const MigHost *host, const MigPoolTask *task,
                        const char *why, GError **error)
{
  if (!why || !mig_pool_was_ended (pool))
    return FALSE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "cannot compare '%s' in the storage pool '%s' of host '%s': %s", task->name,
               task->place, host->name, why);
  return TRUE;
}

/* ---- attempts ---- */

static void
pause_at_random (void)
{
  g_usleep ((gulong) g_random_int_range (1, MAX_PAUSE_US));
}

/* set_error: of the last attempt; ended: others have ended its pool. */
static void
set_error (const MigPoolTask *task, const GError *problem, gboolean ended, GError **error)
{
  if (!ended)
    g_propagate_error (error, g_error_copy (problem));
  else if (*task->place == '/')
    g_set_error (error, MIG_ERROR, problem->code,
                 "%s; other runs have ended its transient pool %d times: try again later",
                 problem->message, MAX_ATTEMPTS);
  else
    g_set_error (error, MIG_ERROR, problem->code,
                 "%s; the pool was stopped meanwhile: start it again (virsh pool-start %s)",
                 problem->message, task->place);
}

gboolean
mig_pool_attempt (virConnectPtr connection, MigHost *host, MigPoolAction action,
                  MigPoolAction again, const MigPoolTask *task, MigPoolFailure *failure,
                  GError **error)
{
  gboolean own_pool = *task->place == '/'; /* a named one is nobody's to start but its owner's */

  for (guint i = 1;; i++)
    {
      g_autoptr (GError) problem = NULL;
      virStoragePoolPtr pool = mig_pool_open (connection, host, task->place, failure, &problem);
      gboolean done = pool && action (pool, host, task, &problem);
      gboolean ended = pool && !done && mig_pool_was_ended (pool);
      mig_pool_close (pool);
      if (done)
        return TRUE;
      if (!own_pool || (!ended && *failure != MIG_POOL_PASSING) || i == MAX_ATTEMPTS)
        {
          set_error (task, problem, ended, error);
          return FALSE;
        }
      pause_at_random ();
      action = again;
    }
}

gboolean
mig_pool_attempt_apart (MigHost *host, MigPoolAction action, MigPoolAction again,
                        const MigPoolTask *task, GError **error)
{
  MigPoolFailure failure;
  virConnectPtr connection = mig_host_borrow (host, error);

  if (!connection)
    return FALSE;
  gboolean ok = mig_pool_attempt (connection, host, action, again, task, &failure, error);
  mig_host_give_back (host, connection);
  return ok;
}
