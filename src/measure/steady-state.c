/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/scale.h"
#include "base/units.h"
#include "measure/steady-state.h"

/* rates that differ by less than this are steady */
#define STEADY_RATIO 0.2
/* a bin's least length, at full size: shorter ones vary by how the host's scheduler gives turns. Of
 * 250 ms, four guests on a CPU: coefficient of variation 1 to 5 %, n = 72. */
#define BIN_NS (MIG_NS_PER_S / 2)
#define SHORTEST_BIN_NS (MIG_NS_PER_S / 4)
/* so many of a guest that boots */
#define BINS MIG_STEADY_BINS_MAX
/* and of one that goes on where it was ready. Four of them on a CPU, bins of 250 ms: in the last
 * two of three bins their throughput was 0.998 (95 % interval: 0.991 to 1.005) and 1.005 (0.997 to
 * 1.013) of that in the baseline after them, n = 96. */
#define BINS_RESTORED 2

void
mig_steady_state_init (MigSteadyState *self, double scale_ratio)
{
  *self = (MigSteadyState){ .least_ns = mig_scale_duration (scale_ratio, BIN_NS, SHORTEST_BIN_NS) };
}

/* Nine tenths, so that each ends with a heartbeat, also with one a little early. */
static gint64
bin_length (const MigSteadyState *self, gint64 period_ns)
{
  return MAX (period_ns, self->least_ns) * 9 / 10;
}

void
mig_steady_state_add (MigSteadyState *self, gint64 arrival_ns, gint64 work, gint64 period_ns)
{
  if (self->start_ns == 0)
    {
      self->start_ns = arrival_ns;
      self->work = work;
    }
  gint64 length = arrival_ns - self->start_ns;
  if (length < bin_length (self, period_ns))
    return;
  memmove (self->rates + 1, self->rates, sizeof self->rates - sizeof self->rates[0]);
  self->rates[0] = (double) (work - self->work) / length;
  self->n++;
  self->start_ns = arrival_ns;
  self->work = work;
}

gboolean
mig_steady_state_reached (const MigSteadyState *self, gboolean restored)
{
  guint n = restored ? BINS_RESTORED : BINS;
  double low = INFINITY, high = 0;

  if (self->n < n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      low = MIN (low, self->rates[i]);
      high = MAX (high, self->rates[i]);
    }
  return high - low <= STEADY_RATIO * high;
}

void
mig_steady_state_reset (MigSteadyState *self)
{
  self->n = 0;
  self->start_ns = 0;
}
