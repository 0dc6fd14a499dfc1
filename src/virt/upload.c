/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "virt/pool-private.h"
#include "virt/upload.h"

#define VOLUME_PREFIX "migcost-"
#define DIGEST_CHARS 16
#define ENDING_CHARS 16

/* how often a transient pool that another run has ended meanwhile is opened again */
#define MAX_ATTEMPTS 5

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

/* ---- one attempt at each; gone: the pool has been ended by another run meanwhile ---- */

typedef struct {
  const char *place, *name;
  Content content;
  MigFoundUpload *found; /* of find */
  char **path;           /* of put */
} Task;

typedef gboolean (*Attempt) (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host,
                             const Task *task, gboolean *gone, GError **error);

static gboolean
find (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
      gboolean *gone, GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);

  *task->found = (MigFoundUpload){ NULL, NULL };
  if (!volume)
    {
      *gone = mig_pool_is_gone ();
      if (virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
        return TRUE;
      mig_virt_error (error, "cannot look for '%s' in the storage pool '%s' of host '%s'",
                      task->name, task->place, host->name);
      return FALSE;
    }
  task->found->why = differing (connection, volume, task->content);
  return task->found->why ||
         take_path (volume, host, task->place, task->name, &task->found->path, error);
}

static gboolean
put (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
     gboolean *gone, GError **error)
{
  g_autoptr (virStorageVol) volume = create_volume (pool, task->name, task->content.size);

  if (volume && send_content (connection, volume, task->content))
    return take_path (volume, host, task->place, task->name, task->path, error);
  *gone = !volume && mig_pool_is_gone ();
  mig_virt_error (error, "cannot upload '%s' to the storage pool '%s' of host '%s'", task->name,
                  task->place, host->name);
  return FALSE;
}

static gboolean
take_away (virConnectPtr connection, virStoragePoolPtr pool, MigHost *host, const Task *task,
           gboolean *gone, GError **error)
{
  g_autoptr (virStorageVol) volume = virStorageVolLookupByName (pool, task->name);

  if (volume ? virStorageVolDelete (volume, 0) == 0
             : virGetLastErrorCode () == VIR_ERR_NO_STORAGE_VOL)
    return TRUE;
  *gone = mig_pool_is_gone ();
  mig_virt_error (error, "cannot remove '%s' from the storage pool '%s' of host '%s'", task->name,
                  task->place, host->name);
  return FALSE;
}

/* attempt: until it is done or fails for a reason of its own. missing: there is no such place. */
static gboolean
attempt (virConnectPtr connection, MigHost *host, Attempt action, const Task *task,
         gboolean *missing, GError **error)
{
  *missing = FALSE;
  for (guint i = 0; i < MAX_ATTEMPTS; i++)
    {
      gboolean gone = FALSE;
      g_autoptr (GError) problem = NULL;
      virStoragePoolPtr pool = mig_pool_open (connection, host, task->place, &problem);
      *missing = !pool && mig_pool_is_gone ();
      gboolean done = pool && action (connection, pool, host, task, &gone, &problem);
      mig_pool_close (pool);
      if (done)
        return TRUE;
      /* another run has ended the pool, or is making it */
      if (*task->place == '/' && (gone || (!pool && !*missing)) && i + 1 < MAX_ATTEMPTS)
        continue;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return FALSE;
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
