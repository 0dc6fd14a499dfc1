/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/figure.h"
#include "report/timeline.h"

/* Panels below each other over one time axis: seconds since a run's window began. */

typedef struct {
  MigLineKind kind;
  const char *guest, *host; /* as of mig_timeline_bin() */
  double unit;              /* shown as a share of this value */
  const char *label;        /* in the legend; NULL: none */
  guint colour;             /* of the series */
} MigPanelLine;

/* mig_panel_append: a line's data (time, mean, lowest, highest; the unknown is a gap) as the next
 * block of the figure, and its part of a plot command. FALSE: nothing is known of it. *block counts
 * blocks; *highest grows to the largest value. */
gboolean mig_panel_append (MigFigure *figure, const MigTimeline *timeline, const MigPanelLine *line,
                           guint *block, GString *plot, double *highest);

/* mig_panel_step: a round distance of the numbers on an axis from 0, so that there are few. */
double mig_panel_step (double highest);

/* mig_panel_marks: the migrations as bands behind what is plotted, that of `guest` (NULL: all) in a
 * stronger colour with its rounds and its downtime. They hold until the next "unset object". */
void mig_panel_marks (MigFigure *figure, const MigTimeline *timeline, const char *guest);

/* mig_panel_silence: a time in which clients had no answer, as a strip at the panel's foot; the
 * same holds of it. */
void mig_panel_silence (MigFigure *figure, const MigTimeline *timeline, gint64 from_ns,
                        double length_s);

/* mig_panel_place: begins a panel between two heights, in shares of what is below `top`; last: the
 * one that has the time axis' numbers. */
void mig_panel_place (MigFigure *figure, const MigTimeline *timeline, double from, double to,
                      gboolean last);
