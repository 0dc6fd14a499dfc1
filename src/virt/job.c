/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "virt/internal.h"
#include "virt/migrate.h"

/* What libvirt says of a job: the statistics of a migration, and whether one is under way. */

/* One field of libvirt's job statistics and where it goes; scale: ns per ms and the like. */
typedef struct {
  const char *field;
  gsize offset;
  gint64 scale;
} Field;

#define FIELD(name, member, scale)                                                                 \
  {                                                                                                \
    name, offsetof (MigJobStatistics, member), scale                                               \
  }
static const Field fields[] = {
  FIELD (VIR_DOMAIN_JOB_TIME_ELAPSED, elapsed_ns, MIG_NS_PER_MS),
  FIELD (VIR_DOMAIN_JOB_SETUP_TIME, setup_ns, MIG_NS_PER_MS),
  FIELD (VIR_DOMAIN_JOB_DOWNTIME, downtime_ns, MIG_NS_PER_MS),
  FIELD (VIR_DOMAIN_JOB_MEMORY_PROCESSED, sent_bytes, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_REMAINING, remaining_bytes, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_TOTAL, ram_bytes, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_NORMAL, normal_pages, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_CONSTANT, constant_pages, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_ITERATION, rounds, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_DIRTY_RATE, dirty_pages_per_s, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_BPS, send_bytes_per_s, 1),
  FIELD (VIR_DOMAIN_JOB_MEMORY_POSTCOPY_REQS, post_copy_requests, 1),
  FIELD (VIR_DOMAIN_JOB_DISK_TOTAL, disk_total_bytes, 1),
  FIELD (VIR_DOMAIN_JOB_DISK_PROCESSED, disk_sent_bytes, 1),
};

void
mig_job_statistics_init (MigJobStatistics *statistics)
{
  statistics->operation = MIG_OPERATION_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    G_STRUCT_MEMBER (gint64, statistics, fields[i].offset) = MIG_MISSING_INT;
}

static MigOperation
operation_of (int operation)
{
  switch (operation)
    {
    case VIR_DOMAIN_JOB_OPERATION_UNKNOWN:
      return MIG_OPERATION_UNKNOWN;
    case VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT:
      return MIG_OPERATION_MIGRATION_OUT;
    case VIR_DOMAIN_JOB_OPERATION_MIGRATION_IN:
      return MIG_OPERATION_MIGRATION_IN;
    case VIR_DOMAIN_JOB_OPERATION_SAVE:
      return MIG_OPERATION_SAVE;
    case VIR_DOMAIN_JOB_OPERATION_DUMP:
      return MIG_OPERATION_DUMP;
    case VIR_DOMAIN_JOB_OPERATION_SNAPSHOT:
      return MIG_OPERATION_SNAPSHOT;
    default:
      return MIG_OPERATION_OTHER;
    }
}

const char *
mig_operation_name (MigOperation operation)
{
  static const char *const names[MIG_N_OPERATIONS] = {
    "unknown", "outgoing migration", "incoming migration", "save", "dump", "snapshot", "other job"
  };
  return names[operation];
}

void
mig_job_statistics_read (MigJobStatistics *statistics, virTypedParameterPtr params, int n)
{
  int operation = VIR_DOMAIN_JOB_OPERATION_UNKNOWN;

  mig_job_statistics_init (statistics);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      unsigned long long value = 0;
      if (virTypedParamsGetULLong (params, n, fields[i].field, &value) == 1)
        G_STRUCT_MEMBER (gint64, statistics, fields[i].offset) = (gint64) value * fields[i].scale;
    }
  virTypedParamsGetInt (params, n, VIR_DOMAIN_JOB_OPERATION, &operation);
  statistics->operation = operation_of (operation);
}

static MigJobState
read_job (MigGuest *guest, unsigned int flags, MigJobStatistics *statistics)
{
  g_auto (MigParams) params = { 0 };
  int type = VIR_DOMAIN_JOB_NONE;

  mig_job_statistics_init (statistics);
  if (virDomainGetJobStats (guest->domain, &type, &params.values, &params.n, flags) < 0)
    return mig_job_is_elsewhere ()   ? MIG_JOB_ARRIVES
           : mig_virt_unsupported () ? MIG_JOB_NONE /* a driver without jobs */
                                     : MIG_JOB_UNKNOWN;
  if (type == VIR_DOMAIN_JOB_NONE)
    return MIG_JOB_NONE;
  mig_job_statistics_read (statistics, params.values, params.n);
  return MIG_JOB_RUNS;
}

MigJobState
mig_guest_job_state (MigGuest *guest, MigJobStatistics *statistics)
{
  return read_job (guest, 0, statistics);
}

gboolean
mig_guest_job_running (MigGuest *guest, MigJobStatistics *statistics)
{
  return read_job (guest, 0, statistics) == MIG_JOB_RUNS;
}

gboolean
mig_guest_job_completed (MigGuest *guest, MigJobStatistics *statistics)
{
  /* kept: others may want to read it too */
  return read_job (guest, VIR_DOMAIN_JOB_STATS_COMPLETED | VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED,
                   statistics) == MIG_JOB_RUNS;
}

/* ---- whether one is under way ---- */

/* Xen's driver tells of a job for how long it has gone on, and no more; its queries are jobs of
 * some milliseconds. */
#define XEN_JOB_NS (2 * MIG_NS_PER_S)
#define XEN_ASK_NS (200 * MIG_NS_PER_MS)

/* is_long: a job of Xen's that is no query: it has gone on for long, or goes on when it is asked
 * for again. */
static gboolean
is_long (MigGuest *guest, const MigJobStatistics *job)
{
  MigJobStatistics later;

  if (strcmp (guest->host->info.driver, "Xen") != 0 || MIG_IS_MISSING (job->elapsed_ns))
    return FALSE;
  if (job->elapsed_ns >= XEN_JOB_NS)
    return TRUE;
  mig_clock_sleep_until (mig_clock_now () + XEN_ASK_NS);
  return mig_guest_job_running (guest, &later) &&
         later.elapsed_ns >= job->elapsed_ns + XEN_ASK_NS / 2;
}

gboolean
mig_guest_is_leaving (MigGuest *guest)
{
  MigJobStatistics job;

  if (!mig_guest_job_running (guest, &job))
    return FALSE;
  return job.operation == MIG_OPERATION_UNKNOWN ? is_long (guest, &job)
                                                : job.operation == MIG_OPERATION_MIGRATION_OUT;
}

gboolean
mig_host_settled_guest (MigHost *host, const char *uuid, MigGuest **guest, GError **error)
{
  MigGuestState state;

  if (!mig_host_guest_state (host, uuid, &state, error))
    return FALSE;
  gboolean there = state == MIG_GUEST_RUNNING || state == MIG_GUEST_PAUSED;
  g_autoptr (MigGuest) found = there ? mig_guest_lookup_uuid (host, uuid, error) : NULL;
  if (there && !found)
    return FALSE;
  if (state == MIG_GUEST_ARRIVING || (found && mig_guest_is_leaving (found)))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "guest '%s' is being migrated",
                   found ? found->name : uuid);
      return FALSE;
    }
  *guest = g_steal_pointer (&found);
  return TRUE;
}

gboolean
mig_guest_post_copy_failed (MigGuest *guest)
{
  int state, reason;

  return virDomainGetState (guest->domain, &state, &reason, 0) == 0 && state == VIR_DOMAIN_PAUSED &&
         reason == VIR_DOMAIN_PAUSED_POSTCOPY_FAILED;
}

char *
mig_guest_busy (MigGuest *guest)
{
  MigJobStatistics job;

  if (!mig_guest_job_running (guest, &job))
    return NULL;
  if (job.operation == MIG_OPERATION_UNKNOWN)
    return is_long (guest, &job) ? g_strdup ("a job of libvirt is running") : NULL;
  if (job.operation == MIG_OPERATION_MIGRATION_OUT && mig_guest_post_copy_failed (guest))
    return g_strdup_printf (MIG_POST_COPY_BROKEN, guest->host->name);
  return job.operation == MIG_OPERATION_MIGRATION_OUT
             ? g_strdup ("somebody is migrating it")
             : g_strdup_printf ("a job of libvirt is running (%s)",
                                mig_operation_name (job.operation));
}
