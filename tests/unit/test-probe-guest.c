/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <libvirt/libvirt.h>

#include "base/files.h"
#include "check/probe-guest.h"
#include "virt/loop.h"

/* The driver for tests starts no domain paused. */
virDomainPtr
virDomainCreateXML (virConnectPtr connection, const char *xml, unsigned int flags)
{
  virDomainPtr (*create) (virConnectPtr, const char *, unsigned int) = (virDomainPtr (*) (
      virConnectPtr, const char *, unsigned int)) dlsym (RTLD_NEXT, "virDomainCreateXML");
  return create (connection, xml, flags & ~(unsigned int) VIR_DOMAIN_START_PAUSED);
}

/* Two processes look for techniques on one host at once: each has a guest of its own, and ends that
 * one. */
static void
test_two (void)
{
  static const char template[] = "<domain type='test'><name>x</name><memory>65536</memory>"
                                 "<os><type>hvm</type></os></domain>";
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (top, "template.xml", NULL);
  g_autofree char *one = g_uuid_string_random (), *other = g_uuid_string_random ();
  MigStudyHost study = { .name = (char *) "h", .cpu = -1, .management_cpu = -1 };
  MigGuestState state;

  g_assert_true (g_file_set_contents (file, template, -1, NULL));
  MigHost *host = mig_host_open ("h", "test:///default", &error);
  g_assert_no_error (error);
  MigRunHost *run_host = mig_run_host_new (&study, host);
  run_host->template_file = g_strdup (file);
  g_autoptr (MigGuest) first = mig_probe_guest_start (run_host, NULL, one, FALSE, FALSE, &error);
  g_assert_no_error (error);
  g_autoptr (MigGuest) second = mig_probe_guest_start (run_host, NULL, other, FALSE, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mig_guest_uuid (first), ==, one);
  g_assert_cmpstr (mig_guest_name (first), !=, mig_guest_name (second));
  g_assert_true (mig_host_destroy_marked (host, one, &error));
  g_assert_true (mig_host_guest_state (host, one, &state, &error));
  g_assert_cmpint (state, ==, MIG_GUEST_ABSENT);
  g_assert_true (mig_host_guest_state (host, other, &state, &error));
  g_assert_cmpint (state, ==, MIG_GUEST_RUNNING);
  mig_run_host_free (run_host);
  mig_files_remove_tree (top, NULL);
}

/* "migcost-" begins those of studies. */
static void
test_name (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = mig_probe_guest_name (uuid);

  g_assert_false (g_str_has_prefix (name, "migcost-"));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/probe-guest/two", test_two);
  g_test_add_func ("/probe-guest/name", test_name);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
