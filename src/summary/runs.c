/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/post-copy.h"
#include "summary/runs.h"

/* Up to this far away, the nearest sample stands for a moment outside all of them. */
#define REACH_NS (3 * MIG_NS_PER_S)
#define DELAY_SHARE 0.99

static void
host_series_free (gpointer data)
{
  MigHostSeries *host = data;
  g_free (host->host);
  g_free (host);
}

static void
guest_state_free (gpointer data)
{
  MigGuestState *guest = data;
  g_free (guest->delays);
  g_clear_pointer (&guest->probes, g_ptr_array_unref);
  g_clear_pointer (&guest->requests, g_array_unref);
  g_ptr_array_unref (guest->hosts);
  g_free (guest);
}

MigRunState *
mig_run_state_new (const MigRunRecord *record)
{
  MigRunState *self = g_new0 (MigRunState, 1);

  self->record = record;
  self->guests = g_ptr_array_new_with_free_func (guest_state_free);
  self->migrations = g_ptr_array_new ();
  self->guest_named = g_hash_table_new (g_str_hash, g_str_equal);
  self->migration_of = g_hash_table_new (g_str_hash, g_str_equal);
  self->hosts = g_ptr_array_new_with_free_func (host_series_free);
  self->host_named = g_hash_table_new (g_str_hash, g_str_equal);
  self->round_trip_to = g_hash_table_new (g_str_hash, g_str_equal);
  self->announced = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->common_end_ns = MIG_MISSING_INT;
  return self;
}

void
mig_run_state_free (MigRunState *self)
{
  g_hash_table_unref (self->guest_named);
  g_hash_table_unref (self->migration_of);
  g_ptr_array_unref (self->guests);
  g_ptr_array_unref (self->migrations);
  g_hash_table_unref (self->host_named);
  g_ptr_array_unref (self->hosts);
  g_hash_table_unref (self->round_trip_to);
  g_hash_table_unref (self->announced);
  g_clear_pointer (&self->busy, mig_occupancy_free);
  g_free (self->reason);
  g_free (self);
}

void
mig_run_add_guest (MigRunState *self, const MigGuestRecord *record)
{
  if (!record->guest || g_hash_table_contains (self->guest_named, record->guest))
    return;
  MigGuestState *guest = g_new0 (MigGuestState, 1);
  guest->record = record;
  guest->last_arrival_ns = MIG_MISSING_INT;
  guest->hosts = g_ptr_array_new_with_free_func (host_series_free);
  g_ptr_array_add (self->guests, guest);
  g_hash_table_insert (self->guest_named, record->guest, guest);
}

void
mig_run_add_migration (MigRunState *self, const MigMigrationRecord *record)
{
  g_ptr_array_add (self->migrations, (gpointer) record);
}

MigGuestState *
mig_run_find_guest (const MigRunState *self, const char *name)
{
  return name ? g_hash_table_lookup (self->guest_named, name) : NULL;
}

const MigMigrationRecord *
mig_run_find_migration (const MigRunState *self, const char *guest)
{
  return guest ? g_hash_table_lookup (self->migration_of, guest) : NULL;
}

gboolean
mig_run_is_host_of (const MigRunState *self, const MigGuestState *guest, const char *host)
{
  const MigMigrationRecord *m = mig_run_find_migration (self, guest->record->guest);

  return g_strcmp0 (host, guest->record->host_before) == 0 ||
         g_strcmp0 (host, guest->record->host_after) == 0 ||
         (m && (g_strcmp0 (host, m->source) == 0 || g_strcmp0 (host, m->destination) == 0));
}

gboolean
mig_run_has_left (const MigRunState *self, const char *guest, const char *host, gint64 at_ns)
{
  const MigMigrationRecord *m = mig_run_find_migration (self, guest);

  if (!m || MIG_IS_MISSING (at_ns) || g_strcmp0 (m->status, "ok") != 0 ||
      g_strcmp0 (m->source, host) != 0)
    return FALSE;
  gboolean follows = g_strcmp0 (m->technique, "post-copy") == 0 ||
                     g_strcmp0 (m->stopped_by, "post-copy") == 0;
  gint64 left_ns = follows || MIG_IS_MISSING (m->resumed_ns) ? m->end_ns : m->resumed_ns;
  return !MIG_IS_MISSING (left_ns) && at_ns > left_ns;
}

static char *
unsound_guest (const MigGuestRecord *guest)
{
  if (guest->alarm)
    return g_strdup_printf ("guest '%s' damaged: %s", guest->guest, guest->alarm);
  if (!MIG_IS_MISSING (guest->heartbeats_backwards) && guest->heartbeats_backwards > 0)
    return g_strdup_printf ("guest '%s' damaged: its heartbeats went back", guest->guest);
  return NULL;
}

static char *
unsound_reason (const MigRunState *self)
{
  const MigRunRecord *run = self->record;

  for (guint i = 0; i < self->guests->len; i++)
    {
      char *reason = unsound_guest (((MigGuestState *) self->guests->pdata[i])->record);
      if (reason)
        return reason;
    }
  for (guint i = 0; i < self->migrations->len; i++)
    {
      const MigMigrationRecord *m = self->migrations->pdata[i];
      if (g_strcmp0 (m->status, "ok") != 0)
        return g_strdup_printf ("migration of '%s' %s: %s", m->guest,
                                m->status ? m->status : "has no status",
                                m->reason ? m->reason : "no reason recorded");
    }
  if (g_strcmp0 (run->status, "ok") != 0)
    return g_strdup_printf ("%s: %s", run->status ? run->status : "no status",
                            run->reason ? run->reason : "no reason recorded");
  if (self->migrations->len == 0)
    return g_strdup ("no migration recorded");
  return NULL;
}

/* set_aside_reason: why it is no run of its case; NULL: it is. */
static const char *
set_aside_reason (const MigRunState *self)
{
  MigPostCopies post_copies = { 0 };

  for (guint i = 0; i < self->migrations->len; i++)
    mig_post_copies_add (&post_copies, self->migrations->pdata[i]);
  return post_copies.n > 0 && post_copies.n_switched == 0 ? MIG_POST_COPY_LATE : NULL;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 x = (*(const MigMigrationRecord *const *) a)->step,
         y = (*(const MigMigrationRecord *const *) b)->step;
  return (x > y) - (x < y);
}

static gboolean
is_busy (const MigGuestState *guest)
{
  return g_strcmp0 (guest->record->workload, "idle") != 0;
}

static void
place_guests (MigRunState *self)
{
  self->busy = mig_occupancy_new ();
  for (guint i = 0; i < self->guests->len; i++)
    {
      const MigGuestState *guest = self->guests->pdata[i];
      const MigMigrationRecord *m = mig_run_find_migration (self, guest->record->guest);
      if (!is_busy (guest))
        continue;
      mig_occupancy_arrive (self->busy, guest->record->host_before, MIG_STEP_FIRST);
      if (!m)
        continue;
      mig_occupancy_leave (self->busy, guest->record->host_before, m->step);
      mig_occupancy_arrive (self->busy, m->destination, m->step);
    }
}

void
mig_run_judge (MigRunState *self)
{
  g_ptr_array_sort (self->migrations, compare_steps);
  for (guint i = self->migrations->len; i > 0; i--)
    {
      MigMigrationRecord *m = self->migrations->pdata[i - 1];
      if (m->guest)
        g_hash_table_replace (self->migration_of, m->guest, m);
    }
  place_guests (self);
  self->reason = unsound_reason (self);
  self->sound = !self->reason;
  self->aside = set_aside_reason (self);
}

static void
add_boundaries (const MigRunState *self, MigSeries *series)
{
  mig_series_probe (series, self->record->window_start_ns);
  mig_series_probe (series, self->record->migrations_start_ns);
  mig_series_probe (series, self->record->migrations_end_ns);
  mig_series_probe (series, self->record->window_end_ns);
  mig_series_probe (series, self->common_end_ns);
}

void
mig_run_start (MigRunState *self, gint64 common_window_ns)
{
  const MigRunRecord *r = self->record;

  if (!self->sound)
    return; /* its rows are not read */
  if (!MIG_IS_MISSING (common_window_ns) && !MIG_IS_MISSING (r->window_start_ns) &&
      !MIG_IS_MISSING (r->window_end_ns))
    self->common_end_ns = r->window_start_ns + common_window_ns;
  for (guint i = 0; i < self->guests->len; i++)
    {
      MigGuestState *guest = self->guests->pdata[i];
      mig_series_init (&guest->work, 1, REACH_NS);
      add_boundaries (self, &guest->work);
    }
}

void
mig_run_heartbeat (MigRunState *self, MigGuestState *guest, const MigHeartbeatRecord *beat)
{
  double work = MIG_IS_MISSING (beat->work_units) ? NAN : (double) beat->work_units;
  const MigRunRecord *run = self->record;

  if (!MIG_IS_MISSING (guest->last_arrival_ns) && beat->sequence == guest->last_sequence + 1 &&
      guest->last_arrival_ns >= run->window_start_ns &&
      beat->arrival_ns <= run->migrations_start_ns)
    {
      gint64 period = MIG_IS_MISSING (beat->period_ns) ? guest->record->period_ns : beat->period_ns;
      if (!guest->delays)
        guest->delays = g_new0 (MigDurationHistogram, 1);
      mig_duration_histogram_add (guest->delays,
                                  beat->arrival_ns - guest->last_arrival_ns - period);
    }
  guest->last_sequence = beat->sequence;
  guest->last_arrival_ns = beat->arrival_ns;
  mig_series_push (&guest->work, beat->arrival_ns, &work);
}

static void
init_counter (const MigRunState *self, MigSeries *series, const MigMigrationRecord *m,
              const char *host)
{
  mig_series_init (series, 1, REACH_NS);
  add_boundaries (self, series);
  if (!m)
    return;
  mig_series_probe (series, m->start_ns);
  mig_series_probe (series, m->end_ns);
  /* its process or domain ends on the source and starts on the destination */
  series->ends_at_last = g_strcmp0 (host, m->destination) != 0;
  series->starts_at_zero = !series->ends_at_last;
}

static MigHostSeries *
add_series (const MigRunState *self, GPtrArray *list, const MigMigrationRecord *m, const char *host)
{
  MigHostSeries *added = g_new0 (MigHostSeries, 1);

  added->host = g_strdup (host);
  for (guint i = 0; i < MIG_N_SAMPLE_VALUES; i++)
    init_counter (self, &added->counters[i], m, host);
  g_ptr_array_add (list, added);
  return added;
}

/* guest_series: of a guest on a host, one of the four at most that the tables name; made at its
 * first sample. */
static MigHostSeries *
guest_series (const MigRunState *self, MigGuestState *guest, const char *host)
{
  for (guint i = 0; i < guest->hosts->len; i++)
    if (g_strcmp0 (((MigHostSeries *) guest->hosts->pdata[i])->host, host) == 0)
      return guest->hosts->pdata[i];
  return add_series (self, guest->hosts, mig_run_find_migration (self, guest->record->guest), host);
}

/* host_series: the same of a host itself. */
static MigHostSeries *
host_series (MigRunState *self, const char *host)
{
  MigHostSeries *series = g_hash_table_lookup (self->host_named, host);

  if (series)
    return series;
  series = add_series (self, self->hosts, NULL, host);
  g_hash_table_insert (self->host_named, series->host, series);
  return series;
}

void
mig_run_sample (MigRunState *self, MigGuestState *guest, const MigSampleRecord *sample)
{
  const gint64 values[MIG_N_SAMPLE_VALUES] = {
    [MIG_SAMPLE_CPU] = sample->cpu_ns,
    [MIG_SAMPLE_IDLE] = sample->idle_ns,
    [MIG_SAMPLE_VCPU] = sample->vcpu_ns,
    [MIG_SAMPLE_WAIT] = sample->vcpu_wait_ns,
    [MIG_SAMPLE_MANAGEMENT] = sample->management_ns,
  };
  MigHostSeries *host = guest ? guest_series (self, guest, sample->host)
                              : host_series (self, sample->host);

  for (guint i = 0; i < MIG_N_SAMPLE_VALUES; i++)
    if (!MIG_IS_MISSING (values[i]))
      {
        double in_s = (double) values[i] / MIG_NS_PER_S;
        mig_series_push (&host->counters[i], sample->time_ns, &in_s);
      }
}

static void
finish_hosts (GPtrArray *hosts)
{
  for (guint i = 0; i < hosts->len; i++)
    for (guint c = 0; c < MIG_N_SAMPLE_VALUES; c++)
      mig_series_finish (&((MigHostSeries *) hosts->pdata[i])->counters[c]);
}

void
mig_run_finish (MigRunState *self)
{
  for (guint i = 0; i < self->guests->len; i++)
    {
      MigGuestState *guest = self->guests->pdata[i];
      mig_series_finish (&guest->work);
      finish_hosts (guest->hosts);
    }
  finish_hosts (self->hosts);
}

static gint64
lateness (const MigRunState *self, const char *host)
{
  const MigRoundTripRecord *trip = host ? g_hash_table_lookup (self->round_trip_to, host) : NULL;

  return trip ? trip->high_ns : MIG_MISSING_INT;
}

MigStampDelay
mig_run_lateness (const MigRunState *self, const MigMigrationRecord *migration)
{
  return (MigStampDelay){ lateness (self, migration->source),
                          lateness (self, migration->destination) };
}

gint64
mig_run_heartbeat_delay (const MigGuestState *guest)
{
  return guest && guest->delays ? mig_duration_histogram_percentile (guest->delays, DELAY_SHARE)
                                : MIG_MISSING_INT;
}

/* is_there: whether a guest is on the migration's destination once its step is over. */
static gboolean
is_there (const MigRunState *self, const MigGuestState *guest, const MigMigrationRecord *migration)
{
  const MigMigrationRecord *own = mig_run_find_migration (self, guest->record->guest);
  gboolean moved = own && own->step <= migration->step;

  return g_strcmp0 (moved ? own->destination : guest->record->host_before,
                    migration->destination) == 0;
}

gboolean
mig_run_destination_idle (const MigRunState *self, const MigMigrationRecord *migration)
{
  const MigGuestState *guest = mig_run_find_guest (self, migration->guest);
  gboolean itself = guest && is_busy (guest) && is_there (self, guest, migration);

  return mig_occupancy_count (self->busy, migration->destination, migration->step) ==
         (itself ? 1 : 0);
}
