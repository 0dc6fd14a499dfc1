/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/command.h"
#include "workloads/console.h"
#include "workloads/heartbeat.h"
#include "workloads/pacer.h"
#include "workloads/protocol.h"
#include "workloads/thread.h"

#define PRIORITY 50
#define INPUT_BYTES 64

void
mig_heartbeat_init (MigHeartbeat *heartbeat, int64_t period_ns, int64_t now_ns)
{
  heartbeat->period_ns = period_ns;
  heartbeat->deadline_ns = now_ns;
  heartbeat->sequence = 0;
}

void
mig_heartbeat_set_period (MigHeartbeat *heartbeat, int64_t period_ns, int64_t now_ns)
{
  heartbeat->period_ns = period_ns;
  heartbeat->deadline_ns = now_ns;
}

size_t
mig_heartbeat_beat (MigHeartbeat *heartbeat, int64_t now_ns, uint64_t work_units, char *buffer)
{
  heartbeat->deadline_ns = mig_pacer_skip (heartbeat->deadline_ns, heartbeat->period_ns, now_ns);
  return mig_protocol_format_heartbeat (buffer, heartbeat->sequence++, (uint64_t) now_ns,
                                        work_units, (uint64_t) heartbeat->period_ns);
}

static void *
run (void *opaque)
{
  MigGuest *guest = opaque;
  const MigGuestClock *clock = guest->clock;
  MigHeartbeat heartbeat;
  MigLineReader commands = { .length = 0 };
  char line[MIG_PROTOCOL_MAX_LINE], input[INPUT_BYTES];
  uint64_t period_ns;

  mig_heartbeat_init (&heartbeat, (int64_t) guest->options.period_ns, clock->now (clock->opaque));
  int64_t off_ns = guest->options.off_after_ns
                       ? heartbeat.deadline_ns + (int64_t) guest->options.off_after_ns
                       : 0;
  while (!off_ns || heartbeat.deadline_ns < off_ns)
    {
      size_t got = mig_console_listen (clock, heartbeat.deadline_ns, input, sizeof input);
      uint64_t work_units = mig_guest_work (guest);
      int64_t now = clock->now (clock->opaque);
      if (mig_command_feed (&commands, input, got, &period_ns))
        mig_heartbeat_set_period (&heartbeat, (int64_t) period_ns, now);
      if (now < heartbeat.deadline_ns)
        continue;
      mig_console_write (line, mig_heartbeat_beat (&heartbeat, now, work_units, line));
    }
  guest->power_off ();
  return NULL;
}

int
mig_heartbeat_start (MigGuest *guest)
{
  return mig_thread_start (run, guest, PRIORITY);
}
