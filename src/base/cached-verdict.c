/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "base/cached-verdict.h"

#define GROUP "verdict"
#define KEY "key"
#define IS_NONE "none" /* it is NULL */
#define TEXT "text"

static char *
cache_path (const char *name)
{
  return g_build_filename (g_get_user_cache_dir (), "migcost", name, NULL);
}

gboolean
mig_cached_verdict_recall (const char *name, const char *key, char **verdict)
{
  g_autofree char *path = cache_path (name);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!key || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  g_autofree char *stored = g_key_file_get_string (file, GROUP, KEY, NULL);
  g_autofree char *text = g_key_file_get_string (file, GROUP, TEXT, NULL);
  gboolean none = g_key_file_get_boolean (file, GROUP, IS_NONE, NULL);
  if (g_strcmp0 (stored, key) != 0 || (!text && !none))
    return FALSE;
  *verdict = none ? NULL : g_steal_pointer (&text);
  return TRUE;
}

void
mig_cached_verdict_keep (const char *name, const char *key, const char *verdict)
{
  g_autofree char *path = cache_path (name);
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  gsize size;

  if (!key || g_mkdir_with_parents (directory, 0755) < 0)
    return;
  g_key_file_set_string (file, GROUP, KEY, key);
  if (verdict)
    g_key_file_set_string (file, GROUP, TEXT, verdict);
  else
    g_key_file_set_boolean (file, GROUP, IS_NONE, TRUE);
  g_autofree char *data = g_key_file_to_data (file, &size, NULL);
  mig_files_write (path, data, size, NULL);
}
