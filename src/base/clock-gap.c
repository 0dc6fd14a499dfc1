/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "base/clock-gap.h"

/* A wait ends this late on a busy machine too. */
#define LATE_NS (2 * MIG_NS_PER_S)
/* The two clocks are not read at once. */
#define ASLEEP_NS (100 * MIG_NS_PER_MS)

void
mig_clock_gap_init (MigClockGap *self, gint64 asleep_ns)
{
  *self = (MigClockGap){ .asleep_ns = asleep_ns };
}

gboolean
mig_clock_gap_note (MigClockGap *self, gint64 due_ns, gint64 now_ns, gint64 asleep_ns)
{
  gint64 late_ns = now_ns - due_ns, slept_ns = asleep_ns - self->asleep_ns;

  self->asleep_ns = asleep_ns;
  if (late_ns <= LATE_NS && slept_ns <= ASLEEP_NS)
    return FALSE;
  self->total_ns += (late_ns > LATE_NS ? late_ns : 0) + (slept_ns > ASLEEP_NS ? slept_ns : 0);
  self->end_ns = now_ns;
  return TRUE;
}

char *
mig_clock_gap_text (const MigClockGap *self)
{
  g_autofree char *total = mig_units_format_duration (self->total_ns);

  return self->total_ns == 0 ? NULL
                             : g_strdup_printf ("migcost itself stood still for %s: it was "
                                                "stopped, or its machine slept",
                                                total);
}
