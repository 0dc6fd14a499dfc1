/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/run-sections.h"
#include "results/facts.h"
#include "summary/power.h"

/* How far to trust a result, and what it lacks. */

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
append_agreement (const MigAgreement *a, MigBlock *out)
{
  if (a->idle > 0)
    mig_block_item (out,
                    "Downtime (guest) within one period + 20 ms of downtime (events): %u of %u "
                    "migrations where "
                    "the destination's CPU was otherwise idle.",
                    a->idle_agree, a->idle);
  if (a->busy > 0)
    {
      g_autofree char *wait = mig_number (a->busy_wait_s * 1000, 0);
      mig_block_item (out,
                      "Where other guests were using it (%u migrations), the guest waited %s ms "
                      "longer on average "
                      "than the events say: its wait for the CPU.",
                      a->busy, wait);
    }
}

/* append_post_copies: how many were such, and what their guests waited for. */
static void
append_post_copies (const MigPostCopies *post_copies, MigBlock *out)
{
  gboolean late = post_copies->n_switched < post_copies->n;

  if (post_copies->n == 0)
    return;
  g_autofree char *pages = post_copies->n_switched == 0 || MIG_IS_MISSING (post_copies->requests)
                               ? g_strdup ("")
                               : g_strdup_printf (", and their guests waited for %" G_GINT64_FORMAT
                                                  " pages",
                                                  post_copies->requests);
  mig_block_item (
      out, "Post-copy: %u of %u migrations switched to it%s.%s", post_copies->n_switched,
      post_copies->n, pages,
      late ? " The others ended in pre-copy; runs in which none switched are not counted." : "");
}

/* append_events_bounds: the widest of all migrations, either way. */
static void
append_events_bounds (const MigSummary *summary, MigBlock *out)
{
  double below = NAN, above = NAN;

  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      below = fmax (below, m->downtime_events_s - m->downtime_events_low_s);
      above = fmax (above, m->downtime_events_high_s - m->downtime_events_s);
    }
  if (isnan (below))
    return;
  g_autofree char *less = mig_number (below * 1000, 3), *more = mig_number (above * 1000, 3);
  mig_block_item (out,
                  "So downtime (events) of a migration is at most %s ms shorter and %s ms longer "
                  "than stated, and the bounds "
                  "of downtime (guest) are widened by that.",
                  less, more);
}

/* append_round_trips: how well the moments are known at which something came from a host. */
static void
append_round_trips (const MigSummary *summary, MigBlock *out)
{
  for (guint i = 0; i < summary->round_trips->len; i++)
    {
      const MigRoundTripSummary *trip = summary->round_trips->pdata[i];
      g_autofree char *median = mig_number (trip->median_s * 1000, 3);
      g_autofree char *low = mig_number (trip->low_s * 1000, 3),
                      *high = mig_number (trip->high_s * 1000, 3);
      mig_block_item (out,
                      "Round trip to host '%s': median %s ms, 95 %% of the calls in %s to %s ms "
                      "(%" G_GINT64_FORMAT
                      " calls): events and heartbeats from there are stamped at most that late.",
                      trip->host, median, low, high, trip->calls);
    }
  append_events_bounds (summary, out);
}

/* append_more_runs: from the case that needs the fewest to the one that needs the most. */
static void
append_more_runs (const MigSummary *summary, MigMetric metric, MigBlock *out)
{
  const MigCaseSummary *least = NULL, *most = NULL;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      gint64 more = mig_power_more_runs (&study_case->stats[metric]);
      if (MIG_IS_MISSING (more))
        continue;
      if (!least || more < mig_power_more_runs (&least->stats[metric]))
        least = study_case;
      if (!most || more > mig_power_more_runs (&most->stats[metric]))
        most = study_case;
    }
  if (!least)
    return;
  g_autoptr (GString) range = g_string_new (NULL);
  g_string_printf (range, "%" G_GINT64_FORMAT, mig_power_more_runs (&least->stats[metric]));
  if (most != least)
    g_string_append_printf (range, " (%s) to %" G_GINT64_FORMAT " (%s)", least->label,
                            mig_power_more_runs (&most->stats[metric]), most->label);
  mig_block_item (out,
                  "Further runs of each case needed to show a difference of 5 %% in %s between two "
                  "such results with a chance of 80 %%: %s.",
                  mig_metric_info (metric)->name, range->str);
}

/* append_quiet: that no run was noisy, or that it cannot be told. */
static void
append_quiet (const MigSummary *summary, MigBlock *out)
{
  guint counted = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    counted += ((MigRunSummary *) summary->runs->pdata[i])->sound;
  if (counted > summary->n_noise_known)
    mig_block_item (out,
                    "No samples of the hosts' CPUs in %u of %u runs: whether others used or stole "
                    "them is unknown.",
                    counted - summary->n_noise_known, counted);
  else if (counted > 0 && summary->n_noisy == 0)
    mig_block_item (out, "No run was noisy: stolen CPU, others' CPU, rate of sending, migcost's "
                         "own wait for a CPU and what observing took within their "
                         "limits.");
}

static void
append_observing_cost (const GPtrArray *environment, MigFact fact, const char *who, MigBlock *out)
{
  MigFactInterval work = mig_fact_interval (environment, fact, NULL);

  if (isnan (work.value) || isnan (work.low) || isnan (work.high))
    return;
  g_autofree char *mean = mig_number (100 * work.value, 1);
  g_autofree char *from = mig_number (100 * work.low, 1);
  g_autofree char *to = mig_number (100 * work.high, 1);
  mig_block_item (out,
                  "Cost of observing: %s did %s %% (%s to %s) of the work they do when left "
                  "alone.",
                  who, mean, from, to);
}

void
mig_section_quality (MigBlock *parent, const MigLoadedResult *result)
{
  const MigSummary *summary = result->summary;
  MigBlock *out = mig_block_section (parent, NULL, "Data quality");
  guint fewest;
  double share = widest (summary, &fewest);
  g_autofree char *half = mig_number (share * 100, 1);
  g_autofree char *lost = mig_number (
      100 * (double) summary->heartbeats_lost /
          fmax (1, (double) summary->heartbeats + (double) summary->heartbeats_lost),
      3);
  g_autofree char *outside = mig_number (100 * summary->outside_s / summary->run_s, 1);

  if (summary->cases->len == 0 || fewest == 0)
    mig_block_item (out, "Some cases have no sound run, so no figures.");
  if (fewest == 1)
    mig_block_item (out, "Some cases have one repetition only: a single value has no interval, and "
                         "no difference from it can be shown. Use --repeat 3 or more.");
  if (!isnan (share))
    mig_block_item (
        out,
        "The intervals of total time reach at most %s %% to either side of the mean (fewest "
        "repetitions of a case: %u).",
        half, fewest);
  append_more_runs (summary, MIG_METRIC_TOTAL_TIME, out);
  append_more_runs (summary, summary->downtime_metric, out);
  append_agreement (&summary->agreement, out);
  append_post_copies (&summary->post_copies, out);
  append_round_trips (summary, out);
  append_quiet (summary, out);
  append_observing_cost (result->environment, MIG_FACT_COST_WORK_BEFORE,
                         "guests that compute on one CPU", out);
  append_observing_cost (result->environment, MIG_FACT_COST_WORK_DURING, "guests that migrate",
                         out);
  mig_block_item (out,
                  "Heartbeats: %" G_GINT64_FORMAT " received, %" G_GINT64_FORMAT
                  " lost (%s %%), %" G_GINT64_FORMAT " with a wrong checksum.",
                  summary->heartbeats, summary->heartbeats_lost, lost, summary->checksum_errors);
  if (summary->ignored_rows > 0)
    mig_block_item (out,
                    "%" G_GINT64_FORMAT
                    " heartbeats and samples belong to runs or guests that no table names "
                    "(an interrupted run) and are ignored.",
                    summary->ignored_rows);
  if (summary->run_s > 0)
    mig_block_item (
        out, "Time outside windows and migrations (boot, settling, teardown): %s %% of the runs.",
        outside);
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
mig_section_impossible (MigBlock *parent, const MigSummary *summary)
{
  mig_block_items (mig_block_section (parent, NULL, "Impossible values, not counted"),
                   summary->impossible);
}

void
mig_section_missing (MigBlock *parent, const MigLoadedResult *report)
{
  MigBlock *out = mig_block_section (parent, NULL, "Not measured, in all or some runs");

  for (guint i = 0; i < MIG_FIRST_CLASS_METRIC; i++)
    {
      guint n;
      const char *why = why_missing (report->summary, i, &n);
      if (why)
        mig_block_item (out, "%s, in %u of %u cases: %s", mig_metric_info (i)->name, n,
                        report->summary->cases->len, why);
    }
  for (guint i = 0; i < report->limits->len; i++)
    {
      const MigLimitRecord *limit = report->limits->pdata[i];
      mig_block_item (out, "%s, %s.csv, column %s: %s", limit->host ? limit->host : "all hosts",
                      limit->table ? limit->table : "?", limit->column ? limit->column : "?",
                      limit->reason ? limit->reason : "no reason recorded");
    }
}
