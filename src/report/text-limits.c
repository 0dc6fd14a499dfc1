/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "report/number.h"
#include "report/text-parts.h"

#define WIDTH 100

static void
pad (GString *out, guint n)
{
  for (; n > 0; n--)
    g_string_append_c (out, ' ');
}

void
mig_text_wrap (GString *out, guint indent, const char *text)
{
  g_autofree char *clean = mig_text_clean (text);
  g_auto (GStrv) words = g_strsplit (clean, " ", -1);
  glong used = 0;

  for (guint i = 0; words[i]; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);
      gboolean fits = used > 0 && indent + used + 1 + length <= WIDTH;
      if (used > 0)
        g_string_append_c (out, fits ? ' ' : '\n');
      if (!fits)
        {
          pad (out, indent);
          used = 0;
        }
      g_string_append (out, words[i]);
      used += length + (fits ? 1 : 0);
    }
  g_string_append_c (out, '\n');
}

G_GNUC_PRINTF (2, 3)
static void
append_line (GString *out, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  mig_text_wrap (out, 2, text);
}

/* widest: the largest half interval of total time, as a share of its mean; NaN: no interval. */
static double
widest (const MigSummary *summary, guint *fewest)
{
  double share = NAN;

  *fewest = G_MAXUINT;
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      const MigStat *stat = &study_case->stats[MIG_METRIC_TOTAL_TIME];
      *fewest = MIN (*fewest, stat->n);
      if (stat->n >= 2)
        share = fmax (share, (stat->ci_high - stat->ci_low) / 2 / stat->mean);
    }
  return share;
}

static void
append_agreement (const MigAgreement *a, GString *out)
{
  if (a->idle > 0)
    append_line (out,
                 "Downtime (guest) within one period + 20 ms of downtime (events): %u of %u "
                 "migrations where "
                 "the destination's CPU was otherwise idle.",
                 a->idle_agree, a->idle);
  if (a->busy > 0)
    {
      g_autofree char *wait = mig_number (a->busy_wait_s * 1000, 0);
      append_line (out,
                   "Where other guests were using it (%u migrations), the guest waited %s ms "
                   "longer on average "
                   "than the events say: its wait for the CPU.",
                   a->busy, wait);
    }
}

void
mig_text_sureness (const MigSummary *summary, GString *out)
{
  guint fewest;
  double share = widest (summary, &fewest);
  g_autofree char *half = mig_number (share * 100, 1);
  g_autofree char *lost = mig_number (100 * (double) summary->heartbeats_lost /
                                      fmax (1, (double) summary->heartbeats + (double) summary->heartbeats_lost), 3);
  g_autofree char *outside = mig_number (100 * summary->outside_s / summary->run_s, 1);

  g_string_append (out, "\nHow sure\n");
  if (summary->cases->len == 0 || fewest == 0)
    append_line (out, "Some cases have no sound run: nothing is said about them.");
  if (fewest == 1)
    append_line (
        out,
        "Some cases have one repetition only: a single value has no interval, and no difference to "
        "it can be shown. Repeat (--repeat 3 or more).");
  if (!isnan (share))
    append_line (
        out,
        "The intervals of total time reach at most %s %% to either side of the mean (fewest "
        "repetitions of a case: %u).",
        half, fewest);
  append_agreement (&summary->agreement, out);
  append_line (out,
               "Heartbeats: %" G_GINT64_FORMAT " received, %" G_GINT64_FORMAT
               " lost (%s %%), %" G_GINT64_FORMAT " with a wrong checksum.",
               summary->heartbeats, summary->heartbeats_lost, lost, summary->checksum_errors);
  if (summary->ignored_rows > 0)
    append_line (out,
                 "%" G_GINT64_FORMAT
                 " heartbeats and samples belong to runs or guests that no table names "
                 "(an interrupted run) and are ignored.",
                 summary->ignored_rows);
  if (summary->run_s > 0)
    append_line (
        out, "Time outside windows and migrations (boot, settling, teardown): %s %% of the runs.",
        outside);
}

void
mig_text_failures (const MigSummary *summary, GString *out)
{
  gboolean headed = FALSE;

  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (run->sound)
        continue;
      if (!headed)
        g_string_append (out, "\nRuns that are not counted\n");
      headed = TRUE;
      append_line (out, "run %" G_GINT64_FORMAT ", %s, repetition %" G_GINT64_FORMAT ": %s",
                   run->run, run->case_label, run->repetition, run->reason);
    }
  if (summary->damaged->len == 0)
    return;
  g_string_append (
      out, "\nDamaged guests: this pair of hypervisors cannot be trusted with migrations\n");
  for (guint i = 0; i < summary->damaged->len; i++)
    append_line (out, "%s", (char *) summary->damaged->pdata[i]);
}

/* why_missing: the first reason that a case gives; *n_cases: how many cases lack values. */
static const char *
why_missing (const MigSummary *summary, MigMetric metric, guint *n_cases)
{
  const char *why = NULL;

  *n_cases = 0;
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const char *reason = ((MigCaseSummary *) summary->cases->pdata[i])->missing[metric];
      *n_cases += reason != NULL;
      why = why ? why : reason;
    }
  return why;
}

void
mig_text_missing (const MigReport *report, GString *out)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < MIG_FIRST_CLASS_METRIC; i++)
    {
      guint n;
      const char *why = why_missing (report->summary, i, &n);
      if (why)
        append_line (lines, "%s, in %u of %u cases: %s", mig_metric_info (i)->name, n,
                     report->summary->cases->len, why);
    }
  for (guint i = 0; i < report->limits->len; i++)
    {
      const MigLimitRecord *limit = report->limits->pdata[i];
      append_line (lines, "%s, %s.csv, column %s: %s", limit->host ? limit->host : "all hosts",
                   limit->table ? limit->table : "?", limit->column ? limit->column : "?",
                   limit->reason ? limit->reason : "no reason recorded");
    }
  if (lines->len > 0)
    g_string_append_printf (out, "\nNot measured, wholly or in some runs\n%s", lines->str);
}

void
mig_text_environment (const MigReport *report, GString *out)
{
  g_autoptr (GString) line = g_string_new (NULL);
  const char *scope = NULL;

  if (report->environment->len == 0)
    return;
  g_string_append (out, "\nEnvironment\n");
  for (guint i = 0; i < report->environment->len; i++)
    {
      const MigEnvironmentRecord *fact = report->environment->pdata[i];
      if (i == 0 || g_strcmp0 (scope, fact->scope) != 0)
        {
          if (line->len > 0)
            mig_text_wrap (out, 2, line->str);
          g_string_printf (line, "%s: ", fact->scope ? fact->scope : "?");
        }
      else
        g_string_append (line, "; ");
      scope = fact->scope;
      g_autofree char *value = mig_number_fact (fact->value, fact->unit);
      g_string_append_printf (line, "%s %s", fact->name ? fact->name : "?", value);
    }
  mig_text_wrap (out, 2, line->str);
}
