/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "virt/upload-lease.h"
#include "virt/upload.h"

/* ---- one attempt at each ---- */

static void
set_look_error (const MigHost *host, const MigPoolTask *task, GError **error)
{
  mig_virt_error (error, "cannot look for '%s' in the storage pool '%s' of host '%s'", task->name,
                  task->place, host->name);
}

/* find: result is a MigFoundUpload. */
static gboolean
find (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  MigFoundUpload *found = task->result;
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);

  *found = (MigFoundUpload){ NULL, NULL };
  if (!volume && virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  if (!volume)
    {
      set_look_error (host, task, error);
      return FALSE;
    }
  g_autofree char *why = mig_volume_differing (volume, task->content);
  if (mig_pool_ended_reading (pool, host, task, why, error))
    return FALSE;
  found->why = g_steal_pointer (&why);
  if (!found->why)
    found->path = mig_volume_path (volume, host, task, error);
  return found->why || found->path;
}

/* put, make_empty, locate: result is the path, a char *. */
static gboolean
put (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  g_autoptr (virStorageVol) volume = mig_pool_make_volume (pool, task->name, task->content.size);
  char **path = task->result;

  /* before it is sent: others may end the pool meanwhile, and what is whole stays */
  if (volume && !(*path = mig_volume_path (volume, host, task, error)))
    return FALSE;
  if (volume && mig_volume_send (volume, task->content, error))
    return TRUE;
  if (!volume)
    mig_virt_error (error, "it cannot be made");
  g_clear_pointer (path, g_free);
  g_prefix_error (error, "cannot upload '%s' to the storage pool '%s' of host '%s': ", task->name,
                  task->place, host->name);
  return FALSE;
}

/* What an attempt of this run's own has left in a pool that was ended: what is whole others may use
 * already. */
static gboolean
put_again (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);
  g_autofree char *why = volume ? mig_volume_differing (volume, task->content) : NULL;
  char **path = task->result;

  if (volume && !why)
    return (*path = mig_volume_path (volume, host, task, error)) != NULL;
  return mig_pool_take_away (pool, host, task, error) && put (pool, host, task, error);
}

static gboolean
make_empty (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  g_autoptr (virStorageVol) volume = mig_pool_make_volume (pool, task->name, task->content.size);
  char **path = task->result;

  if (volume)
    return (*path = mig_volume_path (volume, host, task, error)) != NULL;
  mig_virt_error (error, "cannot make the volume '%s' in the storage pool '%s' of host '%s'",
                  task->name, task->place, host->name);
  return FALSE;
}

static gboolean
make_empty_again (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  return mig_pool_take_away (pool, host, task, error) && make_empty (pool, host, task, error);
}

static gboolean
locate (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);
  char **path = task->result;

  *path = NULL;
  if (volume)
    return (*path = mig_volume_path (volume, host, task, error)) != NULL;
  if (virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  set_look_error (host, task, error);
  return FALSE;
}

static gboolean
do_nothing (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  return TRUE;
}

/* look: result is a MigPlaceState. */
static gboolean
look (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  MigPlaceState *found = task->result;
  g_autofree char *directory = mig_pool_directory (pool);
  virStoragePoolInfo info;

  if (!directory || virStoragePoolGetInfo (pool, &info) < 0)
    {
      mig_virt_error (error, "cannot look at the storage pool '%s' of host '%s'", task->place,
                      host->name);
      return FALSE;
    }
  *found = (MigPlaceState){ g_steal_pointer (&directory), info.capacity, info.available,
                            mig_pool_is_remote (pool) };
  return TRUE;
}

/* ---- from outside ---- */

gboolean
mig_host_check_place (MigHost *host, const char *place, GError **error)
{
  const MigPoolTask task = { place, "", { NULL, 0 }, NULL };
  return mig_pool_attempt_apart (host, do_nothing, do_nothing, &task, error);
}

gboolean
mig_host_look_at_place (MigHost *host, const char *place, MigPlaceState *state, GError **error)
{
  const MigPoolTask task = { place, "", { NULL, 0 }, state };
  return mig_pool_attempt_apart (host, look, look, &task, error);
}

gboolean
mig_host_find_upload (MigHost *host, const char *place, const char *name, const char *data,
                      gsize size, MigFoundUpload *found, GError **error)
{
  const MigPoolTask task = { place, name, { data, size }, found };
  return mig_pool_attempt_apart (host, find, find, &task, error);
}

gboolean
mig_host_upload (MigHost *host, const char *place, const char *name, const char *data, gsize size,
                 char **path, gint64 *took_ns, GError **error)
{
  const MigPoolTask task = { place, name, { data, size }, path };
  gint64 start = mig_clock_now ();

  if (!mig_pool_attempt_apart (host, put, put_again, &task, error))
    return FALSE;
  *took_ns = mig_clock_now () - start;
  return TRUE;
}

gboolean
mig_host_make_volume (MigHost *host, const char *place, const char *name, guint64 bytes,
                      char **path, GError **error)
{
  const MigPoolTask task = { place, name, { NULL, bytes }, path };
  return mig_pool_attempt_apart (host, make_empty, make_empty_again, &task, error);
}

char *
mig_host_find_volume (MigHost *host, const char *place, const char *name, GError **error)
{
  char *path = NULL;
  const MigPoolTask task = { place, name, { NULL, 0 }, &path };

  return mig_pool_attempt_apart (host, locate, locate, &task, error) ? path : NULL;
}

/* is_gone: whether the place is, with all that was in it, or never was one for files. */
static gboolean
is_gone (MigPoolFailure failure)
{
  return failure == MIG_POOL_NO_DIRECTORY || failure == MIG_POOL_UNFIT;
}

static void
set_foreign_error (const MigHost *host, const MigUploadPlace *of, GError **error)
{
  g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
               "'%s' in '%s' on host '%s' was made by another version of migcost; run that version "
               "to remove it",
               of->name, of->place, host->name);
}

static void
set_unknown_error (const MigHost *host, const MigUploadPlace *of, GError **error)
{
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "host '%s' has no storage pool '%s' at the moment to remove '%s' from; define and "
               "start it again, or, if it is gone for good, remove migcost's undo journal "
               "(~/.local/state/migcost/undo)",
               host->name, of->place, of->name);
}

gboolean
mig_host_remove_upload (MigHost *host, const char *where, GError **error)
{
  g_auto (MigUploadPlace) of = { NULL, NULL, NULL };
  gboolean parsed = mig_upload_place_parse (where, &of);
  gboolean foreign = parsed && mig_upload_is_foreign (of.name);

  if (foreign)
    set_foreign_error (host, &of, error);
  if (foreign || !parsed || !mig_upload_is_own (of.name))
    return !foreign; /* none of ours */
  MigUploadRemoval removal = { of.mark, FALSE };
  const MigPoolTask task = { of.place, of.name, { NULL, 0 }, &removal };
  MigPoolAction action = of.mark ? mig_pool_take_away_unused : mig_pool_take_away;
  g_autoptr (GError) problem = NULL;
  MigPoolFailure failure;
  if (mig_pool_attempt (host->connection, host, action, action, &task, &failure, &problem) ||
      is_gone (failure))
    return TRUE;
  if (failure == MIG_POOL_UNKNOWN)
    set_unknown_error (host, &of, error);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}
