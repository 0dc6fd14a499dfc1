/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/experiments.h"
#include "paper/table-shape.h"

static gboolean
has_class (const MigSummary *part, const char *name, const char *workload)
{
  for (guint i = 0; i < part->classes->len; i++)
    {
      const MigClassInfo *info = part->classes->pdata[i];
      if (strcmp (info->name, name) == 0 && strcmp (info->workload, workload) == 0)
        return TRUE;
    }
  return FALSE;
}

static const MigCaseSummary *
find_name (const MigSummary *part, const char *name)
{
  for (guint i = 0; i < part->cases->len; i++)
    if (strcmp (((const MigCaseSummary *) part->cases->pdata[i])->name, name) == 0)
      return part->cases->pdata[i];
  return NULL;
}

/* moves_alone: the first case that moves one guest, of that workload; NULL: there is none. */
static const MigCaseSummary *
moves_alone (const MigSummary *part, const char *workload)
{
  for (guint i = 0; i < part->cases->len; i++)
    {
      const MigCaseSummary *study_case = part->cases->pdata[i];
      if (study_case->classes_moved->len == 1 &&
          strcmp (((const MigClassInfo *) study_case->classes_moved->pdata[0])->workload,
                  workload) == 0)
        return study_case;
    }
  return NULL;
}

/* extreme: the case with the largest (sign 1) or smallest (-1) mean; NULL: fewer than two have one.
 */
static const MigCaseSummary *
extreme (const MigSummary *part, MigMetric metric, int sign)
{
  const MigCaseSummary *found = NULL;
  guint n = 0;

  for (guint i = 0; i < part->cases->len; i++)
    {
      const MigCaseSummary *study_case = part->cases->pdata[i];
      double mean = study_case->stats[metric].mean;
      if (isnan (mean))
        continue;
      n++;
      if (!found || sign * mean > sign * found->stats[metric].mean)
        found = study_case;
    }
  return n > 1 ? found : NULL;
}

const MigCaseSummary *
mig_paper_case (const MigSummary *part, MigPaperCase role, MigMetric metric)
{
  static const char *const names[] = {
    [MIG_PAPER_CC] = "cc",
    [MIG_PAPER_CM] = "cm",
    [MIG_PAPER_MC] = "mc",
    [MIG_PAPER_MM] = "mm",
  };

  switch (role)
    {
    case MIG_PAPER_LARGEST:
      return extreme (part, metric, 1);
    case MIG_PAPER_SMALLEST:
      return extreme (part, metric, -1);
    case MIG_PAPER_CPU_ALONE:
      return moves_alone (part, "cpu");
    case MIG_PAPER_MEMORY_ALONE:
      return moves_alone (part, "memory");
    default:
      return find_name (part, names[role]);
    }
}

/* count_pairs: cases of two guests of the classes c and m. One in which something is swept has that
 * in its name, and is none. */
static guint
count_pairs (const MigSummary *part)
{
  guint n = 0;

  for (MigPaperCase role = MIG_PAPER_CC; role <= MIG_PAPER_MM; role++)
    n += mig_paper_case (part, role, MIG_METRIC_TOTAL_TIME) != NULL;
  return has_class (part, "c", "cpu") && has_class (part, "m", "memory") ? n : 0;
}

gboolean
mig_paper_is_load_balancing (const MigSummary *part)
{
  return count_pairs (part) == MIG_PAPER_MM - MIG_PAPER_CC + 1;
}

/* own_parameter: the only one of a case but for its experiment; NULL: there are none or more. */
static const MigParameterRecord *
own_parameter (const MigCaseSummary *study_case)
{
  const MigParameterRecord *own = NULL;

  for (guint i = 0; study_case->parameters && i < study_case->parameters->len; i++)
    {
      const MigParameterRecord *parameter = study_case->parameters->pdata[i];
      if (mig_parameter_is_experiment (parameter))
        continue;
      if (own)
        return NULL;
      own = parameter;
    }
  return own;
}

double
mig_paper_axis_value (const MigCaseSummary *study_case)
{
  const MigParameterRecord *own = own_parameter (study_case);

  if (!own || !own->parameter)
    return NAN;
  /* the study's way to say: as fast as the guest can */
  if (isnan (own->value_number) && mig_paper_is_rate (own) && g_strcmp0 (own->value, "0") == 0)
    return HUGE_VAL;
  return own->value_number;
}

const MigParameterRecord *
mig_paper_axis (const MigSummary *part)
{
  const MigParameterRecord *first = NULL;

  for (guint i = 0; i < part->cases->len; i++)
    {
      const MigParameterRecord *own = own_parameter (part->cases->pdata[i]);
      first = first ? first : own;
      if (!own || g_strcmp0 (own->parameter, first->parameter) != 0 ||
          isnan (mig_paper_axis_value (part->cases->pdata[i])))
        return NULL;
      if (isnan (first->value_number)) /* the one that says the unit */
        first = own;
    }
  return first;
}

gboolean
mig_paper_is_rate (const MigParameterRecord *parameter)
{
  return g_str_has_prefix (parameter->parameter, "workload.") &&
         g_str_has_suffix (parameter->parameter, ".rate");
}

MigPaperShape
mig_paper_shape (const MigSummary *part)
{
  const MigParameterRecord *axis = mig_paper_axis (part);

  if (axis)
    return mig_paper_is_rate (axis) ? MIG_PAPER_SWEEP : 0;
  MigPaperShape shape = count_pairs (part) > 0 ? MIG_PAPER_BALANCING : 0;
  if (moves_alone (part, "memory"))
    shape |= MIG_PAPER_ONE | (moves_alone (part, "cpu") ? MIG_PAPER_EITHER : 0);
  return shape;
}
