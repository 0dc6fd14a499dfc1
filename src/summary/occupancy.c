/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/occupancy.h"

typedef struct {
  GArray *steps; /* of gint64 */
  gboolean sorted;
} Steps;

typedef struct {
  Steps arrivals, departures;
} Host;

struct _MigOccupancy {
  GHashTable *hosts; /* name -> Host */
};

static void
host_free (gpointer data)
{
  Host *host = data;

  g_array_unref (host->arrivals.steps);
  g_array_unref (host->departures.steps);
  g_free (host);
}

MigOccupancy *
mig_occupancy_new (void)
{
  MigOccupancy *self = g_new0 (MigOccupancy, 1);

  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, host_free);
  return self;
}

void
mig_occupancy_free (MigOccupancy *self)
{
  g_hash_table_unref (self->hosts);
  g_free (self);
}

static Host *
find_host (const MigOccupancy *self, const char *name)
{
  return g_hash_table_lookup (self->hosts, name ? name : "");
}

static Host *
add_host (MigOccupancy *self, const char *name)
{
  Host *host = find_host (self, name);

  if (host)
    return host;
  host = g_new0 (Host, 1);
  host->arrivals.steps = g_array_new (FALSE, FALSE, sizeof (gint64));
  host->departures.steps = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_insert (self->hosts, g_strdup (name ? name : ""), host);
  return host;
}

static void
append_step (Steps *self, gint64 step)
{
  g_array_append_val (self->steps, step);
  self->sorted = FALSE;
}

void
mig_occupancy_arrive (MigOccupancy *self, const char *host, gint64 step)
{
  append_step (&add_host (self, host)->arrivals, step);
}

void
mig_occupancy_leave (MigOccupancy *self, const char *host, gint64 step)
{
  append_step (&add_host (self, host)->departures, step);
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* count_until: those up to a step, itself included. */
static guint
count_until (Steps *self, gint64 step)
{
  guint low = 0, high = self->steps->len;

  if (!self->sorted)
    g_array_sort (self->steps, compare_steps);
  self->sorted = TRUE;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (self->steps, gint64, middle) <= step)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint
mig_occupancy_count (const MigOccupancy *self, const char *host, gint64 step)
{
  Host *found = find_host (self, host);

  return found ? count_until (&found->arrivals, step) - count_until (&found->departures, step) : 0;
}
