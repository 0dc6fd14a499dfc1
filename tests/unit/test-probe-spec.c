/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "probe/probe-spec.h"
#include "probe/probe.h"

static void
assert_same (const char *text, const char *formatted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse (text, TRUE, &error);

  g_assert_no_error (error);
  g_autofree char *again = mig_probe_spec_format (spec);
  g_assert_cmpstr (again, ==, formatted);
}

static void
test_forms (void)
{
  g_autoptr (MigProbeSpec) http = mig_probe_spec_parse ("http:192.0.2.7:8080/a?b=c", FALSE, NULL);

  assert_same ("icmp:192.0.2.1", "icmp:192.0.2.1");
  assert_same ("tcp:192.0.2.1:80", "tcp:192.0.2.1:80");
  assert_same ("http:192.0.2.1:80", "http:192.0.2.1:80/");
  assert_same ("http:192.0.2.1:80/x:y/z", "http:192.0.2.1:80/x:y/z");
  assert_same ("echo:10.112.1.1:4747", "echo:10.112.1.1:4747");
  assert_same ("icmp:[2001:db8::1]", "icmp:[2001:db8::1]");
  assert_same ("tcp:[::1]:80", "tcp:[::1]:80");
  assert_same ("http:[2001:db8::1]:8080/x]:1", "http:[2001:db8::1]:8080/x]:1");
  g_assert_cmpint (http->method, ==, MIG_PROBE_BY_HTTP);
  g_assert_cmpstr (http->address, ==, "192.0.2.7");
  g_assert_cmpuint (http->port, ==, 8080);
  g_assert_cmpstr (http->path, ==, "/a?b=c");
  g_assert_cmpint (http->period_ns % MIG_PROBE_TICK_NS, ==, 0);
}

static void
test_bad (void)
{
  static const char *const bad[] = {
    "",
    "icmp",
    "icmp:",
    "icmp:host",
    "icmp:192.0.2.1:80",
    "icmp:::1",
    "icmp:[::1",
    "icmp:[::1]:80",
    "icmp:[192.0.2.1]",
    "icmp:[]",
    "tcp:[::1]",
    "tcp:[::1]80",
    "tcp:::1:80",
    "tcp:[fe80::1%eth0]:80",
    "tcp:192.0.2.1",
    "tcp:192.0.2.1:",
    "tcp:192.0.2.1:0",
    "tcp:192.0.2.1:65536",
    "tcp:192.0.2.1:80/",
    "tcp:192.0.2.1:80:1",
    "udp:192.0.2.1:80",
    "ICMP:192.0.2.1",
    "http:192.0.2.1/",
    "http:192.0.2.1:80/a b",
    "http:192.0.2.1:80/a\r\nX: y",
    "echo:192.0.2.1:4747",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (mig_probe_spec_parse (bad[i], FALSE, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_nonnull (g_strrstr (error->message, "expected icmp:ADDRESS"));
    }
}

static void
test_long_path (void)
{
  g_autofree char *path = g_strnfill (MIG_PROBE_MAX_PATH - 1, 'x');
  g_autofree char *longest = g_strconcat ("http:192.0.2.1:80/", path, NULL);
  g_autofree char *too_long = g_strconcat (longest, "x", NULL);
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse (longest, FALSE, NULL);

  g_assert_nonnull (spec);
  g_assert_null (mig_probe_spec_parse (too_long, FALSE, NULL));
}

static void
test_join (void)
{
  static const char *const cases[][3] = {
    { "icmp", "192.0.2.1", "icmp:192.0.2.1" },
    { "tcp:80", "192.0.2.1", "tcp:192.0.2.1:80" },
    { "http:80/a:b", "192.0.2.1", "http:192.0.2.1:80/a:b" },
    { "icmp", "2001:db8::1", "icmp:[2001:db8::1]" },
    { "http:80/a", "2001:db8::1", "http:[2001:db8::1]:80/a" },
    { "icmp:1", "192.0.2.1", NULL },
    { "tcp", "192.0.2.1", NULL },
    { "arp", "192.0.2.1", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *joined = mig_probe_spec_join (cases[i][0], cases[i][1]);
      g_assert_cmpstr (joined, ==, cases[i][2]);
    }
}

static void
test_asks (void)
{
  g_autoptr (MigProbeSpec) icmp = mig_probe_spec_parse ("icmp:192.0.2.1", FALSE, NULL);
  g_autoptr (MigProbeSpec) tcp = mig_probe_spec_parse ("tcp:192.0.2.1:22", FALSE, NULL);
  g_autofree char *first = mig_probe_spec_asks (icmp), *second = mig_probe_spec_asks (tcp);

  g_assert_cmpstr (first, ==, "ICMP echo to 192.0.2.1");
  g_assert_cmpstr (second, ==, "new connections to 192.0.2.1 port 22");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe-spec/forms", test_forms);
  g_test_add_func ("/probe-spec/bad", test_bad);
  g_test_add_func ("/probe-spec/long-path", test_long_path);
  g_test_add_func ("/probe-spec/join", test_join);
  g_test_add_func ("/probe-spec/asks", test_asks);
  return g_test_run ();
}
