/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts/probe-selection.h"
#include "results/columns.h"

#define MS MIG_NS_PER_MS

/* Guest 0, "g", moves from 100 s to 120 s and stops at 118 s; guest 1, "s", stays. */
static GPtrArray *guests, *migrations;
static MigMigrationRecord migration;

static void
set_up (void)
{
  guests = g_ptr_array_new ();
  g_ptr_array_add (guests, (gpointer) "g");
  g_ptr_array_add (guests, (gpointer) "s");
  mig_record_init (MIG_TABLE_MIGRATIONS, &migration);
  migration.guest = (char *) "g";
  migration.start_ns = 100000 * MS;
  migration.suspended_ns = 118000 * MS;
  migration.end_ns = 120000 * MS;
  migrations = g_ptr_array_new ();
  g_ptr_array_add (migrations, &migration);
}

static void
tear_down (void)
{
  g_ptr_array_unref (guests);
  g_ptr_array_unref (migrations);
}

/* add: answered after so many ms; -1: never. */
static void
add (GArray *probes, guint guest, MigProbeKind kind, guint connection, gint64 due_ms,
     gint64 answer_ms)
{
  const MigProbe probe = { .guest = guest,
                           .kind = kind,
                           .connection = connection,
                           .sequence = probes->len,
                           .due_ns = due_ms * MS,
                           .sent_ns = due_ms * MS,
                           .answered_ns = answer_ms < 0 ? MIG_MISSING_INT
                                                        : (due_ms + answer_ms) * MS,
                           .covers_ns = MIG_MISSING_INT };
  g_array_append_val (probes, probe);
}

/* assert_kept: one letter for each probe: k: kept. */
static void
assert_kept (GArray *probes, const char *expected)
{
  g_autoptr (GArray) kept = mig_probes_select (probes, guests, migrations, NULL);
  g_autoptr (GString) letters = g_string_new (NULL);

  for (guint i = 0; i < kept->len; i++)
    g_string_append_c (letters, g_array_index (kept, gboolean, i) ? 'k' : '-');
  g_assert_cmpstr (letters->str, ==, expected);
  g_array_unref (probes);
}

/* probes_at: one at each time, answered after 1 ms. */
static GArray *
probes_at (guint guest, const gint64 *times_ms, guint n)
{
  GArray *probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));

  for (guint i = 0; i < n; i++)
    add (probes, guest, MIG_PROBE_UDP, 0, times_ms[i], 1);
  return probes;
}

/* The ends of the three times, and what lies just outside. */
static void
test_times (void)
{
  static const gint64 times[] = { 94999,  95000,  99999,  100000, 114999,
                                  115000, 118500, 125000, 125001 };

  set_up ();
  assert_kept (probes_at (0, times, G_N_ELEMENTS (times)), "-kk--kkk-");
  assert_kept (probes_at (1, times, G_N_ELEMENTS (times)), "-kk--kkk-");
  migration.suspended_ns = MIG_MISSING_INT; /* it may have stopped at any time */
  assert_kept (probes_at (0, times, G_N_ELEMENTS (times)), "-kkkkkkk-");
  migration.end_ns = MIG_MISSING_INT;
  assert_kept (probes_at (0, times, G_N_ELEMENTS (times)), "---------");
  tear_down ();
}

/* While it is sent, and long after: what is late or lost, and what is beside it. */
static void
test_late (void)
{
  GArray *probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));

  set_up ();
  add (probes, 1, MIG_PROBE_UDP, 0, 90000, -1); /* before all */
  add (probes, 1, MIG_PROBE_UDP, 0, 90010, 1);
  add (probes, 1, MIG_PROBE_UDP, 0, 105000, 1);
  add (probes, 1, MIG_PROBE_UDP, 0, 105010, 199);
  add (probes, 1, MIG_PROBE_UDP, 0, 105020, 200);
  add (probes, 1, MIG_PROBE_UDP, 0, 105030, 1);
  add (probes, 1, MIG_PROBE_UDP, 0, 105040, 1);
  add (probes, 1, MIG_PROBE_UDP, 0, 140000, 1);
  add (probes, 1, MIG_PROBE_UDP, 0, 140010, -1);
  add (probes, 1, MIG_PROBE_TCP, 0, 140020, 1); /* of another kind */
  add (probes, 1, MIG_PROBE_TCP, 0, 140180, -1);
  add (probes, 1, MIG_PROBE_TCP, 1, 140100, 1); /* of another connection */
  add (probes, 1, MIG_PROBE_TCP, 1, 140260, 1);
  assert_kept (probes, "---kkk-kkkk--");
  tear_down ();
}

/* What others' migrations do to a guest that moves itself is stored where it is late. */
static void
test_others (void)
{
  static const gint64 times[] = { 98000, 102000, 119000 };
  MigMigrationRecord own;

  set_up ();
  own = migration;
  own.guest = (char *) "s";
  own.start_ns = 200000 * MS;
  own.suspended_ns = own.end_ns = 210000 * MS;
  g_ptr_array_add (migrations, &own);
  assert_kept (probes_at (1, times, G_N_ELEMENTS (times)), "---");
  tear_down ();
}

/* A guest that never answers does not fill the disk. */
static void
test_bound (void)
{
  g_autoptr (GArray) probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
  guint cut = 0, n = 0;

  set_up ();
  for (gint64 i = 0; i < MIG_PROBES_MAX_LATE + 100; i++)
    add (probes, 1, MIG_PROBE_UDP, 0, 130000 + i * 10, -1);
  add (probes, 1, MIG_PROBE_TCP, 0, 130000, -1);
  g_autoptr (GArray) kept = mig_probes_select (probes, guests, migrations, &cut);
  for (guint i = 0; i < kept->len; i++)
    n += g_array_index (kept, gboolean, i) != FALSE;
  g_assert_cmpuint (n, ==, MIG_PROBES_MAX_LATE + 1);
  g_assert_cmpuint (cut, ==, 100);
  g_assert_true (g_array_index (kept, gboolean, kept->len - 1));
  tear_down ();
}

static void
test_none (void)
{
  set_up ();
  assert_kept (g_array_new (FALSE, FALSE, sizeof (MigProbe)), "");
  tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe-selection/times", test_times);
  g_test_add_func ("/probe-selection/late", test_late);
  g_test_add_func ("/probe-selection/others", test_others);
  g_test_add_func ("/probe-selection/bound", test_bound);
  g_test_add_func ("/probe-selection/none", test_none);
  return g_test_run ();
}
