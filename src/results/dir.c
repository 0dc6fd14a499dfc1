/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "results/dir.h"

/* is_empty: no entries; an unreadable directory is not. */
static gboolean
is_empty (int fd)
{
  int copy = openat (fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = copy < 0 ? NULL : fdopendir (copy);
  struct dirent *entry;
  gboolean empty = TRUE;

  if (!entries)
    {
      if (copy >= 0)
        close (copy);
      return FALSE;
    }
  while (empty && (entry = readdir (entries)))
    empty = strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0;
  closedir (entries);
  return empty;
}

/* take_over: an empty directory that is there, as if it had been made: others may not look into it.
 */
static gboolean
take_over (int fd)
{
  struct stat st;
  return fstat (fd, &st) == 0 && st.st_uid == geteuid () && is_empty (fd) && fchmod (fd, 0700) == 0;
}

gboolean
mig_dir_create (MigDir *dir, const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  gboolean made;

  if (g_mkdir_with_parents (parent, 0777) < 0)
    {
      mig_error_set_errno (error, errno, "cannot create directory '%s'", parent);
      return FALSE;
    }
  made = mkdir (path, 0700) == 0;
  if (!made && errno != EEXIST)
    {
      mig_error_set_errno (error, errno, "cannot create result directory '%s'", path);
      return FALSE;
    }
  dir->fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (dir->fd < 0 || (!made && !take_over (dir->fd)))
    {
      if (dir->fd >= 0)
        close (dir->fd);
      dir->fd = -1;
      g_set_error (
          error, MIG_ERROR, MIG_ERROR_EXISTS,
          "'%s' exists and is not an empty directory of yours; name another one, or resume it",
          path);
      return FALSE;
    }
  dir->path = g_strdup (path);
  return TRUE;
}

gboolean
mig_dir_open (MigDir *dir, const char *path, GError **error)
{
  dir->fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir->fd < 0)
    {
      mig_error_set_errno (error, errno, "cannot open result directory '%s'", path);
      return FALSE;
    }
  dir->path = g_strdup (path);
  return TRUE;
}

void
mig_dir_close (MigDir *dir)
{
  if (dir->path)
    close (dir->fd);
  dir->fd = -1;
  g_clear_pointer (&dir->path, g_free);
}

gboolean
mig_dir_lock (const MigDir *dir, GError **error)
{
  if (flock (dir->fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  if (errno == EWOULDBLOCK)
    g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                 "another migcost is writing to result directory '%s'; wait for it to end",
                 dir->path);
  else
    mig_error_set_errno (error, errno, "cannot lock result directory '%s'", dir->path);
  return FALSE;
}

static gboolean
check_name (const char *name, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  for (guint i = 0; parts[i] || i == 0; i++)
    if (!parts[i] || *parts[i] == '\0' || strcmp (parts[i], ".") == 0 ||
        strcmp (parts[i], "..") == 0)
      {
        g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                     "'%s' is not a name for a file in a result directory", name);
        return FALSE;
      }
  return TRUE;
}

/* open_folder: the folder that holds name, a new descriptor; made if wanted. */
static int
open_folder (const MigDir *dir, const char *name, gboolean create)
{
  int fd = openat (dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const char *slash;

  for (; fd >= 0 && (slash = strchr (name, '/')); name = slash + 1)
    {
      g_autofree char *part = g_strndup (name, slash - name);
      if (create && mkdirat (fd, part, 0700) < 0 && errno != EEXIST)
        {
          int saved = errno;
          close (fd);
          errno = saved;
          return -1;
        }
      int next = openat (fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      int saved = errno;
      close (fd);
      errno = saved;
      fd = next;
    }
  return fd;
}

static const char *
last_part (const char *name)
{
  const char *slash = strrchr (name, '/');
  return slash ? slash + 1 : name;
}

int
mig_dir_open_file (const MigDir *dir, const char *name, int flags, GError **error)
{
  struct stat st;

  if (!check_name (name, error))
    return -1;
  int folder = open_folder (dir, name, flags & O_CREAT);
  /* O_NONBLOCK: a FIFO put there must not hang us; without effect on regular files */
  int fd = folder < 0 ? -1
                      : openat (folder, last_part (name),
                                flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0644);
  int saved = errno;
  if (folder >= 0)
    close (folder);
  if (fd >= 0 && fstat (fd, &st) == 0 && !S_ISREG (st.st_mode))
    {
      close (fd);
      fd = -1;
      saved = EINVAL;
    }
  if (fd < 0)
    mig_error_set_errno (error, saved, "cannot open '%s/%s'", dir->path, name);
  return fd;
}

gboolean
mig_dir_has (const MigDir *dir, const char *name)
{
  struct stat st;
  return fstatat (dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode);
}

gboolean
mig_dir_write_all (const MigDir *dir, const char *name, int fd, const char *data, gsize size,
                   GError **error)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          mig_error_set_errno (error, errno, "cannot write '%s/%s'", dir->path, name);
          return FALSE;
        }
      data += n;
      size -= n;
    }
  return TRUE;
}

static gboolean
rename_into_place (const MigDir *dir, const char *temporary, const char *name, GError **error)
{
  int folder = open_folder (dir, name, FALSE);
  gboolean ok = folder >= 0 &&
                renameat (folder, last_part (temporary), folder, last_part (name)) == 0 &&
                fsync (folder) == 0;

  if (!ok)
    mig_error_set_errno (error, errno, "cannot write '%s/%s'", dir->path, name);
  if (folder >= 0)
    close (folder);
  return ok;
}

static void
remove_file (const MigDir *dir, const char *name)
{
  int folder = open_folder (dir, name, FALSE);

  if (folder < 0)
    return;
  unlinkat (folder, last_part (name), 0);
  close (folder);
}

gboolean
mig_dir_save (const MigDir *dir, const char *name, const char *data, gsize size, GError **error)
{
  g_autofree char *temporary = g_strconcat (name, ".part", NULL);
  int fd = mig_dir_open_file (dir, temporary, O_WRONLY | O_CREAT | O_TRUNC, error);

  if (fd < 0)
    return FALSE;
  gboolean ok = mig_dir_write_all (dir, name, fd, data, size, error);
  if (ok && fsync (fd) < 0)
    {
      mig_error_set_errno (error, errno, "cannot write '%s/%s'", dir->path, name);
      ok = FALSE;
    }
  close (fd);
  ok = ok && rename_into_place (dir, temporary, name, error);
  if (!ok)
    remove_file (dir, temporary);
  return ok;
}

char *
mig_dir_load (const MigDir *dir, const char *name, gsize max_bytes, gsize *size, GError **error)
{
  struct stat st;
  gsize have = 0;
  int fd = mig_dir_open_file (dir, name, O_RDONLY, error);

  if (fd < 0)
    return NULL;
  if (fstat (fd, &st) < 0 || st.st_size < 0 || (gsize) st.st_size > max_bytes)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "'%s/%s' is larger than %" G_GSIZE_FORMAT " bytes", dir->path, name, max_bytes);
      close (fd);
      return NULL;
    }
  g_autofree char *data = g_malloc (st.st_size + 1);
  while (have < (gsize) st.st_size)
    {
      gssize n = read (fd, data + have, st.st_size - have);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          mig_error_set_errno (error, errno, "cannot read '%s/%s'", dir->path, name);
          close (fd);
          return NULL;
        }
      if (n == 0)
        break;
      have += n;
    }
  close (fd);
  data[have] = '\0';
  if (size)
    *size = have;
  return g_steal_pointer (&data);
}

gboolean
mig_dir_remove (const MigDir *dir, const char *name, GError **error)
{
  int folder = open_folder (dir, name, FALSE);
  gboolean ok = folder >= 0 && (unlinkat (folder, last_part (name), 0) == 0 || errno == ENOENT) &&
                fsync (folder) == 0;

  if (!ok)
    mig_error_set_errno (error, errno, "cannot remove '%s/%s'", dir->path, name);
  if (folder >= 0)
    close (folder);
  return ok;
}

gboolean
mig_dir_sync (const MigDir *dir, GError **error)
{
  if (fsync (dir->fd) == 0)
    return TRUE;
  mig_error_set_errno (error, errno, "cannot write directory '%s'", dir->path);
  return FALSE;
}
