/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "results/columns.h"
#include "summary/downtime.h"
#include "summary/noise.h"
#include "summary/run-summary.h"
#include "summary/values.h"

static MigRunSummary *
add_run (MigSummary *summary, const MigRunState *run, const MigCpuTable *cpus)
{
  MigRunSummary *added = g_new0 (MigRunSummary, 1);

  added->run = run->record->run;
  added->case_label = g_strdup (run->record->case_label);
  added->repetition = run->record->repetition;
  added->status = g_strdup (run->record->status);
  added->sound = run->counts;
  added->aside = run->sound && run->aside;
  added->length_s = mig_units_seconds_between (run->record->started_ns, run->record->ended_ns);
  added->stolen_share = added->others_share = added->sending_share = added->own_wait_share =
      added->observing_share = NAN;
  if (run->counts)
    mig_noise_measure (run, cpus, added);
  else
    added->reason = g_strdup (run->reason  ? run->reason
                              : run->aside ? run->aside
                                           : "a later run of this repetition counts instead");
  g_ptr_array_add (summary->runs, added);
  return added;
}

/* set_outage: what clients noticed of it, and what showed them where the guest is. */
static void
set_outage (MigMigrationSummary *m, const MigRunState *run, const MigGuestState *guest,
            const MigMigrationRecord *record)
{
  MigOutage outage = { 0 };
  MigAnnounced announced;

  m->probed = mig_run_find_outage (guest, record, &outage);
  m->outage_s = m->probed ? mig_units_seconds (outage.outage_ns) : NAN;
  m->probe_period_s = m->probed ? mig_units_seconds (outage.period_ns) : NAN;
  m->silence_s = m->probed ? mig_units_seconds (outage.silence_ns) : NAN;
  m->silence_from_ns = m->probed ? outage.silence_from_ns : MIG_MISSING_INT;
  m->stall_s = m->probed ? mig_units_seconds (outage.stall_ns) : NAN;
  m->stall_at_least = outage.open_requests > 0;
  m->outage_why = outage.why;
  m->stall_why = outage.stall_why;
  mig_run_find_announced (run, record, &announced);
  m->rarp_s = announced.rarp_s;
  m->arp_s = announced.arp_s;
}

static void
add_migration (MigSummary *summary, const MigRunState *run, const MigRunSummary *of,
               const MigMigrationRecord *m)
{
  const MigGuestState *guest = mig_run_find_guest (run, m->guest);
  MigGuestDowntime down = mig_downtime_guest (m, guest ? guest->record->period_ns : MIG_MISSING_INT,
                                              mig_run_heartbeat_delay (guest),
                                              mig_run_lateness (run, m));
  MigMigrationSummary *added = g_new0 (MigMigrationSummary, 1);
  gint64 events_low_ns, events_high_ns;

  mig_downtime_events_bounds (m, mig_run_lateness (run, m), &events_low_ns, &events_high_ns);

  *added = (MigMigrationSummary){
    .run = of,
    .record = mig_record_copy (MIG_TABLE_MIGRATIONS, m),
    .class_name = g_strdup (guest ? mig_class_name (guest->record) : NULL),
    .destination_idle = mig_run_destination_idle (run, m),
    .start_s = mig_units_seconds (m->start_ns) -
               mig_units_seconds (run->record->migrations_start_ns),
    .total_s = mig_units_seconds (m->end_ns) - mig_units_seconds (m->start_ns),
    .transfer_s = mig_units_seconds (m->transfer_ns),
    .downtime_s = mig_units_seconds (
        mig_downtime_best (m, guest ? guest->record->period_ns : MIG_MISSING_INT)),
    .lost_s = run->counts && guest ? mig_run_lost_work (run, guest, run->record->migrations_end_ns)
                                   : NAN,
    .downtime_reported_s = mig_units_seconds (m->downtime_reported_ns),
    .downtime_events_s = mig_units_seconds (mig_downtime_events (m)),
    .downtime_events_low_s = mig_units_seconds (events_low_ns),
    .downtime_events_high_s = mig_units_seconds (events_high_ns),
    .downtime_guest_s = mig_units_seconds (down.value_ns),
    .downtime_guest_low_s = mig_units_seconds (down.low_ns),
    .downtime_guest_high_s = mig_units_seconds (down.high_ns),
    .resolution_s = mig_units_seconds (down.resolution_ns),
    .downtime_guest_why = down.why,
  };
  set_outage (added, run, guest, m);
  g_ptr_array_add (summary->migrations, added);
}

/* ---- its guests ---- */

static gboolean
is_damaged (const MigGuestRecord *guest)
{
  return guest->alarm ||
         (!MIG_IS_MISSING (guest->heartbeats_backwards) && guest->heartbeats_backwards > 0);
}

gboolean
mig_run_summary_was_not_run (const MigRunState *run)
{
  for (guint i = 0; i < run->guests->len; i++)
    if (is_damaged (((MigGuestState *) run->guests->pdata[i])->record))
      return FALSE;
  return g_strcmp0 (run->record->status, "skipped") == 0 ||
         g_strcmp0 (run->record->status, "interrupted") == 0;
}

static void
add_damaged (MigSummary *summary, const MigRunState *run)
{
  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestRecord *guest = ((MigGuestState *) run->guests->pdata[i])->record;
      if (!is_damaged (guest))
        continue;
      g_ptr_array_add (summary->damaged,
                       g_strdup_printf ("run %" G_GINT64_FORMAT " (%s, repetition %" G_GINT64_FORMAT
                                        "): guest '%s': %s",
                                        run->record->run, run->record->case_label,
                                        run->record->repetition, guest->guest,
                                        guest->alarm ? guest->alarm : "its heartbeats went back"));
    }
}

/* add_count: a sum that stays at its largest value rather than wrap round. */
static void
add_count (gint64 *sum, gint64 part)
{
  if (!MIG_IS_MISSING (part) && part > 0)
    *sum = *sum > G_MAXINT64 - part ? G_MAXINT64 : *sum + part;
}

static void
add_health (MigSummary *summary, const MigRunState *run)
{
  for (guint i = 0; i < run->guests->len; i++)
    {
      const MigGuestRecord *guest = ((MigGuestState *) run->guests->pdata[i])->record;
      add_count (&summary->heartbeats, guest->heartbeats);
      add_count (&summary->heartbeats_lost, guest->heartbeats_lost);
      add_count (&summary->checksum_errors, guest->checksum_errors);
    }
}

/* ---- all of it ---- */

static void
add_overhead (MigSummary *summary, const MigRunRecord *r)
{
  double whole = mig_units_seconds (r->ended_ns) - mig_units_seconds (r->started_ns);
  double window = mig_units_seconds (r->window_end_ns) - mig_units_seconds (r->window_start_ns);

  if (isnan (whole) || isnan (window))
    return;
  summary->run_s += whole;
  summary->outside_s += whole - window;
}

void
mig_run_summary_add (MigSummary *summary, const MigRunState *run, const MigCpuTable *cpus)
{
  const MigRunSummary *of = add_run (summary, run, cpus);

  for (guint i = 0; i < run->migrations->len; i++)
    {
      add_migration (summary, run, of, run->migrations->pdata[i]);
      if (run->sound)
        mig_post_copies_add (&summary->post_copies, run->migrations->pdata[i]);
    }
  add_damaged (summary, run);
  add_health (summary, run);
  add_overhead (summary, run->record);
}
