/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "summary/connect-times.h"

/* add: what ends before the migration begins counts to the floor, unless it began in the time of an
 * earlier one. */
static void
add (MigConnectTimes *times, const MigProbeSpan *span, gint64 sent_ns, gint64 until_ns)
{
  gint64 *longest_ns = until_ns > span->start_ns ? &times->longest_ns : &times->floor_ns;

  if (until_ns > span->start_ns || sent_ns >= span->from_ns) /* missing is before all */
    *longest_ns = MAX (*longest_ns, until_ns - sent_ns);
}

MigConnectTimes
mig_connect_times (const GArray *attempts, const MigProbeSpan *span, gint64 end_ns)
{
  MigConnectTimes times = { MIG_MISSING_INT, MIG_MISSING_INT }, open = times;
  gint64 next_ns = MIG_MISSING_INT; /* the first answer to a later attempt: they may overtake */

  for (guint i = attempts->len; i-- > 0;)
    {
      const MigConnectAttempt *attempt = &g_array_index (attempts, MigConnectAttempt, i);
      if (!MIG_IS_MISSING (attempt->answered_ns))
        {
          add (&times, span, attempt->sent_ns, attempt->answered_ns);
          next_ns = MIG_IS_MISSING (next_ns) ? attempt->answered_ns
                                             : MIN (next_ns, attempt->answered_ns);
        }
      else if (!MIG_IS_MISSING (next_ns))
        add (&times, span, attempt->sent_ns, next_ns);
      else if (attempt->sent_ns < end_ns)
        add (&open, span, attempt->sent_ns, end_ns);
    }
  if (!MIG_IS_MISSING (next_ns))
    times.longest_ns = MAX (times.longest_ns, open.longest_ns);
  return times;
}
