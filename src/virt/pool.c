/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "virt/inspect.h"
#include "virt/pool-private.h"
#include "virt/xml-values.h"

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

/* value_of: what a pool's XML says at an XPath; NULL: nothing. The caller frees it. */
static char *
value_of (virStoragePoolPtr pool, const char *path)
{
  char *xml = virStoragePoolGetXMLDesc (pool, 0);
  g_auto (GStrv) values = mig_xml_values (xml, "pool", path);

  free (xml);
  return g_strdup (values[0]);
}

char *
mig_pool_directory (virStoragePoolPtr pool)
{
  g_autofree char *target = value_of (pool, "/pool/target/path");
  return target ? without_slashes (target) : NULL;
}

gboolean
mig_pool_is_remote (virStoragePoolPtr pool)
{
  g_autofree char *type = value_of (pool, "/pool/@type");
  return g_strcmp0 (type, "netfs") == 0;
}

/* NULL: none that is active has it. */
static virStoragePoolPtr
pool_of_directory (virConnectPtr connection, const char *directory)
{
  virStoragePoolPtr *pools = NULL, found = NULL;
  int n = virConnectListAllStoragePools (connection, &pools, VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *path = found ? NULL : mig_pool_directory (pools[i]);
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

/* ---- what libvirt's last error says, asked before any other call ---- */

static gboolean
is_system_error (int errnum)
{
  const virErrorPtr last = virGetLastError ();

  return last && last->code == VIR_ERR_SYSTEM_ERROR && last->int1 == errnum;
}

/* is_busy: a file is somebody else's for the moment: a server of NFS takes back what it had left to
 * a client. */
static gboolean
is_busy (void)
{
  return is_system_error (EAGAIN);
}

gboolean
mig_pool_is_gone (void)
{
  return virGetLastErrorCode () == VIR_ERR_NO_STORAGE_POOL || is_system_error (ENOENT);
}

static MigPoolFailure
last_failure (const char *place)
{
  if (is_busy ())
    return MIG_POOL_PASSING;
  if (is_system_error (ENOENT))
    return MIG_POOL_NO_DIRECTORY;
  switch (virGetLastErrorCode ())
    {
    case VIR_ERR_NO_STORAGE_POOL: /* a directory's has been ended by another run */
      return *place == '/' ? MIG_POOL_PASSING : MIG_POOL_UNKNOWN;
    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_SYSTEM_ERROR:
    case VIR_ERR_ACCESS_DENIED:
    case VIR_ERR_OPERATION_DENIED:
      return MIG_POOL_REFUSED;
    default:
      return MIG_POOL_PASSING;
    }
}

/* ---- opening ---- */

gboolean
mig_pool_refresh (virStoragePoolPtr pool)
{
  gboolean persistent = virStoragePoolIsPersistent (pool) == 1;
  int (*list) (virStoragePoolPtr, unsigned int) = virStoragePoolRefresh;

  for (guint i = 1; list (pool, 0) < 0; i++)
    {
      gboolean busy = persistent && is_busy ();
      /* libvirt has no code for a volume that is being made there */
      if (i == MAX_REFRESHES || (!busy && virGetLastErrorCode () != VIR_ERR_INTERNAL_ERROR))
        return FALSE;
      /* libvirt stops a pool that it cannot list */
      if (busy)
        list = virStoragePoolIsActive (pool) == 1 ? virStoragePoolRefresh : virStoragePoolCreate;
      g_usleep ((gulong) g_random_int_range (1, MAX_PAUSE_US));
    }
  return TRUE;
}

/* holds_files: whether its type does: what is uploaded has to keep its name and its size, and its
 * marks are empty. */
static gboolean
holds_files (virStoragePoolPtr pool, const MigHost *host, const char *place,
             MigPoolFailure *failure, GError **error)
{
  static const char *const types[] = { "dir", "fs", "netfs", NULL };
  g_autofree char *type = value_of (pool, "/pool/@type");

  if (!type)
    {
      *failure = last_failure (place);
      mig_virt_error (error, "cannot ask for the type of the storage pool '%s' of host '%s'", place,
                      host->name);
      return FALSE;
    }
  if (g_strv_contains (types, type))
    return TRUE;
  *failure = MIG_POOL_UNFIT;
  g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
               "the storage pool '%s' of host '%s' is of type '%s', which holds no files; name one "
               "of type 'dir', 'fs' or 'netfs', or a directory, which begins with a '/'",
               place, host->name, type);
  return FALSE;
}

/* is_listed: with what others have put there or taken away since it was started. */
static gboolean
is_listed (virStoragePoolPtr pool, const MigHost *host, const char *place, MigPoolFailure *failure,
           GError **error)
{
  if (mig_pool_refresh (pool))
    return TRUE;
  *failure = last_failure (place);
  mig_virt_error (error, "cannot list the storage pool '%s' of host '%s'; start it", place,
                  host->name);
  return FALSE;
}

virStoragePoolPtr
mig_pool_open (virConnectPtr connection, const MigHost *host, const char *place,
               MigPoolFailure *failure, GError **error)
{
  g_autofree char *directory = *place == '/' ? without_slashes (place) : NULL;
  g_autoptr (virStoragePool) pool = directory ? pool_of_directory (connection, directory)
                                              : open_named (connection, host, place, error);

  *failure = MIG_POOL_NO_FAILURE;
  if (!pool && directory)
    pool = make_transient (connection, host, directory, error);
  if (!pool)
    *failure = last_failure (place);
  else if (!holds_files (pool, host, place, failure, error) ||
           !is_listed (pool, host, place, failure, error))
    mig_pool_close (g_steal_pointer (&pool));
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
mig_pool_was_ended (virStoragePoolPtr pool)
{
  int active = virStoragePoolIsActive (pool);

  return active == 0 || (active < 0 && mig_pool_is_gone ());
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
