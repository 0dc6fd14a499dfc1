/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/case-settings.h"
#include "summary/compare.h"
#include "summary/inference.h"
#include "summary/power.h"
#include "summary/resolution.h"

const char *
mig_change_text (MigChangeVerdict verdict)
{
  static const char *const texts[MIG_N_CHANGES] = {
    [MIG_CHANGE_WORSE] = "worse",
    [MIG_CHANGE_BETTER] = "better",
    [MIG_CHANGE_DIFFERS] = "differs, not shown to matter",
    [MIG_CHANGE_NONE] = "no difference shown",
    [MIG_CHANGE_TOO_FEW] = "too few runs",
    [MIG_CHANGE_NOT_MEASURED] = "not measured",
  };
  return texts[verdict];
}

const char *
mig_change_id (guint verdict)
{
  static const char *const ids[MIG_N_CHANGES] = {
    [MIG_CHANGE_WORSE] = "worse",          [MIG_CHANGE_BETTER] = "better",
    [MIG_CHANGE_DIFFERS] = "differs",      [MIG_CHANGE_NONE] = "no-difference-shown",
    [MIG_CHANGE_TOO_FEW] = "too-few-runs", [MIG_CHANGE_NOT_MEASURED] = "not-measured",
  };
  return ids[verdict];
}

/* common_sd: of one run of either result. */
static double
common_sd (const MigStat *base, const MigStat *now)
{
  return isnan (base->sd)  ? now->sd
         : isnan (now->sd) ? base->sd
                           : sqrt ((base->sd * base->sd + now->sd * now->sd) / 2);
}

/* more_runs: that show a difference of the threshold at that level where both scatter as they do.
 */
static gint64
more_runs (const MigChange *change, double threshold, double level)
{
  double share = threshold > 0 ? threshold : MIG_POWER_EFFECT;
  gint64 wanted = mig_power_runs_two_samples_at (share * change->base->mean, change->sd, level);

  return MIG_IS_MISSING (wanted) ? wanted : MAX (0, wanted - MIN (change->base->n, change->now->n));
}

/* known: a statistic that is known no better than the steps of its metric allow; it shares the
 * values. */
static MigStat
known (const MigCaseSummary *study_case, MigMetric metric, const MigStat *stat)
{
  MigStat known = *stat;

  if (known.n >= 2)
    known.sd = fmax (known.sd, mig_resolution_sd (study_case, metric, known.mean));
  return known;
}

/* step: of one value: the coarser one of the two results'. */
static double
step (const MigCaseSummary *base, const MigCaseSummary *now, MigMetric metric,
      const MigStat *of_base, const MigStat *of_now)
{
  return fmax (mig_resolution_step (base, metric, of_base->mean),
               mig_resolution_step (now, metric, of_now->mean));
}

static void
add_change (MigComparison *self, const MigCaseSummary *base, const MigCaseSummary *now,
            MigMetric metric, const char *class_name)
{
  const MigStat *of_base = mig_case_stat (base, metric, class_name);
  const MigStat *of_now = mig_case_stat (now, metric, class_name);
  MigWelch test;
  int direction;

  if (!of_base || !of_now || of_base->n + of_now->n == 0)
    return;
  const MigStat known_base = known (base, metric, of_base), known_now = known (now, metric, of_now);
  mig_welch (&test, &known_base, &known_now, 1);
  MigChange change = {
    .case_label = base->label,
    .class_name = class_name,
    .metric = metric,
    .base = of_base,
    .now = of_now,
    .difference = of_now->mean - of_base->mean,
    .share = of_base->mean == 0 ? NAN : (of_now->mean - of_base->mean) / fabs (of_base->mean),
    .ci_low = test.low,
    .ci_high = test.high,
    .p_differs = test.p,
    .p_matters = mig_welch_beyond (&known_base, &known_now, self->threshold, &direction),
    .sd = common_sd (&known_base, &known_now),
    .resolution = step (base, now, metric, of_base, of_now),
  };
  g_array_append_val (self->changes, change);
}

/* count_run: to their ends, sound or failed. */
static guint
count_run (const MigCaseSummary *study_case)
{
  return study_case->n_runs - study_case->n_not_run;
}

static guint
count_failed (const MigCaseSummary *study_case)
{
  guint n = 0;
  for (guint i = 0; i < study_case->failures->len; i++)
    n += ((MigFailureCount *) study_case->failures->pdata[i])->n;
  return n - study_case->n_not_run;
}

static void
add_failures (MigComparison *self, const MigCaseSummary *base, const MigCaseSummary *now)
{
  MigFailureChange change = {
    .case_label = base->label,
    .base_failed = count_failed (base),
    .base_runs = count_run (base),
    .now_failed = count_failed (now),
    .now_runs = count_run (now),
    .lost = base->n_sound > 0 && now->n_sound == 0,
  };

  if (change.base_failed + change.now_failed == 0)
    return;
  change.p = mig_fisher (change.base_failed, change.base_runs, change.now_failed, change.now_runs);
  g_array_append_val (self->failures, change);
}

static gboolean
is_wanted (const MigCompareOptions *options, MigMetric metric)
{
  const MigMetricInfo *info = mig_metric_info (metric);
  if (info->better == MIG_BETTER_NEITHER)
    return FALSE;
  return options->metrics ? options->metrics[metric] : info->compared;
}

static void
add_case (MigComparison *self, const MigCaseSummary *base, const MigCaseSummary *now,
          const MigCompareOptions *options)
{
  for (guint i = 0; i < MIG_FIRST_CLASS_METRIC; i++)
    if (is_wanted (options, i))
      add_change (self, base, now, i, NULL);
  for (guint k = 0; k < base->classes->len; k++)
    for (guint i = MIG_FIRST_CLASS_METRIC; i < MIG_N_METRICS; i++)
      if (is_wanted (options, i))
        add_change (self, base, now, i, ((MigClassSummary *) base->classes->pdata[k])->info->name);
  add_failures (self, base, now);
}

/* adjust: all p values of the comparison together. */
static void
adjust (MigComparison *self)
{
  guint n = self->changes->len + self->failures->len;
  g_autofree double *differs = g_new (double, n + 1), *matters = g_new (double, n + 1);

  for (guint i = 0; i < self->changes->len; i++)
    {
      const MigChange *change = &g_array_index (self->changes, MigChange, i);
      differs[i] = change->p_differs;
      matters[i] = change->p_matters;
      self->n_tested += !isnan (change->p_differs);
    }
  for (guint i = 0; i < self->failures->len; i++)
    differs[self->changes->len + i] = matters[self->changes->len + i] =
        g_array_index (self->failures, MigFailureChange, i).p;
  self->n_tested += self->failures->len;
  mig_holm (differs, n);
  mig_holm (matters, n);
  for (guint i = 0; i < self->changes->len; i++)
    {
      MigChange *change = &g_array_index (self->changes, MigChange, i);
      change->p_differs = differs[i];
      change->p_matters = matters[i];
      change->more_runs = more_runs (change, self->threshold,
                                     MIG_COMPARE_LEVEL / MAX (1, self->n_tested));
    }
  for (guint i = 0; i < self->failures->len; i++)
    g_array_index (self->failures, MigFailureChange, i).p = matters[self->changes->len + i];
}

/* is_same: no value of either result is further from any of the other than one step. */
static gboolean
is_same (const MigChange *change)
{
  const MigStat *base = change->base, *now = change->now;

  return base->n >= 2 && now->n >= 2 &&
         fmax (base->max, now->max) - fmin (base->min, now->min) <= change->resolution;
}

static MigChangeVerdict
judge (const MigChange *change)
{
  gboolean larger_is_better = mig_metric_info (change->metric)->better == MIG_BETTER_HIGHER;

  if (change->base->n == 0 || change->now->n == 0)
    return MIG_CHANGE_NOT_MEASURED;
  /* comparisons with NaN are false */
  if (change->p_matters <= MIG_COMPARE_LEVEL)
    return (change->difference > 0) == larger_is_better ? MIG_CHANGE_BETTER : MIG_CHANGE_WORSE;
  if (change->p_differs <= MIG_COMPARE_LEVEL)
    return MIG_CHANGE_DIFFERS;
  if (is_same (change))
    return MIG_CHANGE_NONE;
  /* a difference without any scatter, where no step is known: for lack of runs it is not shown */
  gboolean constant = isnan (change->ci_low) && change->p_differs < 1;
  return change->more_runs == 0 && !constant && !isnan (change->p_differs) ? MIG_CHANGE_NONE
                                                                           : MIG_CHANGE_TOO_FEW;
}

static MigChangeVerdict
judge_failures (const MigFailureChange *change)
{
  double base = (double) change->base_failed / MAX (1, change->base_runs);
  double now = (double) change->now_failed / MAX (1, change->now_runs);

  if (change->lost)
    return MIG_CHANGE_WORSE;
  if (change->p > MIG_COMPARE_LEVEL)
    return MIG_CHANGE_NONE;
  return now > base ? MIG_CHANGE_WORSE : MIG_CHANGE_BETTER;
}

static void
judge_all (MigComparison *self)
{
  for (guint i = 0; i < self->changes->len; i++)
    {
      MigChange *change = &g_array_index (self->changes, MigChange, i);
      change->verdict = judge (change);
      self->n[change->verdict]++;
    }
  for (guint i = 0; i < self->failures->len; i++)
    {
      MigFailureChange *change = &g_array_index (self->failures, MigFailureChange, i);
      change->verdict = judge_failures (change);
      self->n[change->verdict]++;
    }
}

/* find_missing: the cases of BASE that NEW does not have, or only in its plan, or skipped, or never
 * ran to an end. */
static void
find_missing (MigComparison *self, const MigCaseSummary *base, const MigCaseSummary *now)
{
  if (!now)
    g_ptr_array_add (self->only_base, base->label);
  if (base->n_sound > 0 && (!now || count_run (now) == 0))
    g_ptr_array_add (self->missing, base->label);
}

/* compare_settings: of cases one beside the other. */
static void
compare_settings (MigComparison *self, const GPtrArray *bases, const GPtrArray *cases)
{
  self->settings = mig_case_settings_differ (bases, cases);
  for (guint i = 0; i < self->settings->len; i++)
    {
      const MigSettingChange *setting = self->settings->pdata[i];
      MigFactChange change = { setting->scope, mig_setting_info (setting->setting)->name,
                               setting->base,  setting->now,
                               NULL,           TRUE };
      g_array_append_val (self->facts, change);
    }
}

gboolean
mig_comparison_regressed (const MigComparison *self)
{
  return self->n[MIG_CHANGE_WORSE] > 0 || (self->missing->len > 0 && !self->allow_missing);
}

static gboolean
has_case (const MigCompareOptions *options, const char *label)
{
  return !options->cases || g_strv_contains (options->cases, label);
}

MigComparison *
mig_compare (const MigSummary *base, const MigSummary *now, const MigCompareOptions *options)
{
  MigComparison *self = g_new0 (MigComparison, 1);
  g_autoptr (GPtrArray) bases = g_ptr_array_new (), cases = g_ptr_array_new ();

  self->threshold = options->threshold;
  self->allow_missing = options->allow_missing;
  self->changes = g_array_new (FALSE, FALSE, sizeof (MigChange));
  self->failures = g_array_new (FALSE, FALSE, sizeof (MigFailureChange));
  self->facts = g_array_new (FALSE, FALSE, sizeof (MigFactChange));
  self->only_base = g_ptr_array_new ();
  self->only_now = g_ptr_array_new ();
  self->missing = g_ptr_array_new ();
  for (guint i = 0; i < base->cases->len; i++)
    {
      const MigCaseSummary *of_base = base->cases->pdata[i];
      const MigCaseSummary *of_now = mig_summary_find_case (now, of_base->label);
      if (!has_case (options, of_base->label))
        continue;
      if (of_now && count_run (of_now) > 0)
        {
          add_case (self, of_base, of_now, options);
          g_ptr_array_add (bases, (gpointer) of_base);
          g_ptr_array_add (cases, (gpointer) of_now);
        }
      find_missing (self, of_base, of_now);
    }
  for (guint i = 0; i < now->cases->len; i++)
    {
      const MigCaseSummary *of_now = now->cases->pdata[i];
      if (has_case (options, of_now->label) && !mig_summary_find_case (base, of_now->label))
        g_ptr_array_add (self->only_now, of_now->label);
    }
  compare_settings (self, bases, cases);
  adjust (self);
  judge_all (self);
  return self;
}

void
mig_comparison_free (MigComparison *self)
{
  if (!self)
    return;
  g_array_unref (self->changes);
  g_array_unref (self->failures);
  g_array_unref (self->facts);
  g_ptr_array_unref (self->settings);
  g_ptr_array_unref (self->only_base);
  g_ptr_array_unref (self->only_now);
  g_ptr_array_unref (self->missing);
  g_free (self);
}
