/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/stop-limits.h"

#define RAM_PAGES 131072

static MigJobStatistics
job (gint64 sent_pages, gint64 remaining_pages)
{
  MigJobStatistics statistics = { 0 };
  statistics.ram_bytes = RAM_PAGES * (gint64) MIG_PAGE_BYTES;
  statistics.normal_pages = sent_pages - sent_pages / 4;
  statistics.constant_pages = sent_pages / 4;
  statistics.remaining_bytes = remaining_pages * (gint64) MIG_PAGE_BYTES;
  return statistics;
}

static MigStopCause
decide (MigStopRule rule, gint64 rounds, gint64 sent_pages, gint64 remaining_pages)
{
  MigJobStatistics statistics = job (sent_pages, remaining_pages);
  return mig_stop_rule_decide (mig_stop_rule_limits (rule), rounds, &statistics);
}

static void
test_xen_4_4 (void)
{
  g_assert_cmpint (decide (MIG_STOP_XEN_4_4, 0, 0, 10), ==, MIG_STOP_NOT_YET);
  g_assert_cmpint (decide (MIG_STOP_XEN_4_4, 1, RAM_PAGES, 49), ==, MIG_STOP_PAGES);
  g_assert_cmpint (decide (MIG_STOP_XEN_4_4, 1, RAM_PAGES, 50), ==, MIG_STOP_NOT_YET);
  g_assert_cmpint (decide (MIG_STOP_XEN_4_4, 28, RAM_PAGES, 1000), ==, MIG_STOP_NOT_YET);
  g_assert_cmpint (decide (MIG_STOP_XEN_4_4, 29, RAM_PAGES, 1000), ==, MIG_STOP_ROUNDS);
  g_assert_cmpint (decide (MIG_STOP_XEN_4_4, 3, 3 * RAM_PAGES, 1000), ==, MIG_STOP_NOT_YET);
  g_assert_cmpint (decide (MIG_STOP_XEN_4_4, 3, 3 * RAM_PAGES + 1, 1000), ==, MIG_STOP_RAM);
}

static void
test_xen_4_6 (void)
{
  g_assert_cmpint (decide (MIG_STOP_XEN_4_6, 4, 9 * RAM_PAGES, 1000), ==, MIG_STOP_NOT_YET);
  g_assert_cmpint (decide (MIG_STOP_XEN_4_6, 5, 9 * RAM_PAGES, 1000), ==, MIG_STOP_ROUNDS);
}

static void
test_hypervisor (void)
{
  g_assert_cmpint (decide (MIG_STOP_HYPERVISOR, 1000, 100 * RAM_PAGES, 1), ==, MIG_STOP_NOT_YET);
}

/* What the hypervisor does not tell never stops a migration. */
static void
test_missing (void)
{
  MigJobStatistics nothing = { 0 };
  nothing.normal_pages = nothing.constant_pages = nothing.ram_bytes = nothing.remaining_bytes =
      MIG_MISSING_INT;
  g_assert_cmpint (mig_stop_rule_decide (mig_stop_rule_limits (MIG_STOP_XEN_4_4), 3, &nothing), ==,
                   MIG_STOP_NOT_YET);
  g_assert_cmpint (mig_stop_rule_decide (mig_stop_rule_limits (MIG_STOP_XEN_4_4), 29, &nothing), ==,
                   MIG_STOP_ROUNDS);
}

/* 50 pages of 4 KiB at 125 MB/s take 1.6 ms: the next whole millisecond is 2. */
static void
test_downtime (void)
{
  const MigStopLimits *xen = mig_stop_rule_limits (MIG_STOP_XEN_4_4);
  g_assert_cmpint (mig_stop_rule_downtime (xen, 125000000), ==, 2 * MIG_NS_PER_MS);
  g_assert_cmpint (mig_stop_rule_downtime (xen, G_GUINT64_CONSTANT (100000000000)), ==,
                   MIG_NS_PER_MS);
  g_assert_cmpint (mig_stop_rule_downtime (xen, 0), ==, 0);
  g_assert_cmpint (mig_stop_rule_downtime (mig_stop_rule_limits (MIG_STOP_HYPERVISOR), 125000000),
                   ==, 0);
}

/* xc_sr_save.c replaced xc_domain_save.c in 4.6. */
static void
test_in_force (void)
{
  const struct {
    MigHostInfo info;
    MigStopRule rule;
  } rows[] = {
    { { .driver = "Xen", .hypervisor_version = 4017000 }, MIG_STOP_XEN_4_6 },
    { { .driver = "Xen", .hypervisor_version = 4006000 }, MIG_STOP_XEN_4_6 },
    { { .driver = "Xen", .hypervisor_version = 4005003 }, MIG_STOP_XEN_4_4 },
    { { .driver = "Xen", .hypervisor_version = 0 }, MIG_STOP_HYPERVISOR },
    { { .driver = "QEMU", .hypervisor_version = 10000002 }, MIG_STOP_HYPERVISOR },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpint (mig_stop_rule_in_force (MIG_STOP_XEN_4_4, FALSE, &rows[i].info), ==,
                       rows[i].rule);
      g_assert_cmpint (mig_stop_rule_in_force (MIG_STOP_XEN_4_4, TRUE, &rows[i].info), ==,
                       MIG_STOP_XEN_4_4);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stop-rule/xen-4.4", test_xen_4_4);
  g_test_add_func ("/stop-rule/xen-4.6", test_xen_4_6);
  g_test_add_func ("/stop-rule/hypervisor", test_hypervisor);
  g_test_add_func ("/stop-rule/missing", test_missing);
  g_test_add_func ("/stop-rule/downtime", test_downtime);
  g_test_add_func ("/stop-rule/in-force", test_in_force);
  return g_test_run ();
}
