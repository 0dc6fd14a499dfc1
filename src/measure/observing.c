/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "measure/observing.h"
#include "results/facts.h"

static gint64
daemon_cpu (const MigRun *run, guint host)
{
  const MigRunOptions *options = &run->options;

  return options->daemon_cpu ? options->daemon_cpu (host, options->daemon_data) : MIG_MISSING_INT;
}

/* add_growth: what a counter grew by; missing once it is unknown. */
static void
add_growth (gint64 *sum, gint64 before, gint64 now)
{
  *sum = MIG_IS_MISSING (*sum) || MIG_IS_MISSING (before) || MIG_IS_MISSING (now)
             ? MIG_MISSING_INT
             : *sum + now - before;
}

static void
look (MigRun *run, gint64 *cpu_ns)
{
  cpu_ns[0] = mig_clock_process_cpu ();
  for (guint i = 0; i < run->options.hosts->len && i < MIG_OBSERVED_HOSTS; i++)
    cpu_ns[1 + i] = daemon_cpu (run, i);
}

gint64
mig_observing_cpu (const MigRun *run)
{
  gint64 sum = mig_clock_process_cpu ();

  for (guint i = 0; i < run->options.hosts->len; i++)
    {
      gint64 cpu_ns = daemon_cpu (run, i);
      if (!MIG_IS_MISSING (cpu_ns))
        sum += cpu_ns;
    }
  return sum;
}

void
mig_observing_begin (MigRun *run)
{
  run->observing.since_ns = mig_clock_now ();
  look (run, run->observing.cpu_ns);
}

gint64
mig_observing_end (MigRun *run, MigObservedPhase phase)
{
  MigObserving *observing = &run->observing;
  gint64 cpu_ns[1 + MIG_OBSERVED_HOSTS], now = mig_clock_now (), sum = 0;
  guint n = 1 + MIN (run->options.hosts->len, MIG_OBSERVED_HOSTS);

  look (run, cpu_ns);
  for (guint i = 0; i < n; i++)
    {
      add_growth (&observing->total_ns[phase][i], observing->cpu_ns[i], cpu_ns[i]);
      if (!MIG_IS_MISSING (cpu_ns[i])) /* of hosts elsewhere it is not known */
        add_growth (&sum, observing->cpu_ns[i], cpu_ns[i]);
      observing->cpu_ns[i] = cpu_ns[i];
    }
  observing->length_ns[phase] += now - observing->since_ns;
  observing->since_ns = now;
  return sum;
}

static void
write_share (MigRun *run, MigFact fact, const char *host, gint64 cpu_ns, gint64 length_ns)
{
  char share[G_ASCII_DTOSTR_BUF_SIZE];

  if (MIG_IS_MISSING (cpu_ns) || length_ns <= 0)
    return;
  g_ascii_formatd (share, sizeof share, "%.2f", 100 * (double) cpu_ns / (double) length_ns);
  mig_fact_write (run->options.writer, fact, host, share, NULL);
}

void
mig_observing_write (MigRun *run)
{
  static const MigFact own[] = { MIG_FACT_OWN_OBSERVING_BEFORE, MIG_FACT_OWN_OBSERVING_DURING,
                                 MIG_FACT_OWN_OBSERVING_AFTER };
  static const MigFact of_host[] = { MIG_FACT_OBSERVING_BEFORE, MIG_FACT_OBSERVING_DURING,
                                     MIG_FACT_OBSERVING_AFTER };
  const MigObserving *observing = &run->observing;

  for (guint phase = 0; phase < MIG_N_OBSERVED_PHASES; phase++)
    {
      const gint64 *total_ns = observing->total_ns[phase], length_ns = observing->length_ns[phase];
      write_share (run, own[phase], NULL, total_ns[0], length_ns);
      for (guint i = 0; i < run->options.hosts->len && i < MIG_OBSERVED_HOSTS; i++)
        {
          const MigRunHost *host = g_ptr_array_index (run->options.hosts, i);
          write_share (run, of_host[phase], host->study->name, total_ns[1 + i], length_ns);
        }
    }
}
