/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "summary/power.h"
#include "base/clock.h"
#include "report/compare-parts.h"
#include "report/number.h"

char *
mig_compare_side (const MigReport *report)
{
  g_autofree char *utc = mig_clock_format_utc (report->manifest.started_utc_ns);
  GString *out = g_string_new (NULL);
  guint sound = 0;

  for (guint i = 0; i < report->summary->cases->len; i++)
    sound += ((MigCaseSummary *) report->summary->cases->pdata[i])->n_sound;
  g_string_append_printf (out, "%s, %s, migcost %s, %u runs counted", report->manifest.study_name,
                          utc, report->manifest.tool_version, sound);
  if (report->summary->n_noisy > 0)
    g_string_append_printf (out, ", %u of them noisy", report->summary->n_noisy);
  if (!report->complete)
    g_string_append (out, "; not complete");
  return g_string_free (out, FALSE);
}

GPtrArray *
mig_compare_facts (const MigComparison *comparison, gboolean matters)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < comparison->facts->len; i++)
    {
      const MigFactChange *fact = &g_array_index (comparison->facts, MigFactChange, i);
      if (fact->matters != matters)
        continue;
      g_autofree char *base = mig_number_fact (fact->base, fact->unit);
      g_autofree char *now = mig_number_fact (fact->now, fact->unit);
      g_ptr_array_add (lines,
                       g_strdup_printf ("%s, %s: BASE %s; NEW %s", fact->scope ? fact->scope : "?",
                                        fact->name ? fact->name : "?", base, now));
    }
  return lines;
}

GPtrArray *
mig_compare_conditions (const MigReport *base, const MigReport *now,
                        const MigComparison *comparison)
{
  GPtrArray *lines = mig_compare_facts (comparison, TRUE);

  if (g_strcmp0 (base->manifest.study_name, now->manifest.study_name) != 0)
    g_ptr_array_insert (
        lines, 0, g_strdup ("the studies have different names: their cases may be different ones"));
  return lines;
}

char *
mig_compare_counts (const MigComparison *comparison)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < MIG_N_CHANGES; i++)
    g_string_append_printf (out, "%s%u %s", i ? "; " : "", comparison->n[i], mig_change_text (i));
  return g_string_free (out, FALSE);
}

static char *
verdict_cell (const MigChange *change)
{
  if (change->verdict != MIG_CHANGE_TOO_FEW || MIG_IS_MISSING (change->more_runs) ||
      change->more_runs == 0)
    return g_strdup (mig_change_text (change->verdict));
  gboolean most = change->more_runs + MIN (change->base->n, change->now->n) >= MIG_POWER_MOST_RUNS;
  return most ? g_strdup_printf ("%s (over %d)", mig_change_text (change->verdict),
                                 MIG_POWER_MOST_RUNS)
              : g_strdup_printf ("%s (%" G_GINT64_FORMAT " more)",
                                 mig_change_text (change->verdict), change->more_runs);
}

static char *
interval_cell (const MigChange *change, double factor, guint decimals)
{
  const MigStat interval = { .ci_low = change->ci_low, .ci_high = change->ci_high };
  return mig_number_interval (&interval, factor, decimals);
}

static void
add_change (MigTextTable *table, const MigChange *change)
{
  const MigMetricInfo *info = mig_metric_info (change->metric);
  double largest = fmax (fabs (change->base->mean), fabs (change->now->mean)); /* ignores a NaN */
  MigShown shown = mig_number_shown (info, largest);
  guint decimals = mig_number_decimals (largest * shown.factor);

  mig_text_table_cell (table, change->case_label);
  mig_text_table_add_owned (table, g_strdup_printf ("%s%s%s%s%s", info->name,
                                                    change->class_name ? " " : "",
                                                    change->class_name ? change->class_name : "",
                                                    *shown.unit ? ", " : "", shown.unit));
  mig_text_table_add_owned (table, mig_number (change->base->mean * shown.factor, decimals));
  mig_text_table_add_owned (table, mig_number (change->now->mean * shown.factor, decimals));
  mig_text_table_add_owned (table, mig_number (change->difference * shown.factor, decimals));
  mig_text_table_add_owned (table, interval_cell (change, shown.factor, decimals));
  mig_text_table_add_owned (table, mig_number (100 * change->share, 1));
  mig_text_table_add_owned (table, g_strdup_printf ("%u, %u", change->base->n, change->now->n));
  mig_text_table_add_owned (table, verdict_cell (change));
}

MigTextTable *
mig_compare_table (const MigComparison *comparison)
{
  static const char *const headings[] = { "case", "metric",        "BASE",
                                          "NEW",  "NEW less BASE", "95 % interval",
                                          "%",    "runs",          "verdict" };
  MigTextTable *table = mig_text_table_new ("llrrrrrrl");

  for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
    mig_text_table_cell (table, headings[i]);
  for (guint i = 0; i < comparison->changes->len; i++)
    add_change (table, &g_array_index (comparison->changes, MigChange, i));
  return table;
}

GPtrArray *
mig_compare_failures (const MigComparison *comparison)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < comparison->failures->len; i++)
    {
      const MigFailureChange *change = &g_array_index (comparison->failures, MigFailureChange, i);
      g_ptr_array_add (lines,
                       g_strdup_printf ("%s: BASE %u of %u, NEW %u of %u: %s%s", change->case_label,
                                        change->base_failed, change->base_runs, change->now_failed,
                                        change->now_runs, mig_change_text (change->verdict),
                                        change->lost ? " (NEW has no sound run of it)" : ""));
    }
  return lines;
}

char *
mig_compare_labels (const char *heading, const GPtrArray *labels)
{
  GString *line = g_string_new (heading);

  for (guint i = 0; i < labels->len; i++)
    g_string_append_printf (line, "%s%s", i ? ", " : "", (const char *) labels->pdata[i]);
  return g_string_free (line, labels->len == 0);
}

char *
mig_compare_method (const MigComparison *comparison)
{
  g_autofree char *threshold = mig_number (100 * comparison->threshold, 1);
  g_autofree char *shown = mig_number (
      100 * (comparison->threshold > 0 ? comparison->threshold : MIG_POWER_EFFECT), 1);
  return g_strdup_printf (
      "Worse, better: shown to differ by more than %s %% of BASE's mean, by t tests. Over all "
      "%u tests of this comparison together the chance of even one such verdict without cause is "
      "at "
      "most %.0f %% (Holm). The intervals (Welch) are of each difference alone. Too few runs: more "
      "of them, "
      "in both, would be needed to show a difference of %s %% with a chance of %.0f %%. Runs of "
      "one "
      "result were made next to each other; what changes on the hosts from one day to another is "
      "not "
      "in their scatter: the threshold is to cover it.",
      threshold, comparison->n_tested, 100 * MIG_COMPARE_LEVEL, shown, 100 * MIG_POWER_WANTED);
}

void
mig_compare_parts_init (MigCompareParts *self, const MigReport *base, const MigReport *now,
                        const MigComparison *comparison)
{
  *self = (MigCompareParts){
    .conditions = mig_compare_conditions (base, now, comparison),
    .failures = mig_compare_failures (comparison),
    .others = mig_compare_facts (comparison, FALSE),
    .table = mig_compare_table (comparison),
    .counts = mig_compare_counts (comparison),
    .method = mig_compare_method (comparison),
    .only_base = mig_compare_labels ("Cases that only BASE has: ", comparison->only_base),
    .only_now = mig_compare_labels ("Cases that only NEW has: ", comparison->only_now),
  };
}

void
mig_compare_parts_clear (MigCompareParts *self)
{
  g_ptr_array_unref (self->conditions);
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->others);
  mig_text_table_free (self->table);
  g_free (self->counts);
  g_free (self->method);
  g_free (self->only_base);
  g_free (self->only_now);
}
