/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "check/check-machine.h"

static gboolean
is_slow_clock (const char *text)
{
  static const char *const slow[] = {
    "acpi_pm", "hpet", "jiffies", "refined-jiffies", "pit", NULL
  };
  return g_strv_contains (slow, text);
}

/* /proc/swaps: a heading, then a line for each area. */
static gboolean
has_swap (const char *text)
{
  return strchr (text, '\n') != NULL;
}

static gboolean
merges_pages (const char *text)
{
  return strcmp (text, "1") == 0;
}

static gboolean
always_huge (const char *text)
{
  return strstr (text, "[always]") != NULL;
}

static gboolean
changes_frequency (const char *text)
{
  return strcmp (text, "performance") != 0;
}

/* What of a machine gets in the way of measuring: where it is told, when it does, what it does,
 * what to do. %d: the CPU that the guests share. A file that is not there tells of nothing. */
static const struct {
  const char *topic, *path;
  gboolean of_hosts; /* matters where guests run; else where the times are taken */
  gboolean (*disturbs) (const char *text);
  const char *good, *bad, *hint;
} facts[] = {
  { "clock source", "/sys/devices/system/clocksource/clocksource0/current_clocksource", FALSE,
    is_slow_clock, "reading the kernel's clock is fast",
    "reading the kernel's clock is slow and coarse",
    "boot with clocksource=tsc if this machine's is stable, or run migcost elsewhere" },
  { "swap", "/proc/swaps", TRUE, has_swap, "no swap",
    "guests' memory may be swapped out: a migration then measures the disk",
    "swapoff -a while measuring" },
  { "page merging", "/sys/kernel/mm/ksm/run", TRUE, merges_pages, "KSM does not run",
    "KSM takes CPU time and slows down writes to merged pages", "echo 2 >/sys/kernel/mm/ksm/run" },
  { "huge pages", "/sys/kernel/mm/transparent_hugepage/enabled", TRUE, always_huge,
    "transparent huge pages are not forced on everything",
    "khugepaged takes CPU time, and a write to a huge page may be slow when it is split for a "
    "migration",
    "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled" },
  { "CPU frequency", "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", TRUE,
    changes_frequency, "the CPU's frequency is not scaled down",
    "the CPU's speed follows its load, and the results with it",
    "cpupower frequency-set -g performance" },
};

void
mig_check_machine (GPtrArray *checks, const char *root, gboolean hosts_here, int cpu)
{
  char number[16];

  g_snprintf (number, sizeof number, "%d", MAX (cpu, 0));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_auto (GStrv) parts = g_strsplit (facts[i].path, "%d", 2);
      g_autofree char *name = g_strjoinv (number, parts);
      g_autofree char *path = g_strconcat (root, name, NULL);
      g_autofree char *text = NULL;
      if ((facts[i].of_hosts && !hosts_here) || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      g_strstrip (text);
      gboolean disturbs = facts[i].disturbs (text);
      gboolean shown = !strpbrk (text, "\t\n"); /* a word, not a table */
      mig_check_add (checks, disturbs ? MIG_CHECK_WARN : MIG_CHECK_PASS, MIG_CHECK_MACHINE,
                     facts[i].topic,
                     g_strdup_printf ("%s%s%s%s", disturbs ? facts[i].bad : facts[i].good,
                                      shown ? " (" : "", shown ? text : "", shown ? ")" : ""),
                     disturbs ? g_strdup (facts[i].hint) : NULL);
    }
}
