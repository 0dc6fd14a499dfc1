/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <libxml/xpath.h>
#include <string.h>

#include "base/xml.h"
#include "virt/inspect.h"
#include "virt/pool-private.h"

#define TRANSIENT_PREFIX "migcost-dir-"
#define DIGEST_CHARS 16

/* how often a pool is listed in which others make volumes, and how long it is waited, at most */
#define MAX_REFRESHES 20
#define MAX_PAUSE_US 100000

static char *
without_slashes (const char *directory)
{
  gsize length = strlen (directory);

  while (length > 1 && directory[length - 1] == '/')
    length--;
  return g_strndup (directory, length);
}

char *
mig_pool_transient_name (const char *place)
{
  if (*place != '/')
    return NULL;
  g_autofree char *directory = without_slashes (place);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, directory, -1);
  return g_strdup_printf (TRANSIENT_PREFIX "%.*s", DIGEST_CHARS, digest);
}

/* ---- which pool has a directory ---- */

static char *
target_of (virStoragePoolPtr pool)
{
  char *xml = virStoragePoolGetXMLDesc (pool, 0);
  xmlDocPtr doc = xml ? mig_xml_parse (xml, strlen (xml), "pool", "pool", NULL) : NULL;
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;
  xmlXPathObjectPtr object = context ? xmlXPathEvalExpression (BAD_CAST "string(/pool/target/path)",
                                                               context)
                                     : NULL;
  char *path = object && object->stringval ? g_strdup ((const char *) object->stringval) : NULL;

  xmlXPathFreeObject (object);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);
  free (xml);
  return path;
}

/* NULL: none that is active has it. */
static virStoragePoolPtr
pool_of_directory (virConnectPtr connection, const char *directory)
{
  virStoragePoolPtr *pools = NULL, found = NULL;
  int n = virConnectListAllStoragePools (connection, &pools, VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *target = found ? NULL : target_of (pools[i]);
      g_autofree char *path = target ? without_slashes (target) : NULL;
      if (g_strcmp0 (path, directory) == 0)
        found = pools[i];
      else
        virStoragePoolFree (pools[i]);
    }
  free (pools);
  return found;
}

/* Whether libvirt's last error is that it has nothing for storage there; then that is the error. */
static gboolean
lacks_driver (const MigHost *host, GError **error)
{
  if (virGetLastErrorCode () != VIR_ERR_NO_SUPPORT)
    return FALSE;
  mig_virt_error (error, "host '%s' has no storage driver; " MIG_STORAGE_DRIVER_ADVICE, host->name);
  return TRUE;
}

static virStoragePoolPtr
make_transient (virConnectPtr connection, const MigHost *host, const char *directory,
                GError **error)
{
  g_autofree char *name = mig_pool_transient_name (directory);
  g_autofree char *xml = g_markup_printf_escaped (
      "<pool type='dir'><name>%s</name><target><path>%s</path></target></pool>", name, directory);
  virStoragePoolPtr pool = virStoragePoolCreateXML (connection, xml, 0);

  if (!pool && !lacks_driver (host, error))
    mig_virt_error (error,
                    "cannot make a storage pool of the directory '%s' on host '%s'; name an "
                    "existing directory that libvirt may write to",
                    directory, host->name);
  return pool;
}

/* ---- from outside ---- */

static virStoragePoolPtr
open_named (virConnectPtr connection, const MigHost *host, const char *name, GError **error)
{
  g_autoptr (virStoragePool) pool = virStoragePoolLookupByName (connection, name);

  if (!pool && !lacks_driver (host, error))
    mig_virt_error (
        error,
        "host '%s' has no storage pool '%s'; name one that 'virsh pool-list' shows there, or a "
        "directory, which begins with a '/'",
        host->name, name);
  return g_steal_pointer (&pool);
}

gboolean
mig_pool_refresh (virStoragePoolPtr pool)
{
  for (guint i = 1; virStoragePoolRefresh (pool, 0) < 0; i++)
    {
      /* libvirt has no code for a volume that is being made there */
      if (i == MAX_REFRESHES || virGetLastErrorCode () != VIR_ERR_INTERNAL_ERROR)
        return FALSE;
      g_usleep ((gulong) g_random_int_range (1, MAX_PAUSE_US));
    }
  return TRUE;
}

virStoragePoolPtr
mig_pool_open (virConnectPtr connection, const MigHost *host, const char *place, GError **error)
{
  g_autofree char *directory = *place == '/' ? without_slashes (place) : NULL;
  g_autoptr (virStoragePool) pool = directory ? pool_of_directory (connection, directory)
                                              : open_named (connection, host, place, error);

  if (!pool && directory)
    pool = make_transient (connection, host, directory, error);
  /* what others have put there or taken away since it was started */
  if (pool && !mig_pool_refresh (pool))
    {
      mig_virt_error (error, "cannot list the storage pool '%s' of host '%s'; start it", place,
                      host->name);
      mig_pool_close (g_steal_pointer (&pool));
    }
  return g_steal_pointer (&pool);
}

static gboolean
is_transient (virStoragePoolPtr pool)
{
  return g_str_has_prefix (virStoragePoolGetName (pool), TRANSIENT_PREFIX) &&
         virStoragePoolIsPersistent (pool) == 0;
}

void
mig_pool_close (virStoragePoolPtr pool)
{
  /* destroying a pool ends it: its files and its directory stay */
  if (pool && is_transient (pool))
    virStoragePoolDestroy (pool);
  mig_pool_unref (pool);
}

gboolean
mig_pool_is_gone (void)
{
  const virErrorPtr last = virGetLastError ();

  return last && (last->code == VIR_ERR_NO_STORAGE_POOL ||
                  (last->code == VIR_ERR_SYSTEM_ERROR && last->int1 == ENOENT));
}

gboolean
mig_host_end_pool (MigHost *host, const char *name, GError **error)
{
  g_autoptr (virStoragePool) pool = virStoragePoolLookupByName (host->connection, name);

  if (pool ? !is_transient (pool) || virStoragePoolDestroy (pool) == 0 : mig_pool_is_gone ())
    return TRUE;
  if (mig_pool_is_gone ())
    return TRUE;
  mig_virt_error (error, "cannot end the storage pool '%s' of host '%s'", name, host->name);
  return FALSE;
}
