/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "cli/progress.h"
#include "cli/terminal.h"

static MigPhase last_phase;
static guint last_position;

static char *
clock_text (gint64 ns)
{
  gint64 s = ns / MIG_NS_PER_S;
  if (MIG_IS_MISSING (ns))
    return g_strdup ("?");
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d", s / 60, (int) (s % 60));
}

static void
add_migration (GString *text, const MigProgressMigration *migration)
{
  g_autofree char *elapsed = mig_units_format_duration (migration->elapsed_ns);

  g_string_append_printf (text, "  %s -> %s %s", migration->guest, migration->destination, elapsed);
  if (!MIG_IS_MISSING (migration->round))
    g_string_append_printf (text, " round %" G_GINT64_FORMAT, migration->round);
  if (!MIG_IS_MISSING (migration->sent_bytes))
    {
      g_autofree char *sent = mig_units_format_bytes (migration->sent_bytes);
      g_string_append_printf (text, " %s", sent);
    }
}

static void
show_status (const MigProgress *progress)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *elapsed = clock_text (progress->elapsed_ns);
  g_autofree char *remaining = clock_text (progress->remaining_ns);

  g_string_append_printf (text, "[%u/%u] %s, repetition %u of %u: %s", progress->position, progress->total,
                          progress->case_label, progress->repetition, progress->repetitions,
                          mig_phase_name (progress->phase));
  for (guint i = 0; i < progress->n_migrations; i++)
    add_migration (text, &progress->migrations[i]);
  g_string_append_printf (text, "  (%s, about %s left)", elapsed, remaining);
  mig_terminal_status (text->str);
}

static void
on_progress (const MigProgress *progress, gpointer data)
{
  if (mig_terminal_is_interactive ())
    {
      show_status (progress);
      return;
    }
  if (progress->phase == last_phase && progress->position == last_position)
    return;
  last_phase = progress->phase;
  last_position = progress->position;
  g_autofree char *line = g_strdup_printf ("[%u/%u] %s, repetition %u of %u: %s", progress->position, progress->total,
                                           progress->case_label, progress->repetition, progress->repetitions,
                                           mig_phase_name (progress->phase));
  mig_terminal_line (line);
}

/* ---- a repetition that is over ---- */

typedef struct {
  gint64 total_ns, reported_ns, events_ns, silence_ns;
} Sums;

static void
add_to (gint64 *sum, gint64 later, gint64 earlier)
{
  *sum = MIG_IS_MISSING (*sum) || MIG_IS_MISSING (later) || MIG_IS_MISSING (earlier) ? MIG_MISSING_INT
                                                                                     : *sum + later - earlier;
}

static void
on_finished (const MigRunRecord *run, const GPtrArray *migrations, gpointer data)
{
  Sums sums = { 0 };

  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigrationRecord *m = g_ptr_array_index ((GPtrArray *) migrations, i);
      add_to (&sums.total_ns, m->end_ns, m->start_ns);
      add_to (&sums.reported_ns, m->downtime_reported_ns, 0);
      add_to (&sums.events_ns, m->resumed_ns, m->suspended_ns);
      add_to (&sums.silence_ns, m->first_destination_heartbeat_ns, m->last_source_heartbeat_ns);
    }
  g_autofree char *total = mig_units_format_duration (sums.total_ns);
  g_autofree char *reported = mig_units_format_duration (sums.reported_ns);
  g_autofree char *events = mig_units_format_duration (sums.events_ns);
  g_autofree char *silence = mig_units_format_duration (sums.silence_ns);
  g_autofree char *line = g_strdup_printf (
      "%s #%" G_GINT64_FORMAT ": migrations %s, downtime %s reported, %s by events, guests silent %s%s%s", run->case_label,
      run->repetition, total, reported, events, silence, run->reason ? "; " : "", run->reason ? run->reason : "");
  mig_terminal_line (line);
}

MigRunObserver
mig_progress_observer (void)
{
  MigRunObserver observer = { on_progress, on_finished, NULL };
  last_position = 0;
  return observer;
}
