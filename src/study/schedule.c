/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "study/study.h"

/* shuffle: Fisher-Yates; every order of the cases is equally likely. */
static void
shuffle (gpointer *cases, guint count, GRand *random)
{
  for (guint left = count; left > 1; left--)
    {
      guint other = (guint) g_rand_int_range (random, 0, (gint32) left);
      gpointer last = cases[left - 1];
      cases[left - 1] = cases[other];
      cases[other] = last;
    }
}

gboolean
mig_case_matches (const MigStudyCase *study_case, const char *pattern)
{
  return strcmp (study_case->label, pattern) == 0 ||
         g_pattern_match_simple (pattern, study_case->label);
}

/* The block is drawn whole and then thinned out: --only does not change the order of anything. */
GArray *
mig_schedule_new (const MigStudy *study, guint repetitions, guint64 seed, const char *only)
{
  const guint32 seeds[] = { (guint32) seed, (guint32) (seed >> 32) };
  GRand *random = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  GArray *schedule = g_array_new (FALSE, FALSE, sizeof (MigScheduleItem));
  guint count = study->cases->len;
  g_autofree gpointer *block = g_new (gpointer, count);

  for (guint repetition = 1; repetition <= repetitions; repetition++)
    {
      /* from the file's order again: a block depends on the seed and its number only */
      memcpy (block, study->cases->pdata, count * sizeof (gpointer));
      shuffle (block, count, random);
      for (guint i = 0; i < count; i++)
        {
          MigScheduleItem item = { schedule->len + 1, block[i], repetition };
          if (!only || mig_case_matches (item.study_case, only))
            g_array_append_val (schedule, item);
        }
    }
  g_rand_free (random);
  return schedule;
}
