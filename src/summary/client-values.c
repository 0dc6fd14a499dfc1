/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/units.h"
#include "summary/values.h"

/* What clients of a run's guests noticed, as metrics. */

#define NO_FLOOR "a guest answered no client before its migration"
#define NO_ANNOUNCEMENT "a guest was not announced"
#define NO_REQUESTS "no request to the server was answered then"

/* keep_longest: of the migrations; missing as soon as one is. */
static void
keep_longest (MigRunValue *longest, gint64 ns, const char *why)
{
  longest->value = MIG_IS_MISSING (ns) || isnan (longest->value)
                       ? NAN
                       : fmax (longest->value, mig_units_seconds (ns));
  if (MIG_IS_MISSING (ns) && !longest->why)
    longest->why = why;
}

/* add_outage: what clients noticed of a migration. Pings and new connections are not everywhere: of
 * those it is not said that they are missing. */
static void
add_outage (const MigOutage *outage, MigRunValue *v)
{
  mig_run_value_add (&v[MIG_METRIC_OUTAGE], mig_units_seconds (outage->outage_ns), outage->why);
  mig_run_value_add (&v[MIG_METRIC_OUTAGE_ICMP], mig_units_seconds (outage->outage_icmp_ns), NULL);
  keep_longest (&v[MIG_METRIC_SILENCE], outage->silence_ns, outage->why);
  keep_longest (&v[MIG_METRIC_SILENCE_FLOOR], outage->silence_floor_ns, NO_FLOOR);
  keep_longest (&v[MIG_METRIC_STALL], outage->stall_ns, outage->stall_why);
  keep_longest (&v[MIG_METRIC_STALL_MEDIAN], outage->stall_median_ns, outage->stall_why);
  keep_longest (&v[MIG_METRIC_STALL_FLOOR], outage->stall_floor_ns, NO_FLOOR);
  keep_longest (&v[MIG_METRIC_CONNECT], outage->connect_ns, NULL);
  keep_longest (&v[MIG_METRIC_CONNECT_FLOOR], outage->connect_floor_ns, NULL);
  keep_longest (&v[MIG_METRIC_STREAM_TO], outage->stream_to_ns, NULL);
  keep_longest (&v[MIG_METRIC_STREAM_TO_FLOOR], outage->stream_to_floor_ns, NULL);
  keep_longest (&v[MIG_METRIC_STREAM_FROM], outage->stream_from_ns, NULL);
  keep_longest (&v[MIG_METRIC_STREAM_FROM_FLOOR], outage->stream_from_floor_ns, NULL);
  mig_run_value_add (&v[MIG_METRIC_OPEN_REQUESTS], outage->stall_why ? NAN : outage->open_requests,
                     outage->stall_why);
}

/* add_outage_of_staying: what clients of a guest that stays noticed of all migrations. */
static void
add_outage_of_staying (const MigOutage *outage, MigRunValue *v)
{
  mig_run_value_add (&v[MIG_METRIC_VMCO_OUTAGE], mig_units_seconds (outage->outage_ns),
                     outage->why);
  keep_longest (&v[MIG_METRIC_VMCO_SILENCE], outage->silence_ns, outage->why);
  keep_longest (&v[MIG_METRIC_VMCO_SILENCE_FLOOR], outage->silence_floor_ns, NO_FLOOR);
  keep_longest (&v[MIG_METRIC_VMCO_STALL], outage->stall_ns, outage->stall_why);
  keep_longest (&v[MIG_METRIC_VMCO_STALL_FLOOR], outage->stall_floor_ns, NO_FLOOR);
}

/* set_probes: of guests without a network nothing is missing. */
static void
set_probes (const MigRunState *run, MigRunValue *v)
{
  guint moving = 0, staying = 0;
  MigOutage outage;

  for (guint i = 0; i < run->migrations->len; i++)
    {
      const MigMigrationRecord *m = run->migrations->pdata[i];
      if (!mig_run_find_outage (mig_run_find_guest (run, m->guest), m, &outage))
        continue;
      moving++;
      add_outage (&outage, v);
    }
  for (guint i = 0; i < run->guests->len; i++)
    if (mig_run_find_outage (run->guests->pdata[i], NULL, &outage))
      {
        staying++;
        add_outage_of_staying (&outage, v);
      }
  for (guint i = MIG_METRIC_OUTAGE; moving == 0 && i <= MIG_METRIC_OPEN_REQUESTS; i++)
    v[i].value = NAN;
  for (guint i = MIG_METRIC_VMCO_OUTAGE; staying == 0 && i <= MIG_METRIC_VMCO_STALL_FLOOR; i++)
    v[i].value = NAN;
}

/* keep_latest: NaN: nothing is known yet. */
static void
keep_latest (MigRunValue *latest, double s, gboolean first)
{
  latest->value = first ? s : isnan (s) || isnan (latest->value) ? NAN : fmax (latest->value, s);
  if (isnan (s) && !latest->why)
    latest->why = NO_ANNOUNCEMENT;
}

/* set_announcements: where any were heard: a run's other guests, which nobody asks, have none. */
static void
set_announcements (const MigRunState *run, MigRunValue *v)
{
  gboolean first = TRUE;
  MigAnnounced announced;
  MigOutage outage;

  v[MIG_METRIC_RARP].value = v[MIG_METRIC_ARP].value = NAN;
  for (guint i = 0; i < run->migrations->len; i++)
    {
      const MigMigrationRecord *m = run->migrations->pdata[i];
      if (!mig_run_find_announced (run, m, &announced) ||
          !mig_run_find_outage (mig_run_find_guest (run, m->guest), m, &outage))
        continue;
      keep_latest (&v[MIG_METRIC_RARP], announced.rarp_s, first);
      keep_latest (&v[MIG_METRIC_ARP], announced.arp_s, first);
      first = FALSE;
    }
}

/* add_latency: of one phase: three metrics, from the first on; of all phases: how many were not
 * answered. */
static void
add_latency (const MigLatency *latency, MigRunValue *first, MigRunValue *unanswered)
{
  keep_longest (&first[0], latency->p50_ns, NO_REQUESTS);
  keep_longest (&first[1], latency->p99_ns, NO_REQUESTS);
  keep_longest (&first[2], latency->max_ns, NO_REQUESTS);
  mig_run_value_add (unanswered, latency->unanswered, NULL);
}

/* set_latencies: of guests without a server nothing is missing. */
static void
set_latencies (const MigRunState *run, MigRunValue *v)
{
  static const MigMetric firsts[MIG_N_REQUEST_PHASES] = {
    [MIG_REQUEST_BEFORE] = MIG_METRIC_REQUEST_P50_BEFORE,
    [MIG_REQUEST_DURING] = MIG_METRIC_REQUEST_P50_DURING,
    [MIG_REQUEST_AFTER] = MIG_METRIC_REQUEST_P50_AFTER,
  };
  guint serving = 0;
  MigLatency latency;

  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestState *guest = run->guests->pdata[i];
      if (!mig_run_find_migration (run, guest->record->guest))
        continue;
      for (MigRequestPhase phase = 0; phase < MIG_N_REQUEST_PHASES; phase++)
        if (mig_run_find_latency (run, guest, phase, &latency))
          {
            serving++;
            add_latency (&latency, &v[firsts[phase]], &v[MIG_METRIC_REQUESTS_UNANSWERED]);
          }
    }
  for (guint i = MIG_METRIC_REQUEST_P50_BEFORE; serving == 0 && i <= MIG_METRIC_REQUESTS_UNANSWERED;
       i++)
    v[i].value = NAN;
}

void
mig_run_client_values (const MigRunState *run, MigRunValue v[MIG_N_METRICS])
{
  set_probes (run, v);
  set_announcements (run, v);
  set_latencies (run, v);
}
