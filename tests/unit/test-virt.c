/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/units.h"
#include "virt/cpu-map.h"
#include "virt/internal.h"
#include "virt/loop.h"
#include "virt/pin.h"

/* Guests whose vCPUs are not all online, and what libvirt tells of them. */

/* vCPUs 0 and 2 of 4 are online: as virDomainListGetStats has them. */
static void
test_vcpus_with_a_hole (void)
{
  virTypedParameterPtr params = NULL;
  int n = 0, max = 0;

  virTypedParamsAddUInt (&params, &n, &max, "vcpu.current", 2);
  virTypedParamsAddUInt (&params, &n, &max, "vcpu.maximum", 4);
  for (int v = 0; v <= 2; v += 2)
    {
      g_autofree char *state = g_strdup_printf ("vcpu.%d.state", v);
      g_autofree char *time = g_strdup_printf ("vcpu.%d.time", v);
      virTypedParamsAddInt (&params, &n, &max, state, 1);
      virTypedParamsAddULLong (&params, &n, &max, time, 1000 * (v + 1));
    }
  g_assert_cmpint (mig_vcpus_sum (params, n, "time"), ==, 4000);
  g_assert_true (MIG_IS_MISSING (mig_vcpus_sum (params, n, "delay")));
  virTypedParamsFree (params, n);
}

static void
test_vcpus_unknown (void)
{
  virTypedParameterPtr params = NULL;
  int n = 0, max = 0;

  g_assert_true (MIG_IS_MISSING (mig_vcpus_sum (NULL, 0, "time")));
  virTypedParamsAddUInt (&params, &n, &max, "vcpu.maximum", 4);
  g_assert_true (MIG_IS_MISSING (mig_vcpus_sum (params, n, "time")));
  virTypedParamsFree (params, n);
}

/* Of a job that copies disks, then memory by post-copy: what is not told is missing. */
static void
test_job_statistics (void)
{
  virTypedParameterPtr params = NULL;
  int n = 0, max = 0;
  MigJobStatistics job;

  mig_job_statistics_read (&job, NULL, 0);
  g_assert_true (MIG_IS_MISSING (job.disk_total_bytes) && MIG_IS_MISSING (job.disk_sent_bytes) &&
                 MIG_IS_MISSING (job.post_copy_requests));
  virTypedParamsAddULLong (&params, &n, &max, VIR_DOMAIN_JOB_MEMORY_PROCESSED, 3000);
  virTypedParamsAddULLong (&params, &n, &max, VIR_DOMAIN_JOB_MEMORY_POSTCOPY_REQS, 12);
  virTypedParamsAddULLong (&params, &n, &max, VIR_DOMAIN_JOB_DISK_TOTAL, 5000000000ULL);
  virTypedParamsAddULLong (&params, &n, &max, VIR_DOMAIN_JOB_DISK_PROCESSED, 4000000000ULL);
  mig_job_statistics_read (&job, params, n);
  g_assert_cmpint (job.sent_bytes, ==, 3000);
  g_assert_cmpint (job.post_copy_requests, ==, 12);
  g_assert_cmpint (job.disk_total_bytes, ==, 5000000000);
  g_assert_cmpint (job.disk_sent_bytes, ==, 4000000000);
  g_assert_true (MIG_IS_MISSING (job.ram_bytes));
  virTypedParamsFree (params, n);
}

static const char node[] =
    "<node><domain type='test'><name>hole</name>"
    "<uuid>11111111-2222-4333-8444-555555555555</uuid><memory>65536</memory>"
    "<vcpu current='2'>4</vcpu><vcpus>"
    "<vcpu id='0' enabled='yes' hotpluggable='no'/><vcpu id='1' enabled='no' hotpluggable='yes'/>"
    "<vcpu id='2' enabled='yes' hotpluggable='yes'/><vcpu id='3' enabled='no' hotpluggable='yes'/>"
    "</vcpus><os><type>hvm</type></os></domain></node>";

/* Each vCPU is pinned by its number, and gets its own pins back. */
static void
test_pins_with_a_hole (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("migcost-virt-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  g_autofree char *uri = g_strdup_printf ("test://%s", path);
  g_autoptr (MigHost) host = mig_host_open ("a", uri, &error);
  g_assert_no_error (error);
  g_autoptr (MigGuest) guest = mig_guest_lookup (host, "hole", &error);
  g_assert_no_error (error);
  g_assert_true (mig_guest_pin (guest, 1, 1, &error));
  g_autofree char *pinned = mig_guest_pins (guest, &error);
  g_auto (GStrv) maps = g_strsplit_set (pinned, ",/", -1);
  g_assert_cmpuint (g_strv_length (maps), ==, 5); /* four vCPUs, and the management's */
  g_assert_true (g_str_has_prefix (maps[0], "010"));
  g_assert_true (g_str_has_prefix (maps[2], "010"));
  g_assert_true (mig_guest_put_pins (guest, "1000,1111,0010,1111/", &error));
  g_autofree char *after = mig_guest_pins (guest, &error);
  g_auto (GStrv) back = g_strsplit_set (after, ",/", -1);
  g_assert_true (g_str_has_prefix (back[0], "1000"));
  g_assert_true (g_str_has_prefix (back[2], "0010"));
  /* -1: what is not named stays */
  g_assert_true (mig_guest_pin (guest, -1, 1, &error));
  g_autofree char *same = mig_guest_pins (guest, &error);
  g_assert_true (g_str_has_prefix (same, "1000"));
  g_unlink (path);
}

/* Maps of a host whose CPUs 1 and 3 are offline, as where every second thread of a core is. */
static void
test_cpu_maps (void)
{
  static const struct {
    unsigned char map; /* bit 0: CPU 0 */
    const char *text;
  } to[] = { { 0x15, "11111" }, { 0x1f, "11111" }, { 0x10, "00001" }, { 0x05, "10100" } };
  static const struct {
    const char *text;
    unsigned char map;
  } from[] = {
    { "00001", 0x10 }, { "11111", 0x15 }, { "111", 0x15 },     { "01010", 0x15 },
    { "10100", 0x05 }, { "0010", 0x04 },  { "0000001", 0x15 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (to); i++)
    {
      g_autofree char *text = mig_cpu_map_to_text (&to[i].map, "10101");
      g_assert_cmpstr (text, ==, to[i].text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (from); i++)
    {
      unsigned char map = 0;
      mig_cpu_map_from_text (&map, from[i].text, "10101");
      g_assert_cmphex (map, ==, from[i].map);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/virt/job-statistics", test_job_statistics);
  g_test_add_func ("/virt/vcpus-with-a-hole", test_vcpus_with_a_hole);
  g_test_add_func ("/virt/vcpus-unknown", test_vcpus_unknown);
  g_test_add_func ("/virt/pins-with-a-hole", test_pins_with_a_hole);
  g_test_add_func ("/virt/cpu-maps", test_cpu_maps);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
