/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "virt/internal.h"
#include "virt/migrate.h"

/* a little longer than keepalive takes to notice */
#define GIVEN_UP_NS (30 * MIG_NS_PER_S)
#define GIVEN_UP_STEP_NS (100 * MIG_NS_PER_MS)

struct _MigJob {
  MigGuest *guest;
  MigHost *destination;
  virConnectPtr source_connection, destination_connection;
  virDomainPtr domain;
  gboolean peer_unreachable;
};

void
mig_job_free (MigJob *job)
{
  if (!job)
    return;
  mig_domain_unref (job->domain);
  mig_host_give_back (job->guest->host, job->source_connection);
  mig_host_give_back (job->destination, job->destination_connection);
  g_free (job);
}

MigJob *
mig_job_new (MigGuest *guest, MigHost *destination, GError **error)
{
  g_autoptr (MigJob) job = g_new0 (MigJob, 1);

  job->guest = guest;
  job->destination = destination;
  job->source_connection = mig_host_borrow (guest->host, error);
  if (!job->source_connection)
    return NULL;
  job->destination_connection = mig_host_borrow (destination, error);
  if (!job->destination_connection)
    return NULL;
  job->domain = mig_domain_on (job->source_connection, guest->domain);
  if (!job->domain)
    {
      mig_virt_error (error, "cannot find guest '%s' on host '%s'", guest->name, guest->host->name);
      return NULL;
    }
  return g_steal_pointer (&job);
}

/* TRUE: the guest has moved; else libvirt's last error says why not. */
static gboolean
migrate (const MigJob *job, const MigParams *params, const MigMigrateOptions *options)
{
  unsigned int flags = mig_migrate_flags (options);

  if (options->peer_uri)
    return virDomainMigrateToURI3 (job->domain, options->peer_uri, params->values, params->n,
                                   flags) == 0;
  g_autoptr (virDomain) moved = virDomainMigrate3 (job->domain, job->destination_connection,
                                                   params->values, params->n, flags);
  return moved != NULL;
}

/* await_given_up: a daemon that does not answer over one connection is about to be given up over
 * the host's own, too: a call that begins just before is not woken by libvirt's library, seen
 * with 9.0, and waits for ever. */
static void
await_given_up (const MigHost *host)
{
  gint64 deadline_ns = mig_clock_now () + GIVEN_UP_NS;

  while (virConnectIsAlive (host->connection) == 1 && mig_clock_now () < deadline_ns)
    mig_clock_sleep_until (mig_clock_now () + GIVEN_UP_STEP_NS);
}

/* cannot_connect: whether libvirt's last error is that the source's daemon could not connect to its
 * peer: then libvirt's words, in whatever language, hold the peer's whole URI, or, where they are
 * those of its connections (a name that cannot be resolved), the server. */
static gboolean
cannot_connect (const char *peer_uri)
{
  const virErrorPtr last = virGetLastError ();

  if (!peer_uri || !last || !last->message)
    return FALSE;
  if (last->code == VIR_ERR_OPERATION_FAILED && strstr (last->message, peer_uri))
    return TRUE;
  g_autofree char *server = mig_host_uri_server (peer_uri);
  return (last->domain == VIR_FROM_RPC || last->domain == VIR_FROM_REMOTE) && server &&
         strstr (last->message, server);
}

MigGuest *
mig_job_run (MigJob *job, const MigMigrateOptions *options, gint64 *end_ns, GError **error)
{
  const MigGuest *guest = job->guest;
  g_auto (MigParams) params = { 0 };
  gboolean moved = mig_migrate_add_parameters (&params, options) && migrate (job, &params, options);

  if (end_ns)
    *end_ns = mig_clock_now ();
  job->peer_unreachable = !moved && cannot_connect (options->peer_uri);
  if (!moved)
    {
      gboolean xen = strcmp (guest->host->info.driver, "Xen") == 0; /* libvirt's own text says
                                                                       little then */
      mig_virt_error (error, "migration of guest '%s' from '%s' to '%s' failed%s", guest->name,
                      guest->host->name, job->destination->name,
                      xen ? " (the cause is in libxl-driver.log of both hosts' libvirt)" : "");
    }
  if (mig_job_is_cut_off (job))
    await_given_up (guest->host);
  if (!moved)
    return NULL;
  virDomainPtr arrived = mig_domain_on (job->destination->connection, job->domain);
  if (!arrived)
    {
      mig_virt_error (error, "guest '%s' has moved from '%s' to '%s', but cannot be found there",
                      guest->name, guest->host->name, job->destination->name);
      return NULL;
    }
  return mig_guest_new (job->destination, arrived);
}

gboolean
mig_job_is_cut_off (const MigJob *job)
{
  return virConnectIsAlive (job->source_connection) != 1;
}

gboolean
mig_job_peer_is_unreachable (const MigJob *job)
{
  return job->peer_unreachable;
}

gboolean
mig_guest_set_max_downtime (MigGuest *guest, gint64 downtime_ns, GError **error)
{
  if (virDomainMigrateSetMaxDowntime (guest->domain, MAX (1, downtime_ns / MIG_NS_PER_MS), 0) < 0)
    {
      mig_virt_error (error, "cannot set the downtime limit of guest '%s' on host '%s'",
                      guest->name, guest->host->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
mig_guest_max_downtime (MigGuest *guest, gint64 *downtime_ns, GError **error)
{
  unsigned long long ms = 0;

  if (virDomainMigrateGetMaxDowntime (guest->domain, &ms, 0) < 0)
    {
      mig_virt_error (error, "cannot read the downtime limit of guest '%s' on host '%s'",
                      guest->name, guest->host->name);
      return FALSE;
    }
  *downtime_ns = (gint64) ms * MIG_NS_PER_MS;
  return TRUE;
}

gboolean
mig_guest_put_max_downtime (MigGuest *guest, const char *ns, GError **error)
{
  gint64 downtime_ns;

  return !g_ascii_string_to_signed (ns, 10, 0, G_MAXINT64, &downtime_ns, NULL) ||
         mig_guest_set_max_downtime (guest, downtime_ns, error);
}

gboolean
mig_guest_suspend_migration (MigGuest *guest, GError **error)
{
  if (virDomainSuspend (guest->domain) == 0)
    return TRUE;
  mig_virt_error (error, "cannot suspend guest '%s' on host '%s'", guest->name, guest->host->name);
  return FALSE;
}

gboolean
mig_guest_abort_migration (MigGuest *guest, GError **error)
{
  if (virDomainAbortJob (guest->domain) < 0)
    {
      mig_virt_error (error, "cannot abort the migration of guest '%s' on host '%s'", guest->name,
                      guest->host->name);
      return FALSE;
    }
  return TRUE;
}
