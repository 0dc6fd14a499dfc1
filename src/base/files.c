/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"

static gboolean remove_children (int dir_fd, dev_t device, const char *path, GError **error);

static gboolean
remove_entry (int parent_fd, const char *name, dev_t device, const char *path, GError **error)
{
  struct stat st;

  if (fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    {
      if (errno == ENOENT)
        return TRUE;
      mig_error_set_errno (error, errno, "cannot access '%s'", path);
      return FALSE;
    }
  if (S_ISDIR (st.st_mode))
    {
      if (st.st_dev != device)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "'%s' is a mount point; not removed",
                       path);
          return FALSE;
        }
      int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (fd < 0)
        {
          mig_error_set_errno (error, errno, "cannot open directory '%s'", path);
          return FALSE;
        }
      if (!remove_children (fd, device, path, error)) /* closes fd */
        return FALSE;
    }
  if (unlinkat (parent_fd, name, S_ISDIR (st.st_mode) ? AT_REMOVEDIR : 0) < 0 && errno != ENOENT)
    {
      mig_error_set_errno (error, errno, "cannot remove '%s'", path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
remove_children (int dir_fd, dev_t device, const char *path, GError **error)
{
  DIR *dir = fdopendir (dir_fd);
  struct dirent *entry;
  gboolean ok = TRUE;

  if (!dir)
    {
      mig_error_set_errno (error, errno, "cannot read directory '%s'", path);
      close (dir_fd);
      return FALSE;
    }
  while (ok && (entry = readdir (dir)))
    {
      if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
        continue;
      g_autofree char *child = g_build_filename (path, entry->d_name, NULL);
      ok = remove_entry (dirfd (dir), entry->d_name, device, child, error);
    }
  closedir (dir);
  return ok;
}

gboolean
mig_files_remove_tree (const char *path, GError **error)
{
  struct stat st;

  if (lstat (path, &st) < 0)
    {
      if (errno == ENOENT)
        return TRUE;
      mig_error_set_errno (error, errno, "cannot access '%s'", path);
      return FALSE;
    }
  return remove_entry (AT_FDCWD, path, st.st_dev, path, error);
}

/* write_into: what cannot be replaced. */
static gboolean
write_into (const char *path, const char *data, gsize size, GError **error)
{
  FILE *file = fopen (path, "we");
  gboolean written = file && fwrite (data, 1, size, file) == size;
  int saved = errno;

  if (file && fclose (file) != 0 && written)
    {
      saved = errno;
      written = FALSE;
    }
  if (!written)
    mig_error_set_errno (error, saved, "cannot write '%s'", path);
  return written;
}

gboolean
mig_files_write (const char *path, const char *data, gsize size, GError **error)
{
  g_autofree char *there = realpath (path, NULL);
  struct stat st;

  if (there && stat (there, &st) == 0 && !S_ISREG (st.st_mode))
    return write_into (there, data, size, error);
  return g_file_set_contents_full (there ? there : path, data, size,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0644, error);
}

char *
mig_files_load (const char *path, const char *kind, gsize max_bytes, gsize *size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (GString) bytes = g_string_new (NULL);
  char buffer[16384];
  gssize got = fd < 0 ? -1 : 0;

  while (fd >= 0 && bytes->len < max_bytes)
    {
      got = read (fd, buffer, MIN (sizeof buffer, max_bytes - bytes->len));
      if (got > 0)
        g_string_append_len (bytes, buffer, got);
      else if (got == 0 || errno != EINTR)
        break;
    }
  if (got < 0)
    mig_error_set_errno (error, errno, "cannot read %s '%s'", kind, path);
  if (fd >= 0)
    close (fd);
  if (got < 0)
    return NULL;
  *size = bytes->len;
  return g_string_free (g_steal_pointer (&bytes), FALSE);
}

gboolean
mig_files_is_still (int fd, const char *path)
{
  struct stat opened, named;

  return fstat (fd, &opened) == 0 && lstat (path, &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

gboolean
mig_files_copy (const char *from, const char *to, int mode, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);

  if (!g_file_copy (source, target, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, error))
    return FALSE;
  if (g_chmod (to, mode) < 0)
    {
      mig_error_set_errno (error, errno, "cannot set the mode of '%s'", to);
      return FALSE;
    }
  return TRUE;
}

static char *
find_in (const char *variable, const char *installed, const char *name)
{
  const char *dirs = g_getenv (variable);

  if (dirs && *dirs)
    {
      g_auto (GStrv) list = g_strsplit (dirs, G_SEARCHPATH_SEPARATOR_S, -1);
      for (guint i = 0; list[i]; i++)
        {
          g_autofree char *path = g_build_filename (list[i], name, NULL);
          if (g_file_test (path, G_FILE_TEST_EXISTS))
            return g_steal_pointer (&path);
        }
    }
  g_autofree char *path = g_build_filename (installed, name, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

char *
mig_files_find_data (const char *name)
{
  return find_in ("MIGCOST_DATADIR", PKGDATADIR, name);
}

char *
mig_files_find_template (const char *name)
{
  if (!name || strchr (name, '/'))
    return g_strdup (name);
  g_autofree char *file = g_strdup_printf ("domains/%s.xml", name);
  return mig_files_find_data (file);
}

char *
mig_files_find_program (const char *name)
{
  return find_in ("MIGCOST_LIBEXECDIR", PKGLIBEXECDIR, name);
}
