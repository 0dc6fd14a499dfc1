/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "workloads/heartbeat.h"
#include "workloads/memory.h"
#include "workloads/pacer.h"
#include "workloads/protocol.h"
#include "workloads/workload.h"

/* Time that only passes when somebody sleeps; at pause_at it jumps by pause_ns once. */
typedef struct {
  gint64 now, pause_at, pause_ns;
  gint64 longest_sleep;
} FakeTime;

static int64_t
fake_now (void *opaque)
{
  return ((FakeTime *) opaque)->now;
}

static void
fake_sleep_until (void *opaque, int64_t deadline_ns)
{
  FakeTime *time = opaque;

  time->longest_sleep = MAX (time->longest_sleep, deadline_ns - time->now);
  time->now = MAX (time->now, deadline_ns);
  if (time->pause_ns && time->now >= time->pause_at)
    {
      time->now += time->pause_ns;
      time->pause_ns = 0;
    }
}

/* Runs the memory workload for some seconds of fake time; returns the pages it updated. */
static guint64
run_memory (guint64 rate, gint64 seconds, FakeTime *time)
{
  const MigGuestClock clock = { fake_now, fake_sleep_until, time };
  g_autofree char *word = g_strdup_printf ("rate=%" G_GUINT64_FORMAT, rate);
  char *words[] = { (char *) "memory", word, (char *) "wss=1000000", NULL };
  MigGuest guest = { .clock = &clock };
  char why[MIG_GUEST_WHY_SIZE] = "";
  gint64 end = time->now + seconds * MIG_GUEST_NS_PER_S;

  g_assert_true (mig_workload_setup (&guest, 3, words, why));
  g_assert_true (guest.workload->prepare (&guest, why));
  while (time->now < end)
    guest.workload->step (&guest.workers[0]);
  guest.workload->release (&guest);
  return mig_guest_work (&guest);
}

static void
test_rate_achieved (void)
{
  static const guint64 rates[] = { 1, 7, 99, 100, 101, 1000, 15360, 99999, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      FakeTime time = { .now = 123456789 };
      guint64 pages = run_memory (rates[i], 3, &time);
      g_assert_cmpuint (pages, ==, 3 * rates[i]);
      g_assert_cmpint (time.longest_sleep, <=, 10 * MIG_GUEST_NS_PER_MS);
    }
}

/* of a pause of 1 s at most one slice is made up */
static void
test_pause_not_caught_up (void)
{
  FakeTime time = { .pause_at = MIG_GUEST_NS_PER_S, .pause_ns = MIG_GUEST_NS_PER_S + 3 };
  guint64 pages = run_memory (10000, 3, &time);

  g_assert_cmpuint (pages, >=, 20000 - 100);
  g_assert_cmpuint (pages, <=, 20000 + 2 * 100);
}

/* each slice has its share, no more than one page beside the mean */
static void
test_slices (void)
{
  MigPacer pacer;
  gint64 now = 5;

  mig_pacer_init (&pacer, 15360, now);
  for (guint i = 0; i < 1000; i++)
    {
      guint64 pages = mig_pacer_next (&pacer, now);
      g_assert_cmpuint (pages, >=, 153);
      g_assert_cmpuint (pages, <=, 154);
      g_assert_cmpuint (mig_pacer_next (&pacer, pacer.deadline_ns - 1), ==, 0);
      now = pacer.deadline_ns;
    }
}

/* late by less than one slice: both shares are done, and the grid is kept */
static void
test_late (void)
{
  MigPacer pacer;

  mig_pacer_init (&pacer, 1000, 0);
  g_assert_cmpuint (mig_pacer_next (&pacer, 0), ==, 10);
  g_assert_cmpuint (mig_pacer_next (&pacer, 23 * MIG_GUEST_NS_PER_MS), ==, 10);
  g_assert_cmpint (pacer.deadline_ns, ==, 20 * MIG_GUEST_NS_PER_MS);
  g_assert_cmpuint (mig_pacer_next (&pacer, 23 * MIG_GUEST_NS_PER_MS), ==, 10);
  g_assert_cmpuint (mig_pacer_next (&pacer, 23 * MIG_GUEST_NS_PER_MS), ==, 0);
  g_assert_cmpint (pacer.deadline_ns, ==, 30 * MIG_GUEST_NS_PER_MS);
}

static MigLine
beat (MigHeartbeat *heartbeat, gint64 now)
{
  char buffer[MIG_PROTOCOL_MAX_LINE];
  MigLine line;
  size_t length = mig_heartbeat_beat (heartbeat, now, 77, buffer);

  mig_protocol_parse (buffer, length - 1, &line);
  g_assert_cmpint (line.kind, ==, MIG_LINE_HEARTBEAT);
  g_assert_cmpuint (line.work_units, ==, 77);
  g_assert_cmpuint (line.guest_ns, ==, now);
  return line;
}

/* after a pause one line comes at once, then they keep to the grid; numbers have no gap */
static void
test_heartbeats (void)
{
  static const struct {
    gint64 now, deadline;
  } steps[] = {
    { 1000, 1010 }, { 1010, 1020 }, { 1021, 1030 }, { 1039, 1040 },
    { 4711, 4720 }, { 4720, 4730 }, { 4730, 4740 }, { 4750, 4760 },
  };
  MigHeartbeat heartbeat;

  mig_heartbeat_init (&heartbeat, 10, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_assert_cmpint (heartbeat.deadline_ns, <=, steps[i].now);
      g_assert_cmpuint (beat (&heartbeat, steps[i].now).sequence, ==, i);
      g_assert_cmpint (heartbeat.deadline_ns, ==, steps[i].deadline);
    }
}

/* another period is in force at once: a line is due, then they keep to its grid */
static void
test_period_asked_for (void)
{
  MigHeartbeat heartbeat;

  mig_heartbeat_init (&heartbeat, 1000, 0);
  g_assert_cmpuint (beat (&heartbeat, 0).period_ns, ==, 1000);
  mig_heartbeat_set_period (&heartbeat, 10, 333);
  g_assert_cmpint (heartbeat.deadline_ns, ==, 333);
  MigLine line = beat (&heartbeat, 333);
  g_assert_cmpuint (line.period_ns, ==, 10);
  g_assert_cmpuint (line.sequence, ==, 1);
  g_assert_cmpint (heartbeat.deadline_ns, ==, 343);
  mig_heartbeat_set_period (&heartbeat, 1000, 350);
  g_assert_cmpuint (beat (&heartbeat, 350).period_ns, ==, 1000);
  g_assert_cmpint (heartbeat.deadline_ns, ==, 1350);
}

/* cpu and idle: a step is one unit, and none */
static void
test_cpu_and_idle (void)
{
  FakeTime time = { .now = 0 };
  const MigGuestClock clock = { fake_now, fake_sleep_until, &time };
  char why[MIG_GUEST_WHY_SIZE] = "";
  char *words[] = { (char *) "cpu", (char *) "threads=2", (char *) "idle", NULL };
  MigGuest cpu = { .clock = &clock }, idle = { .clock = &clock };

  g_assert_true (mig_workload_setup (&cpu, 2, words, why));
  g_assert_true (mig_workload_setup (&idle, 1, words + 2, why));
  g_assert_true (cpu.workload->prepare (&cpu, why));
  cpu.workload->step (&cpu.workers[0]);
  cpu.workload->step (&cpu.workers[1]);
  cpu.workload->step (&cpu.workers[1]);
  g_assert_cmpuint (mig_guest_work (&cpu), ==, 3);
  g_assert_cmpint (time.now, ==, 0);
  g_assert_true (idle.workload->prepare (&idle, why));
  idle.workload->step (&idle.workers[0]);
  g_assert_cmpuint (mig_guest_work (&idle), ==, 0);
  g_assert_cmpint (time.now, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workload-pacing/rate-achieved", test_rate_achieved);
  g_test_add_func ("/workload-pacing/pause-not-caught-up", test_pause_not_caught_up);
  g_test_add_func ("/workload-pacing/slices", test_slices);
  g_test_add_func ("/workload-pacing/late", test_late);
  g_test_add_func ("/workload-pacing/heartbeats", test_heartbeats);
  g_test_add_func ("/workload-pacing/period-asked-for", test_period_asked_for);
  g_test_add_func ("/workload-pacing/cpu-and-idle", test_cpu_and_idle);
  return g_test_run ();
}
