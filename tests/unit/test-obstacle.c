/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "plan/verdict.h"
#include "tests/unit/obstacle-host.h"
#include "virt/internal.h"
#include "virt/loop.h"
#include "virt/obstacle-disk.h"
#include "virt/slow-bridge.h"

/* What a guest itself has that keeps it, or its clients, from a migration. */

#define VIRTIOFS                                                                                   \
  DOMAIN ("<devices><filesystem><driver type='virtiofs'/><target dir='share'/></filesystem>"       \
          "</devices>")
#define DOMAIN(inner) "<domain type='kvm'><name>g</name>" inner "</domain>"

/* What one thing in a domain's XML means for its migration. */
static void
test_rules (void)
{
  static const struct {
    const char *xml, *reason; /* a part of it; NULL: no obstacle */
    gboolean certain;
    guint64 libvirt_version;
  } cases[] = {
    { DOMAIN (""), NULL, FALSE },
    { DOMAIN ("<devices><hostdev mode='subsystem' type='usb'/></devices>"), "(usb)", FALSE },
    { DOMAIN ("<devices><hostdev mode='subsystem' type='mdev'/></devices>"), "(mdev)", TRUE },
    { DOMAIN ("<devices><disk><target dev='vdb'/><transient/></disk></devices>"), "vdb", TRUE },
    { DOMAIN ("<devices><disk><target dev='vdc'/><mirror job='copy'/></disk></devices>"), "vdc",
      TRUE },
    { DOMAIN ("<devices><hostdev mode='subsystem' type='pci'/></devices>"), "(pci)", FALSE },
    { DOMAIN ("<devices><interface type='hostdev'/></devices>"), "(hostdev)", FALSE },
    { DOMAIN ("<devices><shmem name='s0' role='peer'/></devices>"), "'s0'", TRUE },
    { DOMAIN ("<devices><shmem name='s0' role='master'/></devices>"), NULL, FALSE },
    { DOMAIN ("<cpu><feature name='invtsc' policy='require'/></cpu>"), "invtsc", TRUE },
    { DOMAIN ("<cpu><feature name='invtsc' policy='disable'/></cpu>"), NULL, FALSE },
    { DOMAIN ("<clock><timer name='tsc' frequency='2000000000'/></clock>"
              "<cpu><feature name='invtsc' policy='require'/></cpu>"),
      NULL, FALSE },
    { VIRTIOFS, "'share' from its host by virtiofs", FALSE, 0 },
    { VIRTIOFS, "'share' from its host by virtiofs", TRUE, 9000000 },
    { VIRTIOFS, "'share' from its host by virtiofs", TRUE, 10004000 },
    { VIRTIOFS, "'share' from its host by virtiofs", FALSE, 11003000 },
    { DOMAIN ("<devices><filesystem><target dir='share'/></filesystem></devices>"),
      "'share' from its host, which", FALSE, 9000000 },
    { DOMAIN ("<devices><graphics><listen type='address' address='192.0.2.7'/></graphics>"
              "</devices>"),
      "192.0.2.7", FALSE },
    { DOMAIN ("<devices><graphics><listen type='address' address='127.0.0.1'/></graphics>"
              "</devices>"),
      NULL, FALSE },
    { DOMAIN ("<devices><tpm model='tpm-tis'><backend type='passthrough'/></tpm></devices>"),
      "(passthrough)", TRUE },
    { DOMAIN ("<devices><tpm model='tpm-crb'><backend type='emulator'/></tpm></devices>"), NULL,
      FALSE }, /* whether it can move says the destination */
    { "no XML", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray)
          obstacles = mig_domain_obstacles (cases[i].xml, cases[i].libvirt_version);
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
      DOMAIN ("<devices><hostdev type='mdev'/><hostdev type='scsi'/><shmem name='s'/></devices>"),
      0);

  g_assert_cmpuint (obstacles->len, ==, 3);
}

/* Disks: of which libvirt says that to move without them is unsafe, and which it lets go but QEMU
 * does not look after. */
static void
test_disks (void)
{
  enum { OLD = 3001000, NEW = 7002000, LIBVIRT = 9000000, LIBVIRT_TOLD = 11003000 };
  static const struct {
    const char *disk;
    MigDiskHost host;
    MigMigrationFlags flags;
    const char *reason; /* a part of it; NULL: no obstacle */
    gboolean certain;
  } cases[] = {
    { "<driver cache='none'/><source file='/nowhere'/>", { LIBVIRT, OLD, FALSE }, { 0 }, NULL, 0 },
    { "<driver cache='directsync'/><source dev='/dev/x'/>",
      { LIBVIRT, OLD, FALSE },
      { 0 },
      NULL,
      0 },
    { "<driver cache='writeback'/><source file='/nowhere'/>",
      { LIBVIRT, OLD, FALSE },
      { 0 },
      "disk vda has the cache mode 'writeback'",
      TRUE },
    { "<source dev='/dev/x'/>", { LIBVIRT, OLD, FALSE }, { 0 }, "the default cache mode", TRUE },
    { "<source dev='/dev/x'/>", { LIBVIRT, NEW, FALSE }, { 0 }, NULL, 0 },
    { "<source dev='/dev/x'/>", { 5003000, NEW, FALSE }, { 0 }, "the default cache mode", TRUE },
    { "<source dev='/dev/x'/>", { LIBVIRT, 0, FALSE }, { 0 }, NULL, 0 },
    { "<source dev='/dev/x'/>", { LIBVIRT, OLD, FALSE }, { .unsafe = TRUE }, NULL, 0 },
    { "<source dev='/dev/x'/>", { LIBVIRT, OLD, FALSE }, { .storage = MIG_STORAGE_ALL }, NULL, 0 },
    { "<source dev='/dev/x'/><readonly/>", { LIBVIRT, OLD, FALSE }, { 0 }, NULL, 0 },
    { "", { LIBVIRT, OLD, FALSE }, { 0 }, NULL, 0 },
    { "<driver cache='unsafe'/><source dev='/dev/x'/>",
      { LIBVIRT, NEW, FALSE },
      { 0 },
      "the source has not written yet",
      FALSE },
    /* a file that no other host sees: /proc is no file system of a network */
    { "<driver cache='none'/><source file='/proc/self/maps'/>",
      { LIBVIRT, NEW, TRUE },
      { 0 },
      "'/proc/self/maps', lies on a file system",
      TRUE },
    { "<driver cache='none'/><source file='/proc/self/maps'/>",
      { LIBVIRT_TOLD, NEW, TRUE },
      { 0 },
      "lies on a file system",
      FALSE },
    { "<driver cache='none'/><source file='/proc/self/maps'/>",
      { LIBVIRT, NEW, FALSE },
      { 0 },
      NULL,
      0 },
    { "<driver cache='none'/><source file='/proc/self/maps'/>",
      { LIBVIRT, NEW, TRUE },
      { .storage = MIG_STORAGE_CHANGES },
      NULL,
      0 },
    { "<driver cache='none'/><source file='/proc/nowhere'/>",
      { LIBVIRT, NEW, TRUE },
      { 0 },
      NULL,
      0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (
          DOMAIN ("<devices><disk type='file' device='disk'>%s<target dev='vda'/></disk>"
                  "<disk device='cdrom'><source file='/proc/self/maps'/></disk></devices>"),
          cases[i].disk);
      g_autoptr (GPtrArray) found = mig_domain_obstacles ("", 0);
      mig_domain_disk_obstacles (xml, &cases[i].host, &cases[i].flags, found);
      g_assert_cmpuint (found->len, ==, cases[i].reason ? 1 : 0);
      if (found->len == 0)
        continue;
      const MigGuestObstacle *one = found->pdata[0];
      g_assert_nonnull (strstr (one->reason, cases[i].reason));
      g_assert_cmpint (one->certain, ==, cases[i].certain);
    }
}

/* snapshot: by libvirt itself; hosts of its driver for tests are each connection's own. */
static void
snapshot (MigGuest *guest)
{
  virDomainSnapshotPtr taken = virDomainSnapshotCreateXML (guest->domain, "<domainsnapshot/>", 0);

  g_assert_nonnull (taken);
  virDomainSnapshotFree (taken);
}

/* Devices of its host, as libvirt gives them back, and a snapshot that libvirt has of it. */
static void
test_guest (void)
{
  static const char uuid[] = "11111111-1111-4111-8111-111111111111",
                    devices[] =
                        "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>"
                        "<address uuid='33333333-3333-4333-8333-333333333333'/></source></hostdev>"
                        "<hostdev mode='subsystem' type='pci' managed='no'><source>"
                        "<address domain='0' bus='6' slot='2' function='0'/></source></hostdev>";
  static const MigMigrationFlags flags = { 0 };
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autoptr (MigHost) host = obstacle_host (top, "host", uuid, devices, "");
  g_autoptr (MigGuest) guest = mig_guest_lookup (host, "g", NULL);
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);
  g_autoptr (GPtrArray) before = mig_guest_obstacles (guest, xml, &flags);

  g_assert_cmpuint (before->len, ==, 2);
  g_assert_true (obstacle_is_among (before, "(mdev)", TRUE));
  g_assert_true (obstacle_is_among (before, "(pci)", FALSE));
  snapshot (guest);
  g_autoptr (GPtrArray) after = mig_guest_obstacles (guest, xml, &flags);
  g_assert_cmpuint (after->len, ==, 3);
  g_assert_true (obstacle_is_among (after, "it has 1 snapshot", TRUE));
  mig_files_remove_tree (top, NULL);
}

/* What forwards nothing for a while after the guest has come. */
static void
test_slow_bridges (void)
{
  static const char uuid[] = "11111111-1111-4111-8111-111111111111",
                    devices[] = "<interface type='network'><source network='lan'/></interface>"
                                "<interface type='network'><source network='fast'/></interface>"
                                "<interface type='network'><source network='plain'/></interface>"
                                "<interface type='bridge'><source bridge='br0'/></interface>"
                                "<interface type='bridge'><source bridge='br1'/></interface>"
                                "<interface type='bridge'><source bridge='br2'/></interface>",
                    networks[] = "<network><name>lan</name><bridge name='l0' delay='15'/></network>"
                                 "<network><name>fast</name><bridge name='l1' delay='0'/></network>"
                                 "<network><name>plain</name>"
                                 "<bridge name='l2' stp='off' delay='15'/></network>",
                    bridges[] = "<interface type='bridge' name='br0'><start mode='onboot'/>"
                                "<bridge stp='on' delay='2'/></interface>"
                                "<interface type='bridge' name='br1'><start mode='onboot'/>"
                                "<bridge stp='off'/></interface>";
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *all = g_strconcat (networks, bridges, NULL);
  g_autoptr (MigHost) host = obstacle_host (top, "host", uuid, devices, all);
  g_autoptr (MigGuest) guest = mig_guest_lookup (host, "g", NULL);
  g_auto (GStrv) slow = mig_guest_slow_bridges (guest, host);
  g_autofree char *text = g_strjoinv (", ", slow);

  g_assert_cmpstr (text, ==, "network 'lan', bridge 'br0'");
  mig_files_remove_tree (top, NULL);
}

/* One certain reason for any host, or one for each of the others, is enough. */
static void
test_verdict (void)
{
  static const struct {
    const char *to[2];
    gboolean certain[2];
    guint reasons, others;
    MigMoveVerdict verdict;
  } cases[] = {
    { { NULL, NULL }, { FALSE, FALSE }, 0, 1, MIG_VERDICT_CAN },
    { { NULL, NULL }, { FALSE, FALSE }, 1, 1, MIG_VERDICT_MAY_FAIL },
    { { NULL, NULL }, { TRUE, FALSE }, 1, 3, MIG_VERDICT_CANNOT },
    { { "b", NULL }, { TRUE, FALSE }, 1, 1, MIG_VERDICT_CANNOT },
    { { "b", NULL }, { TRUE, FALSE }, 1, 2, MIG_VERDICT_MAY_FAIL },
    { { "b", "b" }, { TRUE, TRUE }, 2, 2, MIG_VERDICT_MAY_FAIL },
    { { "b", "c" }, { TRUE, TRUE }, 2, 2, MIG_VERDICT_CANNOT },
    { { "b", "c" }, { TRUE, FALSE }, 2, 2, MIG_VERDICT_MAY_FAIL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MigGuestVerdict *verdict = mig_guest_verdict_new ("g", "a");
      for (guint r = 0; r < cases[i].reasons; r++)
        mig_guest_verdict_add (verdict, cases[i].to[r], cases[i].certain[r], "r", "do");
      mig_guest_verdict_decide (verdict, cases[i].others);
      g_assert_cmpint (verdict->verdict, ==, cases[i].verdict);
      g_autofree char *text = mig_guest_verdict_text (verdict);
      if (i == 4)
        g_assert_cmpstr (text, ==, "host 'b': r: do");
      mig_guest_verdict_free (verdict);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/obstacle/rules", test_rules);
  g_test_add_func ("/obstacle/many", test_many);
  g_test_add_func ("/obstacle/disks", test_disks);
  g_test_add_func ("/obstacle/guest", test_guest);
  g_test_add_func ("/obstacle/slow-bridges", test_slow_bridges);
  g_test_add_func ("/obstacle/verdict", test_verdict);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
