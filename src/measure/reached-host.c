/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "measure/reached-host.h"

void
mig_reached_host_clear (MigReachedHost *self)
{
  g_clear_pointer (&self->again, mig_host_free);
}

MigHost *
mig_reached_host (const MigReachedHost *self)
{
  return self->again ? self->again : self->host->host;
}

gboolean
mig_reached_host_state (MigReachedHost *self, const char *uuid, MigGuestState *state,
                        GError **error)
{
  const MigHost *lost = self->host->host;

  if (mig_host_guest_state (mig_reached_host (self), uuid, state, NULL))
    return TRUE;
  mig_reached_host_clear (self);
  self->again = mig_host_open (mig_host_name (lost), mig_host_uri (lost), error);
  return self->again && mig_host_guest_state (self->again, uuid, state, error);
}
