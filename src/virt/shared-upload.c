/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "virt/shared-upload.h"
#include "virt/upload-lease.h"
#include "virt/xml-values.h"

/* when it was uploaded; that of its last access is of no use, as libvirt reads all volumes when it
 * lists them */
#define MADE "/volume/target/timestamps/mtime"

/* ---- one attempt at each ---- */

static void
set_list_error (const MigHost *host, const MigPoolTask *task, GError **error)
{
  mig_virt_error (error, "cannot list the storage pool '%s' of host '%s'", task->place, host->name);
}

/* list: result is the names, a char **; not what somebody else has called so. */
static gboolean
list (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  g_autofree char *beginning = g_strconcat (task->name, "-", NULL);
  g_auto (GStrv) all = mig_pool_names (pool, beginning);
  g_autoptr (GStrvBuilder) shared = g_strv_builder_new ();
  char ***names = task->result;

  if (!all)
    {
      set_list_error (host, task, error);
      return FALSE;
    }
  for (guint i = 0; all[i]; i++)
    if (mig_upload_is_shared (all[i]))
      g_strv_builder_add (shared, all[i]);
  *names = g_strv_builder_end (shared);
  return TRUE;
}

/* use: result is a MigFoundUpload. */
static gboolean
use (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  MigFoundUpload *found = task->result;
  g_autofree char *removal = mig_upload_removal_name (task->name);
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);
  gboolean removed = FALSE;

  *found = (MigFoundUpload){ NULL, NULL };
  if (!volume && virGetLastErrorCode () != VIR_ERR_NO_STORAGE_VOL)
    {
      set_list_error (host, task, error);
      return FALSE;
    }
  if (!volume)
    return TRUE; /* it is gone */
  if (!mig_upload_is_marked (pool, host, task, removal, &removed, error))
    return FALSE;
  if (removed)
    return TRUE; /* about to go */
  g_autofree char *why = mig_volume_differing_in_part (volume, task->content);
  if (mig_pool_ended_reading (pool, host, task, why, error))
    return FALSE;
  found->why = g_steal_pointer (&why);
  if (!found->why)
    found->path = mig_volume_path (volume, host, task, error);
  return found->why || found->path;
}

/* made_s: by the host's clock; 0: it does not tell. */
static double
made_s (virStoragePoolPtr pool, const char *name)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, name);
  char *xml = volume ? virStorageVolGetXMLDesc (volume, 0) : NULL;
  g_auto (GStrv) times = mig_xml_values (xml, "volume", MADE);

  free (xml);
  return times[0] ? g_ascii_strtod (times[0], NULL) : 0;
}

typedef struct {
  const char *lease;
  gint64 age_s;
  char **names;
} Old;

static gboolean
is_old (virStoragePoolPtr pool, const char *name, double now_s, gint64 age_s)
{
  double then_s = made_s (pool, name);

  return then_s > 0 && now_s - then_s > (double) age_s;
}

/* list_old: result is an Old. */
static gboolean
list_old (virStoragePoolPtr pool, MigHost *host, const MigPoolTask *task, GError **error)
{
  Old *old = task->result;
  const char *role_end = strchr (strchr (task->name, '-') + 1, '-');
  g_autofree char *role = g_strndup (task->name, role_end + 1 - task->name);
  g_auto (GStrv) names = mig_pool_names (pool, role);
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();

  if (!names)
    {
      set_list_error (host, task, error);
      return FALSE;
    }
  double now_s = made_s (pool, old->lease);
  for (guint i = 0; names[i]; i++)
    if (mig_upload_is_shared (names[i]) && strcmp (names[i], task->name) != 0 &&
        is_old (pool, names[i], now_s, old->age_s))
      g_strv_builder_add (found, names[i]);
  old->names = g_strv_builder_end (found);
  return TRUE;
}

/* ---- from outside ---- */

char **
mig_host_shared_uploads (MigHost *host, const char *place, const char *name, GError **error)
{
  char **names = NULL;
  const MigPoolTask task = { place, name, { NULL, 0 }, &names };

  return mig_pool_attempt_apart (host, list, list, &task, error) ? names : NULL;
}

gboolean
mig_host_use_shared_upload (MigHost *host, const char *place, const char *own, const char *data,
                            gsize size, MigFoundUpload *found, GError **error)
{
  const MigPoolTask task = { place, own, { data, size }, found };
  return mig_pool_attempt_apart (host, use, use, &task, error);
}

char **
mig_host_old_uploads (MigHost *host, const char *place, const char *own, const char *lease,
                      gint64 age_s, GError **error)
{
  Old old = { lease, age_s, NULL };
  const MigPoolTask task = { place, own, { NULL, 0 }, &old };

  return mig_pool_attempt_apart (host, list_old, list_old, &task, error) ? old.names : NULL;
}

gboolean
mig_host_remove_shared_upload (MigHost *host, const char *where, gboolean *gone, GError **error)
{
  g_auto (MigUploadPlace) of = { NULL, NULL, NULL };

  *gone = FALSE;
  if (!mig_upload_place_parse (where, &of) || !of.mark)
    return TRUE; /* not shared */
  MigUploadRemoval removal = { of.mark, FALSE };
  const MigPoolTask task = { of.place, of.name, { NULL, 0 }, &removal };
  gboolean ok = mig_pool_attempt_apart (host, mig_pool_take_away_unused, mig_pool_take_away_unused,
                                        &task, error);
  *gone = ok && removal.gone;
  return ok;
}
