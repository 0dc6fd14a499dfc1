/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "study/read.h"

/* Studies by name, and those that ship. */

static void
entry_free (gpointer data)
{
  MigStudyEntry *entry = data;
  g_free (entry->name);
  g_free (entry->title);
  g_free (entry->path);
  g_free (entry);
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const MigStudyEntry *const *x = a, *const *y = b;
  return strcmp ((*x)->name, (*y)->name);
}

static MigStudy *
load_file (const char *path, const MigStudyChanges *changes, GError **error)
{
  gsize size = 0;
  /* one byte more than a study may have, to see that it is longer */
  g_autofree char *xml = mig_files_load (path, "the study", MIG_STUDY_MAX_FILE_BYTES + 1, &size,
                                         error);

  return xml ? mig_study_parse_changed (xml, size, path, changes, error) : NULL;
}

static void
add_entry (GPtrArray *entries, const char *folder, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (MigStudy) study = load_file (path, NULL, &error);

  if (!study)
    {
      mig_warning ("cannot use a bundled study: %s", error->message);
      return;
    }
  MigStudyEntry *entry = g_new0 (MigStudyEntry, 1);
  entry->name = g_strndup (file, strlen (file) - strlen (".xml"));
  entry->title = g_strdup (study->title);
  entry->path = g_steal_pointer (&path);
  g_ptr_array_add (entries, entry);
}

GPtrArray *
mig_study_list (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  g_autofree char *folder = mig_files_find_data ("studies");
  g_autoptr (GDir) dir = folder ? g_dir_open (folder, 0, NULL) : NULL;
  const char *file;

  while (dir && (file = g_dir_read_name (dir)))
    if (g_str_has_suffix (file, ".xml"))
      add_entry (entries, folder, file);
  g_ptr_array_sort (entries, compare_entries);
  return entries;
}

/* find_shipped: path of the study of that name; an error with the names there are. */
static char *
find_shipped (const char *name, GError **error)
{
  g_autoptr (GPtrArray) entries = mig_study_list ();
  const MigStudyEntry *entry = mig_study_find (entries, name);

  if (entry)
    return g_strdup (entry->path);
  g_autofree char *names = mig_read_names (entries);
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "unknown study '%s'; expected a file%s%s", name,
               entries->len ? ", or a bundled one: " : " (this installation has no bundled ones)",
               names);
  return NULL;
}

MigStudy *
mig_study_load (const char *file_or_name, GError **error)
{
  return mig_study_load_changed (file_or_name, NULL, error);
}

MigStudy *
mig_study_load_changed (const char *file_or_name, const MigStudyChanges *changes, GError **error)
{
  gboolean is_path = strchr (file_or_name, '/') || g_str_has_suffix (file_or_name, ".xml") ||
                     g_file_test (file_or_name, G_FILE_TEST_IS_REGULAR);
  g_autofree char *path = is_path ? g_strdup (file_or_name) : find_shipped (file_or_name, error);

  return path ? load_file (path, changes, error) : NULL;
}
