/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "lab/cgroup.h"

#define AUTOGROUPS "/proc/sys/kernel/sched_autogroup_enabled"
#define FILE_NAME "cgroup"

static char *
contents (const char *root, const char *name)
{
  g_autofree char *path = g_strconcat (root, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_strchomp (text) : NULL;
}

static gboolean
has_word (const char *text, const char *separators, const char *word)
{
  g_auto (GStrv) words = g_strsplit_set (text, separators, -1);
  return g_strv_contains ((const char *const *) words, word);
}

/* membership: path of this process in the hierarchy with the cpu controller: a line "1:cpu,cpuacct:/path", or
 * that of cgroup v2, "0::/path". NULL: there is none. */
static char *
membership (const char *root, gboolean *unified)
{
  g_autofree char *text = contents (root, "/proc/self/cgroup");
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  char *path = NULL;

  *unified = FALSE;
  for (guint i = 0; lines[i]; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ":", 3);
      if (g_strv_length (fields) != 3)
        continue;
      gboolean cpu = has_word (fields[1], ",", "cpu");
      if (!cpu && (path || fields[1][0]))
        continue;
      g_free (path);
      path = g_strdup (fields[2]);
      *unified = !cpu;
      if (cpu)
        break;
    }
  return path;
}

/* mount_point: of that hierarchy: "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE SOURCE OPTIONS". */
static char *
mount_point (const char *root, gboolean unified)
{
  g_autofree char *text = contents (root, "/proc/self/mountinfo");
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);

  for (guint i = 0; lines[i]; i++)
    {
      const char *end = strstr (lines[i], " - ");
      g_auto (GStrv) fields = g_strsplit (lines[i], " ", 6);
      g_auto (GStrv) kind = g_strsplit (end ? end + 3 : "", " ", 3);
      if (g_strv_length (fields) < 6 || g_strv_length (kind) < 3)
        continue;
      if (unified ? g_str_equal (kind[0], "cgroup2")
                  : g_str_equal (kind[0], "cgroup") && has_word (kind[2], ",", "cpu"))
        return g_strdup (fields[4]);
    }
  return NULL;
}

/* parent_v2: the root of the hierarchy, if this process's own cgroup is without the controller. */
static char *
parent_v2 (const char *root, const char *mount, const char *path, char **why)
{
  g_autofree char *weight_name = g_build_filename (mount, path, "cpu.weight", NULL);
  g_autofree char *weight = contents (root, weight_name);
  g_autofree char *enabled_name = g_build_filename (mount, "cgroup.subtree_control", NULL);
  g_autofree char *enabled = contents (root, enabled_name);

  if (weight)
    return NULL;
  if (enabled && has_word (enabled, " ", "cpu"))
    return g_strdup (mount);
  *why = g_strdup_printf ("the cpu controller is not enabled in '%s'", enabled_name);
  return NULL;
}

char *
mig_cgroup_parent (const char *root, char **why)
{
  g_autofree char *autogroups = contents (root, AUTOGROUPS);
  gboolean unified;

  *why = NULL;
  if (!autogroups || g_str_equal (autogroups, "0"))
    return NULL;
  g_autofree char *path = membership (root, &unified);
  g_autofree char *mount = path ? mount_point (root, unified) : NULL;
  if (!mount)
    *why = g_strdup ("no cgroups with the cpu controller are mounted");
  else if (unified)
    return parent_v2 (root, mount, path, why);
  else if (g_str_equal (path, "/"))
    return g_steal_pointer (&mount);
  return NULL;
}

static gboolean
move_to (const char *cgroup)
{
  g_autofree char *path = g_build_filename (cgroup, "cgroup.procs", NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, "0", 1) == 1;
  int code = errno;

  if (fd >= 0)
    close (fd);
  errno = code;
  return ok;
}

gboolean
mig_cgroup_enter (const char *parent, const char *lab_directory, GError **error)
{
  g_autofree char *name = g_path_get_basename (lab_directory);
  g_autofree char *unique = g_strconcat ("migcost-", name, NULL);
  g_autofree char *cgroup = g_build_filename (parent, unique, NULL);
  g_autofree char *note = g_build_filename (lab_directory, FILE_NAME, NULL);

  if (!mig_files_write (note, cgroup, strlen (cgroup), error))
    return FALSE;
  if (g_mkdir (cgroup, 0755) == 0 && move_to (cgroup))
    return TRUE;
  mig_error_set_errno (error, errno, "cannot use the cgroup '%s'", cgroup);
  mig_cgroup_remove (lab_directory);
  return FALSE;
}

void
mig_cgroup_remove (const char *lab_directory)
{
  g_autofree char *note = g_build_filename (lab_directory, FILE_NAME, NULL);
  g_autofree char *cgroup = contents ("", note);

  if (!cgroup)
    return;
  g_autofree char *parent = g_path_get_dirname (cgroup);
  g_autofree char *own = g_build_filename (cgroup, "cgroup.procs", NULL);
  g_autofree char *inside = contents ("", own);
  g_autofree char *self = g_strdup_printf ("%d", (int) getpid ());
  if (inside && has_word (inside, "\n", self))
    move_to (parent);
  g_rmdir (cgroup);
  g_unlink (note);
}
