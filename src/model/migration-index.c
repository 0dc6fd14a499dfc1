/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/migration-index.h"

/* Labels and names hold no control characters. */
#define SEPARATOR "\x1f"

struct _MigMigrationIndex {
  GHashTable *lists; /* "CASE", "CASE SEPARATOR GUEST" -> GPtrArray */
};

static void
add_to_list (MigMigrationIndex *self, char *key /* taken */, const MigMigrationSummary *migration)
{
  GPtrArray *list = g_hash_table_lookup (self->lists, key);

  if (!list)
    g_hash_table_insert (self->lists, g_strdup (key), list = g_ptr_array_new ());
  g_ptr_array_add (list, (gpointer) migration);
  g_free (key);
}

static char *
guest_key (const char *case_label, const char *guest)
{
  return g_strconcat (case_label, SEPARATOR, guest, NULL);
}

MigMigrationIndex *
mig_migration_index_new (const MigSummary *summary)
{
  MigMigrationIndex *self = g_new0 (MigMigrationIndex, 1);

  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (!m->run->sound)
        continue;
      add_to_list (self, g_strdup (m->run->case_label), m);
      if (m->record->guest)
        add_to_list (self, guest_key (m->run->case_label, m->record->guest), m);
    }
  return self;
}

void
mig_migration_index_free (MigMigrationIndex *self)
{
  g_hash_table_unref (self->lists);
  g_free (self);
}

const GPtrArray *
mig_migration_index_find (const MigMigrationIndex *self, const char *case_label, const char *guest)
{
  g_autofree char *key = guest ? guest_key (case_label, guest) : g_strdup (case_label);
  return g_hash_table_lookup (self->lists, key);
}
