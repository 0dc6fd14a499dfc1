/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/scale.h"
#include "hosts/observing-periods.h"

#define REST_NS MIG_NS_PER_S
#define MOVING_NS (200 * MIG_NS_PER_MS)

static gint64
rest_ns (const MigStudy *study, MigHostTraits traits)
{
  return traits.management_domain ? REST_NS
                                  : mig_scale_duration (study->scale_ratio, REST_NS, MOVING_NS);
}

/* exits_ns: of what costs an exit of the guest each time. */
static gint64
exits_ns (MigHostTraits traits)
{
  return (traits.nested ? 50 : 10) * MIG_NS_PER_MS;
}

static gint64
stopping_ns (MigHostTraits traits)
{
  return traits.management_domain ? MOVING_NS : exits_ns (traits);
}

MigHeartbeatPeriods
mig_heartbeat_periods (const MigStudy *study, MigHostTraits traits)
{
  gint64 fixed = study->heartbeat_ns;

  if (fixed)
    return (MigHeartbeatPeriods){ fixed, fixed, fixed };
  return (MigHeartbeatPeriods){ rest_ns (study, traits), MOVING_NS, stopping_ns (traits) };
}

gint64
mig_sampling_period (const MigStudy *study, MigHostTraits traits, gint64 *moving_ns)
{
  gint64 fixed = study->sampling_ns;
  gboolean dear = traits.management_domain || traits.nested;

  *moving_ns = fixed ? fixed : (dear ? 1000 : 500) * MIG_NS_PER_MS;
  return fixed ? fixed : MIG_NS_PER_S;
}

gint64
mig_probing_period (MigHostTraits traits)
{
  return exits_ns (traits);
}
