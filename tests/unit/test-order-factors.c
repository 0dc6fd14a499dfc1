/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/order-map.h"
#include "report/run.h"
#include "report/run-sections.h"
#include "results/columns.h"
#include "results/facts.h"
#include "summary/order-factors.h"
#include "summary/sequences.h"

/* What a map of orders explains, and how its conditions are told: a factorial of link, sender's and
 * receiver's CPU in a lab of two hosts that own a CPU each. */

#define SENDER "host.a.management-cpu"
#define RECEIVER "host.b.management-cpu"

static const MigClassInfo computes = { "c", "cpu", 0, 0 };
static const MigClassInfo updates = { "m", "memory", HUGE_VAL, 1e6 };

static const char *const links[] = { "250 Mbit/s", "10 Gbit/s" };
static const char *const cpus[] = { "0", "spare" };

typedef struct {
  MigLoadedResult result;
  MigSummary *summary;
} Fixture;

static void
add_fact (GPtrArray *environment, const char *host, MigFact fact, const char *value)
{
  MigEnvironmentRecord record = { .scope = (char *) host,
                                  .name = (char *) mig_fact_info (fact)->name,
                                  .value = (char *) value };
  g_ptr_array_add (environment, mig_record_copy (MIG_TABLE_ENVIRONMENT, &record));
}

/* environment_new: of a lab of two hosts whose guests use the first CPU of those that they own. */
static GPtrArray *
environment_new (const char *cpus_of_a, const char *cpus_of_b)
{
  const char *const names[] = { "a", "b" }, *owned[] = { cpus_of_a, cpus_of_b };
  GPtrArray *environment = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *first = g_strndup (owned[i], 1);
      add_fact (environment, names[i], MIG_FACT_CPUS, "4");
      add_fact (environment, names[i], MIG_FACT_CPU_USED, first);
      add_fact (environment, names[i], MIG_FACT_CPUS_OWNED, owned[i]);
    }
  return environment;
}

static void
add_parameter (MigSummary *summary, MigCaseSummary *study_case, const char *parameter,
               const char *value)
{
  MigParameterRecord record = { .case_label = study_case->label,
                                .parameter = (char *) parameter,
                                .value = (char *) value,
                                .value_number = NAN };
  MigParameterRecord *copy = mig_record_copy (MIG_TABLE_PARAMETERS, &record);

  g_ptr_array_add (summary->parameters, copy);
  g_ptr_array_add (study_case->parameters, copy);
}

/* add_case: of three repetitions around a mean. */
static void
add_case (MigSummary *summary, const char *order, guint link, guint sender, guint receiver,
          double mean_s)
{
  g_autofree char *label = g_strdup_printf ("%s %u%u%u", order, link, sender, receiver);
  MigCaseSummary *study_case = mig_summary_add_case (summary, label);
  MigStat *stat = &study_case->stats[MIG_METRIC_TOTAL_TIME];

  add_parameter (summary, study_case, "link", links[link]);
  add_parameter (summary, study_case, SENDER, cpus[sender]);
  add_parameter (summary, study_case, RECEIVER, cpus[receiver]);
  for (const char *p = order; *p; p++)
    g_ptr_array_add (study_case->classes_moved, (gpointer) (*p == 'c' ? &computes : &updates));
  for (gint64 i = 1; i <= 3; i++)
    mig_stat_add (stat, i, i, mean_s + 0.01 * (double) i * (*order == 'c' ? 1 : -1));
  mig_stat_compute (stat);
}

static void
add_migration (MigSummary *summary)
{
  MigRunSummary *run = g_new0 (MigRunSummary, 1);
  MigMigrationSummary *m = g_new0 (MigMigrationSummary, 1);
  MigMigrationRecord record;

  run->case_label = g_strdup ("cm 000");
  run->sound = TRUE;
  g_ptr_array_add (summary->runs, run);
  mig_record_init (MIG_TABLE_MIGRATIONS, &record);
  record.source = (char *) "a";
  record.destination = (char *) "b";
  m->run = run;
  m->record = mig_record_copy (MIG_TABLE_MIGRATIONS, &record);
  g_ptr_array_add (summary->migrations, m);
}

/* less: by how much cm takes less than mc, by link, sender and receiver. */
static void
set_up (Fixture *f, const double less[2][2][2])
{
  MigSummary *summary = f->summary = mig_summary_new ();

  g_ptr_array_set_free_func (summary->classes, NULL);
  g_ptr_array_add (summary->classes, (gpointer) &computes);
  g_ptr_array_add (summary->classes, (gpointer) &updates);
  summary->parameters = g_ptr_array_new_with_free_func (g_free);
  add_migration (summary);
  for (guint i = 0; i < 8; i++)
    {
      guint link = i >> 2, sender = i >> 1 & 1, receiver = i & 1;
      add_case (summary, "cm", link, sender, receiver, 20);
      add_case (summary, "mc", link, sender, receiver, 20 + less[link][sender][receiver]);
    }
  f->result = (MigLoadedResult){ .path = (char *) "crossed",
                                 .complete = TRUE,
                                 .summary = summary,
                                 .environment = environment_new ("0", "1"),
                                 .answers = g_ptr_array_new (),
                                 .order_map = mig_order_map_new (summary) };
}

static void
tear_down (Fixture *f)
{
  g_ptr_array_unref (f->result.order_map);
  g_ptr_array_unref (f->result.answers);
  g_ptr_array_unref (f->result.environment);
  mig_summary_free (f->summary);
}

/* Only the sender's CPU counts: beside guests cm is cheaper, apart there is no difference; but with
 * both apart on the slow link nothing is known. */
static const double by_sender[2][2][2] = { { { 10, 10 }, { 0, 3 } }, { { 10, 10 }, { 0, 0 } } };

static void
test_factors (void)
{
  Fixture f;

  set_up (&f, by_sender);
  MigOrderField **fields = (MigOrderField **) f.result.order_map->pdata;
  g_assert_cmpuint (f.result.order_map->len, ==, 8);
  fields[3]->verdict = MIG_FIELD_UNKNOWN; /* slow, apart, apart */
  g_assert_cmpuint (mig_order_group (fields, 8), ==, 8);
  g_autoptr (GArray) factors = mig_order_factors (fields, 8);
  g_assert_cmpuint (factors->len, ==, 3);
  const MigOrderFactor *link = &g_array_index (factors, MigOrderFactor, 0),
                       *sender = &g_array_index (factors, MigOrderFactor, 1),
                       *receiver = &g_array_index (factors, MigOrderFactor, 2);
  g_assert_cmpstr (link->parameter, ==, "link");
  g_assert_cmpuint (link->n_changed, ==, 0);
  g_assert_cmpuint (link->n_same, ==, 3);
  g_assert_cmpuint (link->n_unknown, ==, 1);
  g_assert_cmpstr (sender->parameter, ==, SENDER);
  g_assert_cmpuint (sender->n_changed, ==, 3);
  g_assert_cmpuint (sender->n_same, ==, 0);
  g_assert_cmpuint (sender->n_unknown, ==, 1);
  g_assert_cmpuint (receiver->n_changed, ==, 0);
  g_assert_cmpuint (receiver->n_same, ==, 3);
  tear_down (&f);
}

/* What the map explains, in a sentence; and what holds for each value of what matters. */
static void
test_text (void)
{
  Fixture f;

  set_up (&f, by_sender);
  MigOrderField **fields = (MigOrderField **) f.result.order_map->pdata;
  g_autoptr (MigConditions) conditions = mig_conditions_new (&f.result);
  fields[3]->verdict = MIG_FIELD_UNKNOWN;
  g_autofree char *brief = mig_order_factors_text (conditions, fields, 8, FALSE);
  g_autofree char *whole = mig_order_factors_text (conditions, fields, 8, TRUE);
  g_assert_cmpstr (brief, ==,
                   "The verdict changes with the sender (in 3 of 4 pairs of conditions that differ "
                   "in nothing else, 1 not known), not with the link (in 0 of 4, 1 not known) or "
                   "the receiver (in 0 of 4, 1 not known).");
  g_assert_true (g_str_has_prefix (whole, brief));
  g_assert_cmpstr (
      whole + strlen (brief), ==,
      " Sender beside guests: cm is cheaper in 4; on other's CPU: no difference of more than "
      "a tenth in 3, not known in 1.");
  for (guint i = 0; i < 8; i++)
    fields[i]->verdict = MIG_FIELD_UNKNOWN;
  g_autofree char *none = mig_order_factors_text (conditions, fields, 8, TRUE);
  g_assert_cmpstr (none, ==,
                   "Whether the verdict changes with the link, the sender or the receiver is not "
                   "known.");
  for (guint i = 0; i < 8; i++)
    fields[i]->verdict = MIG_FIELD_SECOND;
  g_autofree char *same = mig_order_factors_text (conditions, fields, 8, TRUE);
  g_assert_cmpstr (same, ==,
                   "The verdict does not change with the link (in 0 of 4 pairs of conditions that "
                   "differ in nothing else), the sender (in 0 of 4) or the receiver (in 0 of 4).");
  g_assert_null (mig_order_factors_text (conditions, fields, 1, TRUE));
  tear_down (&f);
}

static void
assert_value (const MigConditions *conditions, const MigSummary *summary, const char *label,
              const char *parameter, const char *wanted)
{
  g_autofree char *value = mig_conditions_value (conditions, mig_summary_find_case (summary, label),
                                                 parameter);
  g_assert_cmpstr (value, ==, wanted);
}

/* Conditions in plain words, by who sends and what the host's guests use. */
static void
test_conditions (void)
{
  Fixture f;

  set_up (&f, by_sender);
  g_autoptr (MigConditions) conditions = mig_conditions_new (&f.result);
  g_autofree char *sender = mig_conditions_name (conditions, SENDER);
  g_autofree char *receiver = mig_conditions_name (conditions, RECEIVER);
  g_autofree char *all = mig_conditions_name (conditions, "management-cpu");
  g_autofree char *third = mig_conditions_name (conditions, "host.x.y.management-cpu");
  g_autofree char *rate = mig_conditions_name (conditions, "workload.m.rate");
  g_assert_cmpstr (sender, ==, "sender");
  g_assert_cmpstr (receiver, ==, "receiver");
  g_assert_cmpstr (all, ==, "migrations");
  g_assert_cmpstr (third, ==, "migrations of x.y");
  g_assert_cmpstr (rate, ==, "m.rate");
  assert_value (conditions, f.summary, "cm 001", SENDER, "beside guests");
  assert_value (conditions, f.summary, "cm 001", RECEIVER, "on other's CPU");
  assert_value (conditions, f.summary, "cm 001", "link", "250 Mbit/s");
  assert_value (conditions, f.summary, "cm 001", "cache", NULL);
  g_autofree char *text = mig_conditions_text (conditions,
                                               mig_summary_find_case (f.summary, "mc 101"));
  g_assert_cmpstr (text, ==, "10 Gbit/s, sender beside guests, receiver on other's CPU");
  g_autofree char *values = mig_conditions_values (conditions, SENDER, "whatever");
  g_autofree char *speeds = mig_conditions_values (conditions, "link", NULL);
  g_assert_cmpstr (values, ==, "beside guests or on other's CPU");
  g_assert_cmpstr (speeds, ==, "250 Mbit/s or 10 Gbit/s");
  g_assert_null (mig_conditions_values (conditions, "cache", NULL));
  add_case (f.summary, "cc", 0, 0, 0, 1);
  MigCaseSummary *everywhere = mig_summary_add_case (f.summary, "mm");
  add_parameter (f.summary, everywhere, "management-cpu", "spare");
  g_autoptr (MigConditions) more = mig_conditions_new (&f.result);
  assert_value (more, f.summary, "mm", "management-cpu", "on other's CPU");
  MigCaseSummary *unpinned = mig_summary_add_case (f.summary, "mm unpinned");
  add_parameter (f.summary, unpinned, "management-cpu", "none");
  assert_value (more, f.summary, "mm unpinned", "management-cpu", "on any CPU");
  g_autofree char *some = mig_conditions_values (conditions, "link", "1 Gbit/s");
  g_assert_cmpstr (some, ==, "250 Mbit/s, 10 Gbit/s or 1 Gbit/s");
  g_assert_true (mig_conditions_lend (conditions));
  tear_down (&f);
}

/* Where the hosts have CPUs enough, nobody uses the one of what sends and receives. */
static void
test_own_cpus (void)
{
  Fixture f;

  set_up (&f, by_sender);
  g_ptr_array_unref (f.result.environment);
  f.result.environment = environment_new ("0,1", "2,3");
  add_parameter (f.summary, mig_summary_add_case (f.summary, "mm"), SENDER, "1");
  g_autoptr (MigConditions) conditions = mig_conditions_new (&f.result);
  g_autofree char *values = mig_conditions_values (conditions, SENDER, NULL);
  assert_value (conditions, f.summary, "cm 001", RECEIVER, "apart");
  g_assert_cmpstr (values, ==, "beside guests, apart (spare) or apart (1)");
  g_assert_false (mig_conditions_lend (conditions));
  tear_down (&f);
}

/* What nothing is known of keeps its own words. */
static void
test_unknown_hosts (void)
{
  Fixture f;

  set_up (&f, by_sender);
  MigLoadedResult bare = f.result;
  bare.environment = NULL;
  g_autoptr (MigConditions) conditions = mig_conditions_new (&bare);
  assert_value (conditions, f.summary, "cm 001", SENDER, "0");
  assert_value (conditions, f.summary, "cm 001", RECEIVER, "apart");
  tear_down (&f);
}

/* The whole map fits the first screen, and tells who sends; on a page of several results its
 * section says which it is and of which size. */
static void
test_report (void)
{
  const MigScreen screen = { 0 };
  Fixture f;

  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  set_up (&f, by_sender);
  f.result.conclusions = none;
  f.result.manifest.study_name = (char *) "bottleneck";
  f.result.manifest.study_title = (char *) "Where does the order of two migrations turn?";
  g_autofree char *text = mig_report_overview (&f.result, &screen);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), <=, 25);
  for (guint i = 0; lines[i]; i++)
    g_assert_cmpuint (mig_text_width (lines[i]), <=, 80);
  g_assert_true (g_regex_match_simple ("link +sender +receiver +cm less mc, s", text, 0, 0));
  g_assert_true (
      g_regex_match_simple ("10 Gbit/s +beside guests +on other's CPU +-9.9. ", text, 0, 0));
  g_assert_true (g_regex_match_simple (
      "10 Gbit/s +on other's CPU +on other's CPU +.* no difference\n", text, 0, 0));
  g_assert_null (strstr (text, "more condition"));
  g_autoptr (MigDocument) page = mig_document_new (MIG_MEDIUM_PAGE, NULL, g_strdup ("t"));
  f.result.manifest.scale = (char *) "1/4";
  mig_section_order_map (page->body, &f.result, 10);
  f.result.manifest.scale = NULL;
  mig_section_order_map (page->body, &f.result, 11);
  g_autofree char *html = mig_document_render (page);
  g_assert_nonnull (strstr (html, "id=\"order-map-10\""));
  g_assert_nonnull (strstr (html, "id=\"order-map-11\""));
  g_assert_nonnull (strstr (html, "Where which order is cheaper, at scale 1/4"));
  g_assert_nonnull (strstr (html, "Where which order is cheaper, at full size"));
  g_assert_nonnull (strstr (html, "Sender beside guests: cm is cheaper in 4; on other"));
  tear_down (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order-factors/factors", test_factors);
  g_test_add_func ("/order-factors/text", test_text);
  g_test_add_func ("/order-factors/conditions", test_conditions);
  g_test_add_func ("/order-factors/own-cpus", test_own_cpus);
  g_test_add_func ("/order-factors/unknown-hosts", test_unknown_hosts);
  g_test_add_func ("/order-factors/report", test_report);
  return g_test_run ();
}
