/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "report/number.h"
#include "report/live.h"

static MigPhase last_phase;
static guint last_position;
static gint64 heartbeat_ns, next_waiting_ns;

/* after what time it is told which guests are waited for, where lines are told and no status, and
 * how often then */
#define FIRST_WAITING_NS (10 * MIG_NS_PER_S)
#define WAITING_NS (30 * MIG_NS_PER_S)

static char *
clock_text (gint64 ns)
{
  gint64 s = ns / MIG_NS_PER_S;
  if (MIG_IS_MISSING (ns))
    return g_strdup ("?");
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d", s / 60, (int) (s % 60));
}

void
mig_progress_add_migration (GString *text, const MigProgressMigration *migration)
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

/* "[3/8] cm, repetition 1 of 2: migrating"; without ends that are not known yet. */
static char *
place_text (const MigProgress *progress)
{
  g_autofree char *total = progress->total ? g_strdup_printf ("/%u", progress->total)
                                           : g_strdup ("");
  g_autofree char *of = progress->repetitions ? g_strdup_printf (" of %u", progress->repetitions)
                                              : g_strdup ("");
  return g_strdup_printf ("[%u%s] %s, repetition %u%s: %s", progress->position, total,
                          progress->case_label, progress->repetition, of,
                          mig_phase_name (progress->phase));
}

/* Guests that take long to start: which, as a line of its own. */
static void
show_waiting (const MigProgress *progress)
{
  if (!progress->waiting_for || progress->elapsed_ns < next_waiting_ns)
    return;
  next_waiting_ns = progress->elapsed_ns + WAITING_NS;
  g_autofree char *place = place_text (progress);
  g_autofree char *line = g_strdup_printf ("%s, waiting for %s", place, progress->waiting_for);
  mig_terminal_line (line);
}

static void
show_status (const MigProgress *progress)
{
  g_autofree char *place = place_text (progress);
  g_autoptr (GString) text = g_string_new (place);
  g_autofree char *elapsed = clock_text (progress->elapsed_ns);
  g_autofree char *remaining = clock_text (progress->remaining_ns);

  if (progress->waiting_for)
    g_string_append_printf (text, ", waiting for %s", progress->waiting_for);
  for (guint i = 0; i < progress->n_migrations; i++)
    mig_progress_add_migration (text, &progress->migrations[i]);
  if (progress->total == 0 && MIG_IS_MISSING (progress->remaining_ns))
    g_string_append_printf (text, "  (%s)", elapsed);
  else
    g_string_append_printf (text, "  (%s, %s %s left)", elapsed,
                            progress->total == 0 ? "at most" : "about", remaining);
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
    {
      show_waiting (progress);
      return;
    }
  next_waiting_ns = progress->elapsed_ns + FIRST_WAITING_NS;
  last_phase = progress->phase;
  last_position = progress->position;
  g_autofree char *line = place_text (progress);
  mig_terminal_line (line);
}

/* ---- a repetition that is over ---- */

static void
on_finished (const MigRunRecord *run, const GPtrArray *migrations, gpointer data)
{
  gboolean ok = g_strcmp0 (run->status, "ok") == 0;
  g_autofree char *why = mig_text_clean (run->reason); /* a guest may have said it */
  g_autofree char *line = ok ? mig_report_live_row (run->case_label, run->repetition, migrations,
                                                    heartbeat_ns)
                             : g_strdup_printf ("%s, repetition %" G_GINT64_FORMAT
                                                ": not counted: %s",
                                                run->case_label, run->repetition, why);
  mig_terminal_line (line);
}

MigRunObserver
mig_progress_observer (gint64 period_ns)
{
  MigRunObserver observer = { .progress = on_progress,
                              .finished = on_finished,
                              .may_stop = mig_terminal_may_stop };
  heartbeat_ns = period_ns;
  last_position = 0;
  return observer;
}
