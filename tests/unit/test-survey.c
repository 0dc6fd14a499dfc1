/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "execute/daemon-limits.h"
#include "execute/live.h"
#include "execute/survey.h"
#include "lab/lab.h"
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
  static const char *const hosts[] = { "a", "b", "c" };
  MigFleet *fleet = mig_fleet_new ();

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    mig_fleet_add_host (fleet, &(MigFleetHost){ .name = (char *) hosts[i] });
  for (guint i = 0; i < 2 * vms; i++)
    mig_fleet_add_vm (fleet, &(MigFleetVm){ .name = (char *) "v", .host = i % 2 });
  return fleet;
}

/* All of them go to the third host: libvirt's defaults allow 20 out of one, and 64 into one; an ssh
 * server 10 that log in. */
static void
test_limits (void)
{
  static const struct {
    guint vms, parallel;
    const char *host, *uri; /* of one of them; the others' are by TLS */
    const char *texts[2];   /* parts of them; NULL: no more is exceeded */
  } cases[] = {
    { 20, 20, "a", "qemu+tls://a/system", { NULL } },
    { 21, 20, "a", "qemu+tls://a/system", { NULL } },
    { 20, 21, "a", "qemu+tls://a/system", { NULL } },
    { 21, 21, "a", "qemu+tls://a/system", { "up to 21 migrations leave" } },
    { 33,
      33,
      "a",
      "qemu+tls://a/system",
      { "up to 33 migrations leave", "up to 66 migrations go" } },
    { 40, 20, "a", "qemu+tls://a/system", { NULL } },
    { 10, 10, "a", "qemu+ssh://a/system", { NULL } },
    { 11, 10, "a", "qemu+ssh://a/system", { NULL } },
    { 11,
      11,
      "a",
      "qemu+ssh://root@a/system",
      { "up to 11 migrations at a time have a connection" } },
    { 11,
      11,
      "a",
      "qemu+libssh2://a/system",
      { "up to 11 migrations at a time have a connection" } },
    { 5, 5, "c", "qemu+ssh://c/system", { NULL } },
    { 6, 6, "c", "qemu+ssh://c/system", { "up to 12 migrations at a time have a connection" } },
    { 21, 21, "a", "qemu+ssh://a/system", { "MaxStartups", "max_workers" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigFleet) fleet = fleet_of (cases[i].vms);
      g_autoptr (GArray) moves = g_array_new (FALSE, TRUE, sizeof (MigMove));
      g_autoptr (GHashTable) uris = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_insert (uris, (char *) "b", (char *) "qemu+tls://b/system");
      g_hash_table_insert (uris, (char *) cases[i].host, (char *) cases[i].uri);
      for (guint vm = 0; vm < 2 * cases[i].vms; vm++)
        g_array_append_val (moves, ((MigMove){ .vm = vm, .to = 2 }));
      g_autoptr (GPtrArray) texts = mig_daemon_limits_texts (fleet, moves, cases[i].parallel, uris);
      for (guint k = 0; k < 2 && cases[i].texts[k]; k++)
        {
          g_assert_cmpuint (texts->len, >, k);
          g_assert_nonnull (strstr (texts->pdata[k], cases[i].texts[k]));
        }
      g_assert_cmpuint (texts->len, ==, (cases[i].texts[0] != NULL) + (cases[i].texts[1] != NULL));
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

MigLabHost *__wrap_mig_lab_find_host (const char *uri);

/* the lab of one of two hosts has no certificates */
MigLabHost *
__wrap_mig_lab_find_host (const char *uri)
{
  MigLabHost *host = g_new0 (MigLabHost, 1);

  host->tls_why_not = g_str_has_suffix (uri, "bare") ? g_strdup ("install it") : NULL;
  return host;
}

/* By TLS guests are not migrated where the lab has no certificates, which is known before. */
static void
test_tls (void)
{
  char *hosts[] = { (char *) "a=test:///default", (char *) "b=test:///bare", NULL };
  MigMigrationFlags flags = { 0 };

  for (guint tls = 0; tls < 2; tls++)
    {
      g_autoptr (GError) error = NULL;
      flags.tls = tls;
      g_assert_null (mig_plan_live (hosts, NULL, &flags, &error));
      if (!tls)
        g_assert_nonnull (strstr (error->message, "cannot connect to host 'b'"));
      else
        g_assert_cmpstr (error->message, ==,
                         "--tls: the lab of host 'b' has no certificates: install it; then start "
                         "the lab again, or leave out --tls");
    }
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
  g_test_add_func ("/survey/tls", test_tls);
  g_test_add_func ("/survey/lower-bound", test_lower_bound);
  return g_test_run ();
}
