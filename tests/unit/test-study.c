/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/study.h"

static const char base[] =
    "<study name='t' title='A  test'>\n"                                      /* 1 */
    "  <hosts link='1 Gbit/s'>\n"                                             /* 2 */
    "    <host name='a' cpu='0' uri='test:///a'/>\n"                          /* 3 */
    "    <host name='b' cpu='1' uri='test:///b'/>\n"                          /* 4 */
    "    <host name='d' cpu='none' uri='test:///d' migrate-uri='tcp://d'/>\n" /* 5 */
    "  </hosts>\n"                                                            /* 6 */
    "  <workload name='c' type='cpu'/>\n"                                     /* 7 */
    "  <workload name='m' type='memory' wss='64 MB' rate='100'/>\n"           /* 8 */
    "  <guest name='c1' workload='c'/>\n"                                     /* 9 */
    "  <guest name='c2' workload='c' host='b'/>\n"                            /* 10 */
    "  <guest name='m1' workload='m' memory='256 MiB'/>\n"                    /* 11 */
    "  <cases>\n"                                                             /* 12 */
    "    <sequence>c1 m1</sequence>\n"                                        /* 13 */
    "  </cases>\n"                                                            /* 14 */
    "  <migration stop-rule='xen-4.6'/>\n"                                    /* 15 */
    "  <timing baseline='5 s' window='20 s'/>\n"                              /* 16 */
    "</study>\n";

/* with: the study above with one text replaced by another; it must be there. */
static char *
with (const char *from, const char *to)
{
  const char *at = strstr (base, from);
  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int) (at - base), base, to, at + strlen (from));
}

static MigStudy *
parse_good (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = with (from, to);
  MigStudy *study = mig_study_parse (xml, strlen (xml), "t.xml", &error);
  g_assert_no_error (error);
  g_assert_nonnull (study);
  return study;
}

static void
assert_bad (const char *xml, gsize size, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (mig_study_parse (xml, size, "t.xml", &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_null (mig_study_parse (xml, size, "t.xml", NULL));
}

typedef struct {
  const char *from, *to, *message;
} Bad;

static void
check_bad (const Bad *bad, gsize count)
{
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *xml = with (bad[i].from, bad[i].to);
      assert_bad (xml, strlen (xml), bad[i].message);
    }
}

static void
test_structure (void)
{
  static const Bad bad[] = {
    { "type='cpu'", "type='disk'",
      "t.xml:7: workload 'c' has no such type 'disk'; expected cpu, memory or idle" },
    { "rate='100'", "order='up'",
      "t.xml:8: workload 'm' has no such order 'up'; expected sequential or random" },
    { "xen-4.6", "xen-4.5",
      "t.xml:15: migration has no such stop-rule 'xen-4.5'; expected hypervisor, xen-4.4 or "
      "xen-4.6" },
    { "memory='256", "mem='256",
      "t.xml:11: guest 'm1' has an unknown attribute 'mem'; expected name, workload, existing, "
      "domain, pin, host, memory or template" },
    { "memory='256", "xml:memory='256",
      "t.xml:11: guest 'm1' has an unknown attribute 'xml:memory'; expected name, workload, "
      "existing, domain, pin, host, memory or template" },
    { "'c1' workload='c'", "'c1'",
      "t.xml:9: guest 'c1' has no workload; expected what it is to do, or existing='yes' where it is there already" },
    { "<migration stop-rule='xen-4.6'/>", "<sweeps parameter='wss' values='1 2'/>",
      "t.xml:15: unknown element <sweeps> in <study>; expected description, hosts, workload, guest, "
      "cases, sweep, experiment, migration or timing" },
    { "<sequence>c1 m1</sequence>", "<sequences/>",
      "t.xml:13: unknown element <sequences> in <cases>; expected sequence or orders" },
    { "<sequence>c1 m1</sequence>", "",
      "t.xml:12: <cases> is empty; expected at least one sequence or orders" },
    { "<migration stop-rule='xen-4.6'/>", "<timing/>",
      "t.xml:16: a second <timing> in <study>; expected one" },
    { "<cases>", "<cases>c1", "t.xml:12: text 'c1' in <cases>; expected none" },
    { "<study name='t'", "<domain name='t'",
      "t.xml:17: not well-formed XML: Opening and ending tag mismatch: domain line 1 and study" },
    { "<study ", "<study xmlns='http://example.org/' ",
      "t.xml:1: unknown element <study>; expected <study>" },
    { "</sequence>", "&extra;</sequence>",
      "t.xml:13: not well-formed XML: Entity 'extra' not defined" },
  };
  check_bad (bad, G_N_ELEMENTS (bad));
  assert_bad ("<lab/>", 6, "t.xml:1: unknown element <lab>; expected <study>");
  assert_bad ("<study name='t'/>", 17,
              "t.xml:1: <study> has no <hosts> in it; expected at least one");
}

static void
test_objects (void)
{
  static const Bad bad[] = {
    { "name='b'", "name='a'",
      "t.xml:4: host 'a' is there already (line 3); expected another name" },
    { "name='m' type", "name='c' type",
      "t.xml:8: workload 'c' is there already (line 7); expected another name" },
    { "name='c2'", "name='c1'",
      "t.xml:10: guest 'c1' is there already (line 9); expected another name" },
    { "name='c2'", "name='2 c'",
      "t.xml:10: name='2 c' of guest is not a name; expected a letter, then at most 31 letters, "
      "digits, '.', '_' or '-'" },
    { "cpu='0'", "cpu='-1'",
      "t.xml:3: cpu='-1' of host 'a' is not a CPU; expected none or a number from 0 to 4095" },
    { "cpu='0'", "cpu='4096'",
      "t.xml:3: cpu='4096' of host 'a' is not a CPU; expected none or a number from 0 to 4095" },
    { "uri='test:///a'", "uri='somewhere'",
      "t.xml:3: uri='somewhere' of host is not a URI; expected something like "
      "'qemu+ssh://host/system'" },
    { " uri='test:///a'", "",
      "t.xml:2: 2 of 3 hosts have a uri; expected all of them, or none for the lab" },
    { " uri='test:///d'", "",
      "t.xml:5: host 'd' has a migrate-uri but no uri; expected both, or neither for the lab" },
    { "uri='test:///d' migrate-uri='tcp://d'", "peer-uri='test://d/'",
      "t.xml:5: host 'd' has a peer-uri but no uri; expected both, or neither for the lab" },
    { "migrate-uri='tcp://d'", "peer-uri='somewhere'",
      "t.xml:5: peer-uri='somewhere' of host is not a URI; expected something like 'qemu+ssh://host/system'" },
    { "uri='test:///d' migrate-uri='tcp://d'", "pool='p'",
      "t.xml:5: host 'd' has a pool, 'p', and no uri; expected a storage pool or a directory of a host with a uri" },
    { "1 Gbit/s", "1 Gbit",
      "t.xml:2: link of hosts: '1 Gbit' is not a rate; expected something like '1 Gbit/s' or '117 "
      "MiB/s'" },
    { "1 Gbit/s", "0", "t.xml:2: link='0' of hosts is too little; expected at least 1 B/s" },
    { "workload='m'", "workload='x'",
      "t.xml:11: guest 'm1' refers to an unknown workload 'x'; expected 'c' or 'm'" },
    { "host='b'", "host='x'",
      "t.xml:10: guest 'c2' refers to an unknown host 'x'; expected 'a', 'b' or 'd'" },
    { "64 MB", "200 MB",
      "t.xml:11: workload 'm' updates 200 MB, but guest 'm1' has 256 MiB, of which its kernel "
      "takes 70 MiB; expected a "
      "wss of at most 195 MB" },
    { "memory='256 MiB'", "memory='64 MiB'",
      "t.xml:11: guest 'm1' has 64 MiB; expected more than the 70 MiB that its kernel takes" },
    { "64 MB", "64 apples",
      "t.xml:8: wss of workload: '64 apples' is not an amount of memory; expected something like "
      "'512 MiB' or '460 MB'" },
    { "64 MB", "4095",
      "t.xml:8: wss='4095' of workload is too little; expected at least 4096 bytes" },
    { " wss='64 MB'", "",
      "t.xml:8: workload 'm' has no wss; expected its working set, like wss='460 MB'" },
    { "'100'", "'fast'",
      "t.xml:8: rate='fast' of workload is not possible; expected a whole number from 0 to "
      "1000000000" },
    { "type='cpu'", "type='cpu' rate='1'",
      "t.xml:7: workload 'c' of type cpu has a rate; expected that with type memory only" },
    { "memory='256", "template='none' memory='256",
      "t.xml:11: guest 'm1' has no such template 'none'; expected one that 'migcost list' shows, "
      "or a path with a '/'" },
    { "memory='256", "template='/nowhere/x.xml' memory='256",
      "t.xml:11: the template '/nowhere/x.xml' of guest 'm1' is no file; expected a domain XML" },
  };
  check_bad (bad, G_N_ELEMENTS (bad));
}

static void
test_hosts_count (void)
{
  static const char one[] =
      "<study name='t'><hosts><host name='a'/></hosts><workload name='c' type='cpu'/>"
      "<guest name='c1' workload='c'/><cases><sequence>c1</sequence></cases></study>";
  static const char three[] =
      "<study name='t'><hosts><host name='a'/><host name='b'/><host name='d'/></hosts>"
      "<workload name='c' type='cpu'/><guest name='c1' workload='c'/>"
      "<cases><sequence>c1</sequence></cases></study>";
  assert_bad (one, sizeof one - 1, "t.xml:1: only 1 host; expected at least 2");
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = mig_study_parse (three, sizeof three - 1, "t.xml", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (study->hosts->len, ==, 3);
}

#define SEQUENCE "<sequence>c1 m1</sequence>"

static void
test_case_errors (void)
{
  static const Bad bad[] = {
    { SEQUENCE, "<sequence>c1 x1</sequence>",
      "t.xml:13: sequence names an unknown guest 'x1'; expected 'c1', 'c2' or 'm1'" },
    { SEQUENCE, "<sequence>c1>x</sequence>",
      "t.xml:13: sequence names an unknown host 'x'; expected 'a', 'b' or 'd'" },
    { SEQUENCE, "<sequence to='x'>c1</sequence>",
      "t.xml:13: sequence names an unknown host 'x'; expected 'a', 'b' or 'd'" },
    { SEQUENCE, "<sequence>c1>a</sequence>",
      "t.xml:13: guest 'c1' is to move to host 'a', where it already is; expected another host" },
    { SEQUENCE, "<sequence to='b'>c1 c1</sequence>",
      "t.xml:13: guest 'c1' is to move to host 'b', where it already is; expected another host" },
    { SEQUENCE, "<sequence>c1+c1</sequence>",
      "t.xml:13: guest 'c1' moves twice at the same time; expected it once in a step" },
    { SEQUENCE, "<sequence>c1 + m1</sequence>",
      "t.xml:13: '' in sequence is no move; expected a guest, like c1, or c1>host" },
    { SEQUENCE, "<sequence>c1></sequence>",
      "t.xml:13: 'c1>' in sequence is no move; expected a guest, like c1, or c1>host" },
    { SEQUENCE, "<sequence> </sequence>",
      "t.xml:13: an empty sequence; expected guests, like 'c1 m1' or 'c1+m1'" },
    { SEQUENCE, SEQUENCE "<sequence>c1>b m1>b</sequence>",
      "t.xml:13: case 'cm' (c1>b-m1>b) is there already (line 13); expected other moves" },
    { SEQUENCE, "<orders pick='4'/>",
      "t.xml:13: pick='4' of orders is more than the 3 guests there are; expected at most 3" },
    { SEQUENCE, "<orders pick='0'/>",
      "t.xml:13: pick='0' of orders is not possible; expected a whole number from 1 to "
      "18446744073709551615" },
    { SEQUENCE, "<orders of='c1 x'/>",
      "t.xml:13: orders names an unknown guest 'x'; expected 'c1', 'c2' or 'm1'" },
    { SEQUENCE, "<orders of='c1 c1'/>", "t.xml:13: guest 'c1' is twice in of; expected each once" },
    { SEQUENCE, "<orders of=' '/>",
      "t.xml:13: of=' ' of orders names no guest; expected some, like 'c1 m1'" },
  };
  check_bad (bad, G_N_ELEMENTS (bad));
}

#define PREDICTED(inner) "<sequence>c1 m1<prediction order='plan' model='m'>" inner "</prediction></sequence>"
#define START "<move guest='c1' quantity='start' value='0 s'/>"

static void
test_prediction (void)
{
  g_autoptr (MigStudy) plain = parse_good (SEQUENCE, SEQUENCE);
  g_autoptr (MigStudy) empty = parse_good (SEQUENCE, "<sequence>c1 m1<prediction/></sequence>");
  g_autoptr (MigStudy) study = parse_good (
      SEQUENCE, PREDICTED ("<case quantity='lost-work' value='-1.5 s' low='-2 s' high='250 ms'/>" START));
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
test_prediction_errors (void)
{
  static const Bad bad[] = {
    { SEQUENCE, PREDICTED ("<case quantity='start' value='0 s'/>"),
      "t.xml:13: case has no such quantity 'start'; expected total-time, wall-time, downtime, worst-downtime or "
      "lost-work" },
    { SEQUENCE, PREDICTED ("<move guest='c1' quantity='wall-time' value='0 s'/>"),
      "t.xml:13: move has no such quantity 'wall-time'; expected start, total-time, downtime or lost-work" },
    { SEQUENCE, PREDICTED ("<case quantity='downtime'/>"),
      "t.xml:13: case has no attribute 'value'; expected quantity, value, low or high" },
    { SEQUENCE, PREDICTED ("<case quantity='downtime' value='long'/>"),
      "t.xml:13: value of case: 'long' is not a duration; expected something like '30 s' or '10 ms'" },
    { SEQUENCE, PREDICTED ("<case quantity='downtime' value='--1 s'/>"),
      "t.xml:13: value of case: '--1 s' is not a duration; expected something like '30 s' or '10 ms'" },
    { SEQUENCE, PREDICTED ("<case quantity='downtime' value='1 s' low='2 s'/>"),
      "t.xml:13: the value of case 'downtime' lies outside its interval; expected low, value, high from the smallest "
      "to the largest" },
    { SEQUENCE, PREDICTED (START START), "t.xml:13: a second 'start' of the same move; expected it once" },
    { SEQUENCE, PREDICTED ("<move guest='x' quantity='start' value='0 s'/>"),
      "t.xml:13: move names an unknown guest 'x'; expected 'c1', 'c2' or 'm1'" },
    { SEQUENCE, PREDICTED ("<move guest='c2' quantity='start' value='0 s'/>"),
      "t.xml:13: guest 'c2' moves 0 times in the sequence; expected a guest that moves once" },
    { SEQUENCE, "<sequence>c1<prediction/><prediction/></sequence>",
      "t.xml:13: a second <prediction> in <sequence>; expected one" },
    { SEQUENCE, PREDICTED ("<guess/>"), "t.xml:13: unknown element <guess> in <prediction>; expected case or move" },
  };
  check_bad (bad, G_N_ELEMENTS (bad));
}

static void
test_setting_errors (void)
{
  static const Bad bad[] = {
    { "<migration ", "<migration peer-to-peer='maybe' ",
      "t.xml:15: migration has no such peer-to-peer 'maybe'; expected yes or no" },
    { "window='20 s'", "window='4 s'",
      "t.xml:16: the window of 4.00 s begins with the baseline of 5.00 s; expected it to be "
      "longer" },
    { "window='20 s'", "window='20'",
      "t.xml:16: window of timing: '20' is not a duration; expected something like '30 s' or '10 "
      "ms'" },
    { "window='20 s'", "window='-20 s'",
      "t.xml:16: window of timing: '-20 s' is not a duration; expected something like '30 s' or "
      "'10 ms'" },
    { "window='20 s'", "ready-timeout='1 ms'",
      "t.xml:16: ready-timeout='1 ms' of timing is too little; expected at least 1.00 s" },
    { "window='20 s'", "repetitions='0'",
      "t.xml:16: repetitions='0' of timing is not possible; expected a whole number from 1 to "
      "10000" },
    { "window='20 s'", "seed='18446744073709551616'",
      "t.xml:16: seed='18446744073709551616' of timing is not possible; expected a whole number "
      "from 0 to "
      "18446744073709551615" },
    { "window='20 s'", "heartbeat='1 us'",
      "t.xml:16: heartbeat of timing is 1.00 us; expected from 1 ms to 10 s, or 0 for the "
      "default" },
    { "<migration ", "<migration bandwidth='much' ",
      "t.xml:15: bandwidth of migration: 'much' is not a rate; expected something like '1 Gbit/s' "
      "or '117 MiB/s'" },
    { "<migration ", "<migration timeout='0' ",
      "t.xml:15: timeout='0' of migration is too little; expected at least 1.00 s" },
  };
  check_bad (bad, G_N_ELEMENTS (bad));
}

/* Nothing of a document type is looked at, and no value can break a message into lines. */
static void
test_hostile (void)
{
  static const char entity[] =
      "<?xml version='1.0'?>\n<!DOCTYPE study [<!ENTITY x SYSTEM '/etc/passwd'>]>\n"
      "<study name='&x;'/>";
  static const char laughs[] =
      "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
      "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><study name='&c;'/>";
  assert_bad (
      entity, sizeof entity - 1,
      "t.xml:2: a document type is not allowed; expected it to begin with <study>");
  assert_bad (
      laughs, sizeof laughs - 1,
      "t.xml:1: a document type is not allowed; expected it to begin with <study>");
  assert_bad ("", 0, "t.xml:1: not well-formed XML: Document is empty");

  g_autofree char *lines = with ("type='cpu'", "type='x&#10;y&#x9b;z'");
  assert_bad (lines, strlen (lines),
              "t.xml:7: workload 'c' has no such type 'x y z'; expected cpu, memory or idle");

  g_autofree char *large = g_strnfill (MIG_STUDY_MAX_FILE_BYTES + 1, ' ');
  assert_bad (large, MIG_STUDY_MAX_FILE_BYTES + 1, "t.xml:1: larger than 1 MiB; expected a study");

  g_autoptr (GString) deep = g_string_new (NULL);
  for (int i = 0; i < 10000; i++)
    g_string_append (deep, "<study>");
  g_autoptr (GError) error = NULL;
  g_assert_null (mig_study_parse (deep->str, deep->len, "t.xml", &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_true (
      g_str_has_prefix (error->message, "t.xml:1: not well-formed XML: Excessive depth"));
}

/* Orders grow like factorials: they end at the limit, soon. */
static void
test_too_many_cases (void)
{
  g_autoptr (GString) xml =
      g_string_new ("<study name='t'><hosts><host name='a'/><host name='b'/></hosts>");
  for (int i = 0; i < 40; i++)
    g_string_append_printf (
        xml, "<workload name='w%d' type='cpu'/><guest name='g%d' workload='w%d'/>", i, i, i);
  g_string_append (xml, "<cases>\n<orders/></cases></study>");
  assert_bad (xml->str, xml->len, "t.xml:2: one case too many; expected at most 1000");
}

static void
test_defaults (void)
{
  g_autoptr (MigStudy) study = parse_good ("<timing baseline='5 s' window='20 s'/>", "");
  const MigStudyGuest *guest = study->guests->pdata[0];
  const MigStudyHost *host = study->hosts->pdata[2];

  g_assert_cmpstr (study->title, ==, "A test");
  g_assert_cmpstr (study->description, ==, "");
  g_assert_cmpuint (study->link_bytes_per_s, ==, 125000000);
  g_assert_cmpint (host->cpu, ==, -1);
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
  g_assert_cmpint (study->settle_ns, ==, 10 * MIG_NS_PER_S);
  g_assert_cmpint (study->baseline_ns, ==, 5 * MIG_NS_PER_S);
  g_assert_cmpint (study->window_ns, ==, 30 * MIG_NS_PER_S);
  g_assert_cmpuint (study->repetitions, ==, 3);
  g_assert_cmpuint (study->seed, ==, 0);
  g_assert_cmpint (study->heartbeat_ns, ==, 0);
  g_assert_cmpint (study->sampling_ns, ==, 0);

  g_autoptr (MigStudy) plain = parse_good ("<migration stop-rule='xen-4.6'/>", "");
  g_assert_cmpint (plain->stop_rule, ==, MIG_STOP_HYPERVISOR);
}

static void
test_values (void)
{
  g_autoptr (MigStudy) study =
      parse_good ("<migration stop-rule='xen-4.6'/>",
                  "<migration bandwidth='10 MB/s' max-downtime='300 ms' timeout='1 min'/>");
  const MigStudyWorkload *memory = study->workloads->pdata[1];

  g_assert_cmpuint (memory->wss_bytes, ==, 64000000);
  g_assert_cmpuint (memory->rate_pages_per_s, ==, 100);
  g_assert_false (memory->random);
  g_assert_cmpuint (study->bandwidth_bytes_per_s, ==, 10000000);
  g_assert_cmpuint (study->bandwidth_line, ==, 15);
  g_assert_cmpint (study->max_downtime_ns, ==, 300 * MIG_NS_PER_MS);
  g_assert_cmpuint (study->max_downtime_line, ==, 15);
  g_assert_cmpint (study->timeout_ns, ==, 60 * MIG_NS_PER_S);
  g_assert_cmpstr (mig_study_find_host (study, "b")->uri, ==, "test:///b");
  g_assert_null (mig_study_find_host (study, "x"));
  g_assert_null (mig_study_find_case (study, "x"));

  g_autoptr (MigStudy) peer = parse_good ("<migration ", "<migration peer-to-peer='yes' ");
  g_assert_true (peer->peer_to_peer);
  g_assert_cmpuint (peer->peer_to_peer_line, ==, 15);
  g_autoptr (MigStudy) direct = parse_good ("<migration ", "<migration peer-to-peer='no' ");
  g_assert_false (direct->peer_to_peer);
  g_autoptr (MigStudy) seen = parse_good ("migrate-uri='tcp://d'", "peer-uri='qemu+tls://d/system'");
  g_assert_cmpstr (mig_study_find_host (seen, "d")->peer_uri, ==, "qemu+tls://d/system");

  g_autoptr (MigStudy) random = parse_good ("rate='100'", "order='random'");
  g_assert_true (((MigStudyWorkload *) random->workloads->pdata[1])->random);
  g_autoptr (MigStudy) seeded =
      parse_good ("<timing ", "<timing seed='18446744073709551615' heartbeat='5 ms' ");
  g_assert_cmpuint (seeded->seed, ==, G_MAXUINT64);
  g_assert_cmpint (seeded->heartbeat_ns, ==, 5 * MIG_NS_PER_MS);
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
  static const struct
  {
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
      g_autoptr (MigStudy) study = parse_good (SEQUENCE, good[i].cases);
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

/* Guests that are there: a class each, under their own name; what belongs to migcost's own is refused. */
static void
test_existing (void)
{
  static const Bad bad[] = {
    { "name='c1' workload='c'", "name='c1' workload='c' existing='yes'",
      "t.xml:9: guest 'c1' has a workload; expected none: it is there already, and migcost does not change it" },
    { "name='m1' workload='m'", "name='m1' existing='yes'",
      "t.xml:11: guest 'm1' has a memory; expected none: it is there already, and migcost does not change it" },
    { "name='c1' workload='c'", "name='c1' existing='yes' template='qemu-kvm'",
      "t.xml:9: guest 'c1' has a template; expected none: it is there already, and migcost does not change it" },
    { "name='c1' workload='c'", "name='c1' workload='c' domain='x'",
      "t.xml:9: guest 'c1' has a domain; expected none: that is for guests that are there, with existing='yes'" },
    { "name='c1' workload='c'", "name='c1' workload='c' pin='yes'",
      "t.xml:9: guest 'c1' has a pin; expected none: that is for guests that are there, with existing='yes'" },
    { "name='c1' workload='c'", "name='c1' existing='yes' pin='0'",
      "t.xml:9: guest 'c1' has no such pin '0'; expected yes or no" },
    { "name='c1' workload='c'", "name='c1' existing='maybe'",
      "t.xml:9: guest 'c1' has no such existing 'maybe'; expected yes or no" },
    { "name='c1' workload='c'", "name='c1' existing='yes' domain='migcost-c2'",
      "t.xml:10: guests 'c1' and 'c2' are both the domain 'migcost-c2'; expected one for each" },
    { "name='c1' workload='c'", "name='c' existing='yes'",
      "t.xml:9: guest 'c' is there already (line 7); expected another name" },
  };
  static const char xml[] =
      "<study name='t'><hosts><host name='a'/><host name='b'/></hosts>"
      "<guest name='v1' existing='yes'/><guest name='v2' existing='yes' domain='v 2' pin='yes' host='b'/>"
      "<cases><sequence>v1 v2</sequence></cases></study>";
  g_autoptr (GError) error = NULL;

  check_bad (bad, G_N_ELEMENTS (bad));
  g_autoptr (MigStudy) study = mig_study_parse (xml, sizeof xml - 1, "t.xml", &error);
  g_assert_no_error (error);
  const MigStudyGuest *first = study->guests->pdata[0], *second = study->guests->pdata[1];
  g_autofree char *spelled = spell (study);
  g_assert_cmpstr (spelled, ==, "v1-v2=v1>b v2>a");
  g_assert_true (first->existing && second->existing);
  g_assert_true (!first->pin && second->pin);
  g_assert_cmpstr (first->domain, ==, "v1");
  g_assert_cmpstr (second->domain, ==, "v 2");
  g_assert_cmpstr (first->workload->type, ==, MIG_STUDY_EXISTING);
  g_assert_cmpuint (first->memory_bytes, ==, 0);
  g_assert_false (mig_study_starts_guests (study));

  g_autoptr (MigStudy) own = parse_good ("name='c1' workload='c'", "name='c1' workload='c' existing='no'");
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
      g_autoptr (MigStudy) study = parse_good ("'xen-4.6'", element);
      g_assert_cmpuint (study->stop_rule, ==, i);
    }
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_4)->max_rounds, ==, 29);
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_4)->max_ram, ==, 3);
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_6)->max_rounds, ==, 5);
  g_assert_cmpuint (mig_stop_rule_limits (MIG_STOP_XEN_4_6)->max_ram, ==, 0);
  g_assert_false (mig_stop_rule_from_name ("never", &rule, &error));
  g_assert_cmpstr (error->message, ==,
                   "no stop rule is called 'never'; expected hypervisor, xen-4.4 or xen-4.6");
}

static void
test_shipped (void)
{
  static const struct
  {
    const char *name, *cases;
    guint repetitions;
  } shipped[] = {
    { "load-balancing",
      "cc=c1>destination c2>destination; cm=c1>destination m1>destination; "
      "mc=m1>destination c1>destination; mm=m1>destination m2>destination",
      2 },
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
      while (at < entries->len && strcmp (((MigStudyEntry *) entries->pdata[at])->name, shipped[i].name) != 0)
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

static void
test_load_errors (void)
{
  g_autoptr (GError) unknown = NULL, missing = NULL, folder = NULL;

  g_assert_null (mig_study_load ("nope", &unknown));
  g_assert_error (unknown, MIG_ERROR, MIG_ERROR_USAGE);
  g_assert_true (g_str_has_prefix (unknown->message, "no study 'nope'; expected a file, or one that ships: 'bottleneck', "));
  g_assert_true (g_str_has_suffix (unknown->message, "'techniques' or 'working-set'"));
  g_assert_null (mig_study_load ("/nowhere/s.xml", &missing));
  g_assert_error (missing, MIG_ERROR, MIG_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (missing->message, "cannot read the study '/nowhere/s.xml': "));
  g_assert_null (mig_study_load ("/", &folder));
  g_assert_error (folder, MIG_ERROR, MIG_ERROR_FAILED);
}

/* The first bytes of a study, and a study with bytes changed: an answer, whatever it is, and either
 * a study or an error. */
static void
test_damaged (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  const gsize size = sizeof base - 1;

  for (guint i = 0; i < 600; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *xml = g_strdup (base);
      gsize used = i < 200 ? (gsize) g_rand_int_range (random, 0, (gint32) size) : size;
      for (guint flips = i < 200 ? 0 : 1 + i % 3; flips > 0; flips--)
        xml[g_rand_int_range (random, 0, (gint32) size)] = (char) g_rand_int_range (random, 1, 256);
      g_autoptr (MigStudy) study = mig_study_parse (xml, used, "t.xml", &error);
      g_assert_true ((study != NULL) == (error == NULL));
      if (error)
        {
          g_assert_true (g_str_has_prefix (error->message, "t.xml:"));
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
          g_assert_null (strchr (error->message, '\n'));
        }
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/structure", test_structure);
  g_test_add_func ("/study/objects", test_objects);
  g_test_add_func ("/study/hosts-count", test_hosts_count);
  g_test_add_func ("/study/case-errors", test_case_errors);
  g_test_add_func ("/study/prediction", test_prediction);
  g_test_add_func ("/study/prediction-errors", test_prediction_errors);
  g_test_add_func ("/study/setting-errors", test_setting_errors);
  g_test_add_func ("/study/hostile", test_hostile);
  g_test_add_func ("/study/too-many-cases", test_too_many_cases);
  g_test_add_func ("/study/defaults", test_defaults);
  g_test_add_func ("/study/values", test_values);
  g_test_add_func ("/study/cases", test_cases);
  g_test_add_func ("/study/long-names", test_long_names);
  g_test_add_func ("/study/existing", test_existing);
  g_test_add_func ("/study/stop-rules", test_stop_rules);
  g_test_add_func ("/study/shipped", test_shipped);
  g_test_add_func ("/study/xmllint", test_xmllint);
  g_test_add_func ("/study/man-example", test_man_example);
  g_test_add_func ("/study/load-errors", test_load_errors);
  g_test_add_func ("/study/damaged", test_damaged);
  return g_test_run ();
}
