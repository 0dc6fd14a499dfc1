/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "lab/autogroups.h"
#include "lab/directory.h"

#define AUTOGROUPS "/proc/sys/kernel/sched_autogroup_enabled"
#define FILE_NAME "autogroups"

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

/* membership: path of this process in the hierarchy with the cpu controller: a line
 * "1:cpu,cpuacct:/path", or that of cgroup v2, "0::/path". NULL: there is none. */
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

/* mount_point: of cgroup v2: "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE SOURCE OPTIONS".
 */
static char *
mount_point (const char *root)
{
  g_autofree char *text = contents (root, "/proc/self/mountinfo");
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);

  for (guint i = 0; lines[i]; i++)
    {
      const char *end = strstr (lines[i], " - ");
      g_auto (GStrv) fields = g_strsplit (lines[i], " ", 6);
      if (g_strv_length (fields) == 6 && end && g_str_has_prefix (end, " - cgroup2 "))
        return g_strdup (fields[4]);
    }
  return NULL;
}

/* has_group: this process is in a group of its own, where there are no autogroups. */
static gboolean
has_group (const char *root)
{
  gboolean unified;
  g_autofree char *path = membership (root, &unified);

  if (!path || g_str_equal (path, "/"))
    return FALSE;
  if (!unified)
    return TRUE;
  g_autofree char *mount = mount_point (root);
  g_autofree char *weight = mount ? g_build_filename (root, mount, path, "cpu.weight", NULL) : NULL;
  return weight && g_file_test (weight, G_FILE_TEST_EXISTS);
}

static gboolean
set_autogroups (const char *root, const char *value, GError **error)
{
  g_autofree char *path = g_strconcat (root, AUTOGROUPS, NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, value, strlen (value)) == (gssize) strlen (value);

  if (!ok)
    mig_error_set_errno (error, errno, "cannot write '%s' to '%s'", value, path);
  if (fd >= 0)
    close (fd);
  return ok;
}

gboolean
mig_autogroups_disable (const char *root, const char *lab_directory, GError **error)
{
  g_autofree char *now = contents (root, AUTOGROUPS);
  g_autofree char *note = g_build_filename (lab_directory, FILE_NAME, NULL);

  if (!now || g_str_equal (now, "0") || has_group (root))
    return TRUE;
  if (!mig_files_write (note, "", 0, error))
    return FALSE;
  if (set_autogroups (root, "0", error))
    return TRUE;
  g_unlink (note);
  return FALSE;
}

/* other_lab: a lab beside this one; NULL: there is none. */
static char *
other_lab (const char *lab_directory)
{
  g_autofree char *base = g_path_get_dirname (lab_directory);
  g_autoptr (GPtrArray) labs = mig_lab_directory_list (base, NULL);

  for (guint i = 0; labs && i < labs->len; i++)
    if (!g_str_equal (labs->pdata[i], lab_directory))
      return g_strdup (labs->pdata[i]);
  return NULL;
}

void
mig_autogroups_restore (const char *root, const char *lab_directory)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *note = g_build_filename (lab_directory, FILE_NAME, NULL);

  if (!g_file_test (note, G_FILE_TEST_EXISTS))
    return;
  g_autofree char *heir = other_lab (lab_directory);
  g_autofree char *inherited = heir ? g_build_filename (heir, FILE_NAME, NULL) : NULL;
  if (inherited && g_rename (note, inherited) == 0)
    return;
  if (!set_autogroups (root, "1", &error))
    mig_warning ("%s: autogroups were on before the lab", error->message);
  g_unlink (note);
}
