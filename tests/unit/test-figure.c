/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/figure.h"
#include "report/panel.h"
#include "report/svg.h"
#include "report/timeline.h"
#include "results/columns.h"

#define S MIG_NS_PER_S
#define PERIOD (10 * MIG_NS_PER_MS)

typedef struct {
  GPtrArray *runs, *guests, *none;
  MigRunRecord run;
  MigGuestRecord guest;
  GPtrArray *timelines;
} Fixture;

/* one run whose window is from 100 s to 132 s, so that a bin is 0.1 s, and one guest in it */
static void
set_up (Fixture *f, gconstpointer data)
{
  mig_record_init (MIG_TABLE_RUNS, &f->run);
  f->run.run = 7;
  f->run.window_start_ns = 100 * S;
  f->run.window_end_ns = 132 * S;
  mig_record_init (MIG_TABLE_GUESTS, &f->guest);
  f->guest.run = 7;
  f->guest.guest = (char *) "g";
  f->guest.period_ns = PERIOD;
  f->runs = g_ptr_array_new ();
  f->guests = g_ptr_array_new ();
  f->none = g_ptr_array_new ();
  g_ptr_array_add (f->runs, &f->run);
  g_ptr_array_add (f->guests, &f->guest);
  f->timelines = mig_timelines_new (f->runs, f->guests, f->none, f->none);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_ptr_array_unref (f->timelines);
  g_ptr_array_unref (f->runs);
  g_ptr_array_unref (f->guests);
  g_ptr_array_unref (f->none);
}

static void
beat (Fixture *f, gint64 at_ns, gint64 work)
{
  MigHeartbeatRecord record;
  mig_record_init (MIG_TABLE_HEARTBEATS, &record);
  record.run = 7;
  record.guest = (char *) "g";
  record.arrival_ns = at_ns;
  record.work_units = work;
  mig_timelines_heartbeat (f->timelines, &record);
}

/* A steady rate is the same in every bin; a silence and a burst, shorter than a bin, still show. */
static void
test_extremes (Fixture *f, gconstpointer data)
{
  const MigTimeline *line = f->timelines->pdata[0];
  gint64 work = 0;
  MigBin bin;

  for (gint64 t = 99 * S; t <= 133 * S; t += PERIOD)
    {
      gboolean silent = t > 110 * S + 10 * MIG_NS_PER_MS && t < 110 * S + 70 * MIG_NS_PER_MS;
      work += t > 120 * S && t <= 120 * S + 50 * MIG_NS_PER_MS ? 30 : 10;
      if (!silent)
        beat (f, t, work);
    }
  mig_timelines_finish (f->timelines);
  g_assert_true (mig_timeline_bin (line, MIG_LINE_WORK, "g", NULL, 10, &bin));
  g_assert_cmpfloat_with_epsilon (bin.sum, 1000, 1);
  g_assert_cmpfloat_with_epsilon (bin.low, 1000, 1);
  g_assert_cmpfloat_with_epsilon (bin.high, 1000, 1);
  g_assert_true (mig_timeline_bin (line, MIG_LINE_WORK, "g", NULL, 200, &bin));
  g_assert_cmpfloat (bin.high, >, 2000);
  g_assert_cmpfloat (bin.sum, <, 2100);
  g_assert_false (mig_timeline_bin (line, MIG_LINE_CPU, "g", NULL, 10, &bin));
  g_assert_cmpfloat_with_epsilon (
      mig_timeline_mean (line, MIG_LINE_WORK, "g", NULL, 100 * S, 109 * S), 1000, 1);
  g_assert_true (isnan (mig_timeline_mean (line, MIG_LINE_WORK, "h", NULL, 100 * S, 109 * S)));
}

static void
test_silence (Fixture *f, gconstpointer data)
{
  const MigTimeline *line = f->timelines->pdata[0];
  gint64 work = 0;
  MigBin bin;

  for (gint64 t = 99 * S; t <= 133 * S; t += PERIOD)
    if (t <= 110 * S || t >= 112 * S)
      beat (f, t, work += 10);
  mig_timelines_finish (f->timelines);
  g_assert_true (mig_timeline_bin (line, MIG_LINE_WORK, "g", NULL, 110, &bin));
  g_assert_cmpfloat_with_epsilon (bin.sum, 5, 0.1); /* 10 units in 2 s */
  g_assert_true (mig_timeline_bin (line, MIG_LINE_WORK, "g", NULL, 98, &bin));
  g_assert_cmpfloat_with_epsilon (bin.sum, 1000, 1);
}

/* A counter that goes back, a row outside the window, one of an unknown run: no harm. */
static void
test_odd_rows (Fixture *f, gconstpointer data)
{
  MigSampleRecord sample;
  MigBin bin;

  beat (f, 50 * S, 10);
  beat (f, 60 * S, 20);
  beat (f, 59 * S, 30);
  beat (f, 61 * S, 5);
  beat (f, 500 * S, 1000);
  mig_record_init (MIG_TABLE_SAMPLES, &sample);
  sample.run = 8;
  sample.host = (char *) "h";
  sample.time_ns = 101 * S;
  sample.management_ns = 1;
  mig_timelines_sample (f->timelines, &sample);
  mig_timelines_finish (f->timelines);
  const MigTimeline *line = f->timelines->pdata[0];
  g_assert_cmpuint (line->lines->len, ==, 1);
  g_assert_true (mig_timeline_bin (line, MIG_LINE_WORK, "g", NULL, 319, &bin));
}

static void
test_svg (void)
{
  static const char svg[] =
      "<?xml version='1.0'?>\n<svg width=\"5\" height=\"5\" viewBox=\"0 0 5 5\" "
      "onload=\"evil()\">\n"
      "<title>Gnuplot</title><desc>Produced by GNUPLOT</desc><script>evil()</script>"
      "<a href=\"http://x/\"><path d=\"M0\"/></a>"
      "<defs><circle id='gpDot' r='1'/></defs><use xlink:href='#gpDot' color='rgb(  0, 114, 178)'/>"
      "<use xlink:href='http://x/'/><g stroke='black'><text fill='red'> a&lt;b\x01 "
      "</text></g></svg>";
  g_autoptr (GError) error = NULL;
  g_autofree char *out = mig_svg_inline (svg, -1, "f", "l\"<", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (
      out, ==,
      "<svg role=\"img\" aria-label=\"l&quot;&lt;\" viewBox=\"0 0 5 5\"><defs><circle "
      "id=\"f-gpDot\" "
      "r=\"1\"></circle></defs><use href=\"#f-gpDot\" style=\"color:var(--c1);\"></use><use></use>"
      "<g style=\"stroke:var(--ink);\"><text fill=\"red\">a&lt;b?</text></g></svg>");
  g_assert_null (mig_svg_inline ("<svg><g></svg>", -1, "f", "l", &error));
  g_assert_nonnull (error);
}

static void
test_quote (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  mig_figure_quote (out, "a'b\"`$c\\n\n'");
  g_assert_cmpstr (out->str, ==, "'a''b\"`$c\\n?'''");
}

/* From 110 s on for 2.5 s, in a window that begins at 100 s. */
static void
test_strip (Fixture *f, gconstpointer data)
{
  MigFigure *figure = mig_figure_new (NULL, "f", NULL, g_strdup ("h"), 100, 100);

  mig_panel_silence (figure, f->timelines->pdata[0], 110 * S, 2.5);
  g_assert_nonnull (strstr (figure->script->str,
                            "set object rectangle from 10, graph 0 to 12.5, graph 0.1 behind"));
  mig_figure_free (figure);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/timeline/extremes", Fixture, NULL, set_up, test_extremes, tear_down);
  g_test_add ("/timeline/silence", Fixture, NULL, set_up, test_silence, tear_down);
  g_test_add ("/timeline/odd-rows", Fixture, NULL, set_up, test_odd_rows, tear_down);
  g_test_add ("/panel/strip", Fixture, NULL, set_up, test_strip, tear_down);
  g_test_add_func ("/figure/svg", test_svg);
  g_test_add_func ("/figure/quote", test_quote);
  return g_test_run ();
}
