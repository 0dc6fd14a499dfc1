/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "virt/internal.h"

typedef struct {
  int event, detail; /* detail -1: any */
  MigEventKind kind;
  gboolean by_migration;
  const char *text;
} Lifecycle;

#define SUSPENDED_POST_COPY "suspended post-copy"
#define RESUMED_POST_COPY "resumed post-copy"

/* Which lifecycle events matter, the more particular first. */
static const Lifecycle lifecycles[] = {
  { VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_MIGRATED, MIG_EVENT_STARTED, TRUE,
    "started migrated" },
  { VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_RESTORED, MIG_EVENT_STARTED, TRUE,
    "started restored" },
  { VIR_DOMAIN_EVENT_STARTED, -1, MIG_EVENT_STARTED, FALSE, "started" },
  { VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED, MIG_EVENT_SUSPENDED, TRUE,
    "suspended migrated" },
  { VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY, MIG_EVENT_SUSPENDED, TRUE,
    SUSPENDED_POST_COPY },
  { VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY_FAILED, MIG_EVENT_SUSPENDED,
    FALSE, MIG_EVENT_POST_COPY_FAILED },
  { VIR_DOMAIN_EVENT_SUSPENDED, -1, MIG_EVENT_SUSPENDED, FALSE, "suspended" },
  { VIR_DOMAIN_EVENT_RESUMED, VIR_DOMAIN_EVENT_RESUMED_MIGRATED, MIG_EVENT_RESUMED, TRUE,
    "resumed migrated" },
  { VIR_DOMAIN_EVENT_RESUMED, VIR_DOMAIN_EVENT_RESUMED_POSTCOPY, MIG_EVENT_RESUMED, TRUE,
    RESUMED_POST_COPY },
  { VIR_DOMAIN_EVENT_RESUMED, -1, MIG_EVENT_RESUMED, FALSE, "resumed" },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_MIGRATED, MIG_EVENT_STOPPED, TRUE,
    "stopped migrated" },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_CRASHED, MIG_EVENT_STOPPED, FALSE,
    "stopped crashed" },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FAILED, MIG_EVENT_STOPPED, FALSE,
    "stopped failed" },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, MIG_EVENT_STOPPED, FALSE,
    "stopped destroyed" },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN, MIG_EVENT_STOPPED, FALSE,
    "stopped shut down" },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SAVED, MIG_EVENT_STOPPED, FALSE,
    "stopped saved" },
  { VIR_DOMAIN_EVENT_STOPPED, -1, MIG_EVENT_STOPPED, FALSE, "stopped" },
  { VIR_DOMAIN_EVENT_SHUTDOWN, -1, MIG_EVENT_OTHER, FALSE, "shutdown" },
  { VIR_DOMAIN_EVENT_CRASHED, -1, MIG_EVENT_OTHER, FALSE, "crashed" },
};

gboolean
mig_event_is_post_copy (const char *detail)
{
  return g_strcmp0 (detail, SUSPENDED_POST_COPY) == 0 || g_strcmp0 (detail, RESUMED_POST_COPY) == 0;
}

gboolean
mig_event_is_orderly_end (const char *detail)
{
  static const char *const ends[] = { "stopped shut down", "stopped destroyed", "stopped saved",
                                      NULL };

  return g_strv_contains (ends, detail);
}

static void
deliver (MigHost *host, MigEvent *event)
{
  g_mutex_lock (&host->lock);
  if (host->watch)
    {
      event->host = host;
      host->watch (event, host->watch_user);
    }
  g_mutex_unlock (&host->lock);
}

static int
on_lifecycle (virConnectPtr connection, virDomainPtr domain, int event, int detail, void *data)
{
  char uuid[VIR_UUID_STRING_BUFLEN] = "";
  MigEvent out = { .guest = virDomainGetName (domain),
                   .uuid = uuid,
                   .arrival_ns = mig_clock_now (),
                   .name = "lifecycle" };

  virDomainGetUUIDString (domain, uuid);
  for (guint i = 0; i < G_N_ELEMENTS (lifecycles); i++)
    if (lifecycles[i].event == event &&
        (lifecycles[i].detail == detail || lifecycles[i].detail == -1))
      {
        out.kind = lifecycles[i].kind;
        out.by_migration = lifecycles[i].by_migration;
        out.detail = lifecycles[i].text;
        deliver (data, &out);
        break;
      }
  return 0;
}

static void
on_iteration (virConnectPtr connection, virDomainPtr domain, int iteration, void *data)
{
  char number[16], uuid[VIR_UUID_STRING_BUFLEN] = "";
  g_snprintf (number, sizeof number, "%d", iteration);
  virDomainGetUUIDString (domain, uuid);
  MigEvent out = { .guest = virDomainGetName (domain),
                   .uuid = uuid,
                   .arrival_ns = mig_clock_now (),
                   .kind = MIG_EVENT_ITERATION,
                   .number = iteration,
                   .name = MIG_EVENT_ROUND,
                   .detail = number };
  deliver (data, &out);
}

static void
on_job_completed (virConnectPtr connection, virDomainPtr domain, virTypedParameterPtr params, int n,
                  void *data)
{
  char uuid[VIR_UUID_STRING_BUFLEN] = "";
  MigJobStatistics job;

  mig_job_statistics_read (&job, params, n);
  virDomainGetUUIDString (domain, uuid);
  MigEvent out = { .guest = virDomainGetName (domain),
                   .uuid = uuid,
                   .arrival_ns = mig_clock_now (),
                   .kind = MIG_EVENT_JOB,
                   .job = &job,
                   .name = "job",
                   .detail = mig_operation_name (job.operation) };
  deliver (data, &out);
}

static void
on_close (virConnectPtr connection, int reason, void *data)
{
  static const char *const reasons[] = { "error", "end of file", "keepalive lost", "client" };
  MigEvent out = { .arrival_ns = mig_clock_now (),
                   .kind = MIG_EVENT_CLOSED,
                   .name = "connection",
                   .detail = reason >= 0 && reason < (int) G_N_ELEMENTS (reasons) ? reasons[reason]
                                                                                  : "closed" };
  deliver (data, &out);
}

static void
unwatch (MigHost *host)
{
  for (guint i = 0; i < G_N_ELEMENTS (host->callbacks); i++)
    if (host->callbacks[i] >= 0)
      {
        virConnectDomainEventDeregisterAny (host->connection, host->callbacks[i]);
        host->callbacks[i] = -1;
      }
  virConnectUnregisterCloseCallback (host->connection, on_close);
}

/* libvirt takes callbacks of every kind as one type and calls each as its own kind's. */
typedef union {
  virConnectDomainEventCallback lifecycle;
  virConnectDomainEventMigrationIterationCallback iteration;
  virConnectDomainEventJobCompletedCallback job_completed;
  virConnectDomainEventGenericCallback any;
} Callback;

/* Registers a callback for events of that kind; returns its number, or -1. */
static int
subscribe (MigHost *host, virDomainEventID kind, Callback callback)
{
  return virConnectDomainEventRegisterAny (host->connection, NULL, kind, callback.any, host, NULL);
}

gboolean
mig_host_watch (MigHost *host, MigEventFunc func, gpointer user, GError **error)
{
  g_mutex_lock (&host->lock);
  gboolean watching = host->watch != NULL;
  host->watch = func;
  host->watch_user = user;
  g_mutex_unlock (&host->lock);
  if (!func)
    {
      if (watching)
        unwatch (host);
      return TRUE;
    }
  if (watching)
    return TRUE;

  host->callbacks[0] = subscribe (host, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                  (Callback){ .lifecycle = on_lifecycle });
  if (host->callbacks[0] < 0)
    {
      mig_virt_error (error, "cannot watch the events of host '%s'", host->name);
      host->watch = NULL;
      return FALSE;
    }
  /* a driver without iterations simply sends none; a lost connection shows in the calls as well */
  host->callbacks[1] = subscribe (host, VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION,
                                  (Callback){ .iteration = on_iteration });
  virConnectRegisterCloseCallback (host->connection, on_close, host, NULL);
  return TRUE;
}

void
mig_host_watch_jobs (MigHost *host)
{
  if (host->callbacks[2] < 0)
    host->callbacks[2] = subscribe (host, VIR_DOMAIN_EVENT_ID_JOB_COMPLETED,
                                    (Callback){ .job_completed = on_job_completed });
}
