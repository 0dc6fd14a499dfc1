/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "virt/internal.h"
#include "virt/domain-xml.h"
#include "virt/xml-values.h"

MigGuest *
mig_guest_new (MigHost *host, virDomainPtr domain)
{
  MigGuest *guest = g_new0 (MigGuest, 1);
  guest->host = host;
  guest->domain = domain;
  guest->name = g_strdup (virDomainGetName (domain));
  virDomainGetUUIDString (domain, guest->uuid);
  return guest;
}

void
mig_guest_free (MigGuest *guest)
{
  if (!guest)
    return;
  mig_domain_unref (guest->domain);
  g_free (guest->name);
  g_free (guest);
}

MigHost *
mig_guest_host (const MigGuest *guest)
{
  return guest->host;
}

const char *
mig_guest_name (const MigGuest *guest)
{
  return guest->name;
}

const char *
mig_guest_uuid (const MigGuest *guest)
{
  return guest->uuid;
}

gboolean
mig_domain_may_arrive (int state, int reason)
{
  return state == VIR_DOMAIN_PAUSED &&
         (reason == VIR_DOMAIN_PAUSED_MIGRATION || reason == VIR_DOMAIN_PAUSED_STARTING_UP);
}

/* On the destination libvirt refuses the statistics of the job that brings it, as unsupported or as
 * invalid by its version; on the source, which is stopped by libvirt too at the switch-over, it
 * does not. */
gboolean
mig_job_is_elsewhere (void)
{
  int code = virGetLastErrorCode ();
  return code == VIR_ERR_OPERATION_UNSUPPORTED || code == VIR_ERR_OPERATION_INVALID;
}

gboolean
mig_domain_is_arriving (virDomainPtr domain, int state, int reason)
{
  g_auto (MigParams) params = { 0 };
  int type;

  return mig_domain_may_arrive (state, reason) &&
         virDomainGetJobStats (domain, &type, &params.values, &params.n, 0) < 0 &&
         mig_job_is_elsewhere ();
}

const char *
mig_guest_state_text (MigGuestState state)
{
  static const char *const texts[] = { [MIG_GUEST_ABSENT] = "not there",
                                       [MIG_GUEST_RUNNING] = "running",
                                       [MIG_GUEST_PAUSED] = "paused",
                                       [MIG_GUEST_DEAD] = "there, but ended",
                                       [MIG_GUEST_ARRIVING] = "not there yet" };
  return texts[state];
}

gboolean
mig_host_guest_state (MigHost *host, const char *uuid, MigGuestState *state, GError **error)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, uuid);
  int found = VIR_DOMAIN_NOSTATE, reason = 0;

  if (!domain || virDomainGetState (domain, &found, &reason, 0) < 0)
    {
      /* only "no such domain" says that it is gone */
      if (virGetLastErrorCode () != VIR_ERR_NO_DOMAIN)
        {
          mig_virt_error (error, "host '%s' does not answer", host->name);
          return FALSE;
        }
      *state = MIG_GUEST_ABSENT;
    }
  else if (mig_domain_is_arriving (domain, found, reason))
    *state = MIG_GUEST_ARRIVING;
  else if (found == VIR_DOMAIN_PAUSED || found == VIR_DOMAIN_PMSUSPENDED)
    *state = MIG_GUEST_PAUSED;
  else if (found == VIR_DOMAIN_SHUTOFF || found == VIR_DOMAIN_CRASHED)
    *state = MIG_GUEST_DEAD;
  else
    *state = MIG_GUEST_RUNNING;
  return TRUE;
}

MigGuestEnd
mig_host_guest_end (MigHost *host, const char *uuid)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, uuid);
  int state = VIR_DOMAIN_NOSTATE, reason = VIR_DOMAIN_SHUTOFF_UNKNOWN;

  if (!domain || virDomainGetState (domain, &state, &reason, 0) < 0 || state != VIR_DOMAIN_SHUTOFF)
    return MIG_GUEST_END_UNKNOWN;
  if (reason == VIR_DOMAIN_SHUTOFF_MIGRATED)
    return MIG_GUEST_END_MIGRATED;
  return reason == VIR_DOMAIN_SHUTOFF_SHUTDOWN || reason == VIR_DOMAIN_SHUTOFF_DESTROYED ||
                 reason == VIR_DOMAIN_SHUTOFF_SAVED
             ? MIG_GUEST_END_ORDERLY
             : MIG_GUEST_END_UNKNOWN;
}

MigGuest *
mig_guest_start (MigHost *host, const char *xml, GError **error)
{
  virDomainPtr domain = virDomainCreateXML (host->connection, xml, VIR_DOMAIN_START_PAUSED);
  if (!domain)
    {
      mig_virt_error (error, "cannot start a guest on host '%s'", host->name);
      return NULL;
    }
  return mig_guest_new (host, domain);
}

gboolean
mig_guest_resume (MigGuest *guest, GError **error)
{
  if (virDomainResume (guest->domain) < 0)
    {
      mig_virt_error (error, "cannot resume guest '%s' on host '%s'", guest->name,
                      guest->host->name);
      return FALSE;
    }
  return TRUE;
}

MigGuest *
mig_guest_lookup (MigHost *host, const char *name, GError **error)
{
  virDomainPtr domain = virDomainLookupByName (host->connection, name);
  if (!domain)
    {
      mig_virt_error (error, "no guest '%s' on host '%s'", name, host->name);
      return NULL;
    }
  return mig_guest_new (host, domain);
}

MigGuest *
mig_guest_lookup_uuid (MigHost *host, const char *uuid, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (host->connection, uuid);
  if (!domain)
    {
      mig_virt_error (error, "no guest with the UUID %s on host '%s'", uuid, host->name);
      return NULL;
    }
  return mig_guest_new (host, domain);
}

gboolean
mig_guest_ask (MigGuest *guest, virDomainInfo *info, GError **error)
{
  if (virDomainGetInfo (guest->domain, info) == 0)
    return TRUE;
  mig_virt_error (error, "cannot ask for guest '%s' on host '%s'", guest->name, guest->host->name);
  return FALSE;
}

gboolean
mig_guest_get_info (MigGuest *guest, MigGuestInfo *look)
{
  virDomainInfo info;
  char *xml = virDomainGetXMLDesc (guest->domain, 0);
  g_autofree char *type = xml ? mig_domain_xml_type (xml) : NULL;

  free (xml);
  if (!mig_guest_ask (guest, &info, NULL))
    return FALSE;
  *look = (MigGuestInfo){ info.state == VIR_DOMAIN_RUNNING || info.state == VIR_DOMAIN_BLOCKED,
                          (guint64) info.maxMem * MIG_KIB, info.nrVirtCpu,
                          g_strcmp0 (type, "qemu") == 0 };
  return TRUE;
}

gboolean
mig_guest_is_same (const MigGuest *one, const MigGuest *other)
{
  return strcmp (one->uuid, other->uuid) == 0;
}

/* When the client of a direct migration dies, libxl's job on the guest is held on both hosts for
 * ever, and whatever modifies the guest times out. A peer-to-peer migration that waited for the job
 * in vain ends it all the same (libxlDomainMigrationSrcPerformP2P). Its destination is the host
 * itself, to which it cannot succeed, by an address: libvirt refuses a local URI at once, before it
 * looks for the job. */
static void
end_stale_job (MigGuest *guest)
{
  static const char *const itself[] = { "xen+tcp://127.0.0.1/system", "xen+tls://127.0.0.1/system",
                                        "xen+ssh://127.0.0.1/system?no_tty=1" };

  for (guint i = 0; i < G_N_ELEMENTS (itself) && strcmp (guest->host->info.driver, "Xen") == 0; i++)
    {
      virDomainMigrateToURI3 (guest->domain, itself[i], NULL, 0,
                              VIR_MIGRATE_LIVE | VIR_MIGRATE_PEER2PEER);
      if (virGetLastErrorCode () == VIR_ERR_OPERATION_TIMEOUT)
        return;
    }
}

static gboolean
destroy (MigGuest *guest)
{
  if (virDomainDestroy (guest->domain) == 0)
    return TRUE;
  if (virGetLastErrorCode () != VIR_ERR_OPERATION_TIMEOUT)
    return FALSE;
  /* the second attempt also where the job could not be ended: its error is the one to tell */
  end_stale_job (guest);
  return virDomainDestroy (guest->domain) == 0;
}

gboolean
mig_guest_destroy (MigGuest *guest, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (destroy (guest))
    return TRUE;
  int code = virGetLastErrorCode ();
  mig_virt_error (&cause, "cannot destroy guest '%s' on host '%s'", guest->name, guest->host->name);
  if (code == VIR_ERR_NO_DOMAIN ||
      (code == VIR_ERR_OPERATION_INVALID && virDomainIsActive (guest->domain) != 1))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* Only "no such domain" says that it is gone: a lost connection does not. */
static gboolean
is_gone (GError **error)
{
  if (virGetLastErrorCode () != VIR_ERR_NO_DOMAIN)
    return FALSE;
  g_clear_error (error);
  return TRUE;
}

gboolean
mig_host_destroy_marked (MigHost *host, const char *uuid, GError **error)
{
  g_autoptr (MigGuest) guest = mig_guest_lookup_uuid (host, uuid, error);
  g_autofree char *xml = guest ? mig_guest_xml (guest, FALSE, error) : NULL;

  if (!xml)
    return is_gone (error);
  return !mig_domain_xml_is_marked (xml) || mig_guest_destroy (guest, error);
}

char *
mig_guest_xml (MigGuest *guest, gboolean for_migration, GError **error)
{
  unsigned int flags = for_migration ? VIR_DOMAIN_XML_MIGRATABLE | VIR_DOMAIN_XML_SECURE : 0;
  char *xml = virDomainGetXMLDesc (guest->domain, flags);
  if (!xml && for_migration && mig_virt_unsupported ())
    xml = virDomainGetXMLDesc (guest->domain, 0);
  if (!xml)
    {
      mig_virt_error (error, "cannot read the XML of guest '%s' on host '%s'", guest->name,
                      guest->host->name);
      return NULL;
    }
  char *copy = g_strdup (xml);
  free (xml);
  return copy;
}

char **
mig_guest_macs (MigGuest *guest)
{
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);

  return mig_xml_values (xml, "domain", "/domain/devices/interface/mac/@address");
}
