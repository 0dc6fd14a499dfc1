/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/round-index.h"

struct _MigRoundIndex {
  GHashTable *lists; /* "RUN GUEST" -> GPtrArray */
};

static char *
key_of (gint64 run, const char *guest)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", run, guest);
}

MigRoundIndex *
mig_round_index_new (const GPtrArray *rounds)
{
  MigRoundIndex *self = g_new0 (MigRoundIndex, 1);

  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < rounds->len; i++)
    {
      MigRoundRecord *round = rounds->pdata[i];
      g_autofree char *key = round->guest ? key_of (round->run, round->guest) : NULL;
      GPtrArray *list = key ? g_hash_table_lookup (self->lists, key) : NULL;
      if (key && !list)
        g_hash_table_insert (self->lists, g_steal_pointer (&key), list = g_ptr_array_new ());
      if (list)
        g_ptr_array_add (list, round);
    }
  return self;
}

void
mig_round_index_free (MigRoundIndex *self)
{
  g_hash_table_unref (self->lists);
  g_free (self);
}

const GPtrArray *
mig_round_index_find (const MigRoundIndex *self, gint64 run, const char *guest)
{
  g_autofree char *key = key_of (run, guest);
  return g_hash_table_lookup (self->lists, key);
}
