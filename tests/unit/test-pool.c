/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "hosts/undo.h"
#include "tests/unit/pool-host.h"
#include "virt/pool.h"
#include "virt/shared-upload.h"

/* What happens to a pool while migcost uses it, and which pools it uses at all, on the host that
 * libvirt makes up for tests: there a pool that is stopped keeps its volumes. */

#define OWN "migcost-kernel-0123456789abcdef-f1-00000000000000aa"
#define LEASE "migcost-lease-00000000000000aa-f1-0123456789abcdef"
#define REMOVAL "migcost-removal-"

/* ---- what others do at that very moment: in place of libvirt's calls ---- */

static const char *stops_at; /* the pool is stopped before this call of libvirt's; once */
static gboolean starts;      /* and started again before migcost looks for it anew */
static int refresh_errno;    /* with which the next n_refreshes listings fail, as libvirt's do */
static guint n_refreshes;

/* of such a listing, until the next call */
static virError last_error = { .code = VIR_ERR_SYSTEM_ERROR, .message = (char *) "why" };
static gboolean has_last_error;

static void *
real (const char *name)
{
  return dlsym (RTLD_NEXT, name);
}

static void
stop_at (const char *call)
{
  if (g_strcmp0 (stops_at, call) != 0)
    return;
  virStoragePoolPtr pool = virStoragePoolLookupByName (pool_host_connection (), POOL);
  stops_at = NULL;
  g_assert_cmpint (virStoragePoolDestroy (pool), ==, 0);
  virStoragePoolFree (pool);
}

/* start: where it is stopped. */
static void
start (void)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (pool_host_connection (), POOL);

  if (virStoragePoolIsActive (pool) == 0)
    g_assert_cmpint (virStoragePoolCreate (pool, 0), ==, 0);
  virStoragePoolFree (pool);
}

int
virStoragePoolIsActive (virStoragePoolPtr pool)
{
  int (*is_active) (virStoragePoolPtr);

  *(void **) &is_active = real ("virStoragePoolIsActive");
  has_last_error = FALSE;
  return is_active (pool);
}

int
virConnectListAllStoragePools (virConnectPtr at, virStoragePoolPtr **pools, unsigned int flags)
{
  int (*list) (virConnectPtr, virStoragePoolPtr **, unsigned int);

  *(void **) &list = real ("virConnectListAllStoragePools");
  if (starts && !stops_at)
    {
      starts = FALSE;
      start ();
    }
  return list (at, pools, flags);
}

int
virStorageVolDelete (virStorageVolPtr volume, unsigned int flags)
{
  int (*delete) (virStorageVolPtr, unsigned int);

  *(void **) &delete = real ("virStorageVolDelete");
  if (g_str_has_prefix (virStorageVolGetName (volume), REMOVAL))
    stop_at ("delete mark");
  return delete (volume, flags);
}

int
virStorageVolDownload (virStorageVolPtr volume, virStreamPtr stream, unsigned long long offset,
                       unsigned long long length, unsigned int flags)
{
  int (*download) (virStorageVolPtr, virStreamPtr, unsigned long long, unsigned long long,
                   unsigned int);

  *(void **) &download = real ("virStorageVolDownload");
  stop_at ("download");
  return download (volume, stream, offset, length, flags);
}

int
virStoragePoolListAllVolumes (virStoragePoolPtr pool, virStorageVolPtr **volumes,
                              unsigned int flags)
{
  int (*list) (virStoragePoolPtr, virStorageVolPtr **, unsigned int);

  *(void **) &list = real ("virStoragePoolListAllVolumes");
  stop_at ("list");
  return list (pool, volumes, flags);
}

/* libvirt stops a pool that it cannot list. */
int
virStoragePoolRefresh (virStoragePoolPtr pool, unsigned int flags)
{
  int (*refresh) (virStoragePoolPtr, unsigned int);

  *(void **) &refresh = real ("virStoragePoolRefresh");
  if (n_refreshes == 0)
    return refresh (pool, flags);
  n_refreshes--;
  virStoragePoolDestroy (pool);
  last_error.int1 = refresh_errno;
  has_last_error = TRUE;
  return -1;
}

virErrorPtr
virGetLastError (void)
{
  virErrorPtr (*get) (void);

  *(void **) &get = real ("virGetLastError");
  return has_last_error ? &last_error : get ();
}

int
virGetLastErrorCode (void)
{
  int (*get) (void);

  *(void **) &get = real ("virGetLastErrorCode");
  return has_last_error ? last_error.code : get ();
}

int
virStoragePoolFree (virStoragePoolPtr pool)
{
  int (*release) (virStoragePoolPtr);

  *(void **) &release = real ("virStoragePoolFree");
  has_last_error = FALSE;
  return release (pool);
}

/* ---- what is there ---- */

/* n_volumes: with that beginning, in the pool. */
static guint
n_volumes (const char *beginning)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (pool_host_connection (), POOL);
  virStorageVolPtr *volumes = NULL;
  int n = virStoragePoolListAllVolumes (pool, &volumes, 0);
  guint found = 0;

  g_assert_cmpint (n, >=, 0);
  for (int i = 0; i < n; i++)
    {
      found += g_str_has_prefix (virStorageVolGetName (volumes[i]), beginning);
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  virStoragePoolFree (pool);
  return found;
}

static void
remove_all (void)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (pool_host_connection (), POOL);
  virStorageVolPtr *volumes = NULL;
  int n = virStoragePoolListAllVolumes (pool, &volumes, 0);

  for (int i = 0; i < n; i++)
    {
      virStorageVolDelete (volumes[i], 0);
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  virStoragePoolFree (pool);
}

static void
assert_says (GError **error, const char *text)
{
  g_assert_nonnull (*error);
  if (!strstr ((*error)->message, text))
    g_error ("'%s' lacks '%s'", (*error)->message, text);
  g_clear_error (error);
}

/* ---- a pool that is stopped meanwhile ---- */

/* A mark that stayed would keep others from using what somebody uses: the directory's pool is
 * opened again for it. */
static void
test_mark_of_used (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  g_autofree char *where = mig_upload_place_text (DIRECTORY, OWN);

  pool_host_put (OWN);
  pool_host_put (LEASE);
  stops_at = "delete mark";
  starts = TRUE;
  g_assert_true (mig_host_remove_upload (host, where, &error));
  g_assert_no_error (error);
  g_assert_null (stops_at);
  g_assert_cmpuint (n_volumes (OWN), ==, 1);
  g_assert_cmpuint (n_volumes (REMOVAL), ==, 0);
  remove_all ();
}

/* Nor would anybody ever remove the mark of what is gone. */
static void
test_mark_of_removed (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  g_autofree char *where = mig_upload_place_text (DIRECTORY, OWN);
  gboolean gone;

  pool_host_put (OWN);
  stops_at = "delete mark";
  starts = TRUE;
  g_assert_true (mig_host_remove_shared_upload (host, where, &gone, &error));
  g_assert_no_error (error);
  g_assert_true (gone);
  g_assert_null (stops_at);
  g_assert_cmpuint (n_volumes (""), ==, 0);
}

/* A named pool is its owner's to start: the journal keeps what is to be done, with the same mark.
 */
static void
test_mark_in_named (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  g_autofree char *where = mig_upload_place_text (POOL, OWN);
  guint id;

  pool_host_put (OWN);
  pool_host_put (LEASE);
  stops_at = "delete mark";
  g_assert_false (mig_host_remove_upload (host, where, &error));
  assert_says (&error, "the pool was stopped meanwhile: start it again (virsh pool-start "
                       "default-pool)");
  start ();
  g_assert_cmpuint (n_volumes (REMOVAL), ==, 1);
  g_assert_true (mig_undo_push_upload (undo, host, where, &id, &error));
  stops_at = "delete mark";
  g_assert_false (mig_undo_all (undo, &error));
  assert_says (&error, "cannot list the storage pool 'default-pool' of host 'left over'; start it");
  start ();
  g_assert_cmpuint (n_volumes (REMOVAL), ==, 1);
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_volumes (OWN), ==, 1);
  g_assert_cmpuint (n_volumes (REMOVAL), ==, 0);
  remove_all ();
}

/* What cannot be read because its pool was stopped does not differ, and is not about to go. */
static void
test_use (void)
{
  static const char *const calls[] = { "list", "download" };
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  MigFoundUpload found;

  pool_host_put (OWN);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      stops_at = calls[i];
      g_assert_false (
          mig_host_use_shared_upload (host, POOL, OWN, DATA, strlen (DATA), &found, &error));
      assert_says (&error, "the pool was stopped meanwhile: start it again");
      start ();
      stops_at = calls[i];
      starts = TRUE;
      g_assert_true (
          mig_host_use_shared_upload (host, DIRECTORY, OWN, DATA, strlen (DATA), &found, &error));
      g_assert_no_error (error);
      /* of the second attempt: this host stores no bytes */
      g_assert_nonnull (strstr (found.why, "it cannot be read: this function is not supported"));
      g_free (found.why);
    }
  stops_at = "download";
  g_assert_false (mig_host_find_upload (host, POOL, OWN, DATA, strlen (DATA), &found, &error));
  assert_says (&error, "the pool was stopped meanwhile: start it again");
  start ();
  remove_all ();
}

/* ---- a pool that cannot be listed ---- */

static void
fail_refreshes (guint n, int errnum)
{
  n_refreshes = n;
  refresh_errno = errnum;
}

static void
test_refresh (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  g_autofree char *where = mig_upload_place_text (DIRECTORY, OWN);

  /* it passes; the pool goes on, which libvirt has stopped for that */
  fail_refreshes (1, EAGAIN);
  g_assert_true (mig_host_check_place (host, POOL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_volumes (""), ==, 0);

  /* it stays: libvirt's reason is told, and it is not tried again */
  fail_refreshes (2, EACCES);
  g_assert_false (mig_host_check_place (host, DIRECTORY, &error));
  assert_says (&error, "start it: why");
  g_assert_cmpuint (n_refreshes, ==, 1);
  n_refreshes = 0;
  start ();

  /* a directory that is gone has nothing that is to be taken back */
  fail_refreshes (1, ENOENT);
  g_assert_true (mig_host_remove_upload (host, where, &error));
  g_assert_no_error (error);
  start ();
}

/* ---- which pools hold files ---- */

static const struct {
  const char *type, *source;
  gboolean usable;
} types[] = {
  { "dir", "", TRUE },
  { "fs", "<source><device path='/dev/vda1'/></source>", TRUE },
  { "netfs", "<source><host name='nfs'/><dir path='/srv'/></source>", TRUE },
  { "logical", "<source><name>vg</name></source>", FALSE },
  { "disk", "<source><device path='/dev/vdb'/><format type='gpt'/></source>", FALSE },
  { "iscsi", "<source><host name='iscsi'/><device path='iqn.2013-06.org.example'/></source>",
    FALSE },
  { "rbd", "<source><name>rbd</name><host name='ceph'/></source>", FALSE },
};

static void
test_types (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<pool type='%s'><name>p</name>%s<target>"
                                              "<path>/somewhere</path></target></pool>",
                                              types[i].type, types[i].source);
      g_autofree char *expected = g_strdup_printf (
          "the storage pool 'p' of host 'h' is of type '%s', which holds no files; name one of "
          "type 'dir', 'fs' or 'netfs', or a directory",
          types[i].type);
      virStoragePoolPtr pool = virStoragePoolCreateXML (pool_host_connection (), xml, 0);
      g_test_message ("%s", types[i].type);
      g_assert_nonnull (pool);
      g_assert_cmpint (mig_host_check_place (host, "p", &error), ==, types[i].usable);
      if (!types[i].usable)
        {
          g_assert_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED);
          assert_says (&error, expected);
          /* so nothing of migcost's was ever there */
          g_assert_true (mig_host_remove_upload (host, "p/" OWN, &error));
        }
      g_assert_no_error (error);
      virStoragePoolDestroy (pool);
      virStoragePoolFree (pool);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pool_host_start ();
  g_test_add_func ("/pool/mark/used", test_mark_of_used);
  g_test_add_func ("/pool/mark/removed", test_mark_of_removed);
  g_test_add_func ("/pool/mark/named", test_mark_in_named);
  g_test_add_func ("/pool/use", test_use);
  g_test_add_func ("/pool/refresh", test_refresh);
  g_test_add_func ("/pool/types", test_types);
  int status = g_test_run ();
  pool_host_end ();
  return status;
}
