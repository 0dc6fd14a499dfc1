/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/internal.h"
#include "virt/save-image.h"

static gboolean
save (virConnectPtr connection, const MigGuest *guest, const char *path, GError **error)
{
  g_autoptr (virDomain) there = mig_domain_on (connection, guest->domain);

  if (there && virDomainSaveFlags (there, path, NULL, 0) == 0)
    return TRUE;
  mig_virt_error (error, "cannot save guest '%s' on host '%s'", guest->name, guest->host->name);
  return FALSE;
}

gboolean
mig_guest_save (MigGuest *guest, const char *path, GError **error)
{
  virConnectPtr connection = mig_host_borrow (guest->host, error);

  if (!connection)
    return FALSE;
  gboolean saved = save (connection, guest, path, error);
  mig_host_give_back (guest->host, connection);
  return saved;
}

gboolean
mig_guest_abort_save (MigGuest *guest)
{
  return virDomainAbortJob (guest->domain) == 0;
}

MigGuest *
mig_guest_restore (MigHost *host, const char *path, const char *uuid, GError **error)
{
  virConnectPtr connection = mig_host_borrow (host, error);

  if (!connection)
    return NULL;
  gboolean restored = virDomainRestoreFlags (connection, path, NULL, VIR_DOMAIN_SAVE_PAUSED) == 0;
  if (!restored)
    mig_virt_error (error, "cannot restore a guest on host '%s'", host->name);
  mig_host_give_back (host, connection);
  return restored ? mig_guest_lookup_uuid (host, uuid, error) : NULL;
}
