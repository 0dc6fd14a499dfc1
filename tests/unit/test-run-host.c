/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "check/check-study.h"
#include "hosts/lab-share.h"
#include "hosts/run-host.h"
#include "tests/unit/studies.h"
#include "virt/loop.h"

/* Which CPUs a host's guests and its management are given. */

static MigRunHost *
open_host (const MigStudy *study)
{
  g_autoptr (GError) error = NULL;
  const MigStudyHost *named = study->hosts->pdata[0];
  MigHost *host = mig_host_open (named->name, "test:///default", &error);

  g_assert_no_error (error);
  return mig_run_host_new (named, host);
}

/* A host of its own with so many CPUs; own: of the lab, 0 at the end. */
typedef struct {
  const char *text;
  guint n_cpus;
  int other_cpu;
  int own[3];
  int cpu, management_cpu;
  guint n_sampled;
  int sampled[2];
} Given;

static const Given given[] = {
  { "cpu='2'", 4, -1, { 0 }, 2, 2, 1, { 2 } },
  { "cpu='2' management-cpu='0'", 4, -1, { 0 }, 2, 0, 2, { 2, 0 } },
  { "cpu='2' management-cpu='none'", 4, -1, { 0 }, 2, -1, 1, { 2 } },
  { "cpu='2' management-cpu='spare'", 4, -1, { 0 }, 2, 3, 2, { 2, 3 } },
  { "cpu='3' management-cpu='spare'", 4, -1, { 0 }, 3, 0, 2, { 3, 0 } },
  { "cpu='0' management-cpu='spare'", 1, -1, { 0 }, 0, -1, 1, { 0 } },
  { "cpu='none' management-cpu='1'", 4, -1, { 0 }, -1, 1, 0, { 0 } },
  /* of the lab */
  { "cpu='0'", 2, -1, { 4, 5 }, 4, 4, 1, { 4 } },
  { "cpu='0' management-cpu='1'", 2, -1, { 4, 5 }, 4, 5, 2, { 4, 5 } },
  { "cpu='1' management-cpu='spare'", 2, -1, { 4, 5 }, 5, 4, 2, { 5, 4 } },
  { "cpu='0' management-cpu='spare'", 1, 7, { 4 }, 4, 7, 1, { 4 } },
  { "cpu='4095' management-cpu='2'", 2, -1, { 4, 5 }, -1, -1, 0, { 0 } },
};

static void
test_given (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      const Given *of = &given[i];
      g_autoptr (MigStudy) study = study_parse_good ("cpu='0'", of->text);
      MigRunHost *host = open_host (study);
      int cpus[2];
      host->n_cpus = of->n_cpus;
      host->other_cpu = of->other_cpu;
      if (of->own[0] > 0)
        {
          host->own_cpus = g_array_new (FALSE, FALSE, sizeof (int));
          g_array_append_vals (host->own_cpus, of->own, of->n_cpus);
        }
      mig_run_host_give_cpus (host, study);
      g_assert_cmpint (host->cpu, ==, of->cpu);
      g_assert_cmpint (host->management_cpu, ==, of->management_cpu);
      g_assert_cmpuint (mig_run_host_sampled (host, cpus), ==, of->n_sampled);
      for (guint k = 0; k < of->n_sampled; k++)
        g_assert_cmpint (cpus[k], ==, of->sampled[k]);
      mig_run_host_free (host);
    }
}

/* What the check says of them. */
static void
test_checked (void)
{
  static const struct {
    const char *text;
    guint n_cpus;
    int other_cpu;
    MigCheckLevel level;
    const char *finding;
  } cases[] = {
    { "cpu='1'", 4, -1, MIG_CHECK_PASS, "guests and management on CPU 1 of " },
    { "cpu='2' management-cpu='spare'", 4, -1, MIG_CHECK_PASS,
      "guests on CPU 2, management on CPU 3 of " },
    { "cpu='0' management-cpu='none'", 4, -1, MIG_CHECK_PASS,
      "guests on CPU 0, management on any CPU of " },
    { "management-cpu='1'", 4, -1, MIG_CHECK_PASS, "guests on any CPU, management on CPU 1 of " },
    { "cpu='0' management-cpu='spare'", 1, 7, MIG_CHECK_PASS,
      "guests on CPU 0, management on CPU 7, another host's, of " },
    { "cpu='none'", 4, -1, MIG_CHECK_WARN, "guests and management are not pinned" },
    { "cpu='4' management-cpu='0'", 4, -1, MIG_CHECK_FAIL,
      "t.xml:3: CPU 4 does not exist; the host has CPUs 0 to 3" },
    { "cpu='0' management-cpu='4'", 4, -1, MIG_CHECK_FAIL,
      "t.xml:3: CPU 4 does not exist; the host has CPUs 0 to 3" },
    { "cpu='0' management-cpu='spare'", 1, -1, MIG_CHECK_FAIL,
      "t.xml:3: the host has no CPU that its guests do not use" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigStudy) study = study_parse_good ("cpu='0'", cases[i].text);
      g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (mig_check_free);
      MigRunHost *host = open_host (study);
      const MigCheck *found = NULL;
      host->n_cpus = cases[i].n_cpus;
      host->other_cpu = cases[i].other_cpu;
      mig_check_variant (checks, host, study, study, NULL);
      for (guint k = 0; k < checks->len; k++)
        if (strcmp (((const MigCheck *) checks->pdata[k])->topic, "CPU") == 0)
          found = checks->pdata[k];
      g_assert_nonnull (found);
      g_assert_cmpint (found->level, ==, cases[i].level);
      g_assert_true (g_str_has_prefix (found->finding, cases[i].finding));
      mig_run_host_free (host);
    }
}

/* What a host of the lab does not own is refused by the attribute's name. */
static void
test_share (void)
{
  static const struct {
    const char *text, *message;
  } bad[] = {
    { "cpu='1'", "t.xml:3: CPU 1 does not exist on host 'a'; a host of the lab has 1/3 of this "
                 "machine's CPUs, 0 to 0: change cpu= of that <host>" },
    { "cpu='0' management-cpu='2'", "t.xml:3: CPU 2 does not exist on host 'a'; a host of the lab "
                                    "has 1/3 of this machine's CPUs, "
                                    "0 to 0: change management-cpu= of that <host>" },
  };
  const int one[] = { 0 };
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (int));

  g_array_append_vals (own, one, 1);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MigStudy) study = study_parse_good ("cpu='0'", bad[i].text);
      g_assert_false (mig_lab_share_check (study, study->hosts->pdata[0], own, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, bad[i].message);
    }
  g_autoptr (MigStudy) spare = study_parse_good ("cpu='0'", "cpu='0' management-cpu='spare'");
  g_assert_true (mig_lab_share_check (spare, spare->hosts->pdata[0], own, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/run-host/given", test_given);
  g_test_add_func ("/run-host/checked", test_checked);
  g_test_add_func ("/run-host/share", test_share);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
