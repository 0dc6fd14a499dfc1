/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "virt/internal.h"
#include "virt/upload.h"

/* Files for guests, as volumes of a storage pool of their host. A name holds the content's digest, so that what is
 * there need not be sent again. It is read back and compared all the same: an upload that was broken off leaves a
 * volume of the right name and size. */

#define VOLUME_PREFIX "migcost-"
#define DIGEST_CHARS 16

static void
pool_unref (virStoragePoolPtr pool)
{
  if (pool)
    virStoragePoolFree (pool);
}

static void
volume_unref (virStorageVolPtr volume)
{
  if (volume)
    virStorageVolFree (volume);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStoragePool, pool_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStorageVol, volume_unref)

char *
mig_upload_name (const char *what, const char *data, gsize size)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, size);
  return g_strdup_printf (VOLUME_PREFIX "%s-%.*s", what, DIGEST_CHARS, digest);
}

static virStoragePoolPtr
open_pool (virConnectPtr connection, const MigHost *host, const char *name, GError **error)
{
  g_autoptr (virStoragePool) pool = virStoragePoolLookupByName (connection, name);

  if (!pool)
    {
      mig_virt_error (error, "host '%s' has no storage pool '%s'; name one that 'virsh pool-list' shows there",
                      host->name, name);
      return NULL;
    }
  /* what others have put there or taken away since it was started */
  if (virStoragePoolRefresh (pool, 0) < 0)
    {
      mig_virt_error (error, "cannot look into the storage pool '%s' of host '%s'; start it", name, host->name);
      return NULL;
    }
  return g_steal_pointer (&pool);
}

/* ---- the bytes ---- */

typedef struct {
  const char *data;
  gsize size, done;
} Content;

static int
give (virStreamPtr stream, char *buffer, size_t wanted, void *data)
{
  Content *content = data;
  gsize n = MIN (wanted, content->size - content->done);

  memcpy (buffer, content->data + content->done, n);
  content->done += n;
  return (int) n;
}

/* compare: what comes back; an error ends the transfer at the first difference. */
static int
compare (virStreamPtr stream, const char *buffer, size_t n, void *data)
{
  Content *content = data;

  if (n > content->size - content->done || memcmp (buffer, content->data + content->done, n) != 0)
    return -1;
  content->done += n;
  return (int) n;
}

static gboolean
send_content (virConnectPtr connection, virStorageVolPtr volume, Content content)
{
  g_autoptr (virStream) stream = virStreamNew (connection, 0);

  return stream && virStorageVolUpload (volume, stream, 0, content.size, 0) == 0
         && virStreamSendAll (stream, give, &content) == 0 && virStreamFinish (stream) == 0;
}

static gboolean
holds_content (virConnectPtr connection, virStorageVolPtr volume, Content content)
{
  g_autoptr (virStream) stream = virStreamNew (connection, 0);

  return stream && virStorageVolDownload (volume, stream, 0, 0, 0) == 0
         && virStreamRecvAll (stream, compare, &content) == 0 && virStreamFinish (stream) == 0
         && content.done == content.size;
}

static virStorageVolPtr
create_volume (virStoragePoolPtr pool, const char *name, gsize size)
{
  g_autofree char *xml = g_markup_printf_escaped (
      "<volume><name>%s</name><capacity>%" G_GSIZE_FORMAT "</capacity><allocation>0</allocation>"
      "<target><format type='raw'/><permissions><mode>0644</mode></permissions></target></volume>", name, size);
  return virStorageVolCreateXML (pool, xml, 0);
}

/* ---- from outside ---- */

static gboolean
put (virConnectPtr connection, MigHost *host, const char *pool_name, const char *name, Content content,
     MigUpload *upload, GError **error)
{
  g_autoptr (virStoragePool) pool = open_pool (connection, host, pool_name, error);
  if (!pool)
    return FALSE;
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, name);
  gint64 start = mig_clock_now ();

  upload->reused = volume && holds_content (connection, volume, content);
  if (volume && !upload->reused)
    {
      virStorageVolDelete (volume, 0);
      g_clear_pointer (&volume, volume_unref);
    }
  if (!volume)
    volume = create_volume (pool, name, content.size);
  if (!volume || (!upload->reused && !send_content (connection, volume, content)))
    {
      mig_virt_error (error, "cannot upload '%s' to the storage pool '%s' of host '%s'", name, pool_name, host->name);
      return FALSE;
    }
  char *path = virStorageVolGetPath (volume);
  if (!path)
    {
      mig_virt_error (error, "the storage pool '%s' of host '%s' does not say where '%s' is", pool_name, host->name,
                      name);
      return FALSE;
    }
  upload->path = g_strdup (path);
  upload->took_ns = mig_clock_now () - start;
  free (path);
  return TRUE;
}

gboolean
mig_host_upload (MigHost *host, const char *pool, const char *name, const char *data, gsize size, MigUpload *upload,
                 GError **error)
{
  Content content = { data, size, 0 };
  virConnectPtr connection = mig_host_borrow (host, error); /* long transfers have one of their own */
  if (!connection)
    return FALSE;
  gboolean ok = put (connection, host, pool, name, content, upload, error);
  mig_host_give_back (host, connection);
  return ok;
}

gboolean
mig_host_remove_upload (MigHost *host, const char *place, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (place, "/", 2);

  if (!parts[0] || !parts[1] || !g_str_has_prefix (parts[1], VOLUME_PREFIX))
    return TRUE; /* none of ours */
  g_autoptr (virStoragePool) pool = open_pool (host->connection, host, parts[0], error);
  if (!pool)
    return FALSE;
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, parts[1]);
  if (volume ? virStorageVolDelete (volume, 0) == 0 : virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  mig_virt_error (error, "cannot remove '%s' from the storage pool '%s' of host '%s'", parts[1], parts[0], host->name);
  return FALSE;
}
