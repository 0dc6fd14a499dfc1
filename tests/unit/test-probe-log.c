/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "probe/probe-log.h"

/* What the prober keeps of its probes. */

static MigProbe *
add_probe (MigProbeLog *log, gint64 answer_ns)
{
  MigProbe *probe = mig_probe_log_add (log, 0, MIG_PROBE_ICMP, 0, log->next * 1000);

  probe->sent_ns = probe->due_ns;
  if (!MIG_IS_MISSING (answer_ns))
    probe->answered_ns = probe->sent_ns + answer_ns;
  return probe;
}

/* Of long ago: the late ones, and those beside them. */
static void
test_thins (void)
{
  const gint64 late_ns = MIG_PROBE_LATE_NS;
  MigProbeLog log;

  mig_probe_log_init (&log);
  for (guint i = 0; i < 2 * MIG_PROBE_LOG_WHOLE + 1; i++)
    add_probe (&log, i == 100 ? late_ns : i == 102 ? MIG_MISSING_INT : i == 5000 ? late_ns - 1 : 1);
  g_assert_cmpuint (log.probes->len, ==, MIG_PROBE_LOG_WHOLE + 1 + 5);
  for (gint64 i = 99; i <= 103; i++)
    g_assert_cmpint (mig_probe_log_find (&log, i)->sequence, ==, i);
  g_assert_null (mig_probe_log_find (&log, 98));
  g_assert_null (mig_probe_log_find (&log, 5000));
  g_assert_null (mig_probe_log_find (&log, MIG_PROBE_LOG_WHOLE - 1));
  g_assert_nonnull (mig_probe_log_find (&log, MIG_PROBE_LOG_WHOLE));
  g_assert_cmpint (mig_probe_log_last (&log)->sequence, ==, 2 * MIG_PROBE_LOG_WHOLE);
  mig_probe_log_clear (&log);
}

static void
test_forgets (void)
{
  MigProbeLog log;

  mig_probe_log_init (&log);
  g_assert_null (mig_probe_log_last (&log));
  for (guint i = 0; i < 10; i++)
    add_probe (&log, 1);
  mig_probe_log_forget (&log, 4000);
  g_assert_null (mig_probe_log_find (&log, 3));
  g_assert_nonnull (mig_probe_log_find (&log, 4));
  mig_probe_log_cover (&log, 12000);
  g_assert_cmpint (mig_probe_log_last (&log)->covers_ns, ==, 3000);
  mig_probe_log_forget (&log, G_MAXINT64); /* the last stays: the next one says what it covers */
  g_assert_cmpuint (log.probes->len, ==, 1);
  g_assert_cmpint (add_probe (&log, 1)->sequence, ==, 10);
  mig_probe_log_clear (&log);
}

static guint
count_told (const MigProbeLog *log, gint64 since_ns)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  mig_probe_log_tell (log, since_ns, text);
  for (const char *c = text->str; *c; c++)
    n += *c == '\n';
  return n;
}

/* Those sent at 0, 1000, ... 5000 ns; of the last three nothing is known yet at 5500. */
static void
test_tells (void)
{
  MigProbeLog log;

  mig_probe_log_init (&log);
  g_assert_cmpuint (count_told (&log, 0), ==, 0);
  for (guint i = 0; i < 6; i++)
    add_probe (&log, i == 0 || i == 2 ? 1 : MIG_MISSING_INT);
  g_assert_cmpuint (count_told (&log, G_MAXINT64), ==, 6);
  g_assert_cmpuint (count_told (&log, 4000), ==, 5); /* those up to then are lost */
  g_assert_cmpuint (count_told (&log, 2500), ==, 3); /* with the one before an answer */
  g_assert_cmpuint (count_told (&log, 500), ==, 3);
  mig_probe_log_clear (&log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe-log/thins", test_thins);
  g_test_add_func ("/probe-log/forgets", test_forgets);
  g_test_add_func ("/probe-log/tells", test_tells);
  return g_test_run ();
}
