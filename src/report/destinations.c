/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/run-sections.h"

/* Where guests went, where they went to several hosts. */

/* What one case's counted migrations to one host have in common. */
typedef struct {
  const char *label, *host;
  GPtrArray *guests; /* their names, each once */
  guint n, n_downtimes;
  double total_s, downtime_s; /* sums */
} Destination;

static void
destination_free (gpointer data)
{
  Destination *self = data;
  g_ptr_array_unref (self->guests);
  g_free (self);
}

static Destination *
find_destination (GPtrArray *all, const char *label, const char *host)
{
  for (guint i = 0; i < all->len; i++)
    {
      Destination *known = all->pdata[i];
      if (g_strcmp0 (known->label, label) == 0 && g_strcmp0 (known->host, host) == 0)
        return known;
    }
  Destination *added = g_new0 (Destination, 1);
  *added = (Destination){ .label = label, .host = host, .guests = g_ptr_array_new () };
  g_ptr_array_add (all, added);
  return added;
}

static void
count_migration (Destination *self, const MigMigrationSummary *m)
{
  if (!g_ptr_array_find_with_equal_func (self->guests, m->record->guest, g_str_equal, NULL))
    g_ptr_array_add (self->guests, m->record->guest);
  self->n++;
  self->total_s += m->total_s;
  if (isnan (m->downtime_guest_s))
    return;
  self->n_downtimes++;
  self->downtime_s += m->downtime_guest_s;
}

/* count_hosts: the hosts that guests left or went to. */
static guint
count_hosts (const MigSummary *summary)
{
  g_autoptr (GHashTable) hosts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (m->record->source)
        g_hash_table_add (hosts, m->record->source);
      if (m->record->destination)
        g_hash_table_add (hosts, m->record->destination);
    }
  return g_hash_table_size (hosts);
}

static void
append (const Destination *self, MigBlock *out)
{
  g_autofree char *total = mig_number (self->total_s / self->n,
                                       mig_number_decimals (self->total_s / self->n));
  double mean = self->n_downtimes ? self->downtime_s / self->n_downtimes : NAN;
  g_autofree char *downtime = mig_number (mean, mig_number_decimals (mean));

  g_ptr_array_add (self->guests, NULL);
  g_autofree char *guests = g_strjoinv (", ", (char **) self->guests->pdata);
  g_ptr_array_set_size (self->guests, (gint) self->guests->len - 1);
  mig_block_item (out, "%s, to %s: %s; total time %s s%s%s%s (mean of %u)", self->label, self->host,
                  guests, total, self->n_downtimes ? ", downtime of the guest " : "",
                  self->n_downtimes ? downtime : "", self->n_downtimes ? " s" : "", self->n);
}

void
mig_section_destinations (MigBlock *parent, const MigSummary *summary)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (destination_free);

  if (count_hosts (summary) <= 2)
    return;
  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (m->run->sound && m->record->guest && m->record->destination)
        count_migration (find_destination (all, m->run->case_label, m->record->destination), m);
    }
  MigBlock *out = mig_block_section (parent, NULL,
                                     "Where the guests went; per migration, of counted runs");
  for (guint i = 0; i < all->len; i++)
    append (all->pdata[i], out);
}
