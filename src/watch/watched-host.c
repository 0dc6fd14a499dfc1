/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "virt/inspect.h"
#include "watch/internal.h"

#define RETRY_NS (10 * MIG_NS_PER_S)

MigWatched *
mig_watched_new (MigWatch *watch, guint index, const char *uri)
{
  MigWatched *watched = g_new0 (MigWatched, 1);

  watched->watch = watch;
  watched->index = (int) index;
  watched->study.name = g_strdup_printf ("host%u", index + 1);
  watched->study.uri = g_strdup (uri);
  watched->study.cpu = watched->study.management_cpu = MIG_STUDY_CPU_NONE;
  return watched;
}

/* push_found: what goes on when the host comes into sight, as if its first event came. */
static void
push_found (MigWatched *watched, MigGuest *guest, MigEvent *event)
{
  event->host = mig_guest_host (guest);
  event->guest = mig_guest_name (guest);
  event->uuid = mig_guest_uuid (guest);
  event->arrival_ns = mig_clock_now ();
  event->detail = "went on when the watch began";
  mig_watch_on_event (event, watched);
}

/* push_running: migrations from the host by the round that they are in, and those to it. */
static void
push_running (MigWatched *watched, MigHost *host)
{
  g_autoptr (GPtrArray) guests = mig_host_guests (host, NULL);
  g_autoptr (GPtrArray) arriving = mig_host_arriving_guests (host);

  for (guint i = 0; guests && i < guests->len; i++)
    {
      MigJobStatistics job;
      if (!mig_guest_job_running (guests->pdata[i], &job) ||
          job.operation != MIG_OPERATION_MIGRATION_OUT)
        continue;
      push_found (watched, guests->pdata[i],
                  &(MigEvent){ .kind = MIG_EVENT_ITERATION,
                               .number = MIG_IS_MISSING (job.rounds) ? 0 : (int) job.rounds,
                               .name = "iteration" });
    }
  for (guint i = 0; i < arriving->len; i++)
    push_found (
        watched, arriving->pdata[i],
        &(MigEvent){ .kind = MIG_EVENT_STARTED, .by_migration = TRUE, .name = "lifecycle" });
}

/* attach: opened is taken. */
static gboolean
attach (MigWatched *watched, MigHost *opened, GError **error)
{
  g_autoptr (MigHost) host = opened;

  if (!mig_host_watch (host, mig_watch_on_event, watched, error))
    return FALSE;
  mig_host_watch_jobs (host);
  push_running (watched, host);
  watched->host = mig_run_host_new (&watched->study, g_steal_pointer (&host));
  return TRUE;
}

gboolean
mig_watched_attach (MigWatched *watched, GError **error)
{
  MigHost *host = mig_host_open_to_read (watched->study.name, watched->study.uri, error);

  return host && attach (watched, host, error);
}

void
mig_watched_detach (MigWatched *watched)
{
  watched->retry_ns = mig_clock_now () + RETRY_NS;
  g_clear_pointer (&watched->host, mig_run_host_free);
}

/* What a thread that connects needs: it may outlive the watch. */
typedef struct {
  GAsyncQueue *events;
  MigWatched *watched; /* for its answer only */
  char *name, *uri;
} Opening;

static gpointer
run_opening (gpointer data)
{
  Opening *opening = data;
  MigArrival *arrival = g_new0 (MigArrival, 1);

  arrival->watched = opening->watched;
  arrival->opened = mig_host_open_to_read (opening->name, opening->uri, NULL);
  g_async_queue_push (opening->events, arrival);
  g_async_queue_unref (opening->events);
  g_free (opening->name);
  g_free (opening->uri);
  g_free (opening);
  return NULL;
}

void
mig_watched_attach_again (MigWatched *watched)
{
  if (watched->host || watched->opening || mig_clock_now () < watched->retry_ns)
    return;
  Opening *opening = g_new (Opening, 1);
  *opening = (Opening){ g_async_queue_ref (watched->watch->events), watched,
                        g_strdup (watched->study.name), g_strdup (watched->study.uri) };
  watched->opening = TRUE;
  g_thread_unref (g_thread_new ("reconnect", run_opening, opening));
}

void
mig_watched_take_opened (MigWatched *watched, MigHost *opened)
{
  watched->opening = FALSE;
  if (opened && attach (watched, opened, NULL))
    mig_info ("host '%s' is back", watched->study.name);
  else
    watched->retry_ns = mig_clock_now () + RETRY_NS;
}

void
mig_watched_free (MigWatched *watched)
{
  g_clear_pointer (&watched->host, mig_run_host_free);
  g_free (watched->study.name);
  g_free (watched->study.uri);
  g_free (watched);
}
