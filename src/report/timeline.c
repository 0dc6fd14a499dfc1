/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/timeline.h"

static void
line_free (gpointer data)
{
  MigLine *line = data;
  g_free (line->guest);
  g_free (line->host);
  g_free (line->bins);
  g_free (line);
}

static guint
line_hash (gconstpointer data)
{
  const MigLine *line = data;
  return line->kind + 31 * (line->guest ? g_str_hash (line->guest) : 0) +
         37 * (line->host ? g_str_hash (line->host) : 0);
}

static gboolean
line_equal (gconstpointer a, gconstpointer b)
{
  const MigLine *x = a, *y = b;
  return x->kind == y->kind && g_strcmp0 (x->guest, y->guest) == 0 &&
         g_strcmp0 (x->host, y->host) == 0;
}

static void
timeline_free (gpointer data)
{
  MigTimeline *self = data;
  g_ptr_array_unref (self->guests);
  g_ptr_array_unref (self->migrations);
  g_ptr_array_unref (self->rounds);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

static MigTimeline *
find_timeline (const GPtrArray *timelines, gint64 run)
{
  guint low = 0, high = timelines->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      MigTimeline *timeline = timelines->pdata[middle];
      if (timeline->run->run == run)
        return timeline;
      if (timeline->run->run < run)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

static int
compare_runs (gconstpointer a, gconstpointer b)
{
  gint64 x = (*(MigTimeline *const *) a)->run->run, y = (*(MigTimeline *const *) b)->run->run;
  return (x > y) - (x < y);
}

static void
add_run (GPtrArray *timelines, const MigRunRecord *run)
{
  if (MIG_IS_MISSING (run->run) || MIG_IS_MISSING (run->window_start_ns) ||
      MIG_IS_MISSING (run->window_end_ns) || run->window_end_ns <= run->window_start_ns)
    return;
  MigTimeline *self = g_new0 (MigTimeline, 1);
  self->run = run;
  self->start_ns = run->window_start_ns;
  self->end_ns = run->window_end_ns;
  self->guests = g_ptr_array_new ();
  self->migrations = g_ptr_array_new ();
  self->rounds = g_ptr_array_new ();
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->by_name = g_hash_table_new (line_hash, line_equal);
  g_ptr_array_add (timelines, self);
}

GPtrArray *
mig_timelines_new (const GPtrArray *runs, const GPtrArray *guests, const GPtrArray *migrations,
                   const GPtrArray *rounds)
{
  GPtrArray *timelines = g_ptr_array_new_with_free_func (timeline_free);
  MigTimeline *timeline;

  for (guint i = 0; i < runs->len; i++)
    add_run (timelines, runs->pdata[i]);
  g_ptr_array_sort (timelines, compare_runs);
  for (guint i = 0; i < guests->len; i++)
    {
      const MigGuestRecord *guest = guests->pdata[i];
      if (guest->guest && (timeline = find_timeline (timelines, guest->run)))
        g_ptr_array_add (timeline->guests, (gpointer) guest);
    }
  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigrationRecord *migration = migrations->pdata[i];
      if (migration->guest && (timeline = find_timeline (timelines, migration->run)))
        g_ptr_array_add (timeline->migrations, (gpointer) migration);
    }
  for (guint i = 0; i < rounds->len; i++)
    {
      const MigRoundRecord *round = rounds->pdata[i];
      if (round->guest && (timeline = find_timeline (timelines, round->run)))
        g_ptr_array_add (timeline->rounds, (gpointer) round);
    }
  return timelines;
}

static MigLine *
find_line (MigTimeline *self, MigLineKind kind, const char *guest, const char *host)
{
  const MigLine wanted = { .kind = kind, .guest = (char *) guest, .host = (char *) host };
  MigLine *line = g_hash_table_lookup (self->by_name, &wanted);

  if (line)
    return line;
  line = g_new0 (MigLine, 1);
  line->bins = g_new0 (MigBin, MIG_LINE_BINS);
  line->kind = kind;
  line->guest = g_strdup (guest);
  line->host = g_strdup (host);
  line->quantum_ns = kind == MIG_LINE_WORK ? 0 : MIG_LINE_CPU_NS;
  for (guint i = 0; guest && i < self->guests->len; i++)
    {
      const MigGuestRecord *record = self->guests->pdata[i];
      if (kind == MIG_LINE_WORK && strcmp (record->guest, guest) == 0 &&
          !MIG_IS_MISSING (record->period_ns))
        line->quantum_ns = MAX (record->period_ns,
                                MIN (MIG_LINE_PERIODS * record->period_ns, MIG_LINE_WORK_NS));
    }
  g_ptr_array_add (self->lines, line);
  g_hash_table_add (self->by_name, line);
  return line;
}

static gint64
bin_start (const MigTimeline *self, guint bin)
{
  return self->start_ns + (gint64) ((double) (self->end_ns - self->start_ns) * bin / MIG_LINE_BINS);
}

static void
add_interval (const MigTimeline *self, MigLine *line, gint64 from_ns, gint64 to_ns, double growth)
{
  gint64 length = self->end_ns - self->start_ns;
  float rate = (float) (growth * MIG_NS_PER_S / (double) (to_ns - from_ns));

  if (to_ns <= from_ns || to_ns <= self->start_ns || from_ns >= self->end_ns)
    return;
  double first = (double) (MAX (from_ns, self->start_ns) - self->start_ns) * MIG_LINE_BINS /
                 (double) length;
  for (guint i = (guint) first; i < MIG_LINE_BINS && bin_start (self, i) < to_ns; i++)
    {
      MigBin *bin = &line->bins[i];
      gint64 end = i + 1 == MIG_LINE_BINS ? self->end_ns : bin_start (self, i + 1);
      gint64 overlap = MIN (end, to_ns) - MAX (bin_start (self, i), from_ns);
      if (overlap <= 0)
        continue;
      bin->low = bin->seconds > 0 ? MIN (bin->low, rate) : rate;
      bin->high = bin->seconds > 0 ? MAX (bin->high, rate) : rate;
      bin->seconds += (float) overlap / MIG_NS_PER_S;
      bin->sum += rate * (float) overlap / MIG_NS_PER_S;
    }
}

static void
flush_line (const MigTimeline *self, MigLine *line)
{
  add_interval (self, line, line->from_ns, line->last_ns, line->last - line->from);
  line->from_ns = line->last_ns;
  line->from = line->last;
}

static void
push (const MigTimeline *self, MigLine *line, gint64 time_ns, double value)
{
  if (line->any && (time_ns <= line->last_ns || value < line->last))
    return;
  if (!line->any)
    {
      line->any = TRUE;
      line->from_ns = time_ns;
      line->from = value;
    }
  /* a silence stands by itself, if what came before it is long enough to do so too */
  else if (time_ns - line->last_ns > line->quantum_ns / 2 &&
           line->last_ns - line->from_ns >= line->quantum_ns / MIG_LINE_PERIODS)
    flush_line (self, line);
  line->last_ns = time_ns;
  line->last = value;
  if (time_ns - line->from_ns >= MAX (line->quantum_ns, 1))
    flush_line (self, line);
}

void
mig_timelines_heartbeat (GPtrArray *timelines, const MigHeartbeatRecord *heartbeat)
{
  MigTimeline *timeline = find_timeline (timelines, heartbeat->run);

  if (timeline && heartbeat->guest && !MIG_IS_MISSING (heartbeat->arrival_ns) &&
      !MIG_IS_MISSING (heartbeat->work_units))
    push (timeline, find_line (timeline, MIG_LINE_WORK, heartbeat->guest, NULL),
          heartbeat->arrival_ns, (double) heartbeat->work_units);
}

void
mig_timelines_sample (GPtrArray *timelines, const MigSampleRecord *sample)
{
  MigTimeline *timeline = find_timeline (timelines, sample->run);

  if (!timeline || !sample->host || MIG_IS_MISSING (sample->time_ns))
    return;
  if (sample->guest && !MIG_IS_MISSING (sample->vcpu_ns))
    push (timeline, find_line (timeline, MIG_LINE_CPU, sample->guest, sample->host),
          sample->time_ns, (double) sample->vcpu_ns / MIG_NS_PER_S);
  if (!MIG_IS_MISSING (sample->management_ns))
    push (timeline, find_line (timeline, MIG_LINE_MANAGEMENT, sample->guest, sample->host),
          sample->time_ns, (double) sample->management_ns / MIG_NS_PER_S);
}

void
mig_timelines_finish (GPtrArray *timelines)
{
  for (guint i = 0; i < timelines->len; i++)
    {
      const MigTimeline *self = timelines->pdata[i];
      for (guint j = 0; j < self->lines->len; j++)
        {
          MigLine *line = self->lines->pdata[j];
          if (line->last_ns - line->from_ns >= line->quantum_ns / MIG_LINE_PERIODS)
            flush_line (self, line);
        }
    }
}

gboolean
mig_timeline_bin (const MigTimeline *self, MigLineKind kind, const char *guest, const char *host,
                  guint bin, MigBin *out)
{
  memset (out, 0, sizeof *out);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const MigLine *line = self->lines->pdata[i];
      const MigBin *own = &line->bins[bin];
      if (line->kind != kind || own->seconds <= 0 ||
          (guest && g_strcmp0 (line->guest, guest) != 0) ||
          (host && g_strcmp0 (line->host, host) != 0))
        continue;
      out->low += own->low;
      out->high += own->high;
      /* the mean of each over what is known of it */
      out->sum += own->sum / own->seconds;
      out->seconds = 1;
    }
  return out->seconds > 0;
}

double
mig_timeline_mean (const MigTimeline *self, MigLineKind kind, const char *guest, const char *host,
                   gint64 from_ns, gint64 to_ns)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < MIG_LINE_BINS; i++)
    {
      MigBin bin;
      if (bin_start (self, i) < from_ns || bin_start (self, i + 1) > to_ns ||
          !mig_timeline_bin (self, kind, guest, host, i, &bin))
        continue;
      sum += bin.sum;
      n++;
    }
  return n > 0 ? sum / n : NAN;
}

double
mig_timeline_second (const MigTimeline *self, gint64 at_ns)
{
  return (double) (at_ns - self->start_ns) / MIG_NS_PER_S;
}

double
mig_timeline_bin_second (const MigTimeline *self, guint bin)
{
  return (double) (self->end_ns - self->start_ns) / MIG_NS_PER_S * (bin + 0.5) / MIG_LINE_BINS;
}
