/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "summary/observing-cost.h"

/* From one change to the next. */
typedef struct {
  gboolean alone;
  gint64 start_ns, end_ns;
  double rate; /* growth of the counter per second */
} Window;

/* A cumulative counter, cut into windows. */
typedef struct {
  gboolean any, alone;
  gint64 since_ns;
  gint64 since;
  GArray *windows; /* of Window */
} Track;

typedef struct {
  const MigRunRecord *run;
  Track cpu;          /* of migcost and the daemons */
  GHashTable *guests; /* name -> Track of its work */
} RunTracks;

typedef struct {
  GHashTable *runs; /* gint64 * -> RunTracks */
} Reader;

static Track *
track_new (void)
{
  Track *track = g_new0 (Track, 1);

  track->windows = g_array_new (FALSE, FALSE, sizeof (Window));
  return track;
}

static void
track_free (gpointer data)
{
  Track *track = data;

  g_array_unref (track->windows);
  g_free (track);
}

static void
track_push (Track *track, gint64 now_ns, gint64 counter, gboolean alone)
{
  if (track->any && alone == track->alone)
    return;
  if (track->any && now_ns > track->since_ns)
    {
      double rate = (double) (counter - track->since) * MIG_NS_PER_S /
                    (double) (now_ns - track->since_ns);
      Window window = { track->alone, track->since_ns, now_ns, rate };
      g_array_append_val (track->windows, window);
    }
  track->any = TRUE;
  track->alone = alone;
  track->since_ns = now_ns;
  track->since = counter;
}

static RunTracks *
run_tracks_new (const MigRunRecord *run)
{
  RunTracks *tracks = g_new0 (RunTracks, 1);

  tracks->run = run;
  tracks->cpu.windows = g_array_new (FALSE, FALSE, sizeof (Window));
  tracks->guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, track_free);
  return tracks;
}

static void
run_tracks_free (gpointer data)
{
  RunTracks *tracks = data;

  g_array_unref (tracks->cpu.windows);
  g_hash_table_unref (tracks->guests);
  g_free (tracks);
}

/* ---- reading ---- */

static gboolean
add_event (gconstpointer row, gpointer data, GError **error)
{
  const MigEventRecord *event = row;
  Reader *reader = data;
  RunTracks *tracks = g_hash_table_lookup (reader->runs, &event->run);
  gboolean alone = g_strcmp0 (event->event, MIG_EVENT_ALONE) == 0;

  if (tracks && event->detail && (alone || g_strcmp0 (event->event, MIG_EVENT_OBSERVED) == 0))
    track_push (&tracks->cpu, event->time_ns, g_ascii_strtoll (event->detail, NULL, 10), alone);
  return TRUE;
}

static gboolean
add_heartbeat (gconstpointer row, gpointer data, GError **error)
{
  const MigHeartbeatRecord *heartbeat = row;
  Reader *reader = data;
  RunTracks *tracks = g_hash_table_lookup (reader->runs, &heartbeat->run);

  if (!tracks || tracks->cpu.windows->len == 0 ||
      heartbeat->arrival_ns < tracks->run->window_start_ns || MIG_IS_MISSING (heartbeat->period_ns))
    return TRUE;
  Track *track = g_hash_table_lookup (tracks->guests, heartbeat->guest);
  if (!track)
    g_hash_table_insert (tracks->guests, g_strdup (heartbeat->guest), track = track_new ());
  track_push (track, heartbeat->arrival_ns, heartbeat->work_units,
              heartbeat->period_ns >= MIG_ALONE_PERIOD_NS);
  return TRUE;
}

/* ---- blocks ---- */

static GArray *
windows_within (const Track *track, gint64 from_ns, gint64 to_ns)
{
  GArray *within = g_array_new (FALSE, FALSE, sizeof (Window));

  for (guint i = 0; i < track->windows->len; i++)
    {
      const Window *window = &g_array_index (track->windows, Window, i);
      if (window->start_ns >= from_ns && window->end_ns <= to_ns)
        g_array_append_val (within, *window);
    }
  return within;
}

/* Of each whole block of three windows: combine (observed, alone). */
static void
add_blocks (MigStat *stat, const MigRunRecord *run, const GArray *windows,
            double (*combine) (double observed, double alone))
{
  for (guint i = 0; i + 2 < windows->len; i += 3)
    {
      const Window *block = &g_array_index (windows, Window, i);
      double outer = (block[0].rate + block[2].rate) / 2, inner = block[1].rate;
      mig_stat_add (stat, run->run, run->repetition,
                    block[1].alone ? combine (outer, inner) : combine (inner, outer));
    }
}

static double
ratio (double observed, double alone)
{
  return alone > 0 ? observed / alone : NAN;
}

static double
difference (double observed, double alone)
{
  return observed - alone;
}

static void
add_cpu (MigObservingCostPhase *phase, const RunTracks *tracks, gint64 from_ns, gint64 to_ns)
{
  g_autoptr (GArray) windows = windows_within (&tracks->cpu, from_ns, to_ns);

  for (guint i = 0; i < windows->len; i++)
    g_array_index (windows, Window, i).rate /= MIG_NS_PER_S;
  add_blocks (&phase->cpu, tracks->run, windows, difference);
}

/* Divides by the mean, so that guests of different units count alike. FALSE where it does nothing.
 */
static gboolean
normalise (GArray *windows)
{
  double sum = 0;

  for (guint i = 0; i < windows->len; i++)
    sum += g_array_index (windows, Window, i).rate;
  for (guint i = 0; i < windows->len && sum > 0; i++)
    g_array_index (windows, Window, i).rate *= windows->len / sum;
  return sum > 0;
}

/* The guests' windows added up, as many as all have. */
static void
add_work_before (MigObservingCost *cost, const RunTracks *tracks, gint64 to_ns)
{
  g_autoptr (GArray) all = NULL;
  GHashTableIter iter;
  gpointer track;

  g_hash_table_iter_init (&iter, tracks->guests);
  while (g_hash_table_iter_next (&iter, NULL, &track))
    {
      g_autoptr (GArray) windows = windows_within (track, 0, to_ns);
      if (!normalise (windows))
        continue;
      for (guint i = 0; all && i < MIN (all->len, windows->len); i++)
        g_array_index (all, Window, i).rate += g_array_index (windows, Window, i).rate;
      if (!all)
        all = g_steal_pointer (&windows);
      else if (windows->len < all->len)
        g_array_set_size (all, windows->len);
    }
  if (all)
    add_blocks (&cost->before.work, tracks->run, all, ratio);
}

static void
add_work_during (MigObservingCost *cost, const RunTracks *tracks,
                 const MigMigrationRecord *migration)
{
  const Track *track = g_hash_table_lookup (tracks->guests, migration->guest);
  gint64 to_ns = MIG_IS_MISSING (migration->last_source_heartbeat_ns)
                     ? migration->end_ns
                     : migration->last_source_heartbeat_ns;

  if (!track)
    return;
  g_autoptr (GArray) windows = windows_within (track, migration->start_ns, to_ns);
  add_blocks (&cost->during.work, tracks->run, windows, ratio);
}

static void
add_runs (MigObservingCost *cost, const Reader *reader, const GPtrArray *migrations)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, reader->runs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const RunTracks *tracks = value;
      const MigRunRecord *run = tracks->run;
      gint64 first_ns = MIG_IS_MISSING (run->migrations_start_ns) ? run->ended_ns
                                                                  : run->migrations_start_ns;
      add_work_before (cost, tracks, first_ns);
      add_cpu (&cost->before, tracks, 0, first_ns);
      if (!MIG_IS_MISSING (run->migrations_end_ns))
        add_cpu (&cost->during, tracks, run->migrations_start_ns, run->migrations_end_ns);
    }
  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigrationRecord *migration = migrations->pdata[i];
      const RunTracks *tracks = g_hash_table_lookup (reader->runs, &migration->run);
      if (tracks)
        add_work_during (cost, tracks, migration);
    }
}

static void
phase_foreach (MigObservingCostPhase *phase, void (*function) (MigStat *stat))
{
  function (&phase->work);
  function (&phase->cpu);
}

static void
cost_foreach (MigObservingCost *cost, void (*function) (MigStat *stat))
{
  phase_foreach (&cost->before, function);
  phase_foreach (&cost->during, function);
}

gboolean
mig_observing_cost_read (MigResult *result, MigObservingCost *cost, GError **error)
{
  cost_foreach (cost, mig_stat_init);
  g_autoptr (GPtrArray) runs = mig_result_load (result, MIG_TABLE_RUNS, error);
  g_autoptr (GPtrArray) migrations = runs ? mig_result_load (result, MIG_TABLE_MIGRATIONS, error)
                                          : NULL;
  if (!migrations)
    return FALSE;
  g_autoptr (GHashTable)
      tracks = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, run_tracks_free);
  Reader reader = { tracks };
  for (guint i = 0; i < runs->len; i++)
    {
      MigRunRecord *run = runs->pdata[i];
      if (!MIG_IS_MISSING (run->window_start_ns))
        g_hash_table_insert (tracks, &run->run, run_tracks_new (run));
    }
  /* where nobody was left alone, heartbeats are skipped one by one */
  if (!mig_result_foreach (result, MIG_TABLE_EVENTS, add_event, &reader, error) ||
      !mig_result_foreach (result, MIG_TABLE_HEARTBEATS, add_heartbeat, &reader, error))
    return FALSE;
  add_runs (cost, &reader, migrations);
  cost_foreach (cost, mig_stat_compute);
  return TRUE;
}

void
mig_observing_cost_clear (MigObservingCost *cost)
{
  cost_foreach (cost, mig_stat_clear);
}
