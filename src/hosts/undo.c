/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "hosts/undo-private.h"

/* The journal is a file of one line per change or per change taken back (journal.h). The process
 * that owns it holds a lock on it, which the kernel drops when the process ends. */

#define MAX_JOURNAL_BYTES (64 * 1024 * 1024)

char *
mig_undo_directory (void)
{
  return g_build_filename (g_get_user_state_dir (), "migcost", "undo", NULL);
}

static MigUndo *
undo_new (const char *path, int fd)
{
  MigUndo *undo = g_new0 (MigUndo, 1);
  g_mutex_init (&undo->lock);
  undo->path = g_strdup (path);
  undo->fd = fd;
  undo->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_change_free);
  return undo;
}

/* open_locked: the journal at that path, held by this process alone; -1: it is somebody else's, or
 * gone. While one is made or looked at others may do so too: one that was opened and then removed
 * is none. */
static int
open_locked (const char *path, int flags)
{
  int fd = open (path, flags | O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0 || (flock (fd, LOCK_EX | LOCK_NB) == 0 && mig_files_is_still (fd, path)))
    return fd;
  close (fd);
  errno = EEXIST;
  return -1;
}

MigUndo *
mig_undo_new (GError **error)
{
  g_autofree char *directory = mig_undo_directory ();

  if (g_mkdir_with_parents (directory, 0700) < 0)
    {
      mig_error_set_errno (error, errno, "cannot create the directory '%s' for the undo journal",
                           directory);
      return NULL;
    }
  for (;;)
    {
      g_autofree char *name = g_uuid_string_random ();
      g_autofree char *path = g_strdup_printf ("%s/journal-%s", directory, name);
      int fd = open_locked (path, O_CREAT | O_EXCL);
      if (fd >= 0)
        return undo_new (path, fd);
      /* a process that recovers came between, and removes it: it held nothing */
      if (errno == EEXIST)
        continue;
      mig_error_set_errno (error, errno, "cannot create an undo journal in '%s'", directory);
      return NULL;
    }
}

void
mig_undo_free (MigUndo *undo)
{
  if (!undo)
    return;
  if (undo->changes->len == 0)
    g_unlink (undo->path);
  close (undo->fd);
  g_ptr_array_unref (undo->changes);
  g_mutex_clear (&undo->lock);
  g_free (undo->path);
  g_free (undo);
}

/* Whole or not at all: half a line would take the next one with it. */
static gboolean
write_line (MigUndo *undo, const char *line, GError **error)
{
  gsize length = strlen (line);
  off_t end = lseek (undo->fd, 0, SEEK_END);
  gssize written = write (undo->fd, line, length);

  if (written == (gssize) length && fdatasync (undo->fd) == 0)
    return TRUE;
  mig_error_set_errno (error, written >= 0 && written < (gssize) length ? ENOSPC : errno,
                       "cannot write the undo journal '%s'", undo->path);
  if (end >= 0 && ftruncate (undo->fd, end) < 0)
    mig_warning ("cannot shorten the undo journal '%s' by the half line at its end", undo->path);
  return FALSE;
}

static gboolean
push (MigUndo *undo, MigChangeKind kind, MigHost *host, const char *value, guint *id,
      GError **error)
{
  g_mutex_lock (&undo->lock);
  guint number = undo->last_id + 1;
  g_autofree char *line = mig_journal_did (number, kind, mig_host_uri (host), value);
  gboolean ok = write_line (undo, line, error);
  if (ok)
    {
      MigChange *change = mig_change_new (number, kind, mig_host_uri (host), value);
      change->host = host;
      g_ptr_array_add (undo->changes, change);
      undo->last_id = *id = number;
    }
  g_mutex_unlock (&undo->lock);
  return ok;
}

gboolean
mig_undo_push_domain (MigUndo *undo, MigHost *host, const char *domain, const char *uuid, guint *id,
                      GError **error)
{
  g_autofree char *value = g_strconcat (domain, " ", uuid, NULL);
  return push (undo, MIG_CHANGE_DOMAIN, host, value, id, error);
}

gboolean
mig_undo_push_management_pin (MigUndo *undo, MigHost *host, const char *previous, guint *id,
                              GError **error)
{
  return push (undo, MIG_CHANGE_MANAGEMENT_PIN, host, previous, id, error);
}

gboolean
mig_undo_push_upload (MigUndo *undo, MigHost *host, const char *volume, guint *id, GError **error)
{
  return push (undo, MIG_CHANGE_UPLOAD, host, volume, id, error);
}

gboolean
mig_undo_push_guest_pin (MigUndo *undo, MigHost *host, const MigGuest *guest, const char *pins,
                         guint *id, GError **error)
{
  g_autofree char *value = g_strconcat (mig_guest_uuid (guest), " ", pins, " ",
                                        mig_guest_name (guest), NULL);
  return push (undo, MIG_CHANGE_GUEST_PIN, host, value, id, error);
}

gboolean
mig_undo_push_max_downtime (MigUndo *undo, MigHost *host, const MigGuest *guest, gint64 downtime_ns,
                            guint *id, GError **error)
{
  g_autofree char *value = g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", mig_guest_uuid (guest),
                                            downtime_ns, mig_guest_name (guest));
  return push (undo, MIG_CHANGE_MAX_DOWNTIME, host, value, id, error);
}

gboolean
mig_undo_push_pool (MigUndo *undo, MigHost *host, const char *name, guint *id, GError **error)
{
  return push (undo, MIG_CHANGE_POOL, host, name, id, error);
}

void
mig_undo_forget_at (MigUndo *undo, guint index)
{
  const MigChange *change = g_ptr_array_index (undo->changes, index);
  g_autofree char *line = mig_journal_undid (change->id);

  write_line (undo, line, NULL);
  g_ptr_array_remove_index (undo->changes, index);
}

void
mig_undo_forget (MigUndo *undo, guint id)
{
  g_mutex_lock (&undo->lock);
  for (guint i = 0; i < undo->changes->len; i++)
    if (((MigChange *) g_ptr_array_index (undo->changes, i))->id == id)
      {
        mig_undo_forget_at (undo, i);
        break;
      }
  g_mutex_unlock (&undo->lock);
}

typedef struct {
  gboolean ok;
  GError **error; /* of the first failure */
} Outcome;

static void
own_taken (const MigChange *change, gpointer data)
{
}

static void
own_failed (const MigChange *change, const GError *error, gpointer data)
{
  Outcome *outcome = data;

  if (outcome->ok)
    g_propagate_error (outcome->error, g_error_copy (error));
  outcome->ok = FALSE;
}

gboolean
mig_undo_all (MigUndo *undo, GError **error)
{
  Outcome outcome = { TRUE, error };
  const MigUndoTeller teller = { own_taken, own_failed, &outcome };

  g_mutex_lock (&undo->lock);
  mig_undo_each (undo, &teller);
  g_mutex_unlock (&undo->lock);
  return outcome.ok;
}

void
mig_undo_end (MigUndo *undo)
{
  g_autoptr (GError) error = NULL;

  if (undo && !mig_undo_all (undo, &error))
    mig_warning ("%s; migcost tries again at its next start", error->message);
  mig_undo_free (undo);
}

static void
add_change (guint id, MigChangeKind kind, const char *uri, const char *value, gpointer data)
{
  g_ptr_array_add (data, mig_change_new (id, kind, uri, value));
}

MigUndo *
mig_undo_open_abandoned (const char *path)
{
  int fd = open_locked (path, 0);
  g_autofree char *text = NULL;
  gsize size;

  if (fd < 0)
    return NULL;
  text = mig_files_load (path, "the undo journal", MAX_JOURNAL_BYTES, &size, NULL);
  if (!text)
    {
      close (fd);
      return NULL;
    }
  MigUndo *undo = undo_new (path, fd);
  mig_journal_read (text, add_change, undo->changes);
  return undo;
}
