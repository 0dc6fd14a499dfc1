/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/number.h"
#include "report/run-sections.h"
#include "summary/case-settings.h"

/* What a result's records say as they are: migrations, environment; and what the metrics mean. */

/* add_stall: a lower bound where a request was still not answered in the end. */
static void
add_stall (MigGrid *grid, const MigMigrationSummary *m)
{
  g_autofree char *text = mig_number_measure (m->stall_s);

  if (m->stall_at_least)
    mig_grid_format (grid, "at least %s", text);
  else
    mig_grid_measure (grid, m->stall_s);
}

static void
add_migration (MigGrid *grid, const MigMigrationSummary *m, gboolean probed)
{
  mig_grid_count (grid, m->run->run);
  mig_grid_text (grid, m->run->case_label);
  mig_grid_count (grid, m->run->repetition);
  mig_grid_count (grid, m->record->step);
  mig_grid_text (grid, m->record->guest);
  mig_grid_format (grid, "%s to %s", m->record->source ? m->record->source : "?",
                   m->record->destination ? m->record->destination : "?");
  mig_grid_format (grid, "%s%s%s", m->record->status ? m->record->status : "?",
                   m->record->reason ? ": " : "", m->record->reason ? m->record->reason : "");
  mig_grid_measure (grid, m->total_s);
  mig_grid_measure (grid, m->downtime_reported_s);
  mig_grid_measure (grid, m->downtime_events_s);
  mig_grid_measure (grid, m->downtime_guest_s);
  if (isnan (m->downtime_guest_low_s) && isnan (m->downtime_guest_high_s))
    mig_grid_text (grid, NULL);
  else
    mig_grid_interval (grid, m->downtime_guest_low_s, m->downtime_guest_high_s,
                       mig_number_decimals (m->downtime_guest_high_s));
  if (probed)
    {
      mig_grid_measure (grid, m->outage_s);
      mig_grid_measure (grid, m->silence_s);
      add_stall (grid, m);
    }
  mig_grid_number (
      grid, MIG_IS_MISSING (m->record->sent_bytes) ? NAN : (double) m->record->sent_bytes / 1e6, 1);
  mig_grid_count (grid, m->record->rounds);
}

static MigGrid *
migrations_grid (gboolean probed)
{
  static const struct {
    const char *heading, *alignment;
    gboolean of_clients;
  } columns[] = {
    { "run", "l", FALSE },       { "case", "l", FALSE },          { "rep.", "r", FALSE },
    { "step", "r", FALSE },      { "guest", "l", FALSE },         { "way", "l", FALSE },
    { "status", "l", FALSE },    { "total time, s", "r", FALSE }, { "reported, s", "r", FALSE },
    { "events, s", "r", FALSE }, { "guest, s", "r", FALSE },      { "bounds, s", "r", FALSE },
    { "outage, s", "r", TRUE },  { "silence, s", "r", TRUE },     { "stall, s", "r", TRUE },
    { "MB", "r", FALSE },        { "rounds", "r", FALSE },
  };
  g_autoptr (GString) alignment = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (probed || !columns[i].of_clients)
      g_string_append (alignment, columns[i].alignment);
  MigGrid *grid = mig_grid_new (alignment->str, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (probed || !columns[i].of_clients)
      mig_grid_text (grid, columns[i].heading);
  return grid;
}

void
mig_section_migrations (MigBlock *parent, const MigSummary *summary)
{
  gboolean probed = mig_has_clients (summary);
  MigBlock *section = mig_block_section (parent, NULL, "Every migration");
  MigGrid *grid = migrations_grid (probed);

  mig_block_paragraph (section, MIG_ROLE_META,
                       "reported, events, guest: downtime; bounds: of what the guest sees.%s",
                       probed ? " outage, silence, stall: what clients notice." : "");
  for (guint i = 0; i < summary->migrations->len; i++)
    add_migration (grid, summary->migrations->pdata[i], probed);
  mig_block_table (section, grid);
}

/* setting_facts: how cases migrate, as facts, which borrow from settings. */
static GPtrArray *
setting_facts (const GPtrArray *settings)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < settings->len; i++)
    {
      const MigSettingChange *setting = settings->pdata[i];
      MigEnvironmentRecord *fact = g_new0 (MigEnvironmentRecord, 1);
      fact->scope = setting->scope;
      fact->name = (char *) mig_setting_info (setting->setting)->name;
      fact->value = (char *) setting->now;
      g_ptr_array_add (facts, fact);
    }
  return facts;
}

/* list_environment: a paragraph per scope. */
static void
list_environment (MigBlock *section, const GPtrArray *environment)
{
  MigBlock *line = NULL;
  const char *scope = NULL;

  for (guint i = 0; i < environment->len; i++)
    {
      const MigEnvironmentRecord *fact = environment->pdata[i];
      g_autofree char *value = mig_number_fact (fact->value, fact->unit);
      if (!line || g_strcmp0 (scope, fact->scope) != 0)
        line = mig_block_item (section, "%s: ", fact->scope ? fact->scope : "?");
      else
        mig_block_span (line, "; ");
      scope = fact->scope;
      mig_block_span (line, "%s %s", fact->name ? fact->name : "?", value);
    }
}

static void
tabulate_environment (MigGrid *grid, const GPtrArray *environment)
{
  for (guint i = 0; i < environment->len; i++)
    {
      const MigEnvironmentRecord *fact = environment->pdata[i];
      g_autofree char *value = mig_number_fact (fact->value, fact->unit);
      mig_grid_text (grid, fact->scope);
      mig_grid_text (grid, fact->name);
      mig_grid_text (grid, value);
    }
}

/* mig_section_environment: first, how the cases migrate, where that is not the default. */
void
mig_section_environment (MigBlock *parent, const MigLoadedResult *result)
{
  MigBlock *section = mig_block_section (parent, "environment", "Environment");
  g_autoptr (GPtrArray) settings = mig_case_settings_differ (NULL, result->summary->cases);
  g_autoptr (GPtrArray) asked = setting_facts (settings);

  if (!mig_block_is_page (parent))
    {
      list_environment (section, asked);
      list_environment (section, result->environment);
      return;
    }
  MigGrid *grid = mig_grid_new ("lll", (const char *const[]){ "of", "what", "value", NULL });
  tabulate_environment (grid, asked);
  tabulate_environment (grid, result->environment);
  mig_block_table (section, grid);
}

void
mig_section_metrics (MigBlock *parent)
{
  static const char *const better[] = {
    [MIG_BETTER_LOWER] = "lower",
    [MIG_BETTER_HIGHER] = "higher",
    [MIG_BETTER_NEITHER] = "-",
  };
  MigGrid *grid = mig_grid_new ("llll",
                                (const char *const[]){ "metric", "unit", "better", "how", NULL });

  for (guint i = 0; i < MIG_N_METRICS; i++)
    {
      const MigMetricInfo *info = mig_metric_info (i);
      mig_grid_text (grid, info->name);
      mig_grid_text (grid, info->unit);
      mig_grid_text (grid, better[info->better]);
      mig_grid_text (grid, info->meaning);
    }
  MigBlock *section = mig_block_section (parent, "metrics", "How each metric is measured");
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Intervals: of a mean, ± half of its 95 %% confidence interval by Student's t with n - 1 "
      "degrees of freedom. Of the differences in the answers, the interval of the paired t test "
      "within repetitions, at a level of 5 %% divided by the number of pairs of the cases that are "
      "compared (Bonferroni), so that all of them hold together with 95 %%. Where the run ended by "
      "what it had decided: the repeated confidence intervals that it decided by (C. Jennison, B. "
      "W. Turnbull, Journal of the Royal Statistical Society B 51, 1989), which hold however often "
      "it looked, with the error spent over the looks (K. K. G. Lan, D. L. DeMets, Biometrika 70, "
      "1983), for the differences of total time within the repetitions, at 5 %% divided by the "
      "number of comparisons (Bonferroni); those of claims have what total time has left of that. "
      "migcost-results(5) and migcost-run(1), DECIDING, have the details.");
  mig_block_table (section, grid);
}
