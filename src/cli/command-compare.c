/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "report/compare.h"

static char *format;
static char *output;
static char **metrics;
static char **cases;
static double threshold = 100 * MIG_COMPARE_THRESHOLD;
static gboolean fail_on_regression, allow_missing;

static const GOptionEntry entries[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default), json or html", "FORMAT" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "write to this file instead of standard output", "FILE" },
  { "metric", 0, 0, G_OPTION_ARG_STRING_ARRAY, &metrics,
    "only this metric of migcost-results(5), or all (repeatable)", "NAME" },
  { "case", 0, 0, G_OPTION_ARG_STRING_ARRAY, &cases, "only this case (repeatable)", "CASE" },
  { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &threshold,
    "difference that matters, in percent of BASE's mean (default: 5)", "PERCENT" },
  { "fail-on-regression", 0, 0, G_OPTION_ARG_NONE, &fail_on_regression,
    "exit with status 3 if anything became worse or is missing", NULL },
  { "allow-missing", 0, 0, G_OPTION_ARG_NONE, &allow_missing,
    "cases that NEW never ran are no regression", NULL },
  { NULL },
};

typedef struct {
  const char *name;
  char *(*render) (const MigLoadedResult *base, const MigLoadedResult *now,
                   const MigComparison *comparison);
} Format;

static const Format formats[] = {
  { "text", mig_compare_text },
  { "json", mig_compare_json },
  { "html", mig_compare_html },
};

const char *
mig_compare_format (guint index)
{
  return index < G_N_ELEMENTS (formats) ? formats[index].name : NULL;
}

static const Format *
find_format (GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (formats[i].name, format ? format : "text") == 0)
      return &formats[i];
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "unknown format '%s'; expected text, json or html", format);
  return NULL;
}

static gboolean
choose_metrics (gboolean chosen[MIG_N_METRICS], GError **error)
{
  for (guint i = 0; metrics && metrics[i]; i++)
    {
      MigMetric metric;
      if (strcmp (metrics[i], "all") == 0)
        for (guint j = 0; j < MIG_N_METRICS; j++)
          chosen[j] = TRUE;
      else if (!mig_metric_find (metrics[i], &metric))
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                       "unknown metric '%s'; expected one of migcost-results(5), such as "
                       "total_time_s, or all",
                       metrics[i]);
          return FALSE;
        }
      else if (mig_metric_info (metric)->better == MIG_BETTER_NEITHER)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                       "metric '%s' has no better or worse; choose another", metrics[i]);
          return FALSE;
        }
      else
        chosen[metric] = TRUE;
    }
  return TRUE;
}

/* check_scales: what is smaller is cheaper. */
static gboolean
check_scales (const MigLoadedResult *base, const MigLoadedResult *now, GError **error)
{
  const char *old = base->manifest.scale, *new = now->manifest.scale;

  if (mig_manifest_scale (&base->manifest) == mig_manifest_scale (&now->manifest))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "cannot compare '%s' at %s%s with '%s' at %s%s: scales differ; compare results of "
               "one scale",
               base->path, old ? "scale " : "full size", old ? old : "", now->path,
               new ? "scale " : "full size", new ? new : "");
  return FALSE;
}

/* ---- why there is nothing to compare ---- */

static gboolean
has_counted (const MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    if (((MigCaseSummary *) summary->cases->pdata[i])->n_sound > 0)
      return TRUE;
  return FALSE;
}

/* has_value: of one of the metrics that are asked for; chosen: NULL: of those compared by default.
 */
static gboolean
has_value (const MigCaseSummary *study_case, const gboolean *chosen)
{
  for (guint i = 0; i < MIG_N_METRICS; i++)
    {
      if (!(chosen ? chosen[i] : mig_metric_info (i)->compared))
        continue;
      if (i < MIG_FIRST_CLASS_METRIC && study_case->stats[i].n > 0)
        return TRUE;
      for (guint k = 0; i >= MIG_FIRST_CLASS_METRIC && k < study_case->classes->len; k++)
        if (((MigClassSummary *) study_case->classes->pdata[k])->stats[i].n > 0)
          return TRUE;
    }
  return FALSE;
}

/* count_shared: of the cases that are asked for; *n_known: of these, in which one of the two has a
 * value. */
static guint
count_shared (const MigSummary *base, const MigSummary *now, const gboolean *chosen, guint *n_known)
{
  guint n = 0;

  *n_known = 0;
  for (guint i = 0; i < base->cases->len; i++)
    {
      const MigCaseSummary *one = base->cases->pdata[i];
      const MigCaseSummary *other = mig_summary_find_case (now, one->label);
      if (!other || (cases && !g_strv_contains ((const char *const *) cases, one->label)))
        continue;
      n++;
      *n_known += has_value (one, chosen) || has_value (other, chosen);
    }
  return n;
}

/* find_alone: a case that is asked for and that one result alone has, which is *owner; NULL: there
 * is none. */
static const char *
find_alone (const MigLoadedResult *base, const MigLoadedResult *now, const MigLoadedResult **owner)
{
  for (guint i = 0; cases && cases[i]; i++)
    {
      gboolean in_base = mig_summary_find_case (base->summary, cases[i]) != NULL;
      *owner = in_base ? base : now;
      if (in_base != (mig_summary_find_case (now->summary, cases[i]) != NULL))
        return cases[i];
    }
  return NULL;
}

/* why_nothing: the caller frees it. */
static char *
why_nothing (const MigLoadedResult *base, const MigLoadedResult *now, const gboolean *chosen)
{
  const MigLoadedResult *owner = NULL;
  const char *alone = find_alone (base, now, &owner);
  guint n_known, n_shared = count_shared (base->summary, now->summary, chosen, &n_known);

  if (!has_counted (base->summary) || !has_counted (now->summary))
    return g_strdup_printf ("'%s' has no counted run",
                            has_counted (base->summary) ? now->path : base->path);
  if (n_shared == 0 && alone)
    return g_strdup_printf ("only '%s' has case '%s'", owner->path, alone);
  if (n_shared > 0 && n_known == 0)
    return metrics && !metrics[1] ? g_strdup_printf ("neither has measured '%s'", metrics[0])
                                  : g_strdup ("neither has measured any of the metrics");
  return g_strdup ("they share no case with any of the metrics; compare results of the same study");
}

/* check_cases: those that are asked for are there, and there is something to compare; that NEW has
 * none of the cases of the same study is something. */
static gboolean
check_cases (const MigLoadedResult *base, const MigLoadedResult *now,
             const MigComparison *comparison, const gboolean *chosen, GError **error)
{
  for (guint i = 0; cases && cases[i]; i++)
    if (!mig_summary_find_case (base->summary, cases[i]) &&
        !mig_summary_find_case (now->summary, cases[i]))
      {
        g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "neither '%s' nor '%s' has a case '%s'",
                     base->path, now->path, cases[i]);
        return FALSE;
      }
  if (comparison->changes->len + comparison->failures->len > 0 ||
      (comparison->missing->len > 0 && comparison->only_now->len == 0 &&
       g_strcmp0 (base->manifest.study_name, now->manifest.study_name) == 0))
    return TRUE;
  g_autofree char *why = why_nothing (base, now, chosen);
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "cannot compare '%s' with '%s': %s", base->path,
               now->path, why);
  return FALSE;
}

static gboolean
compare (const Format *renderer, char *const *paths, GString *out, int *status, GError **error)
{
  gboolean chosen[MIG_N_METRICS] = { FALSE };
  const MigCompareOptions options = {
    .threshold = threshold / 100,
    .metrics = metrics ? chosen : NULL,
    .cases = (const char *const *) cases,
    .allow_missing = allow_missing,
  };

  if (!choose_metrics (chosen, error))
    return FALSE;
  g_autoptr (MigLoadedResult) base = mig_loaded_result_read_summary (paths[0], error);
  if (!base)
    return FALSE;
  g_autoptr (MigLoadedResult) now = mig_loaded_result_read_summary (paths[1], error);
  if (!now)
    return FALSE;
  if (!check_scales (base, now, error))
    return FALSE;
  g_autoptr (MigComparison) comparison = mig_compare (base->summary, now->summary, &options);
  mig_compare_environments (comparison, base->environment, now->environment);
  if (!check_cases (base, now, comparison, options.metrics, error))
    return FALSE;
  g_autofree char *text = renderer->render (base, now, comparison);
  if (fail_on_regression && mig_comparison_regressed (comparison))
    *status = MIG_EXIT_REGRESSION;
  if (output)
    return mig_files_write (output, text, strlen (text), error);
  g_string_append (out, text);
  return TRUE;
}

gboolean
mig_command_compare (int argc, char **argv, GString *out, int *status, GError **error)
{
  if (!mig_command_parse (&argc, &argv, entries, "BASE NEW",
                          "Compares two results of the same study: is NEW better or worse than "
                          "BASE, and how certain is that?",
                          NULL, 2, 2, error))
    return FALSE;
  if (!(threshold >= 0 && threshold <= 100))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--threshold: expected a percentage from 0 to 100");
      return FALSE;
    }
  const Format *renderer = find_format (error);
  return renderer && compare (renderer, argv + 1, out, status, error);
}
