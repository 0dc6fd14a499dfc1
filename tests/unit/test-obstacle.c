/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "virt/loop.h"
#include "virt/obstacle.h"

#define DOMAIN(inner) "<domain type='kvm'><name>g</name>" inner "</domain>"

/* What one thing in a domain's XML means for its migration. */
static void
test_rules (void)
{
  static const struct {
    const char *xml, *reason; /* a part of it; NULL: no obstacle */
    gboolean certain;
  } cases[] = {
    { DOMAIN (""), NULL, FALSE },
    { DOMAIN ("<devices><hostdev mode='subsystem' type='usb'/></devices>"), "(usb)", TRUE },
    { DOMAIN ("<devices><hostdev mode='subsystem' type='pci'/></devices>"), "(pci)", FALSE },
    { DOMAIN ("<devices><interface type='hostdev'/></devices>"), "(hostdev)", FALSE },
    { DOMAIN ("<devices><shmem name='s0' role='peer'/></devices>"), "'s0'", TRUE },
    { DOMAIN ("<devices><shmem name='s0' role='master'/></devices>"), NULL, FALSE },
    { DOMAIN ("<cpu><feature name='invtsc' policy='require'/></cpu>"), "invtsc", TRUE },
    { DOMAIN ("<cpu><feature name='invtsc' policy='disable'/></cpu>"), NULL, FALSE },
    { DOMAIN ("<clock><timer name='tsc' frequency='2000000000'/></clock>"
              "<cpu><feature name='invtsc' policy='require'/></cpu>"),
      NULL, FALSE },
    { DOMAIN ("<devices><filesystem><driver type='virtiofs'/><target dir='share'/></filesystem>"
              "</devices>"),
      "'share'", FALSE },
    { DOMAIN ("<devices><graphics><listen type='address' address='192.0.2.7'/></graphics>"
              "</devices>"),
      "192.0.2.7", FALSE },
    { DOMAIN ("<devices><graphics><listen type='address' address='127.0.0.1'/></graphics>"
              "</devices>"),
      NULL, FALSE },
    { DOMAIN ("<devices><disk device='cdrom'><source file='/iso/a b.iso'/></disk></devices>"),
      "'/iso/a b.iso'", FALSE },
    { DOMAIN ("<devices><disk device='cdrom'/></devices>"), NULL, FALSE },
    { "no XML", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) obstacles = mig_domain_obstacles (cases[i].xml);
      g_assert_cmpuint (obstacles->len, ==, cases[i].reason ? 1 : 0);
      if (obstacles->len == 0)
        continue;
      const MigGuestObstacle *one = obstacles->pdata[0];
      g_assert_nonnull (strstr (one->reason, cases[i].reason));
      g_assert_cmpint (one->certain, ==, cases[i].certain);
      g_assert_cmpuint (strlen (one->advice), >, 0);
    }
}

/* Several at once, and several of a kind. */
static void
test_many (void)
{
  g_autoptr (GPtrArray) obstacles = mig_domain_obstacles (
      DOMAIN ("<devices><hostdev type='usb'/><hostdev type='scsi'/><shmem name='s'/></devices>"));

  g_assert_cmpuint (obstacles->len, ==, 3);
}

/* open_node: a host of libvirt's driver for tests with one domain, "g", and what else. */
static MigHost *
open_node (const char *top, const char *name, const char *uuid, const char *devices,
           const char *rest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s.xml", top, name);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autofree char *node = g_strdup_printf (
      "<node><domain type='test'><name>g</name><uuid>%s</uuid><memory>65536</memory>"
      "<os><type>hvm</type></os><devices>%s</devices></domain>%s</node>",
      uuid, devices, rest);

  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  MigHost *host = mig_host_open (name, uri, &error);
  g_assert_no_error (error);
  return host;
}

/* What another host lacks, or has too much of. */
static void
test_destination (void)
{
  static const char one[] = "11111111-1111-4111-8111-111111111111",
                    other[] = "22222222-2222-4222-8222-222222222222",
                    network[] = "<interface type='network'><source network='lan'/></interface>",
                    lan[] = "<network><name>lan</name><bridge name='br7'/></network>";
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autoptr (MigHost) from = open_node (top, "from", one, network, lan);
  g_autoptr (MigHost) good = open_node (top, "good", one, "", lan);
  g_autoptr (MigHost) taken = open_node (top, "taken", other, "", lan);
  g_autoptr (MigHost) bare = open_node (top, "bare", one, "", "");
  g_autoptr (MigGuest) guest = mig_guest_lookup (from, "g", NULL);

  g_assert_nonnull (guest);
  g_autofree char *nothing = mig_guest_obstacle_at (guest, good);
  g_assert_null (nothing);
  g_autofree char *name = mig_guest_obstacle_at (guest, taken);
  g_assert_cmpstr (name, ==, "another domain has the name 'g'");
  g_autofree char *lacks = mig_guest_obstacle_at (guest, bare);
  g_assert_cmpstr (lacks, ==, "it has no network 'lan'");
  mig_files_remove_tree (top, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/obstacle/rules", test_rules);
  g_test_add_func ("/obstacle/many", test_many);
  g_test_add_func ("/obstacle/destination", test_destination);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
