/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "check/route.h"

static const MigStudyHost *
place_of (GHashTable *places, const MigStudyGuest *guest)
{
  const MigStudyHost *place = g_hash_table_lookup (places, guest);
  return place ? place : guest->host;
}

static void
add_pair (GArray *pairs, const char *from, const char *to)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      const MigRoutePair *pair = &g_array_index (pairs, MigRoutePair, i);
      if (strcmp (pair->from, from) == 0 && strcmp (pair->to, to) == 0)
        return;
    }
  MigRoutePair pair = { from, to };
  g_array_append_val (pairs, pair);
}

static void
add_pairs (GArray *pairs, const MigStudyCase *study_case)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);

  for (guint s = 0; s < study_case->steps->len; s++)
    {
      const MigStudyStep *step = study_case->steps->pdata[s];
      for (guint m = 0; m < step->moves->len; m++)
        {
          const MigStudyMove *move = &g_array_index (step->moves, MigStudyMove, m);
          add_pair (pairs, place_of (places, move->guest)->name, move->destination->name);
          g_hash_table_insert (places, (gpointer) move->guest, (gpointer) move->destination);
        }
    }
}

static gboolean
step_brings (const MigStudyStep *step, const char *guest, const char *host)
{
  for (guint m = 0; m < step->moves->len; m++)
    {
      const MigStudyMove *move = &g_array_index (step->moves, MigStudyMove, m);
      if (strcmp (move->guest->name, guest) == 0 && strcmp (move->destination->name, host) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
mig_route_brings (const MigStudy *study, const MigStudy *only, const char *guest, const char *host)
{
  for (guint c = 0; c < study->cases->len; c++)
    {
      const MigStudyCase *study_case = study->cases->pdata[c];
      for (guint s = 0; s < study_case->steps->len && (!only || study_case->study == only); s++)
        if (step_brings (study_case->steps->pdata[s], guest, host))
          return TRUE;
    }
  return FALSE;
}

GArray *
mig_route_pairs (const MigStudy *study, const MigStudy *only)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (MigRoutePair));

  for (guint c = 0; c < study->cases->len; c++)
    {
      const MigStudyCase *study_case = study->cases->pdata[c];
      if (!only || study_case->study == only)
        add_pairs (pairs, study_case);
    }
  return pairs;
}

static gboolean
is (const MigStudyHost *host, const char *name)
{
  return strcmp (host->name, name) == 0;
}

gboolean
mig_route_visits (const MigStudy *study, const MigStudy *only, const MigStudyGuest *guest,
                  const char *host)
{
  return is (guest->host, host) || mig_route_brings (study, only, guest->name, host);
}

/* Of which memory how much is asked for on which host. */
typedef struct {
  const char *host;
  const MigRouteMemory *which;
  GHashTable *existing;
} Question;

static guint64
memory_of (const Question *self, const MigStudyGuest *guest)
{
  const MigRouteGuest *found = self->existing ? g_hash_table_lookup (self->existing, guest->name)
                                              : NULL;
  gboolean huge_pages = found ? found->huge_pages : guest->hugepages;

  if (!huge_pages != !self->which->huge_pages ||
      (!MIG_IS_MISSING (self->which->node) && guest->numa_node != self->which->node))
    return 0;
  return found ? found->memory_bytes : guest->memory_bytes;
}

/* held_now: by existing guests on that host. */
static guint64
held_now (const Question *self)
{
  GHashTableIter iter;
  gpointer value;
  guint64 bytes = 0;

  if (!self->existing)
    return 0;
  g_hash_table_iter_init (&iter, self->existing);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const MigRouteGuest *guest = value;
      if (strcmp (guest->host, self->host) == 0 && !guest->huge_pages == !self->which->huge_pages)
        bytes += guest->memory_bytes;
    }
  return bytes;
}

static guint64
peak_of_case (const Question *self, const MigStudyCase *study_case)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  const GPtrArray *guests = study_case->study->guests;
  guint64 there = 0, peak;

  for (guint i = 0; i < guests->len; i++)
    {
      const MigStudyGuest *guest = guests->pdata[i];
      there += is (guest->host, self->host) ? memory_of (self, guest) : 0;
    }
  peak = there;
  for (guint s = 0; s < study_case->steps->len; s++)
    {
      const MigStudyStep *step = study_case->steps->pdata[s];
      guint64 leaves = 0;
      for (guint m = 0; m < step->moves->len; m++)
        {
          const MigStudyMove *move = &g_array_index (step->moves, MigStudyMove, m);
          guint64 bytes = memory_of (self, move->guest);
          there += is (move->destination, self->host) ? bytes : 0;
          leaves += is (place_of (places, move->guest), self->host) ? bytes : 0;
          g_hash_table_insert (places, (gpointer) move->guest, (gpointer) move->destination);
        }
      peak = MAX (peak, there);
      there -= leaves;
    }
  return peak;
}

guint64
mig_route_memory (const MigStudy *study, const MigStudy *variant, const char *host,
                  const MigRouteMemory *which, GHashTable *existing)
{
  const Question self = { host, which, existing };
  guint64 peak = 0, now = held_now (&self);

  for (guint c = 0; c < study->cases->len; c++)
    {
      const MigStudyCase *study_case = study->cases->pdata[c];
      if (study_case->study == variant)
        peak = MAX (peak, peak_of_case (&self, study_case));
    }
  return peak > now ? peak - now : 0;
}
