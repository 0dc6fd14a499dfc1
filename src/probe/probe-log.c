/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/units.h"
#include "probe/probe-log.h"

void
mig_probe_log_init (MigProbeLog *log)
{
  log->probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
  log->next = 0;
  log->thinned = 0;
}

void
mig_probe_log_clear (MigProbeLog *log)
{
  g_clear_pointer (&log->probes, g_array_unref);
}

static MigProbe *
nth (const MigProbeLog *log, guint index)
{
  return index < log->probes->len ? &g_array_index (log->probes, MigProbe, index) : NULL;
}

static gboolean
is_late (const MigProbe *probe)
{
  return probe && (MIG_IS_MISSING (probe->answered_ns) ||
                   probe->answered_ns - probe->sent_ns >= MIG_PROBE_LATE_NS);
}

/* thin: what is behind the last ones that are kept as they are. */
static void
thin (MigProbeLog *log)
{
  guint end = log->probes->len - MIG_PROBE_LOG_WHOLE, kept = log->thinned;
  gboolean before = FALSE; /* the one before was late */

  for (guint i = log->thinned; i < end; i++)
    {
      const MigProbe probe = *nth (log, i);
      gboolean late = is_late (&probe);
      if (late || before || is_late (nth (log, i + 1)))
        *nth (log, kept++) = probe;
      before = late;
    }
  g_array_remove_range (log->probes, kept, end - kept);
  log->thinned = kept;
}

MigProbe *
mig_probe_log_add (MigProbeLog *log, guint guest, MigProbeKind kind, guint connection,
                   gint64 due_ns)
{
  const MigProbe probe = { .guest = guest,
                           .kind = kind,
                           .connection = connection,
                           .sequence = log->next++,
                           .due_ns = due_ns,
                           .sent_ns = mig_clock_now (),
                           .answered_ns = MIG_MISSING_INT,
                           .covers_ns = MIG_MISSING_INT };

  if (log->probes->len - log->thinned >= 2 * MIG_PROBE_LOG_WHOLE)
    thin (log);
  g_array_append_val (log->probes, probe);
  return mig_probe_log_last (log);
}

void
mig_probe_log_cover (MigProbeLog *log, gint64 due_ns)
{
  MigProbe *last = mig_probe_log_last (log);

  if (last)
    last->covers_ns = due_ns - last->due_ns;
}

MigProbe *
mig_probe_log_find (const MigProbeLog *log, gint64 number)
{
  guint low = 0, high = log->probes->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      gint64 there = nth (log, middle)->sequence;
      if (there == number)
        return nth (log, middle);
      if (there < number)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

MigProbe *
mig_probe_log_last (const MigProbeLog *log)
{
  return nth (log, log->probes->len - 1); /* of none there is no such one either */
}

void
mig_probe_log_forget (MigProbeLog *log, gint64 before_ns)
{
  guint n = 0;

  while (n + 1 < log->probes->len && nth (log, n)->due_ns < before_ns)
    n++;
  g_array_remove_range (log->probes, 0, n);
  log->thinned -= MIN (log->thinned, n);
}

void
mig_probe_log_tell (const MigProbeLog *log, gint64 since_ns, GString *text)
{
  guint n = log->probes->len;

  while (n > 0 && MIG_IS_MISSING (nth (log, n - 1)->answered_ns) &&
         nth (log, n - 1)->sent_ns > since_ns)
    n--;
  for (guint i = 0; i < n; i++)
    mig_probe_format (text, nth (log, i));
}
