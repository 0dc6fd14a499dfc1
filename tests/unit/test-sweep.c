/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/study.h"

#define HEAD                                                                                       \
  "<study name='t'>\n"                                                                  /* 1 */    \
  "  <hosts link='1 Gbit/s'><host name='a' cpu='0'/><host name='b' cpu='0'/></hosts>\n" /* 2 */    \
  "  <workload name='c' type='cpu'/>\n"                                                 /* 3 */    \
  "  <workload name='m' type='memory' wss='64 MB' rate='100'/>\n"                       /* 4 */    \
  "  <guest name='c1' workload='c'/>\n"                                                 /* 5 */    \
  "  <guest name='m1' workload='m'/>\n"                                                 /* 6 */
#define CASES "<cases><sequence>m1</sequence></cases>\n"                                /* 7 */

static MigStudy *
parse (const char *rest, GError **error)
{
  g_autofree char *xml = g_strconcat (HEAD, rest, "</study>\n", NULL);
  return mig_study_parse (xml, strlen (xml), "t.xml", error);
}

static MigStudy *
parse_good (const char *rest)
{
  g_autoptr (GError) error = NULL;
  MigStudy *study = parse (rest, &error);
  g_assert_no_error (error);
  return study;
}

static char *
labels (const MigStudy *study)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < study->cases->len; i++)
    g_string_append_printf (text, "%s%s", i ? "|" : "",
                            ((MigStudyCase *) study->cases->pdata[i])->label);
  return g_string_free (text, FALSE);
}

static void
assert_labels (const char *rest, const char *expected)
{
  g_autoptr (MigStudy) study = parse_good (rest);
  g_autofree char *text = labels (study);
  g_assert_cmpstr (text, ==, expected);
}

/* An experiment's <timing> says how its own guests come to be. */
static void
test_start (void)
{
  g_autoptr (MigStudy)
      study = parse_good ("<experiment name='a'>" CASES "<timing start='boot'/></experiment>"
                          "<experiment name='b'>" CASES "</experiment>");

  g_assert_cmpuint (mig_study_n_variants (study), ==, 2);
  g_assert_true (mig_study_variant (study, 0)->boots);
  g_assert_false (mig_study_variant (study, 1)->boots);
}

static void
test_values (void)
{
  g_autoptr (MigStudy)
      study = parse_good (CASES "<sweep parameter='workload.m.rate' values='0, 15360'/>");
  g_autofree char *text = labels (study);

  g_assert_cmpstr (text, ==, "m rate=0|m rate=15360");
  g_assert_cmpuint (mig_study_n_variants (study), ==, 2);
  const MigStudyCase *last = mig_study_find_case (study, "m rate=15360");
  g_assert_true (last->study == mig_study_variant (study, 1));
  const MigStudyStep *step = last->steps->pdata[0];
  const MigStudyGuest *guest = g_array_index (step->moves, MigStudyMove, 0).guest;
  g_assert_cmpuint (guest->workload->rate_pages_per_s, ==, 15360);
  g_assert_true (last->study->guests->pdata[1] == guest);
  const MigStudyParameter *rate = mig_study_parameter (last->study, "workload.m.rate");
  g_assert_cmpstr (rate->value, ==, "15360");
  g_assert_cmpstr (rate->unit, ==, "pages/s");
  g_assert_true (rate->number == 15360);
  g_assert_cmpuint (rate->line, ==, 8);
  g_assert_null (mig_study_parameter (last->study, "link"));
}

static void
test_plain (void)
{
  g_autoptr (MigStudy) study = parse_good (CASES);

  g_assert_cmpuint (mig_study_n_variants (study), ==, 1);
  g_assert_true (mig_study_variant (study, 0) == study);
  g_assert_true (((MigStudyCase *) study->cases->pdata[0])->study == study);
  g_assert_cmpuint (study->parameters->len, ==, 0);
}

static void
test_labels (void)
{
  assert_labels (CASES "<sweep parameter='workload.m.wss' values='32 MB,64MB'/><sweep "
                       "parameter='link' values='1 Gbit/s,100 Mbit/s'/>",
                 "m wss=32MB link=1Gbit/s|m wss=32MB link=100Mbit/s|m wss=64MB link=1Gbit/s|m "
                 "wss=64MB link=100Mbit/s");
  assert_labels (
      CASES "<sweep parameter='guest.c1.memory' values='512 MiB, 1 GiB'/><sweep "
            "parameter='guest.m1.memory' values='1 GiB'/>",
      "m guest.c1.memory=512MiB guest.m1.memory=1GiB|m guest.c1.memory=1GiB guest.m1.memory=1GiB");
  assert_labels ("<cases><orders/></cases><sweep parameter='concurrency' values='1, 2'/>",
                 "cm concurrency=1|mc concurrency=1|c+m concurrency=2|m+c concurrency=2");
  assert_labels ("<cases concurrency='2'><sequence>c1 m1</sequence></cases>", "c+m");
}

/* Labels and records have what libvirt sets, which is also what the model takes. */
static void
test_limit (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy)
      study = parse_good (CASES "<sweep parameter='bandwidth' values='100 Mbit/s, 24 MiB/s, 0'/>");
  g_autofree char *text = labels (study);
  const MigStudyCase *first = study->cases->pdata[0];
  const MigStudyParameter *limit = mig_study_parameter (first->study, "bandwidth");

  g_assert_cmpstr (text, ==, "m bandwidth=12MiB/s|m bandwidth=24MiB/s|m bandwidth=0");
  g_assert_cmpuint (first->study->bandwidth_bytes_per_s, ==, 12 * MIG_MIB);
  g_assert_cmpstr (limit->value, ==, "12 MiB/s");
  g_assert_true (limit->number == 12 * MIG_MIB);
  g_assert_null (
      parse (CASES "<sweep parameter='bandwidth' values='100 Mbit/s, 12 MiB/s'/>", &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "duplicate case 'm bandwidth=12MiB/s'"));
}

static void
test_settings (void)
{
  g_autoptr (MigStudy)
      study = parse_good (CASES "<sweep parameter='technique' values='pre-copy, xbzrle'/>"
                                "<sweep parameter='cpu' values='0, none'/>"
                                "<sweep parameter='baseline' values='2 s'/>");
  const MigStudyCase *last = study->cases->pdata[study->cases->len - 1];

  g_assert_cmpstr (last->label, ==, "m technique=xbzrle cpu=none baseline=2s");
  g_assert_cmpint (last->study->technique, ==, MIG_TECHNIQUE_XBZRLE);
  g_assert_cmpint (((MigStudyHost *) last->study->hosts->pdata[1])->cpu, ==, -1);
  g_assert_cmpint (last->study->baseline_ns, ==, 2 * MIG_NS_PER_S);
  const MigStudyParameter *cpu = mig_study_parameter (last->study, "cpu");
  g_assert_true (isnan (cpu->number));
  g_assert_null (cpu->unit);
  g_autoptr (MigStudy)
      control = parse_good (CASES "<sweep parameter='peer-to-peer' values='no, yes'/>");
  const MigStudyCase *direct = control->cases->pdata[0], *peer = control->cases->pdata[1];
  g_assert_cmpstr (peer->label, ==, "m peer-to-peer=yes");
  g_assert_true (peer->study->peer_to_peer && !direct->study->peer_to_peer);
  g_assert_true (isnan (mig_study_parameter (peer->study, "peer-to-peer")->number));
  const MigStudyParameter *baseline = mig_study_parameter (last->study, "baseline");
  g_assert_true (baseline->number == 2e9);
  g_assert_cmpstr (baseline->unit, ==, "ns");
}

/* Of all hosts, and of one. */
static void
test_management_cpu (void)
{
  g_autoptr (MigStudy)
      all = parse_good (CASES "<sweep parameter='management-cpu' values='0, spare'/>");

  const MigStudyCase *last = all->cases->pdata[all->cases->len - 1];
  g_assert_cmpstr (last->label, ==, "m management-cpu=spare");
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (((MigStudyHost *) last->study->hosts->pdata[i])->management_cpu, ==,
                     MIG_STUDY_CPU_SPARE);
  g_autoptr (MigStudy)
      one = parse_good (CASES "<sweep parameter='host.b.management-cpu' values='0, 1'/>");
  last = one->cases->pdata[one->cases->len - 1];
  g_assert_cmpstr (last->label, ==, "m management-cpu=1");
  g_assert_cmpint (((MigStudyHost *) last->study->hosts->pdata[0])->management_cpu, ==, 0);
  g_assert_cmpint (((MigStudyHost *) last->study->hosts->pdata[1])->management_cpu, ==, 1);
  g_assert_cmpfloat (mig_study_parameter (last->study, "host.b.management-cpu")->number, ==, 1);
}

/* What is sent costs CPU time where it is encrypted: a fast link that waits for the sender. */
static void
test_tls (void)
{
  g_autoptr (MigStudy) study = parse_good (CASES "<sweep parameter='tls' values='no, yes'/>"
                                                 "<sweep parameter='link' values='10 Gbit/s'/>");
  const MigStudyCase *plain = study->cases->pdata[0], *encrypted = study->cases->pdata[1];

  g_assert_cmpuint (study->cases->len, ==, 2);
  g_assert_cmpstr (encrypted->label, ==, "m tls=yes link=10Gbit/s");
  g_assert_true (encrypted->study->flags.tls && !plain->study->flags.tls);
}

static void
test_experiments (void)
{
  g_autoptr (MigStudy)
      study = parse_good ("<migration stop-rule='xen-4.4'/>\n"
                          "<experiment name='rate' guests='m1'>" CASES
                          "<sweep parameter='workload.m.rate' values='1, 2'/></experiment>\n"
                          "<experiment name='order'><cases><orders/></cases><migration "
                          "stop-rule='xen-4.6'/></experiment>\n");
  g_autofree char *text = labels (study);
  const MigStudyCase *first = study->cases->pdata[0], *last = study->cases->pdata[3];

  g_assert_cmpstr (text, ==, "rate/m rate=1|rate/m rate=2|order/cm|order/mc");
  g_assert_cmpuint (first->study->guests->len, ==, 1);
  g_assert_cmpuint (last->study->guests->len, ==, 2);
  g_assert_cmpuint (study->guests->len, ==, 2);
  g_assert_cmpint (first->study->stop_rule, ==, MIG_STOP_XEN_4_4);
  g_assert_cmpint (last->study->stop_rule, ==, MIG_STOP_XEN_4_6);
  const MigStudyParameter *experiment = mig_study_parameter (last->study, "experiment");
  g_assert_cmpstr (experiment->value, ==, "order");
  g_assert_null (experiment->unit);
}

static void
test_bad (void)
{
  static const struct {
    const char *rest, *message;
  } bad[] = {
    { CASES "<sweep parameter='workload.x.rate' values='1'/>",
      "t.xml:8: the sweep of 'workload.x.rate' names an unknown workload 'x'" },
    { CASES "<sweep parameter='workload.c.rate' values='1'/>",
      "t.xml:8: with rate=1: workload 'c' of type cpu has a rate; expected that with types memory "
      "and io only" },
    { CASES "<sweep parameter='workload.m.wss' values='64 MB, 1 GB'/>",
      "t.xml:8: with wss=1GB: workload 'm' updates 1.00 GB, but guest 'm1' has 512 MiB, of which "
      "its kernel takes "
      "70 MiB; expected a wss of at most 463 MB" },
    { CASES "<sweep parameter='stop-rule' values='xen-4.5'/>",
      "t.xml:8: with stop-rule=xen-4.5: migration has an unknown stop-rule 'xen-4.5'; expected "
      "hypervisor, xen-4.4 or "
      "xen-4.6" },
    { CASES "<sweep parameter='bandwidth' values='10 Mbit/s, 50 MiB/s'/>\n"
            "<sweep parameter='technique' values='pre-copy, xbzrle'/>",
      "t.xml:8: with bandwidth=10Mbit/s technique=pre-copy: bandwidth of migration: '10 Mbit/s' "
      "cannot be set: libvirt limits a migration to whole MiB/s; expected something like "
      "'2 MiB/s'" },
    { CASES "<sweep parameter='link' values='fast'/>", NULL },
    { CASES "<sweep parameter='link' values=''/>", NULL },
    { CASES "<sweep parameter='link' values='1 Gbit/s,'/>",
      "t.xml:8: values='1 Gbit/s,' of the sweep of 'link' has an empty value; expected values with "
      "a comma between "
      "them" },
    { CASES "<sweep parameter='link' values='1 Gbit/s,1 Gbit/s'/>",
      "t.xml:8: value '1 Gbit/s' occurs twice in the sweep of 'link'; expected it once" },
    { CASES
      "<sweep parameter='link' values='1 Gbit/s'/><sweep parameter='link' values='2 Gbit/s'/>",
      "t.xml:8: a second sweep of 'link'; expected one with all values" },
    { CASES "<sweep parameter='workload.m.wss' values='32 MB,32MB'/>", NULL },
    { "<cases concurrency='2'><sequence>c1+m1</sequence></cases>",
      "t.xml:7: guest 'm1' is joined by + and cases have a concurrency of 2; expected one of the "
      "two to say what "
      "moves at the same time" },
    { "<sweep parameter='link' values='1 Gbit/s'/>\n<cases><sequence>x1</sequence></cases>",
      "t.xml:8: sequence names an unknown guest 'x1'; expected 'c1' or 'm1'" },
    { "<sweep parameter='link' values='1 Gbit/s'/>",
      "t.xml:1: no <cases>; expected at least one case" },
    { "", "t.xml:1: no <cases>; expected at least one case" },
    { CASES "<experiment name='e'>" CASES "</experiment>",
      "t.xml:7: <cases> beside <experiment>; expected it in the experiments, each of which has its "
      "own" },
    { "<experiment name='e'/>", NULL },
    { "<experiment name='e'><timing/></experiment>",
      "t.xml:7: experiment 'e' has no <cases>; expected at least one case" },
    { "<experiment name='e' guests='m2'>" CASES "</experiment>",
      "t.xml:7: experiment names an unknown guest 'm2'; expected 'c1' or 'm1'" },
    { "<experiment name='e' guests='c1'>" CASES "</experiment>",
      "t.xml:7: sequence names an unknown guest 'm1'; expected 'c1'" },
    { "<experiment name='e'>" CASES "</experiment><experiment name='e'>" CASES "</experiment>",
      "t.xml:8: duplicate experiment 'e'; expected another name" },
    { CASES "<sweep parameter='seed' values='1'/>", NULL },
    { CASES "<sweep parameter='.rate' values='1'/>", NULL },
    { CASES "<sweep parameter='workload..rate' values='1'/>", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (parse (bad[i].rest, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, "t.xml:"));
      if (bad[i].message)
        g_assert_cmpstr (error->message, ==, bad[i].message);
    }
}

/* A rate of 0 is as fast as the guest can: no place on an axis of numbers. */
static void
test_fastest (void)
{
  g_autoptr (MigStudy) study = parse_good (CASES "<sweep parameter='workload.m.rate' values='0'/>");
  const MigStudyParameter *rate = mig_study_parameter (mig_study_variant (study, 0),
                                                       "workload.m.rate");

  g_assert_true (isnan (rate->number));
  g_assert_null (rate->unit);
}

/* Every combination of link, sender's and receiver's CPU, each in both orders. */
static void
test_factors (void)
{
  static const char *const links[] = { "250Mbit/s", "10Gbit/s" };
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = mig_study_load ("bottleneck", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (study->cases->len, ==, 16);
  for (guint i = 0; i < study->cases->len; i++)
    {
      const MigStudyCase *of = study->cases->pdata[i];
      const MigStudyHost *source = of->study->hosts->pdata[0], *to = of->study->hosts->pdata[1];
      gboolean apart = i & 4, receiver_apart = i & 2;
      g_autofree char *label = g_strdup_printf (
          "%s link=%s host.source.management-cpu=%s host.destination.management-cpu=%s",
          i & 1 ? "mc" : "cm", links[i / 8], apart ? "spare" : "0", receiver_apart ? "spare" : "0");
      g_assert_cmpstr (of->label, ==, label);
      g_assert_cmpint (source->cpu, ==, 0);
      g_assert_cmpint (source->management_cpu, ==, apart ? MIG_STUDY_CPU_SPARE : 0);
      g_assert_cmpint (to->management_cpu, ==, receiver_apart ? MIG_STUDY_CPU_SPARE : 0);
    }
}

/* What ships: the cases that each study makes. */
static void
test_shipped (void)
{
  static const struct {
    const char *name, *labels;
  } shipped[] = {
    { "dirty-rate",
      "m rate=1|m rate=1920|m rate=3840|m rate=7680|m rate=15360|m rate=30720|m rate=0" },
    { "interference", "m" },
    { "maintenance", "ccmm|cmcm|cmmc|mccm|mcmc|mmcc" },
    { "working-set", "m wss=16MB|m wss=32MB|m wss=64MB|m wss=128MB|m wss=256MB" },
    { "concurrency", "ccmm concurrency=1|c+cm+m concurrency=2|c+c+m+m concurrency=4" },
    { "many", "ssss concurrency=1|s+ss+s concurrency=2|s+s+s+s concurrency=4" },
    { "sending-cost", "cm technique=pre-copy tls=no|mc technique=pre-copy tls=no|"
                      "cm technique=pre-copy tls=yes|mc technique=pre-copy tls=yes|"
                      "cm technique=multifd-zlib tls=no|mc technique=multifd-zlib tls=no|"
                      "cm technique=multifd-zlib tls=yes|mc technique=multifd-zlib tls=yes" },
    { "techniques",
      "technique/m technique=pre-copy|technique/m technique=post-copy|technique/m "
      "technique=auto-converge|"
      "technique/m technique=multifd|technique/m technique=multifd-zlib|technique/m "
      "technique=multifd-zstd|technique/m technique=multifd-zero-copy|"
      "technique/m technique=compress|technique/m technique=xbzrle|technique/m "
      "technique=dirty-limit|technique/m technique=mapped-ram|"
      "technique/m technique=zero-page-detection|"
      "technique/m technique=free-page-hinting|technique/m technique=trace-and-replay|"
      "technique/m technique=storage-reuse|cap/m bandwidth=32MiB/s|cap/m bandwidth=64MiB/s|"
      "cap/m bandwidth=96MiB/s|tls/m tls=no|tls/m tls=yes" },
    { "paper",
      "dirty-rate/s rate=1|dirty-rate/s rate=1920|dirty-rate/s rate=3840|dirty-rate/s rate=7680|"
      "dirty-rate/s rate=15360|dirty-rate/s rate=30720|dirty-rate/s "
      "rate=0|interference/s|single/c|single/m|"
      "load-balancing/cc|load-balancing/cm|load-balancing/mc|load-balancing/mm|maintenance/ccmm|"
      "maintenance/cmcm|maintenance/cmmc|maintenance/mccm|maintenance/mcmc|maintenance/mmcc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MigStudy) study = mig_study_load (shipped[i].name, &error);
      g_assert_no_error (error);
      g_autofree char *text = labels (study);
      g_assert_cmpstr (text, ==, shipped[i].labels);
      g_assert_cmpstr (study->name, ==, shipped[i].name);
    }
}

static void
test_only (void)
{
  g_autoptr (MigStudy) study = mig_study_load ("paper", NULL);
  g_autoptr (GArray) all = mig_schedule_new (study, 1, 7, NULL);
  g_autoptr (GArray) single = mig_schedule_new (study, 1, 7, "single/*");
  g_autoptr (GArray) one = mig_schedule_new (study, 1, 7, "single/c");

  g_assert_cmpuint (all->len, ==, study->cases->len);
  g_assert_cmpuint (single->len, ==, 2);
  g_assert_cmpuint (one->len, ==, 1);
}

/* However many values there are, no file makes more than the most cases there may be. */
static void
test_many (void)
{
  g_autoptr (GString) rest = g_string_new (CASES "<sweep parameter='workload.m.rate' values='0");
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i < 40; i++)
    g_string_append_printf (rest, ",%u", i);
  g_string_append (rest, "'/>");
  g_autoptr (MigStudy) study = parse_good (rest->str);
  g_assert_cmpuint (study->cases->len, ==, 40);
  g_string_append (rest, "<sweep parameter='timeout' values='1 s");
  for (guint i = 2; i < 40; i++)
    g_string_append_printf (rest, ",%u s", i);
  g_string_append (rest, "'/>");
  g_assert_null (parse (rest->str, &error));
  g_assert_nonnull (strstr (error->message, "expected fewer values"));
}

/* The manual page's list of what can be swept is the code's. */
static void
test_manual (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL, *path = g_build_filename (g_getenv ("top_srcdir"), "doc",
                                                            "migcost-study.5", NULL);

  g_assert_null (parse (CASES "<sweep parameter='x' values='1'/>", &error));
  g_assert_true (g_file_get_contents (path, &source, NULL, NULL));
  const char *list = strstr (error->message, "expected ");
  g_assert_nonnull (list);
  g_auto (GStrv) names = g_strsplit (list + strlen ("expected "), ", ", -1);
  for (guint i = 0; names[i] && !strstr (names[i], " or ") && !strstr (names[i], "..."); i++)
    {
      g_autofree char *item = g_strdup_printf (".Ql %s", names[i]);
      if (!strstr (source, item))
        g_error ("the manual page lacks: %s", item);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sweep/start", test_start);
  g_test_add_func ("/sweep/values", test_values);
  g_test_add_func ("/sweep/plain", test_plain);
  g_test_add_func ("/sweep/labels", test_labels);
  g_test_add_func ("/sweep/limit", test_limit);
  g_test_add_func ("/sweep/settings", test_settings);
  g_test_add_func ("/sweep/management-cpu", test_management_cpu);
  g_test_add_func ("/sweep/tls", test_tls);
  g_test_add_func ("/sweep/experiments", test_experiments);
  g_test_add_func ("/sweep/bad", test_bad);
  g_test_add_func ("/sweep/fastest", test_fastest);
  g_test_add_func ("/sweep/shipped", test_shipped);
  g_test_add_func ("/sweep/factors", test_factors);
  g_test_add_func ("/sweep/only", test_only);
  g_test_add_func ("/sweep/many", test_many);
  g_test_add_func ("/sweep/manual", test_manual);
  return g_test_run ();
}
