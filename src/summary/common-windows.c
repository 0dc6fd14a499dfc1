/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/common-windows.h"

struct _MigCommonWindows {
  GHashTable *shortest; /* experiment, or "" -> the shortest window of its sound runs, ns */
};

MigCommonWindows *
mig_common_windows_new (void)
{
  MigCommonWindows *self = g_new0 (MigCommonWindows, 1);

  self->shortest = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  return self;
}

static const char *
key_of (const char *experiment)
{
  return experiment ? experiment : "";
}

void
mig_common_windows_add (MigCommonWindows *self, const MigRunState *run)
{
  const MigRunRecord *r = run->record;

  if (!run->sound || MIG_IS_MISSING (r->window_start_ns) || MIG_IS_MISSING (r->window_end_ns))
    return;
  gint64 length = r->window_end_ns - r->window_start_ns;
  gint64 *shortest = g_hash_table_lookup (self->shortest, key_of (run->experiment));
  if (shortest)
    *shortest = MIN (*shortest, length);
  else
    g_hash_table_insert (self->shortest, (gpointer) key_of (run->experiment),
                         g_memdup2 (&length, sizeof length));
}

gint64
mig_common_windows_find (const MigCommonWindows *self, const char *experiment)
{
  const gint64 *shortest = g_hash_table_lookup (self->shortest, key_of (experiment));
  return shortest ? *shortest : MIG_MISSING_INT;
}

void
mig_common_windows_clear (MigCommonWindows *self)
{
  g_hash_table_remove_all (self->shortest);
}

void
mig_common_windows_free (MigCommonWindows *self)
{
  g_hash_table_unref (self->shortest);
  g_free (self);
}
