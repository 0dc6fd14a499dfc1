/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "watch/internal.h"

/* arrivals that wait for a slow host; what is beyond is dropped, and that is said */
#define MAX_ARRIVALS 10000

void
mig_arrival_free (MigArrival *arrival)
{
  g_free (arrival->guest);
  g_free (arrival->uuid);
  g_free (arrival->detail);
  g_free (arrival->job);
  g_clear_pointer (&arrival->opened, mig_host_free);
  g_free (arrival);
}

void
mig_watch_on_event (const MigEvent *event, gpointer user)
{
  MigWatched *watched = user;
  MigWatch *watch = watched->watch;

  /* a host that was lost unnoticed would never be looked for */
  if (event->kind != MIG_EVENT_CLOSED && g_async_queue_length (watch->events) >= MAX_ARRIVALS)
    {
      g_atomic_int_inc (&watch->dropped);
      return;
    }
  /* from a file: by QEMU's driver; libxl's says the same where all of a migration has come */
  gboolean restored = g_strcmp0 (event->detail, "started restored") == 0;
  MigArrival *arrival = g_new (MigArrival, 1);
  *arrival = (MigArrival){ watched,
                           g_strdup (event->guest),
                           g_strdup (event->uuid),
                           g_strdup (event->detail),
                           event->name,
                           event->kind,
                           event->by_migration && !restored,
                           strcmp (mig_host_info (event->host)->driver, "Xen") == 0,
                           event->number,
                           event->arrival_ns,
                           event->job ? g_memdup2 (event->job, sizeof *event->job) : NULL,
                           NULL };
  g_async_queue_push (watch->events, arrival);
}
