/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/paper.h"

typedef struct {
  const MigSummary *summary;
  const MigCaseSummary *cc, *cm, *mc, *mm; /* of the load-balancing scenario */
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
  MigPaperRow row = { figure, what, unit, paper, NULL, here, amount ? here / paper : NAN };
  g_array_append_val (self->rows, row);
}

/* add_said: where the paper's text gives no number. Not added where there is none here either. */
static void
add_said (Paper *self, const char *figure, const char *what, const char *unit, const char *says,
          double here)
{
  MigPaperRow row = { figure, what, unit, NAN, says, here, NAN };
  if (!isnan (here))
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

const MigParameterRecord *
mig_paper_axis (const MigSummary *summary)
{
  const MigParameterRecord *first = NULL;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      if (!study_case->parameters || study_case->parameters->len != 1)
        return NULL;
      const MigParameterRecord *own = study_case->parameters->pdata[0];
      first = first ? first : own;
      if (g_strcmp0 (own->parameter, first->parameter) != 0 || isnan (own->value_number))
        return NULL;
    }
  return first && first->parameter ? first : NULL;
}

gboolean
mig_paper_is_rate (const MigParameterRecord *parameter)
{
  return g_str_has_prefix (parameter->parameter, "workload.") &&
         g_str_has_suffix (parameter->parameter, ".rate");
}

/* range: of the cases' means of a metric; NaN of fewer than two. */
static double
range (const MigSummary *summary, MigMetric metric)
{
  double low = NAN, high = NAN;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      double value = mean (summary->cases->pdata[i], metric, NULL);
      low = fmin (low, value);
      high = fmax (high, value);
    }
  return high > low ? high - low : NAN;
}

static void
add_sweep (Paper *self, const MigSummary *summary)
{
  add_said (self, "1", "downtime over the dirty rates, largest less smallest", "s", "more than 2",
            range (summary, summary->downtime_metric));
  add_said (self, "2", "total time over the dirty rates, largest less smallest", "s", "varies",
            range (summary, MIG_METRIC_TOTAL_TIME));
}

/* moves_alone: the first case that moves one guest, of that workload; NULL: there is none. */
static const MigCaseSummary *
moves_alone (const MigSummary *summary, const char *workload)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      if (study_case->classes_moved->len == 1 &&
          has_class (summary, study_case->classes_moved->pdata[0], workload))
        return study_case;
    }
  return NULL;
}

static void
add_cpu (Paper *self, const MigCaseSummary *memory)
{
  add_said (self, "3", "management CPU on the source while a memory VM moves", "%", "20 to 40",
            100 * mean (memory, MIG_METRIC_MANAGEMENT_SOURCE, NULL));
  add_said (self, "3", "CPU of VMmg, before less during", "%", "more than 10",
            100 * (mean (memory, MIG_METRIC_VMMG_CPU_BEFORE, NULL) -
                   mean (memory, MIG_METRIC_VMMG_CPU_DURING, NULL)));
  add_said (self, "3", "CPU of VMco, before less during", "%", "more than 10",
            100 * (mean (memory, MIG_METRIC_VMCO_CPU_BEFORE, NULL) -
                   mean (memory, MIG_METRIC_VMCO_CPU_DURING, NULL)));
}

static void
add_single (Paper *self, const MigSummary *summary)
{
  const MigCaseSummary *cpu = moves_alone (summary, "cpu"), *memory = moves_alone (summary, "memory");
  MigMetric downtime = summary->downtime_metric;

  if (memory)
    add_cpu (self, memory);
  if (!cpu || !memory)
    return;
  add_said (self, "4", "total time, memory VM less CPU VM", "s", "more than 0",
            mean (memory, MIG_METRIC_TOTAL_TIME, NULL) - mean (cpu, MIG_METRIC_TOTAL_TIME, NULL));
  add_said (self, "4", "downtime, memory VM less CPU VM", "s", "more than 0",
            mean (memory, downtime, NULL) - mean (cpu, downtime, NULL));
}

GArray *
mig_paper_rows (const MigSummary *summary)
{
  const MigParameterRecord *axis = mig_paper_axis (summary);
  Paper self;
  gboolean balancing = find_cases (&self, summary);

  self.rows = g_array_new (FALSE, FALSE, sizeof (MigPaperRow));
  if (axis && mig_paper_is_rate (axis))
    add_sweep (&self, summary);
  if (!axis)
    add_single (&self, summary);
  if (balancing)
    {
      add_downtimes (&self);
      add_times (&self);
      add_throughputs (&self);
    }
  if (self.rows->len > 0)
    return self.rows;
  g_array_unref (self.rows);
  return NULL;
}
