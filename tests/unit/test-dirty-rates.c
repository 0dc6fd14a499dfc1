/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/files.h"
#include "report/loaded-result.h"
#include "tests/unit/synthetic.h"
#include "virt/domain-xml.h"

#define MIB ((double) MIG_MIB)

static void
add_round (GPtrArray *rounds, gint64 number, double at_s, gint64 pages_per_s)
{
  MigRoundRecord *round = g_new0 (MigRoundRecord, 1);

  round->round = number;
  round->start_ns = mig_units_ns (100 + at_s);
  round->dirty_pages_per_s = pages_per_s;
  g_ptr_array_add (rounds, round);
}

/* Each estimate counts for the time since the one before; what is repeated within a second is none.
 */
static void
test_rounds (void)
{
  g_autoptr (GPtrArray) rounds = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (isnan (mig_dirty_rate_during (NULL).mean));
  add_round (rounds, 1, 0, 0);
  g_assert_true (isnan (mig_dirty_rate_during (rounds).mean));
  add_round (rounds, 2, 0.5, 0);
  g_assert_true (isnan (mig_dirty_rate_during (rounds).mean));
  add_round (rounds, 3, 3, 1000);
  add_round (rounds, 4, 3.2, 1000);
  add_round (rounds, 5, 4, 5000);
  add_round (rounds, 6, 4.5, 5000);
  MigRoundsRate rate = mig_dirty_rate_during (rounds);
  g_assert_cmpfloat_with_epsilon (rate.mean, 2000 * 4096., 1e-6);
  g_assert_cmpfloat_with_epsilon (rate.highest, 5000 * 4096., 1e-6);
  /* a second migration: what lies between the two is no round */
  add_round (rounds, 1, 100, 0);
  add_round (rounds, 2, 102, 8000);
  rate = mig_dirty_rate_during (rounds);
  g_assert_cmpfloat_with_epsilon (rate.mean, 4000 * 4096., 1e-6);
  g_assert_cmpfloat_with_epsilon (rate.highest, 8000 * 4096., 1e-6);
}

/* Wilson's interval: none of 256 pages is at most 1.478 %, a quarter of them 20.1 to 30.6 %. */
static void
test_sampled (void)
{
  double low, high;

  mig_dirty_rate_sampled (0, 1, 512 * MIB, &low, &high);
  g_assert_cmpfloat (low, ==, 0);
  g_assert_cmpfloat_with_epsilon (high / MIB, 7.569, 0.001);
  mig_dirty_rate_sampled (128 * MIB, 1, 512 * MIB, &low, &high);
  g_assert_cmpfloat_with_epsilon (low / MIB / 512, 0.2009, 0.0001);
  g_assert_cmpfloat_with_epsilon (high / MIB / 512, 0.3065, 0.0001);
  /* four measurements know it better */
  mig_dirty_rate_sampled (0, 4, 512 * MIB, &low, &high);
  g_assert_cmpfloat_with_epsilon (high / MIB, 1.914, 0.001);
  mig_dirty_rate_sampled (0, 1, NAN, &low, &high);
  g_assert_true (isnan (high));
}

static const MigDirtyRate *
find (const GPtrArray *rates, const char *case_label, const char *guest)
{
  for (guint i = 0; i < rates->len; i++)
    {
      const MigDirtyRate *rate = rates->pdata[i];
      if (g_strcmp0 (rate->case_label, case_label) == 0 && g_strcmp0 (rate->guest, guest) == 0)
        return rate;
    }
  return NULL;
}

static void
test_result (void)
{
  const SyntheticOptions options = { 3, 50 * MIG_NS_PER_MS, 40 * MIG_NS_PER_S, TRUE, TRUE, TRUE };
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);

  synthetic_write (path, &options);
  g_autoptr (MigLoadedResult) result = mig_loaded_result_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->dirty_rates->len, ==, 8); /* two of each of four cases */
  const MigDirtyRate *m = find (result->dirty_rates, "cm", "m1");
  g_assert_nonnull (m);
  g_assert_cmpuint (m->before.n, ==, 3); /* runs that do not count are left out */
  g_assert_cmpfloat (m->before.mean, ==, 96 * MIB);
  g_assert_cmpfloat_with_epsilon (m->during.mean, 25000 * 4096., 1);
  g_assert_cmpfloat_with_epsilon (m->highest.max, 30000 * 4096., 1);
  g_assert_cmpfloat_with_epsilon (m->ratio.mean, 25000 * 4096. / (96 * MIB), 1e-9);
  /* 40000 updates a second, of which each of four guests on the host gets a quarter */
  g_assert_cmpfloat_with_epsilon (m->own.mean, 10000 * 4096., 1000 * 4096.);
  const MigDirtyRate *c = find (result->dirty_rates, "cm", "c1");
  g_assert_cmpuint (c->own.n, ==, 0);
  g_assert_cmpuint (c->ratio.n, ==, 0); /* of a rate of 0 */
  g_assert_true (mig_files_remove_tree (top, &error));
}

static void
test_ring (void)
{
  g_assert_true (mig_domain_xml_has_dirty_ring (
      "<domain><features><kvm><dirty-ring state='on' size='4096'/></kvm></features></domain>"));
  g_assert_false (mig_domain_xml_has_dirty_ring (
      "<domain><features><kvm><dirty-ring state='off'/></kvm></features></domain>"));
  g_assert_false (mig_domain_xml_has_dirty_ring ("<domain><features><acpi/></features></domain>"));
  g_assert_false (mig_domain_xml_has_dirty_ring ("<domain/>"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dirty-rates/rounds", test_rounds);
  g_test_add_func ("/dirty-rates/sampled", test_sampled);
  g_test_add_func ("/dirty-rates/result", test_result);
  g_test_add_func ("/dirty-rates/ring", test_ring);
  return g_test_run ();
}
