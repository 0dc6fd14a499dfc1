/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/downtime.h"
#include "report/number.h"
#include "report/live.h"

static void
add_duration (gint64 *sum, gint64 part)
{
  *sum = MIG_IS_MISSING (*sum) || MIG_IS_MISSING (part) ? MIG_MISSING_INT : *sum + part;
}

char *
mig_report_live_row (const char *case_label, gint64 repetition, const GPtrArray *migrations,
                     gint64 period_ns)
{
  gint64 total = 0, events = 0, guest = 0;
  const MigMigrationRecord *bad = NULL;
  const MigStampDelay unknown = { MIG_MISSING_INT, MIG_MISSING_INT };

  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigrationRecord *m = migrations->pdata[i];
      add_duration (&total, MIG_IS_MISSING (m->start_ns) || MIG_IS_MISSING (m->end_ns)
                                ? MIG_MISSING_INT
                                : m->end_ns - m->start_ns);
      add_duration (&events, mig_downtime_events (m));
      add_duration (&guest, mig_downtime_guest (m, period_ns, MIG_MISSING_INT, unknown).value_ns);
      if (!bad && g_strcmp0 (m->status, "ok") != 0)
        bad = m;
    }
  g_autofree char *label = mig_text_clean (case_label);
  if (bad || migrations->len == 0)
    {
      g_autofree char *why = mig_text_clean (!bad          ? "no migration"
                                             : bad->reason ? bad->reason
                                                           : bad->status);
      g_autofree char *name = mig_text_clean (bad ? bad->guest : NULL);
      return g_strdup_printf ("%s, repetition %" G_GINT64_FORMAT ": not counted: %s: %s", label,
                              repetition, name, why);
    }
  g_autofree char *total_text = mig_units_format_duration (total);
  g_autofree char *events_text = mig_units_format_duration (events);
  g_autofree char *guest_text = mig_units_format_duration (guest);
  return g_strdup_printf ("%s, repetition %" G_GINT64_FORMAT
                          ": ok, %s, downtime %s (events), %s (guest)",
                          label, repetition, total_text, events_text, guest_text);
}
