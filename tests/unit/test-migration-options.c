/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "base/error.h"
#include "hosts/migration-options.h"
#include "tests/unit/studies.h"
#include "virt/migrate.h"
#include "virt/stop-limits.h"

/* What is asked of migrations: from options and studies to libvirt's flags. */

static void
test_options (void)
{
  static const struct {
    const char *timeout, *storage;
    gint64 timeout_ns;
    MigTimeoutAction action;
    MigStorageCopy copy;
  } good[] = {
    { NULL, NULL, 0, MIG_TIMEOUT_ABORT, MIG_STORAGE_STAYS },
    { "90", "all", 90 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT, MIG_STORAGE_ALL },
    { "90:abort", "inc", 90 * MIG_NS_PER_S, MIG_TIMEOUT_ABORT, MIG_STORAGE_CHANGES },
    { "2 min:suspend", "no", 120 * MIG_NS_PER_S, MIG_TIMEOUT_SUSPEND, MIG_STORAGE_STAYS },
    { "1:post-copy", NULL, MIG_NS_PER_S, MIG_TIMEOUT_POST_COPY, MIG_STORAGE_STAYS },
  };
  static const struct {
    const char *timeout, *storage, *message, *technique, *bandwidth;
  } bad[] = {
    { "0", NULL, "--timeout: 0 s is too short; expected at least 1 s" },
    { "500 ms:suspend", NULL, "--timeout: 500 ms is too short; expected at least 1 s" },
    { "60:wait", NULL,
      "--timeout: unknown action at a timeout 'wait'; expected abort, suspend or post-copy" },
    { NULL, "some", "--copy-storage: unknown copy of storage 'some'; expected no, all or inc" },
    { NULL, NULL, "--technique: unknown technique 'teleport'; expected pre-copy, ", "teleport" },
    { NULL, NULL, "--bandwidth: ", NULL, "fast" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      const MigMigrationOptions options = { .copy_storage = (char *) good[i].storage,
                                            .timeout = (char *) good[i].timeout,
                                            .tls = i % 2 == 1,
                                            .unsafe = i % 2 == 0 };
      MigMigrationFlags flags;
      gint64 timeout_ns;
      g_autoptr (GError) error = NULL;
      g_assert_true (mig_migration_options_flags (&options, &flags, &timeout_ns, &error));
      g_assert_no_error (error);
      g_assert_cmpint (timeout_ns, ==, good[i].timeout_ns);
      g_assert_cmpint (flags.at_timeout, ==, good[i].action);
      g_assert_cmpint (flags.storage, ==, good[i].copy);
      g_assert_cmpint (flags.tls, ==, i % 2 == 1);
      g_assert_cmpint (flags.unsafe, ==, i % 2 == 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const MigMigrationOptions options = { .copy_storage = (char *) bad[i].storage,
                                            .timeout = (char *) bad[i].timeout,
                                            .technique = (char *) bad[i].technique,
                                            .bandwidth = (char *) bad[i].bandwidth };
      g_autoptr (GError) error = NULL;
      g_assert_null (mig_migration_options_attributes (&options, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_USAGE);
      g_assert_true (g_str_has_prefix (error->message, bad[i].message));
    }
}

/* parse_with: a study with no <migration>, as these options change it. */
static MigStudy *
parse_with (const MigMigrationOptions *options, GError **error)
{
  static const char xml[] =
      "<study name='s'><hosts><host name='a' uri='test:///a'/><host name='b' uri='test:///b'/>"
      "</hosts><guest name='g' existing='yes'/><cases><sequence>g</sequence></cases></study>";
  g_auto (GStrv) attributes = mig_migration_options_attributes (options, error);
  const MigStudyChanges changes = { .migration = (const char *const *) attributes };

  return mig_study_parse_changed (xml, sizeof xml - 1, "t.xml", &changes, error);
}

/* What only commands with a study have. */
static void
test_study_alone (void)
{
  const MigMigrationOptions options = { .technique = (char *) "post-copy",
                                        .bandwidth = (char *) "32 MiB/s",
                                        .direct = TRUE };
  const MigMigrationOptions part = { .bandwidth = (char *) "10 kB/s" };
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = parse_with (&options, &error);
  g_assert_no_error (error);
  g_autoptr (MigStudy) kept = mig_study_parse (study->xml, study->xml_size, "kept.xml", &error);
  g_assert_no_error (error);
  const MigStudy *const both[] = { study, kept };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_assert_cmpint (both[i]->technique, ==, MIG_TECHNIQUE_POST_COPY);
      g_assert_cmpuint (both[i]->bandwidth_bytes_per_s, ==, 32 * MIG_MIB);
      g_assert_true (both[i]->direct);
      g_assert_false (both[i]->peer_to_peer);
      g_assert_cmpint (both[i]->timeout_ns, ==, 600 * MIG_NS_PER_S);
    }
  g_assert_null (mig_migration_options_attributes (&part, &error)); /* no whole MiB/s */
  g_assert_error (error, MIG_ERROR, MIG_ERROR_USAGE);
  g_assert_true (g_str_has_prefix (error->message, "--bandwidth: '10 kB/s' cannot be set"));
}

static void
test_study (void)
{
  const MigMigrationOptions none = { NULL };
  const MigMigrationOptions options = {
    .copy_storage = (char *) "inc", .timeout = (char *) "90:suspend", .tls = TRUE, .unsafe = TRUE
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) plain = parse_with (&none, &error);
  g_assert_no_error (error);
  g_assert_cmpint (plain->timeout_ns, ==, 600 * MIG_NS_PER_S);
  g_assert_null (strstr (plain->xml, "<migration"));

  g_autoptr (MigStudy) study = parse_with (&options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (study->timeout_ns, ==, 90 * MIG_NS_PER_S);
  g_assert_cmpint (study->flags.at_timeout, ==, MIG_TIMEOUT_SUSPEND);
  g_assert_cmpint (study->flags.storage, ==, MIG_STORAGE_CHANGES);
  g_assert_true (study->flags.tls && study->flags.unsafe);
  /* what is kept with a result says it, too, so that a resumed run and a report know */
  g_autoptr (MigStudy) kept = mig_study_parse (study->xml, study->xml_size, "kept.xml", &error);
  g_assert_no_error (error);
  g_assert_cmpint (kept->timeout_ns, ==, study->timeout_ns);
  g_assert_cmpint (kept->flags.storage, ==, MIG_STORAGE_CHANGES);
}

/* An experiment's own <migration> takes the place of the study's as a whole. */
static void
test_experiments (void)
{
  static const char xml[] =
      "<study name='s'><hosts><host name='a' uri='test:///a'/><host name='b' uri='test:///b'/>"
      "</hosts><guest name='g' existing='yes'/>"
      "<experiment name='own'><cases><sequence>g</sequence></cases>"
      "<migration stop-rule='xen-4.6' timeout='5 s'/></experiment>"
      "<experiment name='none'><cases><sequence>g</sequence></cases></experiment></study>";
  const MigMigrationOptions options = {
    .copy_storage = (char *) "all", .timeout = (char *) "90:suspend", .tls = TRUE, .unsafe = TRUE
  };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) attributes = mig_migration_options_attributes (&options, &error);
  const MigStudyChanges changes = { .migration = (const char *const *) attributes };

  g_autoptr (MigStudy)
      study = mig_study_parse_changed (xml, sizeof xml - 1, "t.xml", &changes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mig_study_n_variants (study), ==, 2);
  g_assert_cmpint (mig_study_variant (study, 0)->stop_rule, ==, MIG_STOP_XEN_4_6);
  for (guint i = 0; i < 2; i++)
    {
      const MigStudy *variant = mig_study_variant (study, i);
      g_assert_true (variant->flags.tls && variant->flags.unsafe);
      g_assert_cmpint (variant->flags.storage, ==, MIG_STORAGE_ALL);
      g_assert_cmpint (variant->flags.at_timeout, ==, MIG_TIMEOUT_SUSPEND);
      g_assert_cmpint (variant->timeout_ns, ==, 90 * MIG_NS_PER_S);
    }
}

static void
test_flags (void)
{
  static const struct {
    MigMigrationFlags flags;
    const char *names;
  } cases[] = {
    { { MIG_STORAGE_STAYS, FALSE, FALSE, MIG_TIMEOUT_SUSPEND }, "VIR_MIGRATE_LIVE" },
    { { MIG_STORAGE_ALL, FALSE, FALSE, MIG_TIMEOUT_ABORT },
      "VIR_MIGRATE_LIVE | VIR_MIGRATE_NON_SHARED_DISK" },
    { { MIG_STORAGE_CHANGES, TRUE, TRUE, MIG_TIMEOUT_POST_COPY },
      "VIR_MIGRATE_LIVE | VIR_MIGRATE_POSTCOPY | VIR_MIGRATE_NON_SHARED_INC | VIR_MIGRATE_TLS | "
      "VIR_MIGRATE_UNSAFE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const MigMigrateOptions options = { .flags = cases[i].flags };
      g_autofree char *names = mig_migrate_flags_text (&options);
      g_assert_cmpstr (names, ==, cases[i].names);
    }
  g_assert_cmpstr (mig_stop_cause_name (MIG_STOP_SUSPENDED), ==, "suspended");
}

/* What libvirt is given beside the flags. */
static void
test_parameters (void)
{
  const MigMigrateOptions none = { .technique = MIG_TECHNIQUE_PRE_COPY },
                          all = { .migrate_uri = "tcp://192.0.2.2",
                                  .technique = MIG_TECHNIQUE_XBZRLE,
                                  .bandwidth_bytes_per_s = (guint64) (12.4 * MIG_MIB) },
                          multifd = { .technique = MIG_TECHNIQUE_MULTIFD, .connections = 4 };
  g_autofree char *of_none = mig_migrate_parameters_text (&none);
  g_autofree char *of_all = mig_migrate_parameters_text (&all);
  g_autofree char *of_multifd = mig_migrate_parameters_text (&multifd);

  g_assert_null (of_none);
  g_assert_cmpstr (of_all, ==,
                   "migrate_uri=tcp://192.0.2.2, compression=xbzrle, bandwidth=12 MiB/s");
  g_assert_cmpstr (of_multifd, ==, "parallel.connections=4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (virInitialize (), ==, 0); /* before its parameters */
  g_test_add_func ("/migration-options/options", test_options);
  g_test_add_func ("/migration-options/study", test_study);
  g_test_add_func ("/migration-options/study-alone", test_study_alone);
  g_test_add_func ("/migration-options/experiments", test_experiments);
  g_test_add_func ("/migration-options/flags", test_flags);
  g_test_add_func ("/migration-options/parameters", test_parameters);
  return g_test_run ();
}
