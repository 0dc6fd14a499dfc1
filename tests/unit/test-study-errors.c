/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/error.h"
#include "tests/unit/studies.h"

/* What is no study: one line that says what, where and what was expected. */

static void
test_structure (void)
{
  static const StudyBad bad[] = {
    { "type='cpu'", "type='disk'",
      "t.xml:7: workload 'c' has an unknown type 'disk'; expected cpu, memory, io or idle" },
    { "rate='100'", "order='up'",
      "t.xml:8: workload 'm' has an unknown order 'up'; expected sequential or random" },
    { "xen-4.6", "xen-4.5",
      "t.xml:15: migration has an unknown stop-rule 'xen-4.5'; expected hypervisor, xen-4.4 or "
      "xen-4.6" },
    { "memory='256", "mem='256",
      "t.xml:11: guest 'm1' has an unknown attribute 'mem'; expected name, workload, existing, "
      "domain, pin, host, memory, vcpus, template, hugepages, dirty-ring, numa-node, "
      "cpu-model, disk, disk-cache, network, server, probe, address or stands-for" },
    { "memory='256", "xml:memory='256",
      "t.xml:11: guest 'm1' has an unknown attribute 'xml:memory'; expected name, workload, "
      "existing, domain, pin, host, memory, vcpus, template, hugepages, dirty-ring, "
      "numa-node, cpu-model, disk, disk-cache, network, server, probe, address or "
      "stands-for" },
    { "'c1' workload='c'", "'c1'",
      "t.xml:9: guest 'c1' has no workload; expected one, or existing='yes' for an existing "
      "guest" },
    { "<migration stop-rule='xen-4.6'/>", "<sweeps parameter='wss' values='1 2'/>",
      "t.xml:15: unknown element <sweeps> in <study>; expected description, hosts, workload, "
      "guest, "
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
  study_check_bad (bad, G_N_ELEMENTS (bad));
  study_assert_bad ("<lab/>", 6, "t.xml:1: unknown element <lab>; expected <study>");
  study_assert_bad ("<study name='t'/>", 17,
                    "t.xml:1: <study> contains no <hosts>; expected at least one");
}

static void
test_objects (void)
{
  static const StudyBad bad[] = {
    { "name='b'", "name='a'",
      "t.xml:4: duplicate host 'a', first defined on line 3; expected another name" },
    { "name='m' type", "name='c' type",
      "t.xml:8: duplicate workload 'c', first defined on line 7; expected another name" },
    { "name='c2'", "name='c1'",
      "t.xml:10: duplicate guest 'c1', first defined on line 9; expected another name" },
    { "name='c2'", "name='2 c'",
      "t.xml:10: name='2 c' of guest is not a name; expected a letter, then at most 31 letters, "
      "digits, '.', '_' or '-'" },
    { "cpu='0'", "cpu='-1'",
      "t.xml:3: cpu='-1' of host 'a' is not a CPU; expected none or a number from 0 to 4095" },
    { "cpu='0'", "cpu='4096'",
      "t.xml:3: cpu='4096' of host 'a' is not a CPU; expected none or a number from 0 to 4095" },
    { "cpu='0'", "cpu='spare'",
      "t.xml:3: cpu='spare' of host 'a' is not a CPU; expected none or a number from 0 to 4095" },
    { "cpu='0'", "cpu='0' management-cpu='-1'",
      "t.xml:3: management-cpu='-1' of host 'a' is not a CPU; expected none, spare or a number "
      "from "
      "0 to 4095" },
    { "cpu='0'", "cpu='none' management-cpu='spare'",
      "t.xml:3: management-cpu of host 'a' is spare, but its guests may use all CPUs; expected a "
      "number as its cpu" },
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
      "t.xml:5: peer-uri='somewhere' of host is not a URI; expected something like "
      "'qemu+ssh://host/system'" },
    { "uri='test:///d' migrate-uri='tcp://d'", "pool='p'",
      "t.xml:5: host 'd' has a pool, 'p', and no uri; expected a storage pool or a directory of a "
      "host with a uri" },
    { "uri='test:///d' migrate-uri='tcp://d'", "disk-pool='p'",
      "t.xml:5: host 'd' has a disk-pool, 'p', and no uri; expected a storage pool or a directory "
      "of a host with a uri" },
    { "1 Gbit/s", "1 Gbit",
      "t.xml:2: link of hosts: '1 Gbit' is not a rate; expected something like '1 Gbit/s' or '117 "
      "MiB/s'" },
    { "1 Gbit/s", "0", "t.xml:2: link='0' of hosts is too small; expected at least 1 B/s" },
    { "<hosts", "<hosts forward-delay='4 s'",
      "t.xml:2: hosts have a forward-delay but no spanning tree; expected spanning-tree='yes' "
      "beside it" },
    { "<hosts", "<hosts spanning-tree='yes' forward-delay='1 s'",
      "t.xml:2: forward-delay='1 s' of hosts is too small; expected at least 2.00 s" },
    { "<hosts", "<hosts spanning-tree='yes' forward-delay='31 s'",
      "t.xml:2: forward-delay='31 s' of hosts is too large; expected at most 30 s" },
    { "workload='m'", "workload='x'",
      "t.xml:11: guest 'm1' refers to an unknown workload 'x'; expected 'c' or 'm'" },
    { "host='b'", "host='x'",
      "t.xml:10: guest 'c2' refers to an unknown host 'x'; expected 'a', 'b' or 'd'" },
    { "memory' wss='64 MB'", "io' wss='64 MB'",
      "t.xml:11: workload 'm' updates 64.0 MB of a disk, but guest 'm1' has no disk; expected a "
      "disk of that size at least" },
    { "memory='256", "disk='60 MB' disk-cache='none' memory='256",
      "t.xml:11: the disk of guest 'm1' is no whole number of blocks of 4096 bytes; expected "
      "something like '64 MiB'" },
    { "memory='256", "numa-node='1024' memory='256",
      "t.xml:11: numa-node='1024' of guest is not possible; expected a whole number from 0 to "
      "1023" },
    { "memory='256", "hugepages='maybe' memory='256",
      "t.xml:11: guest 'm1' has an unknown hugepages 'maybe'; expected yes or no" },
    { "memory='256", "dirty-ring='on' memory='256",
      "t.xml:11: guest 'm1' has an unknown dirty-ring 'on'; expected yes or no" },
    { "memory='256", "server='nginx' memory='256",
      "t.xml:11: guest 'm1' has a server and no network; expected network='yes' beside it" },
    { "memory='256", "network='yes' server='nginx' memory='256",
      "t.xml:11: guest 'm1' has a server and hosts with a uri; expected the lab's hosts, which "
      "have "
      "clients for it" },
    { "memory='256", "disk-cache='none' memory='256",
      "t.xml:11: guest 'm1' has a disk-cache but no disk; expected disk='64 MiB' beside it" },
    { "memory='256", "disk='1 MiB' disk-cache='maybe' memory='256",
      "t.xml:11: guest 'm1' has an unknown disk-cache 'maybe'; expected none, directsync, "
      "writethrough, writeback or unsafe" },
    { "64 MB", "200 MB",
      "t.xml:11: workload 'm' updates 200 MB, but guest 'm1' has 256 MiB, of which its kernel "
      "takes 70 MiB; expected a "
      "wss of at most 195 MB" },
    { "memory='256 MiB'", "memory='64 MiB'",
      "t.xml:11: guest 'm1' has 64 MiB; expected more than the 70 MiB that its kernel takes" },
    { "memory='256", "vcpus='65' memory='256",
      "t.xml:11: vcpus='65' of guest is not possible; expected a whole number from 1 to 64" },
    { "64 MB", "64 apples",
      "t.xml:8: wss of workload: '64 apples' is not an amount of memory; expected something like "
      "'512 MiB' or '460 MB'" },
    { "64 MB", "4095",
      "t.xml:8: wss='4095' of workload is too small; expected at least 4096 bytes" },
    { " wss='64 MB'", "",
      "t.xml:8: workload 'm' has no wss; expected its working set, like wss='460 MB'" },
    { "'100'", "'fast'",
      "t.xml:8: rate='fast' of workload is not possible; expected a whole number from 0 to "
      "10000000" },
    { "'100'", "'10000001'",
      "t.xml:8: rate='10000001' of workload is not possible; expected a whole number from 0 to "
      "10000000" },
    { "64 MB", "17592186044417",
      "t.xml:8: wss='17592186044417' of workload is too large; expected at most 16 TiB" },
    { "type='cpu'", "type='cpu' off-after='0.5 ms'",
      "t.xml:7: off-after='0.5 ms' of workload 'c' is not possible; expected whole milliseconds, "
      "up "
      "to 24 h" },
    { "type='cpu'", "type='cpu' off-after='86400001 ms'",
      "t.xml:7: off-after='86400001 ms' of workload 'c' is not possible; expected whole "
      "milliseconds, up to 24 h" },
    { "type='cpu'", "type='cpu' rate='1'",
      "t.xml:7: workload 'c' of type cpu has a rate; expected that with types memory and io "
      "only" },
    { "memory='256", "template='none' memory='256",
      "t.xml:11: guest 'm1' has an unknown template 'none'; expected a name from 'migcost list', "
      "or a path with a '/'" },
    { "memory='256", "template='/nowhere/x.xml' memory='256",
      "t.xml:11: template '/nowhere/x.xml' of guest 'm1' is not a file; expected domain XML" },
  };
  study_check_bad (bad, G_N_ELEMENTS (bad));
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
  study_assert_bad (one, sizeof one - 1, "t.xml:1: only 1 host; expected at least 2");
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = mig_study_parse (three, sizeof three - 1, "t.xml", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (study->hosts->len, ==, 3);
}

static void
test_case_errors (void)
{
  static const StudyBad bad[] = {
    { STUDY_SEQUENCE, "<sequence>c1 x1</sequence>",
      "t.xml:13: sequence names an unknown guest 'x1'; expected 'c1', 'c2' or 'm1'" },
    { STUDY_SEQUENCE, "<sequence>c1>x</sequence>",
      "t.xml:13: sequence names an unknown host 'x'; expected 'a', 'b' or 'd'" },
    { STUDY_SEQUENCE, "<sequence to='x'>c1</sequence>",
      "t.xml:13: sequence names an unknown host 'x'; expected 'a', 'b' or 'd'" },
    { STUDY_SEQUENCE, "<sequence>c1>a</sequence>",
      "t.xml:13: guest 'c1' moves to host 'a', where it already runs; expected another host" },
    { STUDY_SEQUENCE, "<sequence to='b'>c1 c1</sequence>",
      "t.xml:13: guest 'c1' moves to host 'b', where it already runs; expected another host" },
    { STUDY_SEQUENCE, "<sequence>c1+c1</sequence>",
      "t.xml:13: guest 'c1' moves twice in a step; expected it once" },
    { STUDY_SEQUENCE, "<sequence>c1 + m1</sequence>",
      "t.xml:13: '' in sequence is not a move; expected a guest, like c1, or c1>host" },
    { STUDY_SEQUENCE, "<sequence>c1></sequence>",
      "t.xml:13: 'c1>' in sequence is not a move; expected a guest, like c1, or c1>host" },
    { STUDY_SEQUENCE, "<sequence> </sequence>",
      "t.xml:13: an empty sequence; expected guests, like 'c1 m1' or 'c1+m1'" },
    { STUDY_SEQUENCE, STUDY_SEQUENCE "<sequence>c1>b m1>b</sequence>",
      "t.xml:13: duplicate case 'cm' (c1>b-m1>b), first defined on line 13; expected other moves" },
    { STUDY_SEQUENCE, "<orders pick='4'/>",
      "t.xml:13: pick='4' of orders exceeds the 3 guests; expected at most 3" },
    { STUDY_SEQUENCE, "<orders pick='0'/>",
      "t.xml:13: pick='0' of orders is not possible; expected a whole number from 1 to "
      "18446744073709551615" },
    { STUDY_SEQUENCE, "<orders of='c1 x'/>",
      "t.xml:13: orders names an unknown guest 'x'; expected 'c1', 'c2' or 'm1'" },
    { STUDY_SEQUENCE, "<orders of='c1 c1'/>",
      "t.xml:13: guest 'c1' occurs twice in of; expected each once" },
    { STUDY_SEQUENCE, "<orders of=' '/>",
      "t.xml:13: of=' ' of orders names no guest; expected some, like 'c1 m1'" },
  };
  study_check_bad (bad, G_N_ELEMENTS (bad));
}

static void
test_prediction_errors (void)
{
  static const StudyBad bad[] = {
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<case quantity='start' value='0 s'/>"),
      "t.xml:13: case has an unknown quantity 'start'; expected total-time, wall-time, downtime, "
      "worst-downtime or "
      "lost-work" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<move guest='c1' quantity='wall-time' value='0 s'/>"),
      "t.xml:13: move has an unknown quantity 'wall-time'; expected start, total-time, "
      "downtime, lost-work, outage or tcp-stall" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<case quantity='downtime'/>"),
      "t.xml:13: case has no attribute 'value'; expected quantity, value, low or high" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<case quantity='downtime' value='long'/>"),
      "t.xml:13: value of case: 'long' is not a duration; expected something like '30 s' or '10 "
      "ms'" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<case quantity='downtime' value='--1 s'/>"),
      "t.xml:13: value of case: '--1 s' is not a duration; expected something like '30 s' or '10 "
      "ms'" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<case quantity='downtime' value='1 s' low='2 s'/>"),
      "t.xml:13: the value of case 'downtime' lies outside its interval; expected low, value, high "
      "from the smallest "
      "to the largest" },
    { STUDY_SEQUENCE, STUDY_PREDICTED (STUDY_START STUDY_START),
      "t.xml:13: a second 'start' of the same move; expected it once" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<move guest='x' quantity='start' value='0 s'/>"),
      "t.xml:13: move names an unknown guest 'x'; expected 'c1', 'c2' or 'm1'" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<move guest='c2' quantity='start' value='0 s'/>"),
      "t.xml:13: guest 'c2' moves 0 times in the sequence; expected a guest that moves once" },
    { STUDY_SEQUENCE, "<sequence>c1<prediction/><prediction/></sequence>",
      "t.xml:13: a second <prediction> in <sequence>; expected one" },
    { STUDY_SEQUENCE, STUDY_PREDICTED ("<guess/>"),
      "t.xml:13: unknown element <guess> in <prediction>; expected case or move" },
  };
  study_check_bad (bad, G_N_ELEMENTS (bad));
}

static void
test_setting_errors (void)
{
  static const StudyBad bad[] = {
    { "<migration ", "<migration peer-to-peer='maybe' ",
      "t.xml:15: migration has an unknown peer-to-peer 'maybe'; expected yes or no" },
    { "window='20 s'", "start='resume'",
      "t.xml:16: timing has an unknown start 'resume'; expected restore or boot" },
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
      "t.xml:16: ready-timeout='1 ms' of timing is too small; expected at least 1.00 s" },
    { "window='20 s'", "repetitions='0'",
      "t.xml:16: repetitions='0' of timing is not possible; expected a whole number from 1 to "
      "10000" },
    { "window='20 s'", "until='soon'",
      "t.xml:16: until of timing: 'soon' is not an end; expected 'decided', or a share from '0.1%' "
      "to '99%'" },
    { "window='20 s'", "until='0%'",
      "t.xml:16: until of timing: '0%' is not an end; expected 'decided', or a share from '0.1%' "
      "to '99%'" },
    { "window='20 s'", "time='100 ms'",
      "t.xml:16: time='100 ms' of timing is too small; expected at least 1.00 s" },
    { "window='20 s'", "time='5'",
      "t.xml:16: time of timing: '5' is not a duration; expected something like '30 s' or '10 "
      "ms'" },
    { "window='20 s'", "seed='18446744073709551616'",
      "t.xml:16: seed='18446744073709551616' of timing is not possible; expected a whole number "
      "from 0 to "
      "18446744073709551615" },
    { "window='20 s'", "heartbeat='1 us'",
      "t.xml:16: heartbeat of timing: 1.00 us is out of range; expected 1 ms to 10 s, or 0" },
    { "<migration ", "<migration bandwidth='much' ",
      "t.xml:15: bandwidth of migration: 'much' is not a rate; expected something like '1 Gbit/s' "
      "or '117 MiB/s'" },
    { "<migration ", "<migration bandwidth='10 Mbit/s' ",
      "t.xml:15: bandwidth of migration: '10 Mbit/s' cannot be set: libvirt limits a migration to "
      "whole MiB/s; expected something like '2 MiB/s'" },
    { "<migration ", "<migration bandwidth='1 kB/s' ",
      "t.xml:15: bandwidth of migration: '1 kB/s' cannot be set: libvirt limits a migration to "
      "whole MiB/s; expected something like '1 MiB/s'" },
    { "<migration ", "<migration connections='256' ",
      "t.xml:15: connections='256' of migration is not possible; expected a whole number from 1 to "
      "255" },
    { "<migration ", "<migration throttle-initial='100' ",
      "t.xml:15: throttle-initial='100' of migration is not possible; expected a whole number from "
      "0 to 99" },
    { "<migration ", "<migration cache='96 MiB' ",
      "t.xml:15: cache='96 MiB' of migration cannot be set: QEMU takes powers of two from 4 KiB "
      "on; "
      "expected something like '64 MiB'" },
    { "<migration ", "<migration cache='2 KiB' ",
      "t.xml:15: cache='2 KiB' of migration cannot be set: QEMU takes powers of two from 4 KiB on; "
      "expected something like '64 MiB'" },
    { "<migration ", "<migration max-downtime='1.5 ms' ",
      "t.xml:15: max-downtime='1.5 ms' of migration cannot be set: libvirt sets whole "
      "milliseconds; expected something from '1 ms' to '2000 s'" },
    { "<migration ", "<migration max-downtime='34 min' ",
      "t.xml:15: max-downtime='34 min' of migration cannot be set: libvirt sets whole "
      "milliseconds; expected something from '1 ms' to '2000 s'" },
    { "<migration ", "<migration timeout='0' ",
      "t.xml:15: timeout='0' of migration is too small; expected at least 1.00 s" },
  };
  study_check_bad (bad, G_N_ELEMENTS (bad));
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
  study_assert_bad (entity, sizeof entity - 1,
                    "t.xml:2: a document type is not allowed; expected it to begin with <study>");
  study_assert_bad (laughs, sizeof laughs - 1,
                    "t.xml:1: a document type is not allowed; expected it to begin with <study>");
  study_assert_bad ("", 0, "t.xml:1: not well-formed XML: Document is empty");

  g_autofree char *lines = study_with ("type='cpu'", "type='x&#10;y&#x9b;z'");
  study_assert_bad (
      lines, strlen (lines),
      "t.xml:7: workload 'c' has an unknown type 'x y z'; expected cpu, memory, io or idle");

  g_autofree char *large = g_strnfill (MIG_STUDY_MAX_FILE_BYTES + 1, ' ');
  study_assert_bad (large, MIG_STUDY_MAX_FILE_BYTES + 1,
                    "t.xml:1: larger than 1 MiB; expected a study");

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
  g_autoptr (GString)
      xml = g_string_new ("<study name='t'><hosts><host name='a'/><host name='b'/></hosts>");
  for (int i = 0; i < 40; i++)
    g_string_append_printf (
        xml, "<workload name='w%d' type='cpu'/><guest name='g%d' workload='w%d'/>", i, i, i);
  g_string_append (xml, "<cases>\n<orders/></cases></study>");
  study_assert_bad (xml->str, xml->len, "t.xml:2: one case too many; expected at most 1000");
}

static void
test_load_errors (void)
{
  g_autoptr (GError) unknown = NULL, missing = NULL, folder = NULL;

  g_assert_null (mig_study_load ("nope", &unknown));
  g_assert_error (unknown, MIG_ERROR, MIG_ERROR_USAGE);
  g_assert_true (g_str_has_prefix (
      unknown->message, "unknown study 'nope'; expected a file, or a bundled one: 'bottleneck', "));
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
  const gsize size = strlen (study_base);

  for (guint i = 0; i < 600; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *xml = g_strdup (study_base);
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
  g_test_add_func ("/study/prediction-errors", test_prediction_errors);
  g_test_add_func ("/study/setting-errors", test_setting_errors);
  g_test_add_func ("/study/hostile", test_hostile);
  g_test_add_func ("/study/too-many-cases", test_too_many_cases);
  g_test_add_func ("/study/load-errors", test_load_errors);
  g_test_add_func ("/study/damaged", test_damaged);
  return g_test_run ();
}
