/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/internal.h"

/* Connections to a host besides its own one, so that a call that takes long and calls that come
 * often never share one. libvirt's client lets the thread that waits longest do the I/O of all;
 * another thread that calls meanwhile wakes it, and until libvirt 10.4 (CVE-2024-4418) each such
 * wake-up left a source behind that wrote to a stack frame long gone. Seen here with 9.0 and ten
 * samples a second during a migration: a reply that never reached the thread that waited for it. */

virConnectPtr
mig_host_borrow (MigHost *host, GError **error)
{
  virConnectPtr connection = NULL;

  g_mutex_lock (&host->lock);
  if (host->spares->len > 0)
    connection = g_ptr_array_steal_index_fast (host->spares, host->spares->len - 1);
  g_mutex_unlock (&host->lock);
  if (connection && virConnectIsAlive (connection) == 1)
    return connection;
  if (connection)
    virConnectClose (connection);
  return mig_host_connect (host, error);
}

void
mig_host_give_back (MigHost *host, virConnectPtr connection)
{
  if (!connection)
    return;
  g_mutex_lock (&host->lock);
  g_ptr_array_add (host->spares, connection);
  g_mutex_unlock (&host->lock);
}

void
mig_host_close_spares (MigHost *host)
{
  for (guint i = 0; i < host->spares->len; i++)
    virConnectClose (host->spares->pdata[i]);
  g_ptr_array_free (host->spares, TRUE);
}

virDomainPtr
mig_domain_on (virConnectPtr connection, virDomainPtr domain)
{
  unsigned char uuid[VIR_UUID_BUFLEN];

  return virDomainGetUUID (domain, uuid) < 0 ? NULL : virDomainLookupByUUID (connection, uuid);
}
