/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "study/study.h"

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

static void
add_entry (GPtrArray *entries, const char *folder, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (MigStudy) study = mig_study_load (path, &error);

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
