/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/unit/studies.h"

/* Guests' networks in a study: the lab's, and those of hosts of one's own. */

/* on_network: two guests on hosts of one's own, with what else is in <hosts>. */
static char *
on_network (const char *network, const char *first, const char *second)
{
  return g_strdup_printf ("<study name='t'><hosts><host name='a' uri='test:///default'/>"
                          "<host name='b' uri='test:///default'/>%s</hosts>"
                          "<workload name='c' type='cpu'/>"
                          "<guest name='c1' workload='c' network='yes'%s/>"
                          "<guest name='c2' workload='c' network='yes'%s/>"
                          "<cases><sequence>c1</sequence></cases></study>",
                          network, first, second);
}

static void
test_own_network (void)
{
  static const char one[] = " address='192.0.2.10/24'", two[] = " address='192.0.2.11/24'",
                    bridge[] = "<network bridge='br0'/>";
  static const char *const bad[][4] = {
    { "<network/>", one, two,
      "t.xml:1: <network> has no bridge and no name; expected one of bridge= and name=, which is a "
      "network of libvirt's" },
    { "<network bridge='br0' name='n'/>", one, two,
      "t.xml:1: <network> has a bridge and a name; expected one of bridge= and name=, which is a "
      "network of libvirt's" },
    { bridge, one, "",
      "t.xml:1: guest 'c2' has no address; expected its own IPv4 address on the <network> with the "
      "length of its prefix, like address='192.0.2.10/24'" },
    { bridge, one, " address='192.0.2.11/31'",
      "t.xml:1: guest 'c2' has the address '192.0.2.11/31'; expected its own IPv4 address on the "
      "<network> with the length of its prefix, like address='192.0.2.10/24'" },
    { bridge, one, one,
      "t.xml:1: guests 'c1' and 'c2' both have the address 192.0.2.10; expected an address for "
      "each" },
  };
  g_autofree char *good = on_network (bridge, one, two);
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = mig_study_parse (good, strlen (good), "t.xml", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (study->network.bridge, ==, "br0");
  g_assert_null (study->network.name);
  const MigStudyGuest *guest = study->guests->pdata[1];
  g_assert_cmpstr (guest->address, ==, "192.0.2.11");
  g_assert_cmpuint (guest->prefix, ==, 24);
  g_assert_cmpstr (guest->mac, ==, "52:54:c0:00:02:0b");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *xml = on_network (bad[i][0], bad[i][1], bad[i][2]);
      study_assert_bad (xml, strlen (xml), bad[i][3]);
    }
}

static void
test_network (void)
{
  g_autoptr (MigStudy)
      plain = study_parse_good ("name='c1' workload='c'", "name='c1' workload='c'");
  g_autoptr (MigStudy)
      study = study_parse_good ("name='c1' workload='c'", "name='c1' workload='c' network='yes'");
  g_autoptr (MigStudy) tree = study_parse_good ("<hosts", "<hosts spanning-tree='yes'");
  g_autoptr (MigStudy)
      quick = study_parse_good ("<hosts", "<hosts spanning-tree='yes' forward-delay='2500 ms'");

  g_assert_false (mig_study_has_network (plain));
  g_assert_cmpint (plain->forward_delay_ns, ==, 0);
  g_assert_true (mig_study_has_network (study));
  g_assert_true (((const MigStudyGuest *) study->guests->pdata[0])->network);
  g_assert_false (((const MigStudyGuest *) study->guests->pdata[1])->network);
  g_assert_cmpint (tree->forward_delay_ns, ==, 15 * MIG_NS_PER_S);
  g_assert_cmpint (quick->forward_delay_ns, ==, 2500 * MIG_NS_PER_MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-network/lab", test_network);
  g_test_add_func ("/study-network/own", test_own_network);
  return g_test_run ();
}
