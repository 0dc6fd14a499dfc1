/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "hosts/journal.h"
#include "hosts/undo.h"
#include "tests/unit/pool-host.h"
#include "virt/pool.h"
#include "virt/shared-upload.h"

/* What becomes of volumes and pools that are somebody's, on the host that libvirt makes up for
 * tests. It stores no bytes: to upload or to read back fails there, after a volume has been made,
 * unless this program stores them. */

/* has: whether a volume of that name is in a pool. */
static gboolean
has (const char *pool_name, const char *name)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (pool_host_connection (), pool_name);
  g_assert_nonnull (pool);
  virStorageVolPtr volume = virStorageVolLookupByName (pool, name);
  gboolean there = volume != NULL;
  if (volume)
    virStorageVolFree (volume);
  virStoragePoolFree (pool);
  return there;
}

static int
n_pools (void)
{
  return virConnectListAllStoragePools (pool_host_connection (), NULL, 0);
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
  g_assert_true (mig_upload_is_own (one));
  g_assert_true (mig_upload_is_shared (one));
  g_assert_false (mig_upload_is_own (name));
}

/* What another version of migcost marks in a way of its own, and what somebody calls alike. */
static void
test_formats (void)
{
#define NUMBER "0123456789abcdef"
  static const struct {
    const char *name;
    gboolean own, shared, foreign;
  } names[] = {
    { "migcost-kernel-" NUMBER "-f1-" NUMBER, TRUE, TRUE, FALSE },
    { "migcost-kernel-" NUMBER "-" NUMBER, TRUE, TRUE, FALSE },
    { "migcost-disk-" NUMBER "-f1-" NUMBER, TRUE, FALSE, FALSE },
    { "migcost-lease-" NUMBER "-f1-" NUMBER, TRUE, FALSE, FALSE },
    { "migcost-kernel-" NUMBER "-f2-" NUMBER, FALSE, FALSE, TRUE },
    { "migcost-kernel-" NUMBER "-f2-" NUMBER "-" NUMBER, FALSE, FALSE, TRUE },
    { "migcost-lease-" NUMBER "-f10-", FALSE, FALSE, TRUE },
    { "migcost-kernel-" NUMBER "-f1-" NUMBER "\n", FALSE, FALSE, TRUE },
    { "migcost-kernel-" NUMBER "-mine-" NUMBER, FALSE, FALSE, FALSE },
    { "migcost-kernel-mine-" NUMBER "-" NUMBER, FALSE, FALSE, FALSE },
    { "migcost-kernel-" NUMBER, FALSE, FALSE, FALSE },
    { "kernel-" NUMBER "-f1-" NUMBER, FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("%s", names[i].name);
      g_assert_cmpint (mig_upload_is_own (names[i].name), ==, names[i].own);
      g_assert_cmpint (mig_upload_is_shared (names[i].name), ==, names[i].shared);
      g_assert_cmpint (mig_upload_is_foreign (names[i].name), ==, names[i].foreign);
    }
}

/* Where an upload is says with which mark it is removed, and that stays so. */
static void
test_place (void)
{
  static const char own[] = "migcost-kernel-" NUMBER "-f1-00000000000000aa";
  static const char disk[] = "migcost-disk-" NUMBER "-f1-" NUMBER;
  g_autofree char *text = mig_upload_place_text ("/a b/c", own);
  g_autofree char *of_disk = mig_upload_place_text ("p", disk);
  g_autofree char *shown = mig_journal_value_text (MIG_CHANGE_UPLOAD, text);
  g_autofree char *bad = g_strdup_printf ("p/%s migcost-removal-" NUMBER "-f1-" NUMBER, own);
  g_auto (MigUploadPlace) one = { NULL, NULL, NULL }, two = { NULL, NULL, NULL },
                          old = { NULL, NULL, NULL }, other = { NULL, NULL, NULL };

  g_assert_true (mig_upload_place_parse (text, &one));
  g_assert_true (mig_upload_place_parse (text, &two));
  g_assert_cmpstr (one.place, ==, "/a b/c");
  g_assert_cmpstr (one.name, ==, own);
  g_assert_true (g_str_has_prefix (one.mark, "migcost-removal-00000000000000aa-f1-"));
  g_assert_cmpstr (one.mark, ==, two.mark);
  g_assert_cmpstr (shown, ==, "/a b/c/migcost-kernel-" NUMBER "-f1-00000000000000aa");
  g_assert_cmpstr (of_disk, ==, "p/migcost-disk-" NUMBER "-f1-" NUMBER);

  /* a mark of another upload's is not used, and a journal of the first builds has none */
  g_assert_true (mig_upload_place_parse (bad, &old));
  g_assert_true (g_str_has_prefix (old.mark, "migcost-removal-00000000000000aa-f1-"));
  g_assert_false (mig_upload_place_parse ("no-place", &other));
}

/* What another version has left is for that one to remove. */
static void
test_foreign (void)
{
  static const char name[] = "migcost-kernel-" NUMBER "-f2-" NUMBER;
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  pool_host_put (name);
  names = mig_host_shared_uploads (host, POOL, "migcost-kernel-" NUMBER, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
  g_assert_false (
      mig_host_remove_upload (host, POOL "/migcost-kernel-" NUMBER "-f2-" NUMBER, &error));
  g_assert_nonnull (strstr (error->message, "was made by another version of migcost"));
  g_assert_true (has (POOL, name));
}

/* A volume that cannot be read is not one that differs: it is not used, and it stays. */
static void
test_unreadable (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mig_upload_name ("kernel", DATA, strlen (DATA));
  MigFoundUpload found;

  g_assert_true (mig_host_find_upload (host, POOL, name, DATA, strlen (DATA), &found, &error));
  g_assert_null (found.path);
  g_assert_null (found.why);
  pool_host_put (name);
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
  g_autoptr (MigHost) host = pool_host_open ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mig_upload_name ("initrd", DATA, strlen (DATA));
  g_autofree char *own = mig_upload_own_name (name), *other = mig_upload_own_name (name);
  g_autofree char *where = g_strdup_printf (POOL "/%s", own);
  g_autoptr (MigUndo) undo = mig_undo_new (&error);
  char *path = NULL;
  gint64 took_ns;
  guint id;

  pool_host_put (other);
  g_assert_true (mig_undo_push_upload (undo, host, where, &id, &error));
  g_assert_false (mig_host_upload (host, POOL, own, DATA, strlen (DATA), &path, &took_ns, &error));
  g_assert_nonnull (strstr (error->message, "its content cannot be sent: this function is not "
                                            "supported"));
  g_clear_error (&error);
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

/* define: a pool of that name, for the moment. */
static void
define (const char *name)
{
  g_autofree char *xml = g_strdup_printf (
      "<pool type='dir'><name>%s</name><target><path>/%s</path></target></pool>", name, name);
  virStoragePoolPtr pool = virStoragePoolCreateXML (pool_host_connection (), xml, 0);

  g_assert_nonnull (pool);
  virStoragePoolFree (pool);
}

/* A pool that is not there now may come back, with what is to be taken back in it. */
static void
test_no_pool (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
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
    g_assert_false (mig_undo_all (undo, &error));
    g_assert_nonnull (strstr (error->message, "has no storage pool 'nowhere' at the moment"));
    g_clear_error (&error);
  }
  g_assert_cmpuint (n_journals (), ==, 1);
  define ("nowhere");
  g_assert_true (mig_undo_recover (&id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (id, ==, 1);
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
  g_autoptr (MigHost) host = pool_host_open ();
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
  g_autoptr (MigHost) host = pool_host_open ();
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
  virStoragePoolFree (virStoragePoolCreateXML (pool_host_connection (), xml, 0));
  g_assert_cmpint (n_pools (), ==, n + 1);
  g_assert_true (mig_undo_push_pool (undo, host, POOL, &id, &error));
  g_assert_true (mig_undo_push_pool (undo, host, transient, &id, &error));
  g_assert_true (mig_undo_all (undo, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_pools (), ==, n);
  virStoragePoolPtr stays = virStoragePoolLookupByName (pool_host_connection (), POOL);
  g_assert_cmpint (virStoragePoolIsActive (stays), ==, 1);
  virStoragePoolFree (stays);
}

/* ---- what runs share ---- */

static GHashTable *stored; /* bytes of volumes, by name; NULL: libvirt's own functions */
static guint n_read;       /* of them */
static struct {
  char *name;
  gsize offset, length;
} transfer; /* the one that is under way */

/* real: libvirt's own function of that name. */
static void *
real (const char *name)
{
  return dlsym (RTLD_NEXT, name);
}

static void
begin_transfer (virStorageVolPtr volume, unsigned long long offset, unsigned long long length)
{
  g_free (transfer.name);
  transfer.name = g_strdup (virStorageVolGetName (volume));
  transfer.offset = offset;
  transfer.length = length;
}

int
virStorageVolUpload (virStorageVolPtr volume, virStreamPtr stream, unsigned long long offset,
                     unsigned long long length, unsigned int flags)
{
  int (*upload) (virStorageVolPtr, virStreamPtr, unsigned long long, unsigned long long,
                 unsigned int);

  *(void **) &upload = real ("virStorageVolUpload");
  if (!stored)
    return upload (volume, stream, offset, length, flags);
  begin_transfer (volume, offset, length);
  return 0;
}

int
virStorageVolDownload (virStorageVolPtr volume, virStreamPtr stream, unsigned long long offset,
                       unsigned long long length, unsigned int flags)
{
  int (*download) (virStorageVolPtr, virStreamPtr, unsigned long long, unsigned long long,
                   unsigned int);

  *(void **) &download = real ("virStorageVolDownload");
  if (!stored)
    return download (volume, stream, offset, length, flags);
  begin_transfer (volume, offset, length);
  return 0;
}

int
virStreamSendAll (virStreamPtr stream, virStreamSourceFunc source, void *data)
{
  GByteArray *bytes = g_byte_array_new ();
  char buffer[5];
  int n;

  while ((n = source (stream, buffer, sizeof buffer, data)) > 0)
    g_byte_array_append (bytes, (const guint8 *) buffer, (guint) n);
  g_hash_table_insert (stored, g_strdup (transfer.name), bytes);
  return n;
}

int
virStreamRecvAll (virStreamPtr stream, virStreamSinkFunc sink, void *data)
{
  const GByteArray *bytes = g_hash_table_lookup (stored, transfer.name);
  gsize n = transfer.length ? transfer.length : bytes->len - transfer.offset;

  g_assert_cmpuint (transfer.offset + n, <=, bytes->len);
  n_read += (guint) n;
  return sink (stream, (const char *) bytes->data + transfer.offset, n, data) < 0 ? -1 : 0;
}

int
virStreamFinish (virStreamPtr stream)
{
  int (*finish) (virStreamPtr);

  *(void **) &finish = real ("virStreamFinish");
  return stored ? 0 : finish (stream);
}

/* upload: another name for the same content each time. The caller frees it. */
static char *
upload_shared (MigHost *host, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mig_upload_name ("kernel", data, size);
  g_autofree char *path = NULL;
  char *own = mig_upload_own_name (name);
  gint64 took_ns;

  g_assert_true (mig_host_upload (host, POOL, own, data, size, &path, &took_ns, &error));
  g_assert_no_error (error);
  return own;
}

/* make_mark: a lease or a removal of that upload; its name. The caller frees it. */
static char *
make_mark (char *(*mark_name) (const char *), const char *own)
{
  g_autofree char *beginning = mark_name (own);
  char *mark = mig_upload_own_name (beginning);

  pool_host_put (mark);
  return mark;
}

static gboolean
can_use (MigHost *host, const char *own, const char *data, gsize size, const char *why)
{
  g_autoptr (GError) error = NULL;
  MigFoundUpload found;

  g_assert_true (mig_host_use_shared_upload (host, POOL, own, data, size, &found, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (found.why, ==, why);
  gboolean ok = found.path != NULL;
  g_free (found.why);
  g_free (found.path);
  return ok;
}

static void
remove_name (MigHost *host, const char *name)
{
  g_autofree char *where = g_strdup_printf (POOL "/%s", name);
  g_autoptr (GError) error = NULL;

  g_assert_true (mig_host_remove_upload (host, where, &error));
  g_assert_no_error (error);
}

/* What was uploaded is found again, whole, and little is read for that. */
static void
test_shared (void)
{
  enum { SIZE = 1000000 };
  g_autoptr (MigHost) host = pool_host_open ();
  g_autofree char *data = g_malloc (SIZE);
  g_autofree char *name = NULL;

  for (guint i = 0; i < SIZE; i++)
    data[i] = (char) (i * 7 + i / 256);
  name = mig_upload_name ("kernel", data, SIZE);
  stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                  (GDestroyNotify) g_byte_array_unref);
  g_autofree char *own = upload_shared (host, data, SIZE);
  g_autofree char *other = g_strconcat (name, "-mine", NULL);
  pool_host_put (other);
  g_auto (GStrv) names = mig_host_shared_uploads (host, POOL, name, NULL);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_cmpstr (names[0], ==, own);
  n_read = 0;
  g_assert_true (can_use (host, own, data, SIZE, NULL));
  g_assert_cmpuint (n_read, >, 0);
  g_assert_cmpuint (n_read, <, SIZE / 10);

  /* one that was cut off, and what has another size */
  GByteArray *bytes = g_hash_table_lookup (stored, own);
  bytes->data[SIZE - 1] ^= 1;
  g_assert_false (can_use (host, own, data, SIZE, "its content differs"));
  bytes->data[SIZE - 1] ^= 1;
  g_assert_true (can_use (host, own, data, SIZE, NULL));
  g_assert_false (can_use (host, own, data, SIZE - 1, "its size differs"));

  /* another run removes it: its mark comes first */
  g_autofree char *removal = make_mark (mig_upload_removal_name, own);
  g_assert_false (can_use (host, own, data, SIZE, NULL));
  remove_name (host, own);
  g_assert_false (has (POOL, own));
  g_assert_false (has (POOL, removal));
  g_assert_false (can_use (host, own, data, SIZE, NULL));
  g_clear_pointer (&stored, g_hash_table_unref);
  g_clear_pointer (&transfer.name, g_free);
}

/* Whatever a run removes, what another one uses stays until that has ended. */
static void
test_lease (void)
{
  g_autoptr (MigHost) host = pool_host_open ();
  g_autofree char *name = mig_upload_name ("initrd", DATA, strlen (DATA));
  g_autofree char *own = mig_upload_own_name (name), *other = mig_upload_own_name (name);
  g_autofree char *lease = make_mark (mig_upload_lease_name, own);
  g_autofree char *where = mig_upload_place_text (POOL, own);
  g_autofree char *other_where = mig_upload_place_text (POOL, other);
  g_autoptr (GError) error = NULL;
  gboolean gone;

  pool_host_put (own);
  pool_host_put (other);
  remove_name (host, own);
  g_assert_true (has (POOL, own));
  g_assert_true (mig_host_remove_shared_upload (host, where, &gone, &error));
  g_assert_false (gone);
  g_assert_true (has (POOL, own));
  g_assert_true (mig_host_remove_shared_upload (host, other_where, &gone, &error));
  g_assert_true (gone);
  g_assert_false (has (POOL, other));
  remove_name (host, lease);
  g_assert_false (has (POOL, lease));
  remove_name (host, own);
  g_assert_false (has (POOL, own));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pool_host_start ();
  g_test_add_func ("/upload/names", test_names);
  g_test_add_func ("/upload/formats", test_formats);
  g_test_add_func ("/upload/place", test_place);
  g_test_add_func ("/upload/foreign", test_foreign);
  g_test_add_func ("/upload/unreadable", test_unreadable);
  g_test_add_func ("/upload/own", test_own);
  g_test_add_func ("/upload/no-pool", test_no_pool);
  g_test_add_func ("/upload/no-driver", test_no_driver);
  g_test_add_func ("/upload/directory", test_directory);
  g_test_add_func ("/upload/shared", test_shared);
  g_test_add_func ("/upload/lease", test_lease);
  int status = g_test_run ();
  pool_host_end ();
  return status;
}
