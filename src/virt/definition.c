/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/definition.h"
#include "virt/internal.h"

static void
read_definition (virDomainPtr domain, MigDefinition *definition)
{
  int autostart = 0;

  definition->persistent = virDomainIsPersistent (domain) == 1;
  definition->autostart = definition->persistent &&
                          virDomainGetAutostart (domain, &autostart) == 0 && autostart;
}

void
mig_guest_definition (MigGuest *guest, MigDefinition *definition)
{
  read_definition (guest->domain, definition);
}

void
mig_host_definition (MigHost *host, const char *uuid, MigDefinition *definition)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, uuid);

  *definition = (MigDefinition){ FALSE, FALSE };
  if (domain)
    read_definition (domain, definition);
}

/* stop_autostart: TRUE where there is no definition any more, by the host's own word. */
static gboolean
stop_autostart (MigHost *host, const MigGuest *guest, GError **error)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, guest->uuid);

  if (domain ? virDomainSetAutostart (domain, 0) == 0 : virGetLastErrorCode () == VIR_ERR_NO_DOMAIN)
    return TRUE;
  mig_virt_error (
      error, "cannot end the autostart of guest '%s' on host '%s', so it has none on host '%s'",
      guest->name, host->name, guest->host->name);
  return FALSE;
}

gboolean
mig_guest_carry_autostart (MigHost *source, MigGuest *arrived, GError **error)
{
  if (!stop_autostart (source, arrived, error))
    return FALSE;
  if (virDomainSetAutostart (arrived->domain, 1) == 0)
    return TRUE;
  mig_virt_error (error,
                  "cannot set the autostart of guest '%s' on host '%s', which it had on '%s'",
                  arrived->name, arrived->host->name, source->name);
  return FALSE;
}

gboolean
mig_host_carry_autostart (MigHost *source, MigHost *destination, const char *uuid, GError **error)
{
  g_autoptr (MigGuest) arrived = mig_guest_lookup_uuid (destination, uuid, NULL);
  MigDefinition definition = { FALSE, FALSE };

  if (arrived)
    mig_guest_definition (arrived, &definition);
  return !definition.persistent || definition.autostart ||
         mig_guest_carry_autostart (source, arrived, error);
}
