/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "hosts/undo.h"
#include "virt/loop.h"
#include "virt/pool.h"
#include "virt/upload.h"

/* What becomes of volumes and pools that are somebody's, on the host that libvirt makes up for
 * tests. It stores no bytes: to upload or to read back always fails there, after a volume has been
 * made. */

#define URI "test:///default"
#define POOL "default-pool"
#define DIRECTORY "/default-pool" /* that it has */
#define DATA "what guests boot"

static char *top;
static virConnectPtr connection; /* the test's own */

static MigHost *
open_host (void)
{
  g_autoptr (GError) error = NULL;
  MigHost *host = mig_host_open ("h", URI, &error);
  g_assert_no_error (error);
  return host;
}

/* has: whether a volume of that name is in a pool. */
static gboolean
has (const char *pool_name, const char *name)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (connection, pool_name);
  g_assert_nonnull (pool);
  virStorageVolPtr volume = virStorageVolLookupByName (pool, name);
  gboolean there = volume != NULL;
  if (volume)
    virStorageVolFree (volume);
  virStoragePoolFree (pool);
  return there;
}

static void
put (const char *name)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (connection, POOL);
  g_autofree char *xml = g_strdup_printf ("<volume><name>%s</name><capacity>%u</capacity></volume>",
                                          name, (guint) strlen (DATA));
  virStorageVolPtr volume = virStorageVolCreateXML (pool, xml, 0);
  g_assert_nonnull (volume);
  virStorageVolFree (volume);
  virStoragePoolFree (pool);
}

static int
n_pools (void)
{
  return virConnectListAllStoragePools (connection, NULL, 0);
}

static guint
n_journals (void)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "migcost", "undo", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir && (name = g_dir_read_name (dir)))
    n += g_str_has_prefix (name, "journal-");
  return n;
}

static void
test_names (void)
{
  g_autofree char *name = mig_upload_name ("kernel", DATA, strlen (DATA));
  g_autofree char *one = mig_upload_own_name (name), *other = mig_upload_own_name (name);

  g_assert_cmpstr (one, !=, other);
  g_assert_true (g_str_has_prefix (one, name));
}

/* A volume that cannot be read is not one that differs: it is not used, and it stays. */
static void
test_unreadable (void)
{
  g_autoptr (MigHost) host = open_host ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mig_upload_name ("kernel", DATA, strlen (DATA));
  MigFoundUpload found;

  g_assert_true (mig_host_find_upload (host, POOL, name, DATA, strlen (DATA), &found, &error));
  g_assert_null (found.path);
  g_assert_null (found.why);
  put (name);
  g_assert_true (mig_host_find_upload (host, POOL, name, DATA, strlen (DATA), &found, &error));
  g_assert_no_error (error);
  g_assert_null (found.path);
  g_assert_nonnull (strstr (found.why, "it cannot be read: "));
  g_free (found.why);
  g_assert_true (has (POOL, name));

  /* nor is it removed by anybody's undo, whatever a journal says */
  g_autofree char *where = g_strdup_printf (POOL "/%s", name);
  g_assert_true (mig_host_remove_upload (host, where, &error));
  g_assert_true (has (POOL, name));
}

/* What a run has put there goes, and what another one has does not. */
static void
test_own (void)
{
  g_autoptr (MigHost) host = open_host ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mig_upload_name ("initrd", DATA, strlen (DATA));
  g_autofree char *own = mig_upload_own_name (name), *other = mig_upload_own_name (name);
  g_autofree char *where = g_strdup_printf (POOL "/%s", own);
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  char *path = NULL;
  gint64 took_ns;
  guint id;

  put (other);
  g_assert_true (mig_undo_push_upload (undo, host, where, &id, &error));
  g_assert_false (mig_host_upload (host, POOL, own, DATA, strlen (DATA), &path, &took_ns, NULL));
  g_assert_true (has (POOL, own));
  g_assert_false (
      mig_host_upload (host, POOL, other, DATA, strlen (DATA), &path, &took_ns, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "exists"));
  g_clear_error (&error);
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_no_error (error);
  g_assert_false (has (POOL, own));
  g_assert_true (has (POOL, other));
}

/* A pool that is not there has nothing that is to be taken back. */
static void
test_no_pool (void)
{
  g_autoptr (MigHost) host = open_host ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mig_upload_name ("kernel", DATA, strlen (DATA));
  g_autofree char *own = mig_upload_own_name (name);
  g_autofree char *where = g_strdup_printf ("nowhere/%s", own);
  MigFoundUpload found;
  guint id;

  g_assert_false (
      mig_host_find_upload (host, "nowhere", name, DATA, strlen (DATA), &found, &error));
  g_assert_nonnull (strstr (error->message, "host 'h' has no storage pool 'nowhere'"));
  g_clear_error (&error);
  {
    g_autoptr (MigUndo) undo = mig_undo_new (&error);
    g_assert_true (mig_undo_push_upload (undo, host, where, &id, &error));
    g_assert_cmpuint (n_journals (), ==, 1);
    g_assert_true (mig_undo_all (undo, &error));
    g_assert_no_error (error);
  }
  g_assert_cmpuint (n_journals (), ==, 0);
}

/* A host that has nothing for storage: what asks libvirt finds this program's own functions. */
static guint n_refused;
static gboolean refuses;

virStoragePoolPtr
virStoragePoolCreateXML (virConnectPtr at, const char *xml, unsigned int flags)
{
  virStoragePoolPtr (*real) (virConnectPtr, const char *, unsigned int);

  *(void **) &real = dlsym (RTLD_NEXT, "virStoragePoolCreateXML");
  if (!refuses)
    return real (at, xml, flags);
  n_refused++;
  return NULL;
}

int
virGetLastErrorCode (void)
{
  int (*real) (void);

  *(void **) &real = dlsym (RTLD_NEXT, "virGetLastErrorCode");
  return refuses ? VIR_ERR_NO_SUPPORT : real ();
}

/* What stays as it is is not tried again. */
static void
test_no_driver (void)
{
  g_autoptr (MigHost) host = open_host ();
  g_autoptr (GError) error = NULL;
  MigFoundUpload found;

  refuses = TRUE;
  g_assert_false (mig_host_find_upload (host, "/elsewhere", "migcost-kernel-0", DATA, strlen (DATA),
                                        &found, &error));
  refuses = FALSE;
  g_assert_nonnull (strstr (error->message, "host 'h' has no storage driver"));
  g_assert_cmpuint (n_refused, ==, 1);
}

/* A directory: the pool that has it, which stays, or else one for the moment. */
static void
test_directory (void)
{
  g_autoptr (MigHost) host = open_host ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mig_upload_name ("kernel", DATA, strlen (DATA));
  g_autofree char *own = mig_upload_own_name (name);
  g_autofree char *where = g_strdup_printf (DIRECTORY "/%s", own);
  g_autofree char *transient = mig_pool_transient_name ("/elsewhere/");
  g_autofree char *same = mig_pool_transient_name ("/elsewhere");
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  MigFoundUpload found;
  char *path = NULL;
  gint64 took_ns;
  guint id;
  int n = n_pools ();

  g_assert_null (mig_pool_transient_name (POOL));
  g_assert_cmpstr (transient, ==, same);
  g_assert_false (
      mig_host_upload (host, DIRECTORY "/", own, DATA, strlen (DATA), &path, &took_ns, NULL));
  g_assert_true (has (POOL, own));
  g_assert_true (mig_host_remove_upload (host, where, &error));
  g_assert_false (has (POOL, own));
  g_assert_cmpint (n_pools (), ==, n);

  g_assert_true (
      mig_host_find_upload (host, "/elsewhere", name, DATA, strlen (DATA), &found, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_pools (), ==, n);

  /* one that a killed run has left, and one that is somebody's */
  g_autofree char *xml = g_strdup_printf (
      "<pool type='dir'><name>%s</name><target><path>/elsewhere</path></target></pool>", transient);
  virStoragePoolFree (virStoragePoolCreateXML (connection, xml, 0));
  g_assert_cmpint (n_pools (), ==, n + 1);
  g_assert_true (mig_undo_push_pool (undo, host, POOL, &id, &error));
  g_assert_true (mig_undo_push_pool (undo, host, transient, &id, &error));
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_pools (), ==, n);
  virStoragePoolPtr stays = virStoragePoolLookupByName (connection, POOL);
  g_assert_cmpint (virStoragePoolIsActive (stays), ==, 1);
  virStoragePoolFree (stays);
}

static void
be_quiet (void *user, virErrorPtr error)
{
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_setenv ("XDG_STATE_HOME", top, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  virSetErrorFunc (NULL, be_quiet);
  connection = virConnectOpen (URI);
  g_assert_nonnull (connection);
  g_test_add_func ("/upload/names", test_names);
  g_test_add_func ("/upload/unreadable", test_unreadable);
  g_test_add_func ("/upload/own", test_own);
  g_test_add_func ("/upload/no-pool", test_no_pool);
  g_test_add_func ("/upload/no-driver", test_no_driver);
  g_test_add_func ("/upload/directory", test_directory);
  int status = g_test_run ();
  virConnectClose (connection);
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (top);
  return status;
}
