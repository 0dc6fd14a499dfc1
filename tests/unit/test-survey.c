/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "execute/daemon-limits.h"
#include "execute/live.h"
#include "execute/survey.h"
#include "tests/unit/target-fleets.h"

#define MIB ((gint64) MIG_MIB)

/* A guest that updates 16 MiB again and again: the longer time finds no more of them. */
static void
test_known (void)
{
  double pages;
  gint64 wss;

  g_assert_true (mig_survey_rates (16 * MIB, 4 * MIB, &pages, &wss));
  g_assert_cmpfloat (pages, ==, 4096);
  g_assert_cmpint (wss, ==, 16 * MIB);
}

/* One that meets new pages all the time: 40 MiB in 4 s, and perhaps more. */
static void
test_unknown (void)
{
  double pages;
  gint64 wss;

  g_assert_false (mig_survey_rates (10 * MIB, 10 * MIB, &pages, &wss));
  g_assert_cmpfloat (pages, ==, 2560);
  g_assert_cmpint (wss, ==, 40 * MIB);
}

static void
test_silent (void)
{
  double pages;
  gint64 wss;

  g_assert_true (mig_survey_rates (0, 0, &pages, &wss));
  g_assert_cmpfloat (pages, ==, 0);
  g_assert_cmpint (wss, ==, 0);
  g_assert_false (mig_survey_rates (10 * MIB, MIG_MISSING_INT, &pages, &wss));
  g_assert_cmpfloat (pages, ==, 2560);
  g_assert_cmpint (wss, ==, 10 * MIB);
}

static void
test_bytes (void)
{
  static const gint64 amounts[] = { 0, 4096, 96 * 1024 * 1024, 5 * 1024,
                                    G_GINT64_CONSTANT (1) << 40 };

  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      g_autofree char *text = mig_survey_bytes (amounts[i]);
      g_autoptr (GError) error = NULL;
      guint64 bytes = 1;
      g_assert_true (mig_units_parse_bytes (text, &bytes, &error));
      g_assert_no_error (error);
      g_assert_cmpint ((gint64) bytes, ==, amounts[i]);
    }
}

/* Two guests may have one name, on two hosts; a third may have what the second is called then. */
static void
test_names (void)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  static const char *const expected[] = { "web", "web@b", "web@b#3" };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      char *name = mig_survey_name (taken, "web", "b");
      g_assert_cmpstr (name, ==, expected[i]);
      g_hash_table_add (taken, name);
    }
}

/* fleet_of: that many VMs on the first of three hosts, and as many on the second. */
static MigFleet *
fleet_of (guint vms)
{
  MigFleet *fleet = mig_fleet_new ();

  for (guint i = 0; i < 3; i++)
    mig_fleet_add_host (fleet, &(MigFleetHost){ .name = (char *) "h" });
  for (guint i = 0; i < 2 * vms; i++)
    mig_fleet_add_vm (fleet, &(MigFleetVm){ .name = (char *) "v", .host = i % 2 });
  return fleet;
}

/* All of them go to the third host: libvirt's defaults allow 20 out of one, and 64 into one. */
static void
test_limits (void)
{
  static const struct {
    guint vms, parallel;
    const char *text; /* a part of it; NULL: nothing is exceeded */
  } cases[] = {
    { 20, 20, NULL }, { 21, 20, NULL }, { 20, 21, NULL }, { 21, 21, "up to 21 migrations leave" },
    { 40, 20, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigFleet) fleet = fleet_of (cases[i].vms);
      g_autoptr (GArray) moves = g_array_new (FALSE, TRUE, sizeof (MigMove));
      for (guint vm = 0; vm < 2 * cases[i].vms; vm++)
        g_array_append_val (moves, ((MigMove){ .vm = vm, .to = 2 }));
      g_autofree char *text = mig_daemon_limits_text (fleet, moves, cases[i].parallel);
      g_assert_cmpint (text != NULL, ==, cases[i].text != NULL);
      g_assert_true (!text || strstr (text, cases[i].text));
    }
}

/* Two that change places, one of which updates less than may be: the second still begins when the
 * first has left. */
static void
test_lower_bound (void)
{
  g_autoptr (MigFleet) fleet = target_fleet_exchange ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const MigSurvey survey = { .seen = seen };
  MigModel model = target_fleet_model ();
  MigOrder low = { 0 };
  gint64 bytes = MIB;
  g_autoptr (GError) error = NULL;
  g_autoptr (MigPlan) plan = target_fleet_plan (fleet, 1, 0, &error);

  g_assert_no_error (error);
  g_assert_false (mig_plan_live_lower_bound (&survey, &model, fleet, &plan->best, &low));
  g_hash_table_insert (seen, (char *) "vm1", &bytes);
  g_assert_true (mig_plan_live_lower_bound (&survey, &model, fleet, &plan->best, &low));
  double sum = 0;
  for (guint i = 0; i < 2; i++)
    {
      const MigMoveCost *cost = &g_array_index (low.costs, MigMoveCost, i);
      sum += cost->end_s - cost->start_s;
    }
  g_assert_cmpfloat (sum, >, 0);
  g_assert_cmpfloat (low.cost.time_s, >=, sum * (1 - TARGET_FLEET_SAME));
  mig_order_clear (&low);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey/known", test_known);
  g_test_add_func ("/survey/unknown", test_unknown);
  g_test_add_func ("/survey/silent", test_silent);
  g_test_add_func ("/survey/bytes", test_bytes);
  g_test_add_func ("/survey/names", test_names);
  g_test_add_func ("/survey/limits", test_limits);
  g_test_add_func ("/survey/lower-bound", test_lower_bound);
  return g_test_run ();
}
