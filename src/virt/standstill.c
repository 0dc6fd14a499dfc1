/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "virt/internal.h"
#include "virt/standstill.h"

/* has_no_job: by the host's word; what waits for a migration to bring it has none to tell of. */
static gboolean
has_no_job (virDomainPtr domain)
{
  g_auto (MigParams) params = { 0 };
  int type = VIR_DOMAIN_JOB_NONE;

  return virDomainGetJobStats (domain, &type, &params.values, &params.n, 0) == 0 &&
         type == VIR_DOMAIN_JOB_NONE;
}

/* stands_still: stopped by libvirt for a switch-over, and left so. */
static gboolean
stands_still (virDomainPtr domain)
{
  int state = VIR_DOMAIN_NOSTATE, reason = 0;

  return virDomainGetState (domain, &state, &reason, 0) == 0 && state == VIR_DOMAIN_PAUSED &&
         reason == VIR_DOMAIN_PAUSED_MIGRATION && has_no_job (domain);
}

/* is_elsewhere: as far as is known: two of it must never run. */
static gboolean
is_elsewhere (MigHost *other, const char *uuid, GError **error)
{
  MigGuestState state;

  if (!mig_host_guest_state (other, uuid, &state, error))
    return TRUE;
  if (state == MIG_GUEST_ABSENT || state == MIG_GUEST_DEAD)
    return FALSE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "host '%s' has it too", other->name);
  return TRUE;
}

gboolean
mig_host_end_standstill (MigHost *host, MigHost *other, const char *uuid, gboolean *resumed,
                         GError **error)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, uuid);

  *resumed = FALSE;
  if (!domain || !stands_still (domain))
    return TRUE;
  const char *name = virDomainGetName (domain);
  if (is_elsewhere (other, uuid, error))
    {
      g_prefix_error (error,
                      "guest '%s' stands still on host '%s', where its migration left it: ", name,
                      host->name);
      return FALSE;
    }
  if (virDomainResume (domain) < 0)
    {
      mig_virt_error (error, "cannot resume guest '%s', which its migration left on host '%s'",
                      name, host->name);
      return FALSE;
    }
  mig_info ("guest '%s' stood still on host '%s', where its migration left it: it goes on", name,
            host->name);
  *resumed = TRUE;
  return TRUE;
}
