/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/downtime.h"
#include "summary/summary.h"
#include "summary/values.h"

#define NO_HEARTBEATS "no heartbeats at a boundary of the interval"
#define NO_SAMPLES "no CPU samples with this counter"
#define NO_FIGURE "the hypervisor gave no figure for a migration"
#define NO_STAMP "a time stamp is missing"
#define NO_GUEST "no row of guests.csv tells of a guest that moved"

static gint64
between (gint64 from_ns, gint64 to_ns)
{
  return MIG_IS_MISSING (from_ns) || MIG_IS_MISSING (to_ns) ? MIG_MISSING_INT : to_ns - from_ns;
}

void
mig_run_value_add (MigRunValue *sum, double part, const char *why)
{
  sum->value += part;
  if (isnan (part) && !sum->why)
    sum->why = why;
}

static void
add_count (MigRunValue *sum, gint64 part)
{
  mig_run_value_add (sum, MIG_IS_MISSING (part) ? NAN : (double) part, NO_FIGURE);
}

static void
add_migration (const MigRunState *run, const MigMigrationRecord *m, MigRunValue *v)
{
  const MigGuestState *guest = mig_run_find_guest (run, m->guest);
  MigGuestDowntime down = mig_downtime_guest (m, guest ? guest->record->period_ns : MIG_MISSING_INT,
                                              mig_run_heartbeat_delay (guest),
                                              mig_run_lateness (run, m));
  double events = mig_units_seconds (mig_downtime_events (m));

  mig_run_value_add (&v[MIG_METRIC_TOTAL_TIME],
                     mig_units_seconds (between (m->start_ns, m->end_ns)), NO_STAMP);
  mig_run_value_add (&v[MIG_METRIC_TRANSFER_TIME], mig_units_seconds (m->transfer_ns), NO_FIGURE);
  mig_run_value_add (&v[MIG_METRIC_DOWNTIME_REPORTED], mig_units_seconds (m->downtime_reported_ns),
                     NO_FIGURE);
  mig_run_value_add (&v[MIG_METRIC_DOWNTIME_EVENTS], events,
                     "a migration had no suspended or no resumed event");
  mig_run_value_add (&v[MIG_METRIC_DOWNTIME_GUEST], mig_units_seconds (down.value_ns), down.why);
  mig_run_value_add (&v[MIG_METRIC_DOWNTIME_GUEST_LOW], mig_units_seconds (down.low_ns), down.why);
  mig_run_value_add (&v[MIG_METRIC_DOWNTIME_GUEST_HIGH], mig_units_seconds (down.high_ns),
                     down.why);
  if (!mig_run_destination_idle (run, m))
    mig_run_value_add (&v[MIG_METRIC_SWITCH_WAIT], mig_units_seconds (down.value_ns) - events,
                       "one of the two downtimes is missing");
  add_count (&v[MIG_METRIC_SENT], m->sent_bytes);
  add_count (&v[MIG_METRIC_ROUNDS], m->rounds);
}

/* set_disks: of the migrations that copied some; where none did there is nothing to tell. */
static void
set_disks (const MigRunState *run, MigRunValue *v)
{
  guint n = 0;

  for (guint i = 0; i < run->migrations->len; i++)
    {
      const MigMigrationRecord *m = run->migrations->pdata[i];
      if (MIG_IS_MISSING (m->disk_total_bytes))
        continue;
      n++;
      add_count (&v[MIG_METRIC_DISK_SENT], m->disk_sent_bytes);
      mig_run_value_add (&v[MIG_METRIC_DISK_TIME], mig_units_seconds (m->disk_ns),
                         "an event of a migration is missing");
    }
  if (n == 0)
    v[MIG_METRIC_DISK_SENT].value = v[MIG_METRIC_DISK_TIME].value = NAN;
}

double
mig_run_work_rate_before (const MigRunState *run, const MigGuestState *guest)
{
  double length_s;
  double work = mig_series_delta (&guest->work, 0, run->record->window_start_ns,
                                  run->record->migrations_start_ns, &length_s);
  return length_s > 0 ? work / length_s : NAN;
}

double
mig_run_lost_work (const MigRunState *run, const MigGuestState *guest, gint64 end_ns)
{
  const MigRunRecord *r = run->record;
  double during_s;

  if (g_strcmp0 (guest->record->workload, "idle") == 0)
    return 0;
  double before = mig_run_work_rate_before (run, guest);
  double during = mig_series_delta (&guest->work, 0, r->migrations_start_ns, end_ns, &during_s);
  return before > 0 ? during_s - during / before : NAN;
}

static void
add_lost_work (const MigRunState *run, const MigGuestState *guest, MigRunValue *v)
{
  const char *why = "no heartbeats, or no work before the migration";
  double during = mig_run_lost_work (run, guest, run->record->migrations_end_ns);
  double window = mig_run_lost_work (run, guest, run->record->window_end_ns);
  gboolean migrates = mig_run_find_migration (run, guest->record->guest) != NULL;

  mig_run_value_add (&v[migrates ? MIG_METRIC_LOST_VMMG : MIG_METRIC_LOST_VMCO], during, why);
  mig_run_value_add (&v[MIG_METRIC_LOST_ALL], during, why);
  mig_run_value_add (&v[migrates ? MIG_METRIC_WINDOW_LOST_VMMG : MIG_METRIC_WINDOW_LOST_VMCO],
                     window, why);
  mig_run_value_add (&v[MIG_METRIC_WINDOW_LOST_ALL], window, why);
}

/* add_unknown: of a migration whose guest no row tells of: what it lost is not known, nor, then,
 * what all did. */
static void
add_unknown (MigRunValue *v)
{
  static const MigMetric unknown[] = { MIG_METRIC_SWITCH_WAIT, MIG_METRIC_LOST_VMMG,
                                       MIG_METRIC_LOST_ALL, MIG_METRIC_WINDOW_LOST_VMMG,
                                       MIG_METRIC_WINDOW_LOST_ALL };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    mig_run_value_add (&v[unknown[i]], NAN, NO_GUEST);
}

/* cpu_share: of one counter of a guest, all hosts together, per second. */
static double
cpu_share (const MigGuestState *guest, guint counter, gint64 from_ns, gint64 to_ns)
{
  double sum = 0;

  if (guest->hosts->len == 0 || MIG_IS_MISSING (from_ns) || to_ns <= from_ns)
    return NAN;
  for (guint i = 0; i < guest->hosts->len; i++)
    sum += mig_series_delta (&((MigHostSeries *) guest->hosts->pdata[i])->counters[counter], 0,
                             from_ns, to_ns, NULL);
  return sum / mig_units_seconds (to_ns - from_ns);
}

double
mig_run_cpu_before (const MigRunState *run, const MigGuestState *guest)
{
  return cpu_share (guest, MIG_SAMPLE_VCPU, run->record->window_start_ns,
                    run->record->migrations_start_ns);
}

static void
add_cpu (const MigRunState *run, const MigGuestState *guest, MigRunValue *v)
{
  const MigRunRecord *r = run->record;
  const MigMigrationRecord *m = mig_run_find_migration (run, guest->record->guest);
  gint64 from = m ? m->start_ns : r->migrations_start_ns, to = m ? m->end_ns : r->migrations_end_ns;

  mig_run_value_add (&v[m ? MIG_METRIC_VMMG_CPU_BEFORE : MIG_METRIC_VMCO_CPU_BEFORE],
                     mig_run_cpu_before (run, guest), NO_SAMPLES);
  mig_run_value_add (&v[m ? MIG_METRIC_VMMG_CPU_DURING : MIG_METRIC_VMCO_CPU_DURING],
                     cpu_share (guest, MIG_SAMPLE_VCPU, from, to), NO_SAMPLES);
  mig_run_value_add (&v[m ? MIG_METRIC_VMMG_WAIT_DURING : MIG_METRIC_VMCO_WAIT_DURING],
                     cpu_share (guest, MIG_SAMPLE_WAIT, from, to), NO_SAMPLES);
}

/* CPU time of a host's management while the migrations run. */
typedef struct {
  double own, of_guests; /* s; its own counter, and the sum of its guests' */
  guint n_own, n_of_guests;
} HostManagement;

static HostManagement *
find_management (GHashTable *hosts, const char *host)
{
  HostManagement *found = g_hash_table_lookup (hosts, host);

  if (!found)
    g_hash_table_insert (hosts, (gpointer) host, found = g_new0 (HostManagement, 1));
  return found;
}

static double
management_delta (const MigRunState *run, const MigHostSeries *series)
{
  return mig_series_delta (&series->counters[MIG_SAMPLE_MANAGEMENT], 0,
                           run->record->migrations_start_ns, run->record->migrations_end_ns, NULL);
}

static void
add_guest_management (const MigRunState *run, const MigGuestState *guest, GHashTable *hosts)
{
  for (guint i = 0; i < guest->hosts->len; i++)
    {
      const MigHostSeries *series = guest->hosts->pdata[i];
      if (!series->counters[MIG_SAMPLE_MANAGEMENT].any)
        continue;
      HostManagement *host = find_management (hosts, series->host);
      host->of_guests += management_delta (run, series);
      host->n_of_guests++;
    }
}

/* management_of_hosts: name -> HostManagement. */
static GHashTable *
management_of_hosts (const MigRunState *run)
{
  GHashTable *hosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < run->hosts->len; i++)
    {
      const MigHostSeries *series = run->hosts->pdata[i];
      if (!series->counters[MIG_SAMPLE_MANAGEMENT].any)
        continue;
      HostManagement *host = find_management (hosts, series->host);
      host->own += management_delta (run, series);
      host->n_own++;
    }
  for (guint i = 0; i < run->guests->len; i++)
    add_guest_management (run, run->guests->pdata[i], hosts);
  return hosts;
}

/* management_share: per second: of its own counter where it has one, else of its guests'. */
static double
management_share (const MigRunState *run, GHashTable *hosts, const char *name)
{
  gint64 from = run->record->migrations_start_ns, to = run->record->migrations_end_ns;
  const HostManagement *host = name ? g_hash_table_lookup (hosts, name) : NULL;

  if (!host || MIG_IS_MISSING (from) || to <= from)
    return NAN;
  if (host->n_own > 0 && !isnan (host->own))
    return host->own / mig_units_seconds (to - from);
  return host->n_of_guests > 0 ? host->of_guests / mig_units_seconds (to - from) : NAN;
}

static void
divide (MigRunValue *value, guint n)
{
  value->value = n > 0 ? value->value / n : NAN;
}

/* Of the hosts that guests went to, other than that which the first one left: the mean. */
static double
management_of_destinations (const MigRunState *run, GHashTable *hosts, const char *source)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  double sum = 0;

  for (guint i = 0; i < run->migrations->len; i++)
    {
      const char *host = ((const MigMigrationRecord *) run->migrations->pdata[i])->destination;
      if (host && g_strcmp0 (host, source) != 0 && g_hash_table_add (seen, (gpointer) host))
        sum += management_share (run, hosts, host);
    }
  return g_hash_table_size (seen) > 0 ? sum / g_hash_table_size (seen) : NAN;
}

static void
set_management (const MigRunState *run, MigRunValue *v)
{
  const MigMigrationRecord *first = run->migrations->pdata[0];
  g_autoptr (GHashTable) hosts = management_of_hosts (run);

  mig_run_value_add (&v[MIG_METRIC_MANAGEMENT_SOURCE], management_share (run, hosts, first->source),
                     NO_SAMPLES);
  mig_run_value_add (&v[MIG_METRIC_MANAGEMENT_DESTINATION],
                     management_of_destinations (run, hosts, first->source), NO_SAMPLES);
}

void
mig_run_values (const MigRunState *run, MigRunValue v[MIG_N_METRICS])
{
  guint moving = 0, staying = 0;

  for (guint i = 0; i < MIG_N_METRICS; i++)
    v[i] = (MigRunValue){ 0, NULL };
  for (guint i = 0; i < run->migrations->len; i++)
    {
      const MigMigrationRecord *m = run->migrations->pdata[i];
      add_migration (run, m, v);
      if (!mig_run_find_guest (run, m->guest))
        add_unknown (v);
    }
  set_disks (run, v);
  mig_run_client_values (run, v);
  mig_run_value_add (&v[MIG_METRIC_WALL_TIME],
                     mig_units_seconds (between (run->record->migrations_start_ns,
                                                 run->record->migrations_end_ns)),
                     NO_STAMP);
  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestState *guest = run->guests->pdata[i];
      mig_run_find_migration (run, guest->record->guest) ? moving++ : staying++;
      add_lost_work (run, guest, v);
      add_cpu (run, guest, v);
    }
  set_management (run, v);
  for (guint i = MIG_METRIC_VMMG_CPU_BEFORE; i <= MIG_METRIC_VMMG_WAIT_DURING; i++)
    divide (&v[i], moving);
  for (guint i = MIG_METRIC_VMCO_CPU_BEFORE; i <= MIG_METRIC_VMCO_WAIT_DURING; i++)
    divide (&v[i], staying);
  v[MIG_METRIC_SEND_RATE].value = v[MIG_METRIC_SENT].value / v[MIG_METRIC_TRANSFER_TIME].value;
  if (!isfinite (v[MIG_METRIC_SEND_RATE].value))
    v[MIG_METRIC_SEND_RATE] = (MigRunValue){ NAN, NO_FIGURE };
  if (staying == 0)
    v[MIG_METRIC_LOST_VMCO].value = v[MIG_METRIC_WINDOW_LOST_VMCO].value = NAN;
}

static void
add_class_migration (const MigRunState *run, const MigGuestState *guest,
                     const MigMigrationRecord *m, MigRunValue *v)
{
  MigGuestDowntime down = mig_downtime_guest (
      m, guest->record->period_ns, mig_run_heartbeat_delay (guest), mig_run_lateness (run, m));

  mig_run_value_add (&v[MIG_METRIC_GUEST_TIME],
                     mig_units_seconds (between (m->start_ns, m->end_ns)), NO_STAMP);
  mig_run_value_add (&v[MIG_METRIC_GUEST_DOWNTIME_REPORTED],
                     mig_units_seconds (m->downtime_reported_ns), NO_FIGURE);
  mig_run_value_add (&v[MIG_METRIC_GUEST_DOWNTIME_EVENTS],
                     mig_units_seconds (mig_downtime_events (m)),
                     "a migration had no suspended or no resumed event");
  mig_run_value_add (&v[MIG_METRIC_GUEST_DOWNTIME], mig_units_seconds (down.value_ns), down.why);
}

void
mig_run_class_values (const MigRunState *run, const GPtrArray *guests, MigRunValue v[MIG_N_METRICS])
{
  guint moving = 0, staying = 0;

  for (guint i = 0; i < MIG_N_METRICS; i++)
    v[i] = (MigRunValue){ 0, NULL };
  for (guint i = 0; i < guests->len; i++)
    {
      const MigGuestState *guest = guests->pdata[i];
      const MigMigrationRecord *m = mig_run_find_migration (run, guest->record->guest);
      double length_s;
      if (m)
        {
          moving++;
          add_class_migration (run, guest, m, v);
          continue;
        }
      staying++;
      double work = mig_series_delta (&guest->work, 0, run->record->window_start_ns,
                                      run->common_end_ns, &length_s);
      mig_run_value_add (&v[MIG_METRIC_LEFT_THROUGHPUT], length_s > 0 ? work / length_s : NAN,
                         NO_HEARTBEATS);
    }
  divide (&v[MIG_METRIC_LEFT_THROUGHPUT], staying);
  for (guint i = MIG_METRIC_GUEST_TIME; i <= MIG_METRIC_GUEST_DOWNTIME; i++)
    divide (&v[i], moving);
}
