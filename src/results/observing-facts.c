/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/observing-facts.h"

#define N_NUMBERS 7

static const struct {
  MigFact work, cpu, blocks;
} phases[] = {
  [MIG_COST_BEFORE] = { MIG_FACT_COST_WORK_BEFORE, MIG_FACT_COST_CPU_BEFORE,
                        MIG_FACT_COST_BLOCKS_BEFORE },
  [MIG_COST_DURING] = { MIG_FACT_COST_WORK_DURING, MIG_FACT_COST_CPU_DURING,
                        MIG_FACT_COST_BLOCKS_DURING },
};

gboolean
mig_observing_facts_write (MigResultWriter *writer, MigCostPhase phase,
                           const MigObservingFacts *facts, GError **error)
{
  return facts->blocks == 0 ||
         (mig_fact_write_interval (writer, phases[phase].work, NULL, &facts->work, error) &&
          mig_fact_write_interval (writer, phases[phase].cpu, NULL, &facts->cpu, error) &&
          mig_fact_write_int (writer, phases[phase].blocks, NULL, facts->blocks, error));
}

char *
mig_observing_facts_to_text (const MigObservingFacts *facts)
{
  const MigFactInterval *work = &facts->work, *cpu = &facts->cpu;
  const double numbers[N_NUMBERS] = { work->value, work->low, work->high,   cpu->value,
                                      cpu->low,    cpu->high, facts->blocks };
  GString *text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < N_NUMBERS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            g_ascii_dtostr (number, sizeof number, numbers[i]));
  return g_string_free (text, FALSE);
}

gboolean
mig_observing_facts_from_text (const char *text, MigObservingFacts *facts)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  double n[N_NUMBERS];

  if (g_strv_length (words) != N_NUMBERS)
    return FALSE;
  for (guint i = 0; i < N_NUMBERS; i++)
    n[i] = g_ascii_strtod (words[i], NULL);
  if (!(n[N_NUMBERS - 1] >= 0 && n[N_NUMBERS - 1] <= G_MAXUINT))
    return FALSE;
  *facts = (MigObservingFacts){ .work = { n[0], n[1], n[2] },
                                .cpu = { n[3], n[4], n[5] },
                                .blocks = (guint) n[6] };
  return TRUE;
}
