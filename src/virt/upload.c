/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "virt/pool-private.h"
#include "virt/upload.h"

#define VOLUME_PREFIX "migcost-"
#define DIGEST_CHARS 16
#define ENDING_CHARS 16

/* how often a transient pool that another run has ended meanwhile is opened again, and how long it
 * is waited before, at most: two runs are not to be in step */
#define MAX_ATTEMPTS 20
#define MAX_PAUSE_US 100000

/* ---- names ---- */

char *
mig_upload_name (const char *role, const char *data, gsize size)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data,
                                                         size);
  return g_strdup_printf (VOLUME_PREFIX "%s-%.*s", role, DIGEST_CHARS, digest);
}

char *
mig_upload_own_name (const char *name)
{
  return g_strdup_printf ("%s-%08x%08x", name, g_random_int (), g_random_int ());
}

/* is_own: whether some run of migcost has made a volume of that name. */
static gboolean
is_own (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "-", -1);
  guint n = g_strv_length (parts);

  return g_str_has_prefix (name, VOLUME_PREFIX) && n >= 4 &&
         strlen (parts[n - 2]) == DIGEST_CHARS && strlen (parts[n - 1]) == ENDING_CHARS &&
         strspn (parts[n - 1], "0123456789abcdef") == ENDING_CHARS;
}

/* ---- the bytes ---- */

typedef struct {
  const char *data;
  gsize size, done;
  gboolean differs;
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

  content->differs = n > content->size - content->done ||
                     memcmp (buffer, content->data + content->done, n) != 0;
  if (content->differs)
    return -1;
  content->done += n;
  return (int) n;
}

static gboolean
send_content (virConnectPtr connection, virStorageVolPtr volume, Content content)
{
  g_autoptr (virStream) stream = virStreamNew (connection, 0);

  return stream && virStorageVolUpload (volume, stream, 0, content.size, 0) == 0 &&
         virStreamSendAll (stream, give, &content) == 0 && virStreamFinish (stream) == 0;
}

/* differing: NULL: it holds that content; otherwise what is known, which the caller frees. One that
 * cannot be read does not differ: nothing is known of it. */
static char *
differing (virConnectPtr connection, virStorageVolPtr volume, Content content)
{
  g_autoptr (virStream) stream = virStreamNew (connection, 0);
  gboolean read = stream && virStorageVolDownload (volume, stream, 0, 0, 0) == 0 &&
                  virStreamRecvAll (stream, compare, &content) == 0 &&
                  virStreamFinish (stream) == 0;

  if (content.differs || (read && content.done != content.size))
    return g_strdup ("its content differs");
  if (read)
    return NULL;
  g_autoptr (GError) cause = NULL;
  mig_virt_error (&cause, "it cannot be read");
  return g_strdup (cause->message);
}

static virStorageVolPtr
create_volume (virStoragePoolPtr pool, const char *name, gsize size)
{
  g_autofree char *xml = g_markup_printf_escaped (
      "<volume><name>%s</name><capacity>%" G_GSIZE_FORMAT "</capacity><allocation>0</allocation>"
      "<target><format type='raw'/><permissions><mode>0644</mode></permissions></target></volume>",
      name, size);
  return virStorageVolCreateXML (pool, xml, 0);
}

static gboolean
take_path (virStorageVolPtr volume, const MigHost *host, const char *place, const char *name,
           char **path, GError **error)
{
  char *found = virStorageVolGetPath (volume);

  if (!found)
    {
      mig_virt_error (error, "the storage pool '%s' of host '%s' does not say where '%s' is", place,
                      host->name, name);
      return FALSE;
    }
  *path = g_strdup (found);
  free (found);
  return TRUE;
}

/* ---- one attempt at each ---- */

typedef struct {
  const char *place, *name;
  Content content;
  MigFoundUpload *found; /* of find */
  char **path;           /* of put */
} Task;

typedef gboolean (*Attempt) (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host,
                             const Task *task, GError **error);

/* Two runs may have the same transient pool open, and the first to close it ends it. */
static gboolean
was_ended (virStoragePoolPtr pool)
{
  return virStoragePoolIsActive (pool) != 1;
}

static gboolean
find (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
      GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);

  *task->found = (MigFoundUpload){ NULL, NULL };
  if (!volume && virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  g_autofree char *why = volume ? differing (connection, volume, task->content) : NULL;
  if (!volume || (why && was_ended (pool)))
    {
      mig_virt_error (error, "cannot look for '%s' in the storage pool '%s' of host '%s'",
                      task->name, task->place, host->name);
      return FALSE;
    }
  task->found->why = g_steal_pointer (&why);
  return task->found->why ||
         take_path (volume, host, task->place, task->name, &task->found->path, error);
}

static gboolean
take_away (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
           GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);

  if (volume ? virStorageVolDelete (volume, 0) == 0
             : virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  mig_virt_error (error, "cannot remove '%s' from the storage pool '%s' of host '%s'", task->name,
                  task->place, host->name);
  return FALSE;
}

static gboolean
put (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
     GError **error)
{
  g_autoptr (virStorageVol) volume = create_volume (pool, task->name, task->content.size);

  if (volume && send_content (connection, volume, task->content))
    return take_path (volume, host, task->place, task->name, task->path, error);
  mig_virt_error (error, "cannot upload '%s' to the storage pool '%s' of host '%s'", task->name,
                  task->place, host->name);
  return FALSE;
}

static gboolean
make_empty (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
            GError **error)
{
  g_autoptr (virStorageVol) volume = create_volume (pool, task->name, task->content.size);

  if (volume)
    return take_path (volume, host, task->place, task->name, task->path, error);
  mig_virt_error (error, "cannot make the volume '%s' in the storage pool '%s' of host '%s'",
                  task->name, task->place, host->name);
  return FALSE;
}

static gboolean
locate (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
        GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);

  *task->path = NULL;
  if (volume)
    return take_path (volume, host, task->place, task->name, task->path, error);
  if (virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  mig_virt_error (error, "cannot look for '%s' in the storage pool '%s' of host '%s'", task->name,
                  task->place, host->name);
  return FALSE;
}

/* What an attempt of this run's own has left in a pool that was ended. */
static gboolean
put_again (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
           GError **error)
{
  return take_away (connection, pool, host, task, error) &&
         put (connection, pool, host, task, error);
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

/* attempt: until it is done or fails for a reason of its own. missing: there is no such place. */
static gboolean
attempt (virConnectPtr connection, MigHost *host, Attempt action, const Task *task,
         gboolean *missing, GError **error)
{
  for (guint i = 1;; i++)
    {
      g_autoptr (GError) problem = NULL;
      virStoragePoolPtr pool = mig_pool_open (connection, host, task->place, &problem);
      *missing = !pool && lacks_place (task->place);
      gboolean busy = !pool && is_busy ();
      gboolean open_later = !pool && !*missing && !is_permanent ();
      gboolean done = pool && action (connection, pool, host, task, &problem);
      gboolean ended = !done && (pool ? was_ended (pool) : open_later);
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
      if (action == put)
        action = put_again;
    }
}

/* ---- from outside ---- */

/* Long transfers have a connection of their own. */
static gboolean
attempt_apart (MigHost *host, Attempt action, const Task *task, GError **error)
{
  gboolean missing;
  virConnectPtr connection = mig_host_borrow (host, error);

  if (!connection)
    return FALSE;
  gboolean ok = attempt (connection, host, action, task, &missing, error);
  mig_host_give_back (host, connection);
  return ok;
}

gboolean
mig_host_find_upload (MigHost *host, const char *place, const char *name, const char *data,
                      gsize size, MigFoundUpload *found, GError **error)
{
  const Task task = {
    .place = place, .name = name, .content = { data, size, 0, FALSE }, .found = found
  };
  return attempt_apart (host, find, &task, error);
}

gboolean
mig_host_upload (MigHost *host, const char *place, const char *name, const char *data, gsize size,
                 char **path, gint64 *took_ns, GError **error)
{
  const Task task = {
    .place = place, .name = name, .content = { data, size, 0, FALSE }, .path = path
  };
  gint64 start = mig_clock_now ();

  if (!attempt_apart (host, put, &task, error))
    return FALSE;
  *took_ns = mig_clock_now () - start;
  return TRUE;
}

gboolean
mig_host_make_volume (MigHost *host, const char *place, const char *name, guint64 bytes,
                      char **path, GError **error)
{
  const Task task = {
    .place = place, .name = name, .content = { NULL, bytes, 0, FALSE }, .path = path
  };
  return attempt_apart (host, make_empty, &task, error);
}

char *
mig_host_find_volume (MigHost *host, const char *place, const char *name, GError **error)
{
  char *path = NULL;
  const Task task = { .place = place, .name = name, .path = &path };

  return attempt_apart (host, locate, &task, error) ? path : NULL;
}

gboolean
mig_host_remove_upload (MigHost *host, const char *where, GError **error)
{
  const char *slash = strrchr (where, '/');

  if (!slash || slash == where || !is_own (slash + 1))
    return TRUE; /* none of ours */
  g_autofree char *place = g_strndup (where, slash - where);
  const Task task = { .place = place, .name = slash + 1 };
  g_autoptr (GError) problem = NULL;
  gboolean missing;
  if (attempt (host->connection, host, take_away, &task, &missing, &problem) || missing)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}
