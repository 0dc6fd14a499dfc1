/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "execute/settle-place.h"

/* a post-copy that libvirt has given up may still end by itself, as long as it sends something */
#define STALLED_NS (10 * MIG_NS_PER_S)

/* so soon after the guest runs on the destination the source has ended what it has left of it */
#define ENDING_NS (5 * MIG_NS_PER_S)

static MigHost *
find_host (const GPtrArray *hosts, const char *name)
{
  for (guint i = 0; i < hosts->len; i++)
    if (strcmp (mig_host_name (hosts->pdata[i]), name) == 0)
      return hosts->pdata[i];
  return NULL;
}

gboolean
mig_settle_place_ask (MigSettlePlace *place, const GPtrArray *hosts, const MigPlannedMove *move,
                      GError **error)
{
  place->from = find_host (hosts, move->from);
  place->to = find_host (hosts, move->to);
  if (place->from && place->to)
    return mig_host_guest_state (place->from, move->uuid, &place->left, error) &&
           mig_host_guest_state (place->to, move->uuid, &place->arrived, error);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "guest '%s' was planned from '%s' to '%s', and one of them is no host of this plan",
               move->guest, move->from, move->to);
  return FALSE;
}

gboolean
mig_settle_place_ask_others (MigSettlePlace *place, const GPtrArray *hosts,
                             const MigPlannedMove *move, GError **error)
{
  if (mig_guest_state_is_there (place->left) || mig_guest_state_is_there (place->arrived))
    return TRUE;
  for (guint i = 0; i < hosts->len; i++)
    {
      MigGuestState state;
      if (!mig_host_guest_state (hosts->pdata[i], move->uuid, &state, error))
        return FALSE;
      if (mig_guest_state_is_there (state))
        place->elsewhere = mig_host_name (hosts->pdata[i]);
    }
  return TRUE;
}

static gboolean
is_stalled (MigSettlePlace *place, MigGuest *guest)
{
  gint64 now = mig_clock_now ();
  MigJobStatistics job;

  mig_guest_job_running (guest, &job);
  if (!place->sent_ns || job.sent_bytes != place->sent_bytes)
    {
      place->sent_bytes = job.sent_bytes;
      place->sent_ns = now;
    }
  return now - place->sent_ns >= STALLED_NS;
}

gboolean
mig_settle_place_goes_on (MigSettlePlace *place, MigGuest *guest)
{
  g_autofree char *busy = guest ? mig_guest_busy (guest) : NULL;

  place->broken = guest && mig_guest_post_copy_failed (guest) &&
                  (!busy || is_stalled (place, guest));
  return !place->broken && (busy || place->arrived == MIG_GUEST_ARRIVING);
}

gboolean
mig_settle_place_is_ending (MigSettlePlace *place)
{
  gint64 now = mig_clock_now ();

  if (place->left != MIG_GUEST_PAUSED || place->arrived != MIG_GUEST_RUNNING)
    return FALSE;
  if (!place->ending_ns)
    place->ending_ns = now;
  return now - place->ending_ns < ENDING_NS;
}
