/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "watch/migration-tracker.h"

struct _MigObservation {
  GPtrArray *all;
};

static void
observed_free (gpointer data)
{
  MigObserved *observed = data;
  g_free (observed->guest);
  g_free (observed->failure);
  g_free (observed);
}

MigObservation *
mig_observation_new (void)
{
  MigObservation *observation = g_new (MigObservation, 1);
  observation->all = g_ptr_array_new_with_free_func (observed_free);
  return observation;
}

void
mig_observation_free (MigObservation *observation)
{
  if (!observation)
    return;
  g_ptr_array_unref (observation->all);
  g_free (observation);
}

const GPtrArray *
mig_observation_all (const MigObservation *observation)
{
  return observation->all;
}

void
mig_observation_forget (MigObservation *observation)
{
  for (guint i = observation->all->len; i > 0; i--)
    if (!MIG_IS_MISSING (((MigObserved *) observation->all->pdata[i - 1])->end_ns))
      g_ptr_array_remove_index (observation->all, i - 1);
}

/* The one of that guest which goes on. */
static MigObserved *
find (const MigObservation *observation, const char *guest)
{
  for (guint i = 0; i < observation->all->len; i++)
    {
      MigObserved *observed = observation->all->pdata[i];
      if (MIG_IS_MISSING (observed->end_ns) && strcmp (observed->guest, guest) == 0)
        return observed;
    }
  return NULL;
}

static MigObserved *
begin (MigObservation *observation, const char *guest, gint64 start_ns)
{
  MigObserved *observed = g_new0 (MigObserved, 1);

  observed->guest = g_strdup (guest);
  observed->source = observed->destination = -1;
  observed->start_ns = start_ns;
  observed->suspended_ns = observed->resumed_ns = observed->end_ns = MIG_MISSING_INT;
  g_ptr_array_add (observation->all, observed);
  return observed;
}

void
mig_observation_give_up (MigObserved *observed, gint64 now_ns, const char *failure)
{
  observed->end_ns = now_ns;
  g_free (observed->failure);
  observed->failure = g_strdup (failure);
}

static MigSeen
end (MigObserved *observed, gint64 now_ns, const char *failure)
{
  mig_observation_give_up (observed, now_ns, failure);
  return MIG_SEEN_ENDED;
}

/* Events that only a migration sends; the first of them is its beginning. */
static gboolean
is_sign (MigEventKind kind, gboolean by_migration)
{
  return kind == MIG_EVENT_ITERATION
         || (by_migration && (kind == MIG_EVENT_STARTED || kind == MIG_EVENT_SUSPENDED));
}

static MigSeen
resumed (MigObserved *observed, int host, gint64 arrival_ns)
{
  if (host == observed->source)
    return end (observed, arrival_ns, "the guest goes on at the source");
  observed->destination = host;
  if (MIG_IS_MISSING (observed->resumed_ns))
    observed->resumed_ns = arrival_ns;
  return observed->source < 0 ? end (observed, arrival_ns, NULL) : MIG_SEEN_MORE;
}

static MigSeen
stopped (MigObserved *observed, int host, gboolean by_migration, gint64 arrival_ns)
{
  if (host == observed->destination && host != observed->source)
    return end (observed, arrival_ns, "the guest ended on the destination");
  if (observed->source < 0)
    observed->source = host;
  return end (observed, arrival_ns, by_migration ? NULL : "the guest ended on the source");
}

MigSeen
mig_observation_event (MigObservation *observation, int host, const char *guest, MigEventKind kind,
                       gboolean by_migration, gint64 arrival_ns, MigObserved **result)
{
  MigObserved *observed = find (observation, guest);
  gboolean begun = !observed && is_sign (kind, by_migration);

  if (begun)
    observed = begin (observation, guest, arrival_ns);
  *result = observed;
  if (!observed)
    return MIG_SEEN_NOTHING;
  switch (kind)
    {
    case MIG_EVENT_SUSPENDED:
      if (by_migration)
        observed->suspended_ns = arrival_ns;
      G_GNUC_FALLTHROUGH;
    case MIG_EVENT_ITERATION:
      if (observed->source < 0 && host != observed->destination)
        observed->source = host;
      break;
    case MIG_EVENT_STARTED:
      observed->destination = host;
      break;
    case MIG_EVENT_RESUMED:
      return resumed (observed, host, arrival_ns);
    case MIG_EVENT_STOPPED:
      return stopped (observed, host, by_migration, arrival_ns);
    default:
      break;
    }
  return begun ? MIG_SEEN_BEGUN : MIG_SEEN_MORE;
}
