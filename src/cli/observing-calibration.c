/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/cached-verdict.h"
#include "base/files.h"
#include "base/log.h"
#include "base/units.h"
#include "cli/observing-calibration.h"
#include "results/observing-facts.h"
#include "summary/observing-cost.h"

#define VERDICT "observing"
/* what a warning is worth: guests do surely less than this share of their work */
#define FREE_SHARE 0.97

static MigObservingFacts
facts_of_phase (const MigObservingCostPhase *phase)
{
  const MigStat *work = &phase->work, *cpu = &phase->cpu;

  return (MigObservingFacts){
    .work = { work->mean, work->ci_low, work->ci_high },
    .cpu = { 100 * cpu->mean, 100 * cpu->ci_low, 100 * cpu->ci_high },
    .blocks = work->n,
  };
}

static gboolean
read_cost (const char *path, MigObservingFacts *before, MigObservingFacts *during, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);
  MigObservingCost cost;

  if (!result)
    return FALSE;
  gboolean ok = mig_observing_cost_read (result, &cost, error);
  *before = facts_of_phase (&cost.before);
  *during = facts_of_phase (&cost.during);
  mig_observing_cost_clear (&cost);
  return ok;
}

gboolean
mig_observing_cost_write (MigResultWriter *writer, GError **error)
{
  MigObservingFacts before, during;

  return mig_result_writer_commit (writer, error) &&
         read_cost (mig_result_writer_path (writer), &before, &during, error) &&
         mig_observing_facts_write (writer, MIG_COST_BEFORE, &before, error) &&
         mig_observing_facts_write (writer, MIG_COST_DURING, &during, error);
}

static gboolean
recall (const char *key, MigObservingFacts *facts)
{
  g_autofree char *text = NULL;

  return mig_cached_verdict_recall (VERDICT, key, &text) && text &&
         mig_observing_facts_from_text (text, facts);
}

static gboolean
measure (const MigStudy *study, const MigRunOptions *run, void (*on_runner) (MigRunner *runner),
         MigObservingFacts *facts, GError **error)
{
  g_autofree char *scratch = g_dir_make_tmp ("migcost-observing-XXXXXX", error);
  MigObservingFacts during;

  if (!scratch)
    return FALSE;
  gboolean ok = mig_observing_trial_run (scratch, study, run, on_runner, error) &&
                read_cost (scratch, facts, &during, error);
  mig_files_remove_tree (scratch, NULL);
  return ok;
}

static void
warn_of_cost (const MigObservingFacts *facts, const MigRunOptions *run)
{
  g_autofree char *heartbeat = mig_units_format_duration (run->heartbeat.rest_ns);
  g_autofree char *sampling = mig_units_format_duration (run->sampling_ns);

  if (facts->blocks >= 2 && facts->work.high < FREE_SHARE)
    mig_warning ("observing slows down guests here: with heartbeats every %s and samples every %s "
                 "they do %.2f (%.2f to %.2f) of their work; leave out --heartbeat and --sampling "
                 "for what costs least",
                 heartbeat, sampling, facts->work.value, facts->work.low, facts->work.high);
}

gboolean
mig_observing_calibrate (MigSession *session, const MigStudy *study, const MigRunOptions *run,
                         void (*on_runner) (MigRunner *runner), GError **error)
{
  MigObservingFacts facts = { .blocks = 0 };

  if (!session->lab || MIG_IS_MISSING (run->heartbeat.rest_ns))
    return TRUE;
  g_autofree char *key = mig_observing_trial_key (session, run);
  if (!recall (key, &facts))
    {
      mig_info ("measuring what observing costs guests on this machine: about 45 s, once "
                "(--no-calibration leaves it out)");
      if (!measure (study, run, on_runner, &facts, error))
        return FALSE;
      g_autofree char *text = mig_observing_facts_to_text (&facts);
      mig_cached_verdict_keep (VERDICT, key, text);
    }
  warn_of_cost (&facts, run);
  return mig_observing_facts_write (run->writer, MIG_COST_BEFORE, &facts, error);
}
