/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <glib/gstdio.h>

#include "base/files.h"
#include "check/check-machine.h"

/* What disturbs measurements, on machines made of a few files. */

typedef struct {
  const char *path, *calm, *disturbed, *topic;
} Fact;

static const Fact facts[] = {
  { "sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n", "hpet\n",
    "clock source" },
  { "proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n",
    "Filename\tType\tSize\tUsed\tPriority\n/swap\tfile\t1\t0\t-2\n", "swap" },
  { "sys/kernel/mm/ksm/run", "0\n", "1\n", "page merging" },
  { "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n",
    "[always] madvise never\n", "huge pages" },
  { "sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "performance\n", "powersave\n",
    "CPU frequency" },
};

static GPtrArray *
look (gboolean disturbed, gboolean hosts_here, int cpu)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func (mig_check_free);
  g_autofree char *root = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_autofree char *path = g_build_filename (root, facts[i].path, NULL);
      g_autofree char *folder = g_path_get_dirname (path);
      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      g_assert_true (
          g_file_set_contents (path, disturbed ? facts[i].disturbed : facts[i].calm, -1, NULL));
    }
  mig_check_machine (checks, root, hosts_here, cpu);
  g_assert_true (mig_files_remove_tree (root, NULL));
  return checks;
}

static void
test_levels (void)
{
  for (guint disturbed = 0; disturbed < 2; disturbed++)
    {
      g_autoptr (GPtrArray) checks = look (disturbed, TRUE, 3);
      g_assert_cmpuint (checks->len, ==, G_N_ELEMENTS (facts));
      for (guint i = 0; i < checks->len; i++)
        {
          const MigCheck *check = checks->pdata[i];
          g_assert_cmpstr (check->topic, ==, facts[i].topic);
          g_assert_cmpint (check->level, ==, disturbed ? MIG_CHECK_WARN : MIG_CHECK_PASS);
          g_assert_true ((check->hint != NULL) == (disturbed == 1));
          g_assert_null (strstr (check->finding, "Filename")); /* a table's heading tells nothing */
        }
    }
}

/* Where guests run elsewhere, only this machine's clock counts; a CPU without a governor says
 * nothing. */
static void
test_scope (void)
{
  g_autoptr (GPtrArray) away = look (TRUE, FALSE, 3);
  g_autoptr (GPtrArray) other_cpu = look (TRUE, TRUE, 0);

  g_assert_cmpuint (away->len, ==, 1);
  g_assert_cmpstr (((MigCheck *) away->pdata[0])->topic, ==, "clock source");
  g_assert_cmpuint (other_cpu->len, ==, G_N_ELEMENTS (facts) - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preflight/levels", test_levels);
  g_test_add_func ("/preflight/scope", test_scope);
  return g_test_run ();
}
