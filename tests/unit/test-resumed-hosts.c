/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "hosts/session.h"
#include "tests/unit/studies.h"
#include "virt/loop.h"

/* A run goes on where it began: which hosts those are, and whether they are still the same. */

static MigEnvironmentRecord
row (const char *scope, const char *name, const char *value)
{
  return (MigEnvironmentRecord){ .scope = (char *) scope,
                                 .name = (char *) name,
                                 .value = (char *) value };
}

/* check: on host 'a', which is the test driver's, what a run wrote; message NULL: it may go on. */
static void
check (MigEnvironmentRecord *rows, guint count, MigErrorCode code, const char *message)
{
  g_autoptr (MigStudy) study = study_parse_good ("cpu='0'", "cpu='0'");
  g_autoptr (GPtrArray) environment = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const MigStudyHost *named = study->hosts->pdata[0];
  MigSession session = { .hosts = g_ptr_array_new_with_free_func (
                             (GDestroyNotify) mig_run_host_free) };
  MigHost *host = mig_host_open (named->name, "test:///default", &error);

  g_assert_no_error (error);
  g_ptr_array_add (session.hosts, mig_run_host_new (named, host));
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (environment, &rows[i]);
  gboolean ok = mig_session_check (&session, environment, &error);
  if (!message)
    g_assert_no_error (error);
  g_assert_cmpint (ok, ==, message == NULL);
  if (message)
    {
      g_assert_error (error, MIG_ERROR, (int) code);
      g_assert_nonnull (strstr (error->message, message));
    }
  g_ptr_array_unref (session.hosts);
}

static void
test_same (void)
{
  MigEnvironmentRecord rows[] = { row ("a", "uri", "test:///elsewhere"),
                                  row ("a", "driver", "TEST"),
                                  row ("a", "hypervisor version", "0.0.2"),
                                  row ("b", "driver", "Xen"), row ("a", "domain type", "") };

  check (rows, G_N_ELEMENTS (rows), 0, NULL);
  check (rows, 0, 0, NULL);
}

static void
test_others (void)
{
  MigEnvironmentRecord driver = row ("a", "driver", "QEMU");
  MigEnvironmentRecord version = row ("a", "hypervisor version", "10.0.0");
  MigEnvironmentRecord lab = row ("lab", "mode", "network namespaces, shaped veth pair");

  check (&driver, 1, MIG_ERROR_INVALID, "its driver was 'QEMU' and is 'TEST'");
  check (&version, 1, MIG_ERROR_INVALID, "its hypervisor version was '10.0.0' and is '0.0.2'");
  check (&lab, 1, MIG_ERROR_USAGE, "began in the lab");
}

/* The first two hosts by name, before those that are named so, which thus still win. */
static void
test_names (void)
{
  g_autoptr (MigStudy) study = study_parse_good ("cpu='0'", "cpu='0'");
  g_autoptr (GError) error = NULL;
  MigSessionOptions options = { .source = g_strdup ("test:///s"),
                                .hosts = g_strsplit ("b=test:///port", "|", -1) };

  mig_session_options_name_hosts (&options, study);
  g_assert_false (mig_session_options_apply (&options, study, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_USAGE);
  g_clear_error (&error);
  options.destination = g_strdup ("test:///d");
  mig_session_options_name_hosts (&options, study);
  g_autofree char *hosts = g_strjoinv ("|", options.hosts);
  g_assert_cmpstr (hosts, ==, "a=test:///s|b=test:///d|b=test:///port");
  g_assert_true (!options.source && !options.destination);
  g_assert_true (mig_session_options_apply (&options, study, &error));
  g_assert_cmpstr (((MigStudyHost *) study->hosts->pdata[0])->uri, ==, "test:///s");
  g_assert_cmpstr (((MigStudyHost *) study->hosts->pdata[1])->uri, ==, "test:///port");
  g_strfreev (options.hosts);
}

/* How the other hosts' daemons reach one is said like the address for migrations to it. */
static void
test_peers (void)
{
  g_autoptr (MigStudy) study = study_parse_good ("cpu='0'", "cpu='0'");
  g_autoptr (GError) error = NULL;
  char *hosts[] = { (char *) "a=test:///a", (char *) "b=test:///b", NULL };
  char *migrate_uris[] = { (char *) "a=tcp://10.0.0.1", NULL };
  char *peer_uris[] = { (char *) "b=qemu+tls://b.example/system", NULL };
  char *wrong[] = { (char *) "c=qemu+tls://b.example/system", NULL };
  MigSessionOptions options = { .hosts = hosts,
                                .migrate_uris = migrate_uris,
                                .peer_uris = peer_uris };

  g_assert_true (mig_session_options_apply (&options, study, &error));
  g_assert_no_error (error);
  const MigStudyHost *a = study->hosts->pdata[0], *b = study->hosts->pdata[1];
  g_assert_cmpstr (b->peer_uri, ==, "qemu+tls://b.example/system");
  g_assert_null (a->peer_uri);
  g_assert_cmpstr (a->migrate_uri, ==, "tcp://10.0.0.1");
  options.peer_uris = wrong;
  g_assert_false (mig_session_options_apply (&options, study, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "--peer-uri=c=qemu+tls://b.example/system: expected "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/resumed-hosts/same", test_same);
  g_test_add_func ("/resumed-hosts/others", test_others);
  g_test_add_func ("/resumed-hosts/names", test_names);
  g_test_add_func ("/resumed-hosts/peers", test_peers);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
