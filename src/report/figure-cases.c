/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/chart.h"
#include "report/figures.h"
#include "paper/table-shape.h"

/* shape: of a study, which says whose figures of the paper its charts redraw. */
typedef enum { SHAPE_OTHER, SHAPE_ONE_MOVES, SHAPE_TWO_MOVE } Shape;

static Shape
shape_of (const MigSummary *summary)
{
  gboolean one = summary->cases->len > 1 && summary->classes->len > 1;

  if (mig_paper_is_load_balancing (summary))
    return SHAPE_TWO_MOVE;
  for (guint i = 0; i < summary->cases->len; i++)
    one &= ((const MigCaseSummary *) summary->cases->pdata[i])->classes_moved->len == 1;
  return one ? SHAPE_ONE_MOVES : SHAPE_OTHER;
}

static void
add_figure (GPtrArray *figures, MigFigure *figure)
{
  if (figure)
    g_ptr_array_add (figures, figure);
}

static void
add_times (const MigLoadedResult *report, Shape shape, GPtrArray *figures)
{
  const char *paper = shape == SHAPE_ONE_MOVES ? "4" : shape == SHAPE_TWO_MOVE ? "6" : NULL;
  const MigChart total = {
    .id = "total-time",
    .paper = paper,
    .heading = "Total time, summed over the migrations",
    .y_title = "total time",
    .n_series = 1,
    .series = { { MIG_METRIC_TOTAL_TIME, NULL, "" } },
  };
  const MigChart downtime = {
    .id = "downtime",
    .paper = shape == SHAPE_TWO_MOVE ? "5" : paper,
    .heading = "Downtime, summed over the migrations, as three observers see it",
    .y_title = "downtime",
    .n_series = 3,
    .series = { { MIG_METRIC_DOWNTIME_REPORTED, NULL, "reported" },
                { MIG_METRIC_DOWNTIME_EVENTS, NULL, "by events" },
                { MIG_METRIC_DOWNTIME_GUEST, NULL, "by the guest" } },
  };

  if (shape == SHAPE_TWO_MOVE) /* the paper's order */
    add_figure (figures, mig_chart_cases (report, &downtime, NULL));
  add_figure (figures, mig_chart_cases (report, &total, NULL));
  if (shape != SHAPE_TWO_MOVE)
    add_figure (figures, mig_chart_cases (report, &downtime, NULL));
}

/* moved_and_left: "cm (cm)", as on the paper's axes: who moves, and who stays. */
static char *
moved_and_left (const MigLoadedResult *report, const MigCaseSummary *study_case)
{
  GString *left = g_string_new (study_case->name);
  guint n = 0;

  for (guint i = 0; i < report->timelines->len; i++)
    {
      const MigTimeline *timeline = report->timelines->pdata[i];
      if (g_strcmp0 (timeline->run->case_label, study_case->label) != 0)
        continue;
      for (guint j = 0; j < timeline->guests->len; j++)
        {
          const MigGuestRecord *guest = timeline->guests->pdata[j];
          if (guest->migrates == 0 && guest->class_name)
            g_string_append_printf (left, "%s%s", n++ == 0 ? " (" : "", guest->class_name);
        }
      break;
    }
  if (n > 0)
    g_string_append_c (left, ')');
  return g_string_free (left, FALSE);
}

static void
add_throughputs (const MigLoadedResult *report, Shape shape, GPtrArray *figures)
{
  for (guint i = 0; i < report->summary->classes->len; i++)
    {
      const MigClassInfo *info = report->summary->classes->pdata[i];
      g_autofree char *id = g_strdup_printf ("left-behind-%u", i + 1);
      g_autofree char *heading = g_strdup_printf (
          "Throughput of one guest of class %s that stays behind", info->name);
      const MigChart chart = {
        .id = id,
        .paper = shape != SHAPE_TWO_MOVE               ? NULL
                 : strcmp (info->workload, "cpu") == 0 ? "7"
                                                       : "8",
        .heading = heading,
        .y_title = "throughput, work units per second",
        .n_series = 1,
        .series = { { MIG_METRIC_LEFT_THROUGHPUT, info->name, "" } },
      };
      add_figure (figures, mig_chart_cases (report, &chart, moved_and_left));
    }
}

static void
add_parallel (const MigLoadedResult *report, GPtrArray *figures)
{
  const MigChart chart = {
    .id = "concurrency",
    .heading =
        "One after the other or together: until all have moved, and the sum of the migrations",
    .y_title = "time",
    .n_series = 2,
    .series = { { MIG_METRIC_WALL_TIME, NULL, "until all have moved" },
                { MIG_METRIC_TOTAL_TIME, NULL, "sum of the migrations" } },
  };

  for (guint i = 0; i < report->summary->cases->len; i++)
    if (((const MigCaseSummary *) report->summary->cases->pdata[i])->parallel)
      {
        add_figure (figures, mig_chart_cases (report, &chart, NULL));
        return;
      }
}

void
mig_figures_cases (const MigLoadedResult *report, GPtrArray *figures)
{
  static const MigChart lost = {
    .id = "lost-work",
    .heading = "Lost work: seconds of the guests' work that the migrations cost (below 0: gained)",
    .y_title = "lost work",
    .n_series = 2,
    .series = { { MIG_METRIC_LOST_VMMG, NULL, "guests that move" },
                { MIG_METRIC_LOST_VMCO, NULL, "guests that stay" } },
  };
  static const MigChart management = {
    .id = "management",
    .heading = "CPU that the hosts' management takes while migrations run",
    .y_title = "management CPU",
    .n_series = 2,
    .series = { { MIG_METRIC_MANAGEMENT_SOURCE, NULL, "source" },
                { MIG_METRIC_MANAGEMENT_DESTINATION, NULL, "destination" } },
  };
  Shape shape = shape_of (report->summary);

  if (!mig_paper_axis (report->summary)) /* else they are drawn over what is swept */
    add_times (report, shape, figures);
  add_throughputs (report, shape, figures);
  add_parallel (report, figures);
  add_figure (figures, mig_chart_cases (report, &lost, NULL));
  add_figure (figures, mig_chart_cases (report, &management, NULL));
}
