/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "tests/unit/studies.h"

static void
test_prediction (void)
{
  g_autoptr (MigStudy) plain = study_parse_good (STUDY_SEQUENCE, STUDY_SEQUENCE);
  g_autoptr (MigStudy)
      empty = study_parse_good (STUDY_SEQUENCE, "<sequence>c1 m1<prediction/></sequence>");
  g_autoptr (MigStudy) study = study_parse_good (
      STUDY_SEQUENCE,
      STUDY_PREDICTED (
          "<case quantity='lost-work' value='-1.5 s' low='-2 s' high='250 ms'/>" STUDY_START));
  const MigStudyCase *study_case = study->cases->pdata[0];
  const MigStudyPrediction *prediction = study_case->prediction;
  const MigStudyPredicted *first = &g_array_index (prediction->values, MigStudyPredicted, 0);
  const MigStudyPredicted *second = &g_array_index (prediction->values, MigStudyPredicted, 1);

  g_assert_null (((MigStudyCase *) plain->cases->pdata[0])->prediction);
  g_assert_cmpuint (((MigStudyCase *) empty->cases->pdata[0])->prediction->values->len, ==, 0);
  g_assert_cmpstr (study_case->label, ==, "cm"); /* it is no part of the moves */
  g_assert_cmpstr (prediction->order, ==, "plan");
  g_assert_cmpstr (prediction->model, ==, "m");
  g_assert_cmpuint (prediction->values->len, ==, 2);
  g_assert_null (first->guest);
  g_assert_cmpstr (first->quantity, ==, "lost-work");
  g_assert_cmpint (first->value_ns, ==, -1500 * MIG_NS_PER_MS);
  g_assert_cmpint (first->low_ns, ==, -2 * MIG_NS_PER_S);
  g_assert_cmpint (first->high_ns, ==, 250 * MIG_NS_PER_MS);
  g_assert_cmpstr (second->guest->name, ==, "c1");
  g_assert_cmpint (second->value_ns, ==, 0);
  g_assert_true (MIG_IS_MISSING (second->low_ns) && MIG_IS_MISSING (second->high_ns));
}

static void
test_management_cpu (void)
{
  static const struct {
    const char *text;
    int cpu, management_cpu;
  } hosts[] = {
    { "cpu='0' management-cpu='3'", 0, 3 },
    { "cpu='0' management-cpu='0'", 0, 0 },
    { "cpu='0' management-cpu='none'", 0, MIG_STUDY_CPU_NONE },
    { "cpu='0' management-cpu='spare'", 0, MIG_STUDY_CPU_SPARE },
    { "cpu='none' management-cpu='1'", MIG_STUDY_CPU_NONE, 1 },
    { "management-cpu='1'", MIG_STUDY_CPU_NONE, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (MigStudy) study = study_parse_good ("cpu='0'", hosts[i].text);
      const MigStudyHost *host = study->hosts->pdata[0];
      g_assert_cmpint (host->cpu, ==, hosts[i].cpu);
      g_assert_cmpint (host->management_cpu, ==, hosts[i].management_cpu);
    }
}

static void
test_defaults (void)
{
  g_autoptr (MigStudy) study = study_parse_good ("<timing baseline='5 s' window='20 s'/>", "");
  const MigStudyGuest *guest = study->guests->pdata[0];
  const MigStudyHost *host = study->hosts->pdata[2];

  g_assert_cmpstr (study->title, ==, "A test");
  g_assert_cmpstr (study->description, ==, "");
  g_assert_cmpuint (study->link_bytes_per_s, ==, 125000000);
  g_assert_cmpint (host->cpu, ==, MIG_STUDY_CPU_NONE);
  g_assert_cmpint (host->management_cpu, ==, MIG_STUDY_CPU_NONE);
  g_assert_cmpint (((MigStudyHost *) study->hosts->pdata[1])->management_cpu, ==, 1);
  g_assert_cmpstr (host->migrate_uri, ==, "tcp://d");
  g_assert_null (host->peer_uri);
  g_assert_false (study->peer_to_peer);
  g_assert_cmpuint (study->peer_to_peer_line, ==, 0);
  g_assert_cmpuint (guest->memory_bytes, ==, 512 * MIG_MIB);
  g_assert_true (guest->host == study->hosts->pdata[0]);
  g_assert_null (guest->template_name);
  g_assert_cmpint (study->stop_rule, ==, MIG_STOP_XEN_4_6);
  g_assert_cmpuint (study->bandwidth_bytes_per_s, ==, 0);
  g_assert_cmpuint (study->bandwidth_line, ==, 0);
  g_assert_cmpint (study->max_downtime_ns, ==, 0);
  g_assert_cmpint (study->timeout_ns, ==, 600 * MIG_NS_PER_S);
  g_assert_cmpint (study->ready_timeout_ns, ==, 120 * MIG_NS_PER_S);
  g_assert_false (study->boots);
  g_assert_cmpint (study->settle_ns, ==, 10 * MIG_NS_PER_S);
  g_assert_cmpint (study->baseline_ns, ==, 5 * MIG_NS_PER_S);
  g_assert_cmpint (study->window_ns, ==, 30 * MIG_NS_PER_S);
  g_assert_cmpuint (study->repetitions, ==, 3);
  g_assert_cmpuint (study->seed, ==, 0);
  g_assert_cmpint (study->heartbeat_ns, ==, 0);
  g_assert_cmpint (study->sampling_ns, ==, 0);

  g_autoptr (MigStudy) plain = study_parse_good ("<migration stop-rule='xen-4.6'/>", "");
  g_assert_cmpint (plain->stop_rule, ==, MIG_STOP_HYPERVISOR);
}

static void
test_values (void)
{
  g_autoptr (MigStudy) study = study_parse_good (
      "<migration stop-rule='xen-4.6'/>",
      "<migration bandwidth='10 MB/s' max-downtime='300 ms' timeout='1 min'/>");
  const MigStudyWorkload *memory = study->workloads->pdata[1];

  g_assert_cmpuint (memory->wss_bytes, ==, 64000000);
  g_assert_cmpuint (memory->rate_pages_per_s, ==, 100);
  g_assert_false (memory->random);
  /* libvirt sets whole MiB/s */
  g_assert_cmpuint (study->bandwidth_bytes_per_s, ==, 10 * MIG_MIB);
  g_assert_cmpuint (study->bandwidth_line, ==, 15);
  g_assert_cmpint (study->max_downtime_ns, ==, 300 * MIG_NS_PER_MS);
  g_assert_cmpuint (study->max_downtime_line, ==, 15);
  g_assert_cmpint (study->timeout_ns, ==, 60 * MIG_NS_PER_S);
  g_assert_cmpstr (mig_study_find_host (study, "b")->uri, ==, "test:///b");
  g_assert_null (mig_study_find_host (study, "x"));
  g_assert_null (mig_study_find_case (study, "x"));

  g_autoptr (MigStudy) peer = study_parse_good ("<migration ", "<migration peer-to-peer='yes' ");
  g_assert_true (peer->peer_to_peer);
  g_assert_cmpuint (peer->peer_to_peer_line, ==, 15);
  g_autoptr (MigStudy) booted = study_parse_good ("<timing ", "<timing start='boot' ");
  g_assert_true (booted->boots);
  g_autoptr (MigStudy) restored = study_parse_good ("<timing ", "<timing start='restore' ");
  g_assert_false (restored->boots);
  g_autoptr (MigStudy) direct = study_parse_good ("<migration ", "<migration peer-to-peer='no' ");
  g_assert_false (direct->peer_to_peer);
  g_assert_true (direct->direct);
  g_assert_false (peer->direct || study->direct);
  g_autoptr (MigStudy)
      seen = study_parse_good ("migrate-uri='tcp://d'", "peer-uri='qemu+tls://d/system'");
  g_assert_cmpstr (mig_study_find_host (seen, "d")->peer_uri, ==, "qemu+tls://d/system");

  g_autoptr (MigStudy) random = study_parse_good ("rate='100'", "order='random'");
  g_assert_true (((MigStudyWorkload *) random->workloads->pdata[1])->random);
  g_autoptr (MigStudy) seeded = study_parse_good (
      "<timing ", "<timing seed='18446744073709551615' heartbeat='5 ms' ");
  g_assert_cmpuint (seeded->seed, ==, G_MAXUINT64);
  g_assert_cmpint (seeded->heartbeat_ns, ==, 5 * MIG_NS_PER_MS);
}

static void
test_end (void)
{
  g_autoptr (MigStudy) plain = study_parse_good ("<timing ", "<timing ");
  g_autoptr (MigStudy) timed = study_parse_good ("<timing ", "<timing time='5 min' ");
  g_autoptr (MigStudy) decided = study_parse_good ("<timing ", "<timing until='decided' ");
  g_autoptr (MigStudy) both = study_parse_good ("<timing ", "<timing until='2.5 %' time='1 h' "
                                                            "repetitions='7' ");

  g_assert_cmpuint (plain->repetitions, ==, 3);
  g_assert_null (plain->until);
  g_assert_cmpint (plain->time_ns, ==, 0);
  g_assert_cmpuint (timed->repetitions, ==, MIG_STUDY_MAX_REPETITIONS);
  g_assert_cmpint (timed->time_ns, ==, 300 * MIG_NS_PER_S);
  g_assert_cmpstr (decided->until, ==, "decided");
  g_assert_cmpuint (decided->repetitions, ==, MIG_STUDY_MAX_REPETITIONS);
  g_assert_cmpstr (both->until, ==, "2.5 %");
  g_assert_cmpint (both->time_ns, ==, 3600 * MIG_NS_PER_S);
  g_assert_cmpuint (both->repetitions, ==, 7);
}

/* spell: every case as "label=c1>b+m1>b c2>a"; cases separated by "; ". */
static char *
spell (const MigStudy *study)
{
  GString *text = g_string_new (NULL);
  for (guint c = 0; c < study->cases->len; c++)
    {
      const MigStudyCase *study_case = study->cases->pdata[c];
      g_string_append_printf (text, "%s%s=", c ? "; " : "", study_case->label);
      for (guint s = 0; s < study_case->steps->len; s++)
        {
          const MigStudyStep *step = study_case->steps->pdata[s];
          for (guint m = 0; m < step->moves->len; m++)
            {
              const MigStudyMove *move = &g_array_index (step->moves, MigStudyMove, m);
              g_string_append_printf (text, "%s%s>%s",
                                      m   ? "+"
                                      : s ? " "
                                          : "",
                                      move->guest->name, move->destination->name);
            }
        }
    }
  return g_string_free (text, FALSE);
}

static void
test_cases (void)
{
  static const struct {
    const char *cases, *spelled;
  } good[] = {
    { "<sequence>c1 m1</sequence>", "cm=c1>b m1>b" },
    { "<sequence>\n c1+m1\tc2 </sequence>", "c+mc=c1>b+m1>b c2>a" },
    { "<sequence to='d'>c1 c2>a</sequence>", "cc=c1>d c2>a" },
    { "<sequence>c1 c1>d c1</sequence>", "ccc=c1>b c1>d c1>a" },
    { "<sequence>c1&gt;d</sequence>", "c=c1>d" },
    { "<sequence>c1<![CDATA[>d]]></sequence>", "c=c1>d" },
    { "<sequence>c1>b m1>d</sequence><sequence>c1>b+m1>d</sequence><sequence>c1>d m1>b</sequence>",
      "cm=c1>b m1>d; c+m=c1>b+m1>d; cm:c1>d-m1>b=c1>d m1>b" },
    { "<sequence>c1</sequence><sequence>c2</sequence><sequence>c1>d</sequence>",
      "c=c1>b; c:c2=c2>a; c:c1>d=c1>d" },
    { "<orders pick='2'/>", "cc=c1>b c2>a; cm=c1>b m1>b; mc=m1>b c1>b" },
    { "<orders of='m1 c1'/>", "cm=c1>b m1>b; mc=m1>b c1>b" },
    { "<orders pick='1' of='c2 m1' to='d'/>", "c=c2>d; m=m1>d" },
    { "<orders/>", "ccm=c1>b c2>a m1>b; cmc=c1>b m1>b c2>a; mcc=m1>b c1>b c2>a" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (MigStudy) study = study_parse_good (STUDY_SEQUENCE, good[i].cases);
      g_autofree char *spelled = spell (study);
      g_assert_cmpstr (spelled, ==, good[i].spelled);
    }
}

static void
test_long_names (void)
{
  static const char xml[] =
      "<study name='t'><hosts><host name='a'/><host name='b'/></hosts>"
      "<workload name='web' type='idle'/><workload name='db' type='cpu'/>"
      "<guest name='w1' workload='web'/><guest name='d1' workload='db'/>"
      "<cases><sequence>w1 d1</sequence><sequence>w1+d1</sequence></cases></study>";
  g_autoptr (MigStudy) study = mig_study_parse (xml, sizeof xml - 1, "t.xml", NULL);
  g_autofree char *spelled = spell (study);
  g_assert_cmpstr (spelled, ==, "web-db=w1>b d1>b; web+db=w1>b+d1>b");
}

/* Guests that are there: a class each, under their own name; what belongs to migcost's own is
 * refused. */
static void
test_existing (void)
{
  static const StudyBad bad[] = {
    { "name='c1' workload='c'", "name='c1' workload='c' existing='yes'",
      "t.xml:9: guest 'c1' has a workload; expected none: migcost does not change existing "
      "guests" },
    { "name='m1' workload='m'", "name='m1' existing='yes'",
      "t.xml:11: guest 'm1' has a memory; expected none: migcost does not change existing guests" },
    { "name='c1' workload='c'", "name='c1' existing='yes' template='qemu-kvm'",
      "t.xml:9: guest 'c1' has a template; expected none: migcost does not change existing "
      "guests" },
    { "name='c1' workload='c'", "name='c1' workload='c' domain='x'",
      "t.xml:9: guest 'c1' has a domain; expected none: only existing guests (existing='yes') have "
      "one" },
    { "name='c1' workload='c'", "name='c1' workload='c' pin='yes'",
      "t.xml:9: guest 'c1' has a pin; expected none: only existing guests (existing='yes') have "
      "one" },
    { "name='c1' workload='c'", "name='c1' existing='yes' network='yes'",
      "t.xml:9: guest 'c1' has a network; expected none: migcost does not change existing "
      "guests" },
    { "name='c1' workload='c'", "name='c1' workload='c' network='on'",
      "t.xml:9: guest 'c1' has an unknown network 'on'; expected yes, no or streams" },
    { "name='c1' workload='c'", "name='c1' existing='yes' pin='0'",
      "t.xml:9: guest 'c1' has an unknown pin '0'; expected yes or no" },
    { "name='c1' workload='c'", "name='c1' workload='c' address='192.0.2.1/24'",
      "t.xml:9: guest 'c1' has an address; expected none: only existing guests with a probe have "
      "one, and those with network='yes' where <hosts> have a <network>" },
    { "name='c1' workload='c'", "name='c1' workload='c' probe='icmp'",
      "t.xml:9: guest 'c1' has a probe; expected none: only existing guests (existing='yes') have "
      "one" },
    { "name='c1' workload='c'", "name='c1' existing='yes' probe='icmp'",
      "t.xml:9: guest 'c1' has a probe but no address; expected both, or neither" },
    { "name='c1' workload='c'", "name='c1' existing='yes' probe='tcp' address='192.0.2.1'",
      "t.xml:9: guest 'c1' has the probe 'tcp' and the address '192.0.2.1'; expected icmp, "
      "tcp:PORT "
      "or http:PORT/PATH, and an IPv4 or IPv6 address" },
    { "name='c1' workload='c'", "name='c1' existing='maybe'",
      "t.xml:9: guest 'c1' has an unknown existing 'maybe'; expected yes or no" },
    { "name='c1' workload='c'", "name='c1' existing='yes' domain='migcost-c2'",
      "t.xml:10: guests 'c1' and 'c2' are both the domain 'migcost-c2'; expected a domain for "
      "each" },
    { "name='c1' workload='c'", "name='c' existing='yes'",
      "t.xml:9: duplicate guest 'c', first defined on line 7; expected another name" },
  };
  static const char xml[] = "<study name='t'><hosts><host name='a'/><host name='b'/></hosts>"
                            "<guest name='v1' existing='yes' probe='tcp:80' address='192.0.2.1'/>"
                            "<guest name='v2' existing='yes' "
                            "domain='v 2' pin='yes' host='b'/>"
                            "<cases><sequence>v1 v2</sequence></cases></study>";
  g_autoptr (GError) error = NULL;

  study_check_bad (bad, G_N_ELEMENTS (bad));
  g_autoptr (MigStudy) study = mig_study_parse (xml, sizeof xml - 1, "t.xml", &error);
  g_assert_no_error (error);
  const MigStudyGuest *first = study->guests->pdata[0], *second = study->guests->pdata[1];
  g_autofree char *spelled = spell (study);
  g_assert_cmpstr (spelled, ==, "v1-v2=v1>b v2>a");
  g_assert_true (first->existing && second->existing);
  g_assert_true (!first->pin && second->pin);
  g_assert_cmpstr (first->domain, ==, "v1");
  g_assert_cmpstr (second->domain, ==, "v 2");
  g_assert_cmpstr (first->probe, ==, "tcp:192.0.2.1:80");
  g_assert_null (second->probe);
  g_assert_cmpstr (first->workload->type, ==, MIG_STUDY_EXISTING);
  g_assert_cmpuint (first->memory_bytes, ==, 0);
  g_assert_false (mig_study_starts_guests (study));

  g_autoptr (MigStudy)
      own = study_parse_good ("name='c1' workload='c'", "name='c1' workload='c' existing='no'");
  g_assert_false (((MigStudyGuest *) own->guests->pdata[0])->existing);
  g_assert_cmpstr (((MigStudyGuest *) own->guests->pdata[0])->domain, ==, "migcost-c1");
  g_assert_true (mig_study_starts_guests (own));
  g_assert_true (mig_case_moves (own->cases->pdata[0], "m1"));
  g_assert_false (mig_case_moves (own->cases->pdata[0], "c2"));
}

static void
test_stop_rules (void)
{
  g_autoptr (GError) error = NULL;
  MigStopRule rule = MIG_STOP_HYPERVISOR;

  for (guint i = MIG_STOP_HYPERVISOR; i <= MIG_STOP_XEN_4_6; i++)
    {
      const MigStopLimits *limits = mig_stop_rule_limits (i);
      g_assert_true (mig_stop_rule_from_name (limits->name, &rule, NULL));
      g_assert_cmpuint (rule, ==, i);
      g_autofree char *element = g_strdup_printf ("'%s'", limits->name);
      g_autoptr (MigStudy) study = study_parse_good ("'xen-4.6'", element);
      g_assert_cmpuint (study->stop_rule, ==, i);
    }
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_4)->max_rounds, ==, 29);
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_4)->max_ram, ==, 3);
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_6)->max_rounds, ==, 5);
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_6)->max_ram, ==, 0);
  g_assert_false (mig_stop_rule_from_name ("never", &rule, &error));
  g_assert_cmpstr (error->message, ==,
                   "unknown stop rule 'never'; expected hypervisor, xen-4.4 or xen-4.6");
}

static void
test_shipped (void)
{
  static const struct {
    const char *name, *cases;
    guint repetitions;
  } shipped[] = {
    { "load-balancing",
      "cc=c1>destination c2>destination; cm=c1>destination m1>destination; "
      "mc=m1>destination c1>destination; mm=m1>destination m2>destination",
      MIG_STUDY_MAX_REPETITIONS },
    { "load-balancing-paper",
      "cc=c1>destination c2>destination; cm=c1>destination m1>destination; "
      "mc=m1>destination c1>destination; mm=m1>destination m2>destination",
      5 },
    { "single", "c=c1>destination; m=m1>destination", 3 },
    { "smoke", "cm=c1>destination m1>destination", 1 },
  };
  g_autoptr (GPtrArray) entries = mig_study_list ();

  /* those that sweep are in test-sweep */
  for (gsize i = 0, at = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      while (at < entries->len &&
             strcmp (((MigStudyEntry *) entries->pdata[at])->name, shipped[i].name) != 0)
        at++;
      g_assert_cmpuint (at, <, entries->len);
      const MigStudyEntry *entry = entries->pdata[at];
      g_autoptr (GError) error = NULL;
      g_autoptr (MigStudy) study = mig_study_load (shipped[i].name, &error);
      g_assert_no_error (error);
      g_autofree char *spelled = spell (study);
      g_assert_cmpstr (entry->name, ==, shipped[i].name);
      g_assert_cmpstr (entry->title, ==, study->title);
      g_assert_cmpstr (entry->path, ==, study->path);
      g_assert_cmpstr (study->name, ==, entry->name);
      g_assert_cmpstr (spelled, ==, shipped[i].cases);
      g_assert_cmpuint (study->repetitions, ==, shipped[i].repetitions);
    }
}

static void
test_xmllint (void)
{
  g_autofree char *xmllint = g_find_program_in_path ("xmllint");
  g_autofree char *schema = mig_files_find_data ("studies/study.rng");
  g_autoptr (GPtrArray) entries = mig_study_list ();

  if (!xmllint)
    {
      g_test_skip ("xmllint is not installed");
      return;
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const MigStudyEntry *entry = entries->pdata[i];
      const char *argv[] = {
        xmllint, "--noout", "--nonet", "--relaxng", schema, entry->path, NULL
      };
      gint status = -1;
      g_autoptr (GError) error = NULL;
      g_autofree char *said = NULL;
      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &said, &status,
                    &error);
      g_assert_no_error (error);
      g_assert_cmpint (status, ==, 0);
    }
}

/* The example of the man page is a study. */
static void
test_man_example (void)
{
  const char *top = g_getenv ("top_srcdir");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!top)
    {
      g_test_skip ("top_srcdir is not set: run by make check only");
      return;
    }
  g_autofree char *path = g_build_filename (top, "doc", "migcost-study.5", NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  const char *begin = strstr (text, "\n<study "), *end = strstr (text, "\n.Ed");
  g_assert_true (begin && end && begin < end);
  g_autoptr (MigStudy) study = mig_study_parse (begin + 1, (gsize) (end - begin - 1), path, &error);
  g_assert_no_error (error);
  g_autofree char *spelled = spell (study);
  g_assert_cmpstr (spelled, ==, "bw=b1>beta w1>beta; wb=w1>beta b1>beta; b+w=b1>beta+w1>beta");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/prediction", test_prediction);
  g_test_add_func ("/study/defaults", test_defaults);
  g_test_add_func ("/study/management-cpu", test_management_cpu);
  g_test_add_func ("/study/end", test_end);
  g_test_add_func ("/study/values", test_values);
  g_test_add_func ("/study/cases", test_cases);
  g_test_add_func ("/study/long-names", test_long_names);
  g_test_add_func ("/study/existing", test_existing);
  g_test_add_func ("/study/stop-rules", test_stop_rules);
  g_test_add_func ("/study/shipped", test_shipped);
  g_test_add_func ("/study/xmllint", test_xmllint);
  g_test_add_func ("/study/man-example", test_man_example);
  return g_test_run ();
}
