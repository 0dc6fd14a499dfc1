/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/paper.h"

typedef struct {
  const MigSummary *summary;
  const MigCaseSummary *cc, *cm, *mc, *mm;
  GArray *rows;
} Paper;

static gboolean
has_class (const MigSummary *summary, const char *name, const char *workload)
{
  for (guint i = 0; i < summary->classes->len; i++)
    {
      const MigClassInfo *info = summary->classes->pdata[i];
      if (strcmp (info->name, name) == 0 && strcmp (info->workload, workload) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add (Paper *self, const char *figure, const char *what, const char *unit, double paper, double here)
{
  gboolean amount = strcmp (unit, "s") == 0;
  MigPaperRow row = { figure, what, unit, paper, here, amount ? here / paper : NAN };
  g_array_append_val (self->rows, row);
}

static double
mean (const MigCaseSummary *study_case, MigMetric metric, const char *class_name)
{
  const MigStat *stat = mig_case_stat (study_case, metric, class_name);
  return stat ? stat->mean : NAN;
}

/* the class's metric of one migration that goes with a downtime metric of the whole sequence */
static MigMetric
of_one_guest (MigMetric downtime)
{
  return downtime == MIG_METRIC_DOWNTIME_EVENTS     ? MIG_METRIC_GUEST_DOWNTIME_EVENTS
         : downtime == MIG_METRIC_DOWNTIME_REPORTED ? MIG_METRIC_GUEST_DOWNTIME_REPORTED
                                                    : MIG_METRIC_GUEST_DOWNTIME;
}

static void
add_downtimes (Paper *self)
{
  MigMetric metric = self->summary->downtime_metric, one = of_one_guest (metric);
  double cm = mean (self->cm, one, "m"), mc = mean (self->mc, one, "m");

  add (self, "5", "downtime, mm less cc", "s", 9.56,
       mean (self->mm, metric, NULL) - mean (self->cc, metric, NULL));
  add (self, "5", "downtime, between cm and mc", "s", 2.24,
       fabs (mean (self->cm, metric, NULL) - mean (self->mc, metric, NULL)));
  add (self, "5", "the mVM's own downtime in cm", "s", 5.89, cm);
  add (self, "5", "the mVM's own downtime in mc", "s", 4.13, mc);
  add (self, "5", "the mVM's own downtime, cm / mc", "1", 5.89 / 4.13, cm / mc);
}

static void
add_times (Paper *self)
{
  double cc = mean (self->cc, MIG_METRIC_TOTAL_TIME, NULL),
         cm = mean (self->cm, MIG_METRIC_TOTAL_TIME, NULL);
  double mc = mean (self->mc, MIG_METRIC_TOTAL_TIME, NULL),
         mm = mean (self->mm, MIG_METRIC_TOTAL_TIME, NULL);

  add (self, "6", "total time, cc", "s", 42.37, cc);
  add (self, "6", "total time, mm", "s", 118.81, mm);
  add (self, "6", "total time, mm / cc", "1", 118.81 / 42.37, mm / cc);
  add (self, "6", "total time, mc less cm", "s", 11.68, mc - cm);
  add (self, "6", "the same as a share of mm less cc", "%", 100 * 11.68 / 76.44,
       100 * (mc - cm) / (mm - cc));
}

static void
add_throughputs (Paper *self)
{
  const MigMetric left = MIG_METRIC_LEFT_THROUGHPUT;
  double c_cm = mean (self->cm, left, "c"), c_mm = mean (self->mm, left, "c");
  double m_cc = mean (self->cc, left, "m"), m_mc = mean (self->mc, left, "m");

  add (self, "7", "a cVM left behind: mm below cm", "%", 6.59, 100 * (1 - c_mm / c_cm));
  add (self, "8", "an mVM left behind: cc above mc", "%", 14.74, 100 * (m_cc / m_mc - 1));
}

/* find_cases: FALSE: it is another study. */
static gboolean
find_cases (Paper *self, const MigSummary *summary)
{
  *self = (Paper){
    .summary = summary,
    .cc = mig_summary_find_case (summary, "cc"),
    .cm = mig_summary_find_case (summary, "cm"),
    .mc = mig_summary_find_case (summary, "mc"),
    .mm = mig_summary_find_case (summary, "mm"),
  };

  return self->cc && self->cm && self->mc && self->mm && has_class (summary, "c", "cpu") &&
         has_class (summary, "m", "memory");
}

gboolean
mig_paper_is_load_balancing (const MigSummary *summary)
{
  Paper self;
  return find_cases (&self, summary);
}

GArray *
mig_paper_rows (const MigSummary *summary)
{
  Paper self;

  if (!find_cases (&self, summary))
    return NULL;
  self.rows = g_array_new (FALSE, FALSE, sizeof (MigPaperRow));
  add_downtimes (&self);
  add_times (&self);
  add_throughputs (&self);
  return self.rows;
}
