/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "study/study.h"
#include "tests/unit/manpage.h"
#include "tests/unit/studies.h"
#include "workloads/protocol.h"
#include "workloads/workload.h"

static gboolean
setup (const char *line, MigGuest *guest, char *why)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  int count = *line ? (int) g_strv_length (words) : 0;

  *guest = (MigGuest){ .clock = &mig_guest_clock };
  why[0] = '\0';
  return mig_workload_setup (guest, count, words, why);
}

static void
test_defaults (void)
{
  char why[MIG_GUEST_WHY_SIZE];
  MigGuest guest;

  g_assert_true (setup ("memory", &guest, why));
  g_assert_cmpstr (guest.workload->name, ==, "memory");
  g_assert_cmpuint (guest.options.period_ns, ==, 1000000000);
  g_assert_cmpuint (guest.options.wss_bytes, ==, 64 << 20);
  g_assert_cmpuint (guest.options.rate_pages_per_s, ==, 0);
  g_assert_cmpuint (guest.options.order, ==, MIG_GUEST_ORDER_SEQUENTIAL);
}

static void
test_given (void)
{
  char why[MIG_GUEST_WHY_SIZE];
  MigGuest guest;

  g_assert_true (setup ("memory order=random wss=460000000 period=2500us rate=15360", &guest, why));
  g_assert_cmpuint (guest.options.period_ns, ==, 2500000);
  g_assert_cmpuint (guest.options.wss_bytes, ==, 460000000);
  g_assert_cmpuint (guest.options.rate_pages_per_s, ==, 15360);
  g_assert_cmpuint (guest.options.order, ==, MIG_GUEST_ORDER_RANDOM);
  g_assert_true (setup ("idle period=1s", &guest, why));
  g_assert_cmpuint (guest.options.period_ns, ==, 1000000000);
  g_assert_cmpuint (guest.options.off_after_ns, ==, 0);
  g_assert_true (setup ("idle off-after=6s", &guest, why));
  g_assert_cmpuint (guest.options.off_after_ns, ==, 6000000000);
  g_assert_cmpuint (guest.options.address, ==, 0);
  g_assert_true (setup ("idle address=10.112.1.1/16", &guest, why));
  g_assert_cmphex (guest.options.address, ==, 0x100a700101);
  g_assert_true (setup ("idle address=none", &guest, why));
  g_assert_cmpuint (guest.options.address, ==, 0);
  g_assert_true (setup ("cpu period=10000000ns", &guest, why));
  g_assert_cmpuint (guest.options.period_ns, ==, 10000000);
}

/* The most that a study may ask for (tests/unit/test-study-errors.c has one more), the guest takes.
 */
static void
test_limits (void)
{
  static const char *const beyond[] = { "memory rate=10000001", "io rate=10000001",
                                        "idle off-after=86400001ms", "cpu threads=65" };
  char why[MIG_GUEST_WHY_SIZE];
  MigGuest guest;
  g_autoptr (MigStudy) study = study_parse_good ("'100'", "'10000000' off-after='24 h'");
  const MigStudyWorkload *asked = study->workloads->pdata[1];
  g_autofree char *line = g_strdup_printf (
      "memory rate=%" G_GUINT64_FORMAT " off-after=%" G_GINT64_FORMAT "ms threads=64",
      asked->rate_pages_per_s, asked->off_after_ns / MIG_NS_PER_MS);

  g_assert_true (setup (line, &guest, why));
  g_assert_cmpuint (guest.options.rate_pages_per_s, ==, 10000000);
  g_assert_cmpuint (guest.options.off_after_ns, ==, 24 * 3600 * MIG_NS_PER_S);
  for (guint i = 0; i < G_N_ELEMENTS (beyond); i++)
    g_assert_false (setup (beyond[i], &guest, why));
}

static void
test_bad (void)
{
  static const struct {
    const char *line, *part;
  } bad[] = {
    { "", "no workload given: expected one of cpu memory io idle" },
    { "Memory", "unknown workload 'Memory': expected one of cpu memory io idle" },
    { "cpu wss=4096", "unknown parameter 'wss=4096': expected one of period" },
    { "memory ws=4096", "unknown parameter 'ws=4096': expected one of period threads off-after "
                        "address wss rate order" },
    { "idle address=10.112.1.1",
      "bad value '10.112.1.1' of address: expected an IPv4 address and its prefix's length, or "
      "none (of its network card, as in 10.112.1.1/16)" },
    { "idle address=10.112.1/16", "bad value '10.112.1/16' of address" },
    { "idle address=10.112.1.1/0", "bad value '10.112.1.1/0' of address" },
    { "idle address=10.112.1.1/33", "bad value '10.112.1.1/33' of address" },
    { "idle address=10.112.1.1/16x", "bad value '10.112.1.1/16x' of address" },
    { "idle address=1000.1000.1000.1000/16", "bad value '1000.1000.1000.1000/16' of address" },
    { "idle address=", "bad value '' of address" },
    { "memory wsss=4096", "unknown parameter" },
    { "memory =4096", "unknown parameter" },
    { "memory ", "unknown parameter ''" },
    { "memory wss", "bad value '' of wss: expected 4096 to 17592186044416 (working set in bytes)" },
    { "memory wss=", "bad value '' of wss" },
    { "memory wss=4095", "bad value '4095' of wss" },
    { "memory wss=17592186044417", "bad value" },
    { "memory wss=-4096", "bad value" },
    { "memory wss=+4096", "bad value" },
    { "memory wss=4096k", "bad value" },
    { "memory wss=0x1000", "bad value" },
    { "memory wss=4096.5", "bad value" },
    { "memory wss=18446744073709551616", "bad value" },
    { "memory wss=99999999999999999999999", "bad value" },
    { "memory wss=4096=4096", "bad value" },
    { "memory rate=10000001", "bad value '10000001' of rate: expected 0 to 10000000" },
    { "memory order=backwards",
      "bad value 'backwards' of order: expected one of sequential random" },
    { "memory order=", "bad value '' of order" },
    { "memory order=rand", "bad value" },
    { "memory wss=4096 wss=8192", "parameter 'wss' is given twice" },
    { "idle period=10",
      "bad value '10' of period: expected 1ms to 60000ms, as in 1s (time between" },
    { "idle period=0ms", "bad value" },
    { "idle period=999us", "bad value" },
    { "idle period=61s", "bad value" },
    { "idle period=10 ms", "bad value" },
    { "idle period=10min", "bad value" },
    { "idle period=18446744073709551615s", "bad value" },
    { "idle period=ms", "bad value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      char why[MIG_GUEST_WHY_SIZE];
      MigGuest guest;
      g_assert_false (setup (bad[i].line, &guest, why));
      g_test_message ("%s: %s", bad[i].line, why);
      g_assert_true (g_str_has_prefix (why, bad[i].part));
    }
}

/* what comes from outside may be long or many: the message is cut, the rest left alone */
static void
test_excess (void)
{
  g_autofree char *lengthy = g_strnfill (5000, 'x');
  g_autofree char *line = g_strdup_printf ("memory %s", lengthy);
  g_autoptr (GString) many = g_string_new ("idle");
  char why[MIG_GUEST_WHY_SIZE];
  MigGuest guest;

  g_assert_false (setup (lengthy, &guest, why));
  g_assert_false (setup (line, &guest, why));
  for (guint i = 0; i < 65; i++)
    g_string_append (many, " period=10ms");
  g_assert_false (setup (many->str, &guest, why));
  g_assert_cmpstr (why, ==, "65 parameters are too many: expected at most 64");
}

/* a failed parse leaves what was there */
static void
test_untouched (void)
{
  char *words[] = { (char *) "period=5ms", (char *) "period=x", NULL };
  MigGuestOptions options = { .period_ns = 42 };
  char why[MIG_GUEST_WHY_SIZE];

  g_assert_false (mig_option_parse (NULL, 2, words, &options, why, sizeof why));
  g_assert_cmpuint (options.period_ns, ==, 42);
}

/* words of the kernel's that reach PID 1 */
static void
test_kernel_words (void)
{
  char *words[] = { (char *) "nokaslr", (char *) "nowatchdog", (char *) "memory", (char *) "cpu",
                    NULL };

  g_assert_cmpint (mig_workload_skip_kernel_words (4, words), ==, 2);
  g_assert_cmpint (mig_workload_skip_kernel_words (2, words + 2), ==, 0);
  g_assert_cmpint (mig_workload_skip_kernel_words (2, words), ==, 0);
  g_assert_cmpint (mig_workload_skip_kernel_words (0, words), ==, 0);
}

static void
check_options (const MigOption *option)
{
  for (; option && option->name; option++)
    {
      char why[MIG_GUEST_WHY_SIZE];
      MigGuestOptions options;
      g_autofree char *word = g_strdup_printf ("%s=%s", option->name, option->fallback);
      char *words[] = { word, NULL };
      const MigOption table[] = { *option, { .name = NULL } };
      gboolean common = g_str_equal (option->name, mig_option_common[0].name);

      g_assert_true (mig_option_parse (common ? NULL : table, 1, words, &options, why, sizeof why));
      g_assert_nonnull (option->meaning);
    }
}

/* every workload of the table can be announced, and every default is one that may be given */
static void
test_table (void)
{
  for (guint i = 0; mig_workloads[i]; i++)
    {
      const MigWorkload *workload = mig_workloads[i];
      char buffer[MIG_PROTOCOL_MAX_LINE];
      MigLine line;
      size_t length = mig_protocol_format_ready (buffer, workload->name, 1, workload->unit);

      mig_protocol_parse (buffer, length - 1, &line);
      g_assert_cmpint (line.kind, ==, MIG_LINE_READY);
      g_assert_true (mig_workload_find (workload->name) == workload);
      g_assert_nonnull (workload->summary);
      check_options (workload->options);
    }
  check_options (mig_option_common);
  g_assert_null (mig_workload_find (""));
}

static void
take_options (GHashTable *items, const char *of, const MigOption *option)
{
  g_autofree char *section = g_strconcat ("Parameters of ", of, NULL);

  for (; option && option->name; option++)
    manpage_take (items, section, option->name, option->fallback, option->meaning);
}

/* migcost-workload(7) has them all, and no others. */
static void
test_manual (void)
{
  g_autoptr (GHashTable) items = manpage_items ("migcost-workload.7");

  for (guint i = 0; mig_workloads[i]; i++)
    {
      manpage_take (items, "Workloads", mig_workloads[i]->name, mig_workloads[i]->unit,
                    mig_workloads[i]->summary);
      take_options (items, mig_workloads[i]->name, mig_workloads[i]->options);
    }
  take_options (items, "all workloads", mig_option_common);
  manpage_assert_empty (items, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workload-options/defaults", test_defaults);
  g_test_add_func ("/workload-options/given", test_given);
  g_test_add_func ("/workload-options/limits", test_limits);
  g_test_add_func ("/workload-options/bad", test_bad);
  g_test_add_func ("/workload-options/excess", test_excess);
  g_test_add_func ("/workload-options/untouched", test_untouched);
  g_test_add_func ("/workload-options/kernel-words", test_kernel_words);
  g_test_add_func ("/workload-options/table", test_table);
  g_test_add_func ("/workload-options/manual", test_manual);
  return g_test_run ();
}
