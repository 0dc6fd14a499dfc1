/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>

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

  if (volume ? virStorageVolDelete (volume, 0) == 0
             : virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
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

/* ---- attempts ---- */

gboolean
mig_pool_was_ended (virStoragePoolPtr pool)
{
  return virStoragePoolIsActive (pool) != 1;
}

/* Whether libvirt's last error says that there is no such place. A directory's pool that is gone
 * has been ended by another run. */
static gboolean
lacks_place (const char *place)
{
  return mig_pool_is_gone () &&
         (*place != '/' || virGetLastErrorCode () != VIR_ERR_NO_STORAGE_POOL);
}

/* is_busy: libvirt's last error is that a file is somebody else's for the moment: a server of NFS
 * takes back what it had left to a client. */
static gboolean
is_busy (void)
{
  const virErrorPtr last = virGetLastError ();

  return last && last->code == VIR_ERR_SYSTEM_ERROR && last->int1 == EAGAIN;
}

/* Whether libvirt's last error stays, whoever else uses the place. */
static gboolean
is_permanent (void)
{
  if (is_busy ())
    return FALSE;
  switch (virGetLastErrorCode ())
    {
    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_SYSTEM_ERROR:
    case VIR_ERR_ACCESS_DENIED:
    case VIR_ERR_OPERATION_DENIED:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
pause_at_random (void)
{
  g_usleep ((gulong) g_random_int_range (1, MAX_PAUSE_US));
}

gboolean
mig_pool_attempt (virConnectPtr connection, MigHost *host, MigPoolAction action,
                  MigPoolAction again, const MigPoolTask *task, gboolean *missing, GError **error)
{
  for (guint i = 1;; i++)
    {
      g_autoptr (GError) problem = NULL;
      virStoragePoolPtr pool = mig_pool_open (connection, host, task->place, &problem);
      *missing = !pool && lacks_place (task->place);
      gboolean busy = !pool && is_busy ();
      gboolean open_later = !pool && !*missing && !is_permanent ();
      gboolean done = pool && action (pool, host, task, &problem);
      gboolean ended = !done && (pool ? mig_pool_was_ended (pool) : open_later);
      mig_pool_close (pool);
      if (done)
        return TRUE;
      /* a named pool is nobody's to end but its owner's */
      if ((*task->place != '/' && !busy) || !ended || i == MAX_ATTEMPTS)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
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
  gboolean missing;
  virConnectPtr connection = mig_host_borrow (host, error);

  if (!connection)
    return FALSE;
  gboolean ok = mig_pool_attempt (connection, host, action, again, task, &missing, error);
  mig_host_give_back (host, connection);
  return ok;
}
