/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/claims.h"
#include "tests/unit/synthetic.h"

#define SECOND MIG_NS_PER_S
#define BASELINE_NS (4 * SECOND)
#define N_GUESTS 4
#define SUBSTEPS 8 /* of a heartbeat period, where the work is summed */

static const char *const names[N_GUESTS] = { "c1", "c2", "m1", "m2" };

typedef struct {
  MigResultWriter *writer;
  const SyntheticOptions *options;
  const char *label;
  guint repetition;
  gint64 run;
  gint64 clock_ns; /* of the next run's start */
  MigRunRecord record;
  MigMigrationRecord migrations[2];
} Synthetic;

static gint64
ns (double seconds)
{
  return (gint64) (seconds * 1e9 + 0.5);
}

double
synthetic_time_s (char class_name, guint step, guint repetition)
{
  double base = class_name == 'c' ? 4 : 10;
  guint scatter = repetition * (2 * step + (class_name == 'm')) % 3;
  return base * (step == 1 ? 1.2 : 1) + 0.1 * scatter;
}

double
synthetic_downtime_s (char class_name)
{
  return class_name == 'c' ? 0.05 : 2.5;
}

static void
append (Synthetic *self, MigTable table, gconstpointer record)
{
  g_autoptr (GError) error = NULL;
  mig_result_writer_append (self->writer, table, record, &error);
  g_assert_no_error (error);
}

/* guest_of: the guest that moves in a step: the first or second of its class. */
static const char *
guest_of (const char *label, guint step)
{
  gboolean second = step == 2 && label[0] == label[1];
  return names[(label[step - 1] == 'm' ? 2 : 0) + second];
}

static void
plan_migration (Synthetic *self, guint step, gint64 start_ns)
{
  MigMigrationRecord *m = &self->migrations[step - 1];
  char class_name = self->label[step - 1];

  mig_record_init (MIG_TABLE_MIGRATIONS, m);
  m->run = self->run;
  m->step = step;
  m->guest = (char *) guest_of (self->label, step);
  m->source = (char *) "source";
  m->destination = (char *) "destination";
  m->status = (char *) "ok";
  m->stop_rule = (char *) "xen-4.4";
  m->start_ns = start_ns;
  m->end_ns = start_ns + ns (synthetic_time_s (class_name, step, self->repetition));
  m->resumed_ns = m->end_ns - SECOND / 2;
  m->suspended_ns = m->resumed_ns - ns (synthetic_downtime_s (class_name));
  if (!self->options->with_stamps)
    return;
  m->transfer_ns = m->end_ns - m->start_ns - SECOND;
  m->setup_ns = SECOND / 100;
  m->downtime_reported_ns = ns (synthetic_downtime_s (class_name)) - SECOND / 1000;
  m->sent_bytes = (class_name == 'c' ? 150 : 1700) * G_GINT64_CONSTANT (1000000) + self->repetition;
  m->rounds = class_name == 'c' ? 3 : 4;
  m->ram_bytes = 512 * (gint64) MIG_MIB;
  m->stopped_by = (char *) (class_name == 'c' ? "hypervisor" : "ram");
}

static void
plan_run (Synthetic *self)
{
  MigRunRecord *r = &self->record;
  mig_record_init (MIG_TABLE_RUNS, r);
  r->run = ++self->run;
  r->case_label = (char *) self->label;
  r->repetition = self->repetition;
  r->status = (char *) "ok";
  r->started_ns = self->clock_ns;
  r->ready_ns = r->started_ns + 3 * SECOND;
  r->window_start_ns = r->ready_ns + SECOND;
  r->migrations_start_ns = r->window_start_ns + BASELINE_NS;
  plan_migration (self, 1, r->migrations_start_ns);
  plan_migration (self, 2, self->migrations[0].end_ns);
  r->migrations_end_ns = self->migrations[1].end_ns;
  r->window_end_ns = MAX (r->window_start_ns + self->options->window_ns, r->migrations_end_ns);
  r->ended_ns = r->window_end_ns + SECOND;
  self->clock_ns = r->ended_ns + SECOND;
}

static const MigMigrationRecord *
migration_of (const Synthetic *self, const char *guest)
{
  for (guint i = 0; i < 2; i++)
    if (strcmp (self->migrations[i].guest, guest) == 0)
      return &self->migrations[i];
  return NULL;
}

static gboolean
on_destination (const Synthetic *self, const char *guest, gint64 t)
{
  const MigMigrationRecord *m = migration_of (self, guest);
  return m && t >= m->resumed_ns;
}

/* share: of its host's CPU that a guest gets. */
static double
share_at (const Synthetic *self, const char *guest, gint64 t)
{
  const MigMigrationRecord *m = migration_of (self, guest);
  gboolean away = on_destination (self, guest, t);
  guint others = 0;

  if (m && t >= m->suspended_ns && t < m->resumed_ns)
    return 0;
  for (guint i = 0; i < N_GUESTS; i++)
    others += on_destination (self, names[i], t) == away;
  gboolean busy = t >= self->record.migrations_start_ns && t < self->record.migrations_end_ns;
  return (busy && !away ? 0.7 : 1.0) / others;
}

static void
write_heartbeats (Synthetic *self, guint index, MigGuestRecord *guest)
{
  gint64 period = self->options->period_ns;
  MigHeartbeatRecord beat = { .run = self->run, .guest = (char *) names[index] };
  MigMigrationRecord *m = (MigMigrationRecord *) migration_of (self, beat.guest);
  double units_per_s = beat.guest[0] == 'c' ? 200000 : 40000, work = 1000;
  gint64 t = self->record.window_start_ns - SECOND / 2 + (gint64) index * (period / 7);

  for (; t <= self->record.window_end_ns + SECOND / 2; t += period)
    {
      for (guint i = 0; i < SUBSTEPS; i++)
        work += share_at (self, beat.guest, t - period + (2 * i + 1) * period / (2 * SUBSTEPS)) *
                units_per_s * (double) period / SUBSTEPS / SECOND;
      if (share_at (self, beat.guest, t) == 0)
        continue;
      gboolean away = on_destination (self, beat.guest, t);
      beat.host = (char *) (away ? "destination" : "source");
      beat.sequence++;
      beat.arrival_ns = t;
      beat.guest_ns = t - self->record.started_ns;
      beat.work_units = (gint64) work;
      append (self, MIG_TABLE_HEARTBEATS, &beat);
      if (m && !away)
        m->last_source_heartbeat_ns = t;
      else if (m && MIG_IS_MISSING (m->first_destination_heartbeat_ns))
        m->first_destination_heartbeat_ns = t;
    }
  if (m)
    m->lost_at_switch = 0;
  guest->heartbeats = beat.sequence;
}

static void
write_samples (Synthetic *self, guint index)
{
  gint64 step = SECOND / 10;
  MigSampleRecord sample;

  mig_record_init (MIG_TABLE_SAMPLES, &sample);
  sample.run = self->run;
  sample.guest = (char *) names[index];
  sample.host = (char *) "source";
  sample.vcpu_ns = sample.vcpu_wait_ns = sample.management_ns = 0;
  for (gint64 t = self->record.window_start_ns; t <= self->record.window_end_ns; t += step)
    {
      const MigMigrationRecord *m = migration_of (self, sample.guest);
      gboolean away = on_destination (self, sample.guest, t);
      if (away && strcmp (sample.host, "source") == 0)
        {
          sample.host = (char *) "destination";
          sample.vcpu_ns = sample.vcpu_wait_ns = sample.management_ns = 0;
        }
      double share = share_at (self, sample.guest, t);
      sample.vcpu_ns += (gint64) (share * (double) step);
      sample.vcpu_wait_ns += share > 0 ? (gint64) ((1 - share) * (double) step) : 0;
      sample.management_ns += m && t >= m->start_ns && t < m->end_ns && !away ? step * 3 / 10 : 0;
      sample.cpu_ns = sample.vcpu_ns + sample.management_ns;
      sample.time_ns = t;
      append (self, MIG_TABLE_SAMPLES, &sample);
    }
}

static void
write_guest (Synthetic *self, guint index, const char *alarm)
{
  MigGuestRecord guest;
  gboolean memory = names[index][0] == 'm';

  mig_record_init (MIG_TABLE_GUESTS, &guest);
  guest.run = self->run;
  guest.guest = (char *) names[index];
  guest.class_name = (char *) (memory ? "m" : "c");
  guest.workload = (char *) (memory ? "memory" : "cpu");
  guest.memory_bytes = 512 * (gint64) MIG_MIB;
  if (memory)
    guest.wss_bytes = 460000000;
  guest.migrates = migration_of (self, names[index]) != NULL;
  guest.host_before = (char *) "source";
  guest.host_after = (char *) (guest.migrates ? "destination" : "source");
  guest.period_ns = self->options->period_ns;
  guest.heartbeats_lost = guest.heartbeats_backwards = guest.checksum_errors = 0;
  guest.alarm = (char *) alarm;
  if (self->options->with_dirty_rates && guest.migrates)
    {
      guest.dirty_bytes_per_s = (memory ? 96 : 0) * (gint64) MIG_MIB;
      guest.dirty_method = (char *) MIG_DIRTY_SAMPLING;
    }
  write_heartbeats (self, index, &guest);
  write_samples (self, index);
  append (self, MIG_TABLE_GUESTS, &guest);
}

/* write_rounds: three of a second and a half; the hypervisor's estimate is a little off the second
 * one's. */
static void
write_rounds (Synthetic *self, const MigMigrationRecord *m)
{
  MigRoundRecord round;

  mig_record_init (MIG_TABLE_ROUNDS, &round);
  round.run = self->run;
  round.guest = m->guest;
  for (round.round = 1; round.round <= 3; round.round++)
    {
      round.start_ns = m->start_ns + (round.round - 1) * SECOND * 3 / 2;
      round.dirty_pages_per_s = round.round == 1     ? 0
                                : m->guest[0] == 'c' ? 100
                                                     : 10000 * round.round;
      append (self, MIG_TABLE_ROUNDS, &round);
    }
}

/* write_run: alarm: of guest m2; timed_out: the last migration. */
static void
write_run (Synthetic *self, const char *alarm, gboolean timed_out)
{
  plan_run (self);
  for (guint i = 0; i < N_GUESTS; i++)
    write_guest (self, i, i == 3 ? alarm : NULL);
  if (timed_out)
    {
      self->migrations[1].status = (char *) "timed-out";
      self->migrations[1].reason = (char *) "did not end within 120 s";
      self->record.status = (char *) "failed";
      self->record.reason = (char *) "a migration timed out";
    }
  for (guint i = 0; i < 2; i++)
    {
      if (!self->options->with_stamps)
        self->migrations[i].suspended_ns = self->migrations[i].resumed_ns = MIG_MISSING_INT;
      if (self->options->with_dirty_rates)
        write_rounds (self, &self->migrations[i]);
      append (self, MIG_TABLE_MIGRATIONS, &self->migrations[i]);
    }
  append (self, MIG_TABLE_RUNS, &self->record);
}

static void
write_facts (Synthetic *self)
{
  static const MigEnvironmentRecord facts[] = {
    { (char *) "source", (char *) "hypervisor", (char *) "synthetic; no measurement", NULL },
    { (char *) "destination", (char *) "cpu model", (char *) "Bad\x1b[2Jname", NULL },
    { (char *) "link", (char *) "rate", (char *) "125000000", (char *) "bytes/s" },
  };
  static const MigLimitRecord limit = { (char *) "source", (char *) "migrations",
                                        (char *) "sent_bytes", (char *) "no job statistics" };

  static const MigRoundTripRecord trips[] = {
    { MIG_MISSING_INT, (char *) "source", 40, 210000, 150000, 900000 },
    { 1, (char *) "source", 40, 230000, 160000, 800000 },
    { 1, (char *) "destination", 40, 1230000, 1100000, 4800000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    append (self, MIG_TABLE_ENVIRONMENT, &facts[i]);
  for (guint i = 0; self->options->with_stamps && i < G_N_ELEMENTS (trips); i++)
    append (self, MIG_TABLE_ROUND_TRIPS, &trips[i]);
  if (!self->options->with_stamps)
    append (self, MIG_TABLE_LIMITS, &limit);
}

void
synthetic_write (const char *path, const SyntheticOptions *options)
{
  static const char *const labels[] = { "cm", "mm", "cc", "mc" };
  const MigManifest manifest = {
    .study_name = (char *) "load-balancing",
    .study_title = (char *) "SYNTHETIC: for tests",
    .claims = (char *) MIG_CLAIMS_PAPER,
    .seed = 7,
    .started_utc_ns = 1700000000 * SECOND,
    .started_clock_ns = 1000 * SECOND,
  };
  g_autoptr (GError) error = NULL;
  Synthetic self = { .options = options, .clock_ns = 1000 * SECOND };
  gint64 position = 0;

  self.writer = mig_result_writer_new (path, "<study/>\n", 9, &manifest, &error);
  g_assert_no_error (error);
  write_facts (&self);
  for (self.repetition = 1; self.repetition <= options->repetitions; self.repetition++)
    for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
      {
        MigScheduleRecord item = { ++position, (char *) labels[i], self.repetition };
        append (&self, MIG_TABLE_SCHEDULE, &item);
        self.label = labels[i];
        if (options->with_failures && self.repetition == 1 && i == 1)
          write_run (&self, NULL, TRUE);
        if (options->with_failures && self.repetition == 2 && i == 2)
          write_run (&self, "page 77 holds \x1b[31mwrong data", FALSE);
        write_run (&self, NULL, FALSE);
      }
  g_assert_true (mig_result_writer_finish (self.writer, &error));
  mig_result_writer_free (self.writer);
}
