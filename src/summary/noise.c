/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stddef.h>

#include "results/facts.h"
#include "summary/noise.h"

static const MigNoiseInfo noises[MIG_N_NOISES] = {
  [MIG_NOISE_STOLEN] = { "CPU time stolen from a host", "stolen_share_above", 0.05, FALSE,
                         offsetof (MigRunSummary, stolen_share) },
  [MIG_NOISE_OTHERS] = { "CPU time of a host used by others than the guests", "others_share_above",
                         0.25, FALSE, offsetof (MigRunSummary, others_share) },
  [MIG_NOISE_SENDING] = { "rate of sending, of the case's median", "sending_share_below", 0.80,
                          TRUE, offsetof (MigRunSummary, sending_share) },
  [MIG_NOISE_OWN_WAIT] = { "time in which migcost itself waited for a CPU", "own_wait_share_above",
                           0.10, FALSE, offsetof (MigRunSummary, own_wait_share) },
  [MIG_NOISE_OBSERVING] = { "CPU time taken by observing", "observing_share_above", 0.02, FALSE,
                            offsetof (MigRunSummary, observing_share) },
};

const MigNoiseInfo *
mig_noise_info (MigNoise noise)
{
  g_return_val_if_fail ((guint) noise < MIG_N_NOISES, NULL);
  return &noises[noise];
}

double
mig_noise_share (const MigRunSummary *run, MigNoise noise)
{
  return G_STRUCT_MEMBER (double, run, noises[noise].offset);
}

gboolean
mig_noise_is (const MigRunSummary *run, MigNoise noise)
{
  double share = mig_noise_share (run, noise);

  /* comparisons with NaN are false */
  return noises[noise].below ? share < noises[noise].limit : share > noises[noise].limit;
}

static double
growth (const MigRunState *run, const MigHostSeries *series, guint counter)
{
  return mig_series_delta (&series->counters[counter], 0, run->record->window_start_ns,
                           run->record->window_end_ns, NULL);
}

/* CPU time in the window of all guests' processes or domains on a host; of it what their management
 * took. */
typedef struct {
  double all, management;
} Used;

/* used_by_guests: host's name -> Used. */
static GHashTable *
used_by_guests (const MigRunState *run)
{
  GHashTable *hosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestState *guest = run->guests->pdata[i];
      for (guint h = 0; h < guest->hosts->len; h++)
        {
          const MigHostSeries *series = guest->hosts->pdata[h];
          Used *sum = g_hash_table_lookup (hosts, series->host);
          if (!sum)
            g_hash_table_insert (hosts, series->host, sum = g_new0 (Used, 1));
          sum->all += growth (run, series, MIG_SAMPLE_CPU);
          if (series->counters[MIG_SAMPLE_MANAGEMENT].any)
            sum->management += growth (run, series, MIG_SAMPLE_MANAGEMENT);
        }
    }
  return hosts;
}

/* used_on_own: the same, by host, of the CPUs that are its own: without its management where
 * another host's are lent to that, and with the management of those that it lends its own to;
 * host's name
 * -> double. */
static GHashTable *
used_on_own (const MigRunState *run, const MigCpuTable *cpus, GHashTable *used)
{
  GHashTable *hosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < run->hosts->len; i++)
    {
      char *name = ((const MigHostSeries *) run->hosts->pdata[i])->host;
      const Used *of = g_hash_table_lookup (used, name);
      double *sum = g_new (double, 1);
      *sum = of ? of->all : 0;
      g_hash_table_insert (hosts, name, sum);
    }
  for (guint i = 0; i < run->hosts->len; i++)
    {
      const char *name = ((const MigHostSeries *) run->hosts->pdata[i])->host;
      const char *lender = mig_cpu_table_find (cpus, run->record->case_label, name).lender;
      const Used *of = g_hash_table_lookup (used, name);
      double *lent = lender ? g_hash_table_lookup (hosts, lender) : NULL;
      if (lender && of)
        *(double *) g_hash_table_lookup (hosts, name) -= of->management;
      if (lent && of)
        *lent += of->management;
    }
  return hosts;
}

/* keep_largest: the larger one and whose it is; a NaN is never larger; what rounding makes negative
 * is 0.
 */
static void
keep_largest (double share, const char *host, double *largest, char **whose)
{
  if (isnan (share) || share <= *largest)
    return;
  *largest = fmax (0, share);
  g_free (*whose);
  *whose = g_strdup (host);
}

static void
measure_host (const MigRunState *run, const MigHostSeries *host, double sampled_cpus,
              double of_guests, MigRunSummary *out)
{
  const MigRunRecord *r = run->record;
  double window_s = (double) (r->window_end_ns - r->window_start_ns) / MIG_NS_PER_S;
  double busy = growth (run, host, MIG_SAMPLE_CPU), idle = growth (run, host, MIG_SAMPLE_IDLE);
  double own = growth (run, host, MIG_SAMPLE_MANAGEMENT);

  keep_largest (sampled_cpus - (busy + idle) / window_s, host->host, &out->stolen_share,
                &out->stolen_host);
  if (!host->counters[MIG_SAMPLE_MANAGEMENT].any)
    own = 0;
  keep_largest ((busy - own - of_guests) / window_s, host->host, &out->others_share,
                &out->others_host);
}

/* Of the time before and after the migrations, when the daemons have nothing else to do; NaN:
 * unknown. */
static double
observing_share (const MigRunRecord *r)
{
  if (MIG_IS_MISSING (r->observing_before_ns) || MIG_IS_MISSING (r->observing_after_ns) ||
      MIG_IS_MISSING (r->migrations_start_ns) || MIG_IS_MISSING (r->migrations_end_ns))
    return NAN;
  gint64 length_ns = r->migrations_start_ns - r->window_start_ns + r->window_end_ns -
                     r->migrations_end_ns;
  if (length_ns <= 0)
    return NAN;
  return (double) (r->observing_before_ns + r->observing_after_ns) / (double) length_ns;
}

void
mig_noise_measure (const MigRunState *run, const MigCpuTable *cpus, MigRunSummary *out)
{
  const MigRunRecord *r = run->record;

  if (MIG_IS_MISSING (r->window_start_ns) || MIG_IS_MISSING (r->window_end_ns) ||
      r->window_end_ns <= r->window_start_ns)
    return;
  g_autoptr (GHashTable) used = used_by_guests (run);
  g_autoptr (GHashTable) own = used_on_own (run, cpus, used);
  for (guint i = 0; i < run->hosts->len; i++)
    {
      const MigHostSeries *host = run->hosts->pdata[i];
      measure_host (run, host, mig_cpu_table_find (cpus, r->case_label, host->host).sampled,
                    *(double *) g_hash_table_lookup (own, host->host), out);
    }
  if (!MIG_IS_MISSING (r->own_wait_ns))
    out->own_wait_share = (double) r->own_wait_ns /
                          (double) (r->window_end_ns - r->window_start_ns);
  out->observing_share = observing_share (r);
}

/* add_reason: a share in percent with a text before and behind it. */
static void
add_reason (GString *text, const char *before, double share, const char *behind, const char *host)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.1f", 100 * share);
  g_string_append_printf (text, "%s%s%s %% %s", text->len > 0 ? "; " : "", before, number, behind);
  if (host)
    g_string_append_printf (text, " '%s'", host);
}

static void
judge_run (const MigSummary *summary, MigRunSummary *run)
{
  const MigCaseSummary *study_case = mig_summary_find_case (summary, run->case_label);
  const MigStat *rates = &study_case->stats[MIG_METRIC_SEND_RATE];
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < rates->values->len && rates->n >= MIG_NOISE_SENDING_MIN_N; i++)
    if (g_array_index (rates->values, MigValue, i).run == run->run)
      run->sending_share = g_array_index (rates->values, MigValue, i).value / rates->median;
  if (mig_noise_is (run, MIG_NOISE_STOLEN))
    add_reason (text, "", run->stolen_share, "of a CPU's time was stolen from host",
                run->stolen_host);
  if (mig_noise_is (run, MIG_NOISE_OTHERS))
    add_reason (text, "", run->others_share,
                "of a CPU's time was used by others than the guests on host", run->others_host);
  if (mig_noise_is (run, MIG_NOISE_SENDING))
    add_reason (text, "it sent at ", run->sending_share, "of the case's median rate", NULL);
  if (mig_noise_is (run, MIG_NOISE_OWN_WAIT))
    add_reason (text, "migcost itself waited for a CPU for ", run->own_wait_share, "of the window",
                NULL);
  if (mig_noise_is (run, MIG_NOISE_OBSERVING))
    add_reason (text, "observing took ", run->observing_share, "of a CPU", NULL);
  if (text->len > 0)
    run->noise = g_strdup (text->str);
}

void
mig_noise_judge (MigSummary *summary, const GPtrArray *environment)
{
  for (guint i = 0; i < summary->runs->len; i++)
    {
      MigRunSummary *run = summary->runs->pdata[i];
      if (!run->sound)
        continue;
      judge_run (summary, run);
      summary->n_noisy += run->noise != NULL;
      summary->n_noise_known += run->stolen_share >= 0 || run->others_share >= 0;
    }
  summary->link_bytes_per_s = mig_fact_number (environment, MIG_FACT_LINK_CONFIGURED, NULL);
  summary->link_measured_bytes_per_s = mig_fact_number (environment, MIG_FACT_LINK_MEASURED, NULL);
  summary->link_is_slow = summary->link_measured_bytes_per_s <
                          MIG_NOISE_LINK * summary->link_bytes_per_s;
}
