/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "lab/directory.h"

#define PREFIX "lab-"
#define LOCK_NAME "lock"

/* The longest path libvirt makes below a lab's directory is
 * /0/config/libvirt/qemu/lib/domain-NNN-<20 bytes of the name>/monitor.sock: 71 bytes of 107. */
#define MAX_DIRECTORY 36
#define MAX_BASE (MAX_DIRECTORY - (int) strlen ("/" PREFIX "XXXXXX"))

static gboolean
check_base (const char *path, GError **error)
{
  struct stat st;

  if (lstat (path, &st) < 0)
    {
      if (errno == ENOENT)
        return TRUE;
      mig_error_set_errno (error, errno, "cannot access the labs' directory '%s'", path);
      return FALSE;
    }
  if (!S_ISDIR (st.st_mode) || st.st_uid != geteuid () || (st.st_mode & (S_IWGRP | S_IWOTH)))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                   "'%s' is not a directory that only this user can write to: remove it or have it "
                   "removed, then try again",
                   path);
      return FALSE;
    }
  return TRUE;
}

/* root's labs: the daemons run as somebody else and have to get through */
static int
base_mode (void)
{
  return geteuid () == 0 ? 0711 : 0700;
}

static char *
choose_base (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");

  if (geteuid () == 0 && g_access ("/run", W_OK) == 0)
    return g_strdup ("/run/migcost");
  if (geteuid () != 0 && runtime && g_path_is_absolute (runtime) && g_access (runtime, W_OK) == 0)
    {
      g_autofree char *path = g_build_filename (runtime, "migcost", NULL);
      if (strlen (path) <= (gsize) MAX_BASE)
        return g_steal_pointer (&path);
    }
  return g_strdup_printf ("/tmp/migcost-%u", geteuid ());
}

char *
mig_lab_directory_base (GError **error)
{
  g_autofree char *path = choose_base ();

  return check_base (path, error) ? g_steal_pointer (&path) : NULL;
}

static gboolean
create_base (const char *path, GError **error)
{
  if (mkdir (path, 0700) < 0)
    {
      if (errno == EEXIST)
        return check_base (path, error);
      mig_error_set_errno (error, errno, "cannot create the labs' directory '%s'", path);
      return FALSE;
    }
  if (chmod (path, base_mode ()) < 0)
    {
      mig_error_set_errno (error, errno, "cannot set the mode of '%s'", path);
      return FALSE;
    }
  return TRUE;
}

int
mig_lab_directory_lock (const char *base, GError **error)
{
  for (;;)
    {
      if (!create_base (base, error))
        return -1;
      int fd = open (base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (fd < 0 && errno == ENOENT)
        continue; /* the end of somebody's last lab came between */
      if (fd < 0 || flock (fd, LOCK_EX) < 0)
        {
          mig_error_set_errno (error, errno, "cannot lock the labs' directory '%s'", base);
          if (fd >= 0)
            close (fd);
          return -1;
        }
      if (mig_files_is_still (fd, base))
        return fd;
      close (fd);
    }
}

void
mig_lab_directory_unlock (const char *base, int lock_fd)
{
  if (g_rmdir (base) < 0 && errno != ENOTEMPTY && errno != EEXIST)
    mig_warning ("cannot remove the labs' directory '%s': %s", base, g_strerror (errno));
  close (lock_fd);
}

/* lock_lab: creates a lab's lock file and locks it; -1 with errno set. */
static int
lock_lab (const char *directory)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  g_autofree char *path = g_build_filename (directory, LOCK_NAME, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return -1;
  if (fcntl (fd, F_SETLK, &lock) < 0)
    {
      int errnum = errno;
      close (fd);
      errno = errnum;
      return -1;
    }
  return fd;
}

char *
mig_lab_directory_create (const char *base, int *lock_fd, GError **error)
{
  g_autofree char *path = g_build_filename (base, PREFIX "XXXXXX", NULL);

  if (!g_mkdtemp_full (path, 0711))
    {
      mig_error_set_errno (error, errno, "cannot create a directory for the lab in '%s'", base);
      return NULL;
    }
  int fd = lock_lab (path);
  if (fd < 0 || chmod (path, 0711) < 0)
    {
      mig_error_set_errno (error, errno, "cannot lock the lab's directory '%s'", path);
      if (fd >= 0)
        close (fd);
      g_rmdir (path);
      return NULL;
    }
  *lock_fd = fd;
  return g_steal_pointer (&path);
}

static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
mig_lab_directory_list (const char *base, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (base, 0, &local);
  const char *name;

  if (!dir && g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&paths);
  if (!dir)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, PREFIX))
      g_ptr_array_add (paths, g_build_filename (base, name, NULL));
  g_ptr_array_sort (paths, compare_paths);
  return g_steal_pointer (&paths);
}

char *
mig_lab_directory_of (const char *base, const char *path)
{
  g_autofree char *prefix = g_build_filename (base, PREFIX, NULL);
  const char *end = g_str_has_prefix (path, prefix) ? strchr (path + strlen (prefix), '/') : NULL;

  return end ? g_strndup (path, (gsize) (end - path)) : NULL;
}

char *
mig_lab_directory_of_uri (const char *base, const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  const char *text = parsed ? g_uri_get_query (parsed) : NULL;
  g_autoptr (GHashTable) query = text ? g_uri_parse_params (text, -1, "&", G_URI_PARAMS_NONE, NULL)
                                      : NULL;
  const char *socket = query ? g_hash_table_lookup (query, "socket") : NULL;

  return socket ? mig_lab_directory_of (base, socket) : NULL;
}

pid_t
mig_lab_directory_holder (const char *directory)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  g_autofree char *path = g_build_filename (directory, LOCK_NAME, NULL);
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  int result;

  if (fd < 0)
    return errno == ENOENT ? 0 : -1;
  result = fcntl (fd, F_GETLK, &lock);
  close (fd);
  if (result < 0)
    return -1;
  return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}
