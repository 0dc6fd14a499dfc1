/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/dirty-rates.h"
#include "summary/summary.h"
#include "summary/values.h"

/* QEMU's default, which libvirt leaves as it is */
#define SAMPLES_PER_GIB 512
#define Z_95 1.959964
/* QEMU estimates a rate when a second has passed since it did so before; stamps are a little off */
#define ESTIMATE_S 0.95

static void
dirty_rate_free (gpointer data)
{
  MigDirtyRate *self = data;

  g_free (self->case_label);
  g_free (self->guest);
  mig_stat_clear (&self->own);
  mig_stat_clear (&self->before);
  mig_stat_clear (&self->during);
  mig_stat_clear (&self->highest);
  mig_stat_clear (&self->ratio);
  g_free (self);
}

gboolean
mig_dirty_rate_wanted (const GPtrArray *guests)
{
  for (guint i = 0; i < guests->len; i++)
    {
      const MigGuestRecord *guest = guests->pdata[i];
      if (guest->migrates == 1 && !MIG_IS_MISSING (guest->dirty_bytes_per_s))
        return TRUE;
    }
  return FALSE;
}

MigRoundsRate
mig_dirty_rate_during (const GPtrArray *rounds)
{
  double sum = 0, time_s = 0, highest = NAN;
  gint64 last_ns = MIG_MISSING_INT;

  for (guint i = 0; rounds && i < rounds->len; i++)
    {
      const MigRoundRecord *round = rounds->pdata[i];
      double length_s = mig_units_seconds_between (last_ns, round->start_ns);
      if (round->round == 1 || isnan (length_s))
        {
          last_ns = round->start_ns;
          continue;
        }
      if (length_s < ESTIMATE_S || MIG_IS_MISSING (round->dirty_pages_per_s))
        continue;
      double rate = (double) round->dirty_pages_per_s * MIG_PAGE_BYTES;
      sum += rate * length_s;
      time_s += length_s;
      highest = fmax (highest, rate);
      last_ns = round->start_ns;
    }
  return (MigRoundsRate){ time_s > 0 ? sum / time_s : NAN, highest };
}

void
mig_dirty_rate_sampled (double bytes_per_s, guint n, double memory_bytes, double *low, double *high)
{
  double samples = floor (memory_bytes / MIG_GIB * SAMPLES_PER_GIB) * n, z2 = Z_95 * Z_95;
  double share = CLAMP (bytes_per_s / memory_bytes, 0, 1);

  *low = *high = NAN;
  if (!(samples > 0))
    return;
  double centre = (share + z2 / (2 * samples)) / (1 + z2 / samples);
  double half = Z_95 * sqrt (share * (1 - share) / samples + z2 / (4 * samples * samples)) /
                (1 + z2 / samples);
  *low = share > 0 ? (centre - half) * memory_bytes : 0;
  *high = (centre + half) * memory_bytes;
}

/* ---- by guest ---- */

static GHashTable *
rounds_by_guest (const GPtrArray *rounds)
{
  GHashTable *lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < rounds->len; i++)
    {
      MigRoundRecord *round = rounds->pdata[i];
      char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", round->run,
                                   round->guest ? round->guest : "");
      GPtrArray *list = g_hash_table_lookup (lists, key);
      if (list)
        g_free (key);
      else
        g_hash_table_insert (lists, key, list = g_ptr_array_new ());
      g_ptr_array_add (list, round);
    }
  return lists;
}

static MigDirtyRate *
find_rate (GPtrArray *all, GHashTable *known, const char *case_label, const char *guest)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", case_label, guest);
  MigDirtyRate *rate = g_hash_table_lookup (known, key);

  if (rate)
    return rate;
  rate = g_new0 (MigDirtyRate, 1);
  rate->case_label = g_strdup (case_label);
  rate->guest = g_strdup (guest);
  rate->asked = rate->before_low = rate->before_high = NAN;
  mig_stat_init (&rate->own);
  mig_stat_init (&rate->before);
  mig_stat_init (&rate->during);
  mig_stat_init (&rate->highest);
  mig_stat_init (&rate->ratio);
  g_ptr_array_add (all, rate);
  g_hash_table_insert (known, g_steal_pointer (&key), rate);
  return rate;
}

/* add_guest: one guest in one run. */
static void
add_guest (MigDirtyRate *rate, const MigRunState *run, const MigGuestState *guest,
           const GPtrArray *rounds)
{
  const MigGuestRecord *record = guest->record;
  gint64 number = run->record->run, repetition = run->record->repetition;
  double before = (double) record->dirty_bytes_per_s;
  MigRoundsRate during = mig_dirty_rate_during (rounds);

  rate->method = g_strcmp0 (record->dirty_method, MIG_DIRTY_RING) == 0 ? MIG_DIRTY_RING
                                                                       : MIG_DIRTY_SAMPLING;
  if (!MIG_IS_MISSING (record->rate_pages_per_s))
    rate->asked = (double) record->rate_pages_per_s * MIG_PAGE_BYTES;
  if (g_strcmp0 (record->workload, "memory") == 0)
    mig_stat_add (&rate->own, number, repetition,
                  mig_run_work_rate_before (run, guest) * MIG_PAGE_BYTES);
  mig_stat_add (&rate->before, number, repetition, before);
  mig_stat_add (&rate->during, number, repetition, during.mean);
  mig_stat_add (&rate->highest, number, repetition, during.highest);
  mig_stat_add (&rate->ratio, number, repetition, before > 0 ? during.mean / before : NAN);
  /* its size, until all runs are known */
  rate->before_high = MIG_IS_MISSING (record->memory_bytes) ? NAN : (double) record->memory_bytes;
}

static void
finish (MigDirtyRate *rate)
{
  double memory_bytes = rate->before_high;

  mig_stat_compute (&rate->own);
  mig_stat_compute (&rate->before);
  mig_stat_compute (&rate->during);
  mig_stat_compute (&rate->highest);
  mig_stat_compute (&rate->ratio);
  if (strcmp (rate->method, MIG_DIRTY_RING) == 0)
    {
      rate->before_low = rate->before.mean;
      rate->before_high = rate->before.mean + MIG_MIB; /* libvirt leaves out what is less */
    }
  else
    mig_dirty_rate_sampled (rate->before.mean, rate->before.n, memory_bytes, &rate->before_low,
                            &rate->before_high);
}

static int
compare_rates (gconstpointer a, gconstpointer b)
{
  const MigDirtyRate *x = *(MigDirtyRate *const *) a, *y = *(MigDirtyRate *const *) b;
  int by_case = strverscmp (x->case_label, y->case_label);

  return by_case ? by_case : strcmp (x->guest, y->guest);
}

GPtrArray *
mig_dirty_rates_new (const GPtrArray *runs, const GPtrArray *rounds)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (dirty_rate_free);
  g_autoptr (GHashTable) of_guest = rounds_by_guest (rounds);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      const MigRunState *run = runs->pdata[i];
      for (guint j = 0; run->counts && j < run->guests->len; j++)
        {
          const MigGuestState *guest = run->guests->pdata[j];
          const char *name = guest->record->guest;
          if (!run->record->case_label || MIG_IS_MISSING (guest->record->dirty_bytes_per_s) ||
              !mig_run_find_migration (run, name))
            continue;
          g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", run->record->run,
                                                  name);
          add_guest (find_rate (all, known, run->record->case_label, name), run, guest,
                     g_hash_table_lookup (of_guest, key));
        }
    }
  g_ptr_array_foreach (all, (GFunc) (void (*) (void)) finish, NULL);
  g_ptr_array_sort (all, compare_rates);
  return all;
}
