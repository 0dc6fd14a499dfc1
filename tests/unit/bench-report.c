/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "report/figures.h"
#include "report/gnuplot.h"
#include "report/run.h"
#include "report/json.h"
#include "tests/unit/synthetic.h"

/* Time and memory of writing, of reporting and of drawing (gnuplot included) a result of more than
 * 1,000,000 heartbeats. Each part runs in a process of its own, so that the peak of its memory is
 * its own. */

static const SyntheticOptions options = {
  .repetitions = 2, .period_ns = MIG_NS_PER_MS, .window_ns = 40 * MIG_NS_PER_S, .with_stamps = TRUE
};

static void
write_result (const char *path)
{
  synthetic_write (path, &options);
}

static void
report_result (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigLoadedResult) report = mig_loaded_result_read (path, &error);

  g_assert_no_error (error);
  g_autofree char *text = mig_report_text (report);
  g_autofree char *json = mig_report_json (report);
  printf ("heartbeats      %" G_GINT64_FORMAT " (report: %zu bytes of text, %zu of JSON)\n",
          report->summary->heartbeats, strlen (text), strlen (json));
}

static void
draw_result (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigLoadedResult) report = mig_loaded_result_read_whole (path, &error);
  g_autofree char *directory = g_strconcat (path, ".figures", NULL);
  const char *why_not = NULL;

  g_assert_no_error (error);
  g_autoptr (GPtrArray) figures = mig_figures_new (report);
  if (!mig_gnuplot_available ())
    why_not = MIG_GNUPLOT_MISSING;
  else
    mig_gnuplot_draw (figures, directory, &error);
  g_assert_no_error (error);
  g_autofree char *page = mig_report_html (report, figures, why_not);
  printf ("page            %u figures, %zu bytes%s%s\n", figures->len, strlen (page),
          why_not ? "; " : "", why_not ? why_not : "");
}

static void
measure (const char *title, void (*part) (const char *path), const char *path)
{
  gint64 start = mig_clock_now ();
  struct rusage usage;
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      part (path);
      fflush (stdout);
      _exit (0);
    }
  g_assert_cmpint (wait4 (child, &status, 0, &usage), ==, child);
  g_assert_cmpint (status, ==, 0);
  printf ("%-15s %.2f s wall, %.2f s CPU, peak %.1f MiB\n", title,
          (double) (mig_clock_now () - start) / 1e9,
          (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
              (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
          (double) usage.ru_maxrss / 1024);
  fflush (stdout);
}

int
main (void)
{
  g_autofree char *top = g_dir_make_tmp ("migcost-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);

  measure ("write", write_result, path);
  measure ("read and report", report_result, path);
  measure ("read and draw", draw_result, path);
  return mig_files_remove_tree (top, NULL) ? 0 : 1;
}
