/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <string.h>

#include "base/files.h"
#include "plan/verdict.h"
#include "virt/internal.h"
#include "virt/loop.h"
#include "virt/machine-type.h"
#include "virt/obstacle-disk.h"
#include "virt/slow-bridge.h"

#define VIRTIOFS                                                                                   \
  DOMAIN ("<devices><filesystem><driver type='virtiofs'/><target dir='share'/></filesystem>"       \
          "</devices>")
#define DOMAIN(inner) "<domain type='kvm'><name>g</name>" inner "</domain>"

/* libvirt's driver for tests runs no emulator: what a host of QEMU says, in its place */
static const char *live_xml;     /* of any guest; NULL: the driver's word */
static const char *refusal;      /* of the guest's CPU: libvirt's error */
static const char *offered = ""; /* to guests: devices of the host's capabilities */

char *
virDomainGetXMLDesc (virDomainPtr domain, unsigned int flags)
{
  char *(*real) (virDomainPtr, unsigned int) = (char *(*) (virDomainPtr, unsigned int) ) dlsym (
      RTLD_NEXT, "virDomainGetXMLDesc");

  return live_xml ? strdup (live_xml) : real (domain, flags);
}

static const char *pages;                   /* the host's, as its capabilities say; NULL: nothing */
static unsigned long long free_2m, free_1g; /* how many */

char *
virConnectGetCapabilities (virConnectPtr connection)
{
  char *(*real) (virConnectPtr) = (char *(*) (virConnectPtr)) dlsym (RTLD_NEXT,
                                                                     "virConnectGetCapabilities");

  return pages ? g_strdup_printf ("<capabilities><host><cpu>%s</cpu></host></capabilities>", pages)
               : real (connection);
}

/* two nodes */
int
virNodeGetFreePages (virConnectPtr connection, unsigned int n, unsigned int *sizes, int first,
                     unsigned int n_nodes, unsigned long long *counts, unsigned int flags)
{
  g_assert_cmpuint (n, ==, 1);
  if (sizes[0] != 2048 && sizes[0] != 1048576)
    return -1;
  counts[0] = 0;
  counts[1] = sizes[0] == 2048 ? free_2m : free_1g;
  return 2;
}

/* which the driver for tests does not know; of another name there is libvirt's own error */
virStoragePoolPtr
virStoragePoolLookupByTargetPath (virConnectPtr connection, const char *path)
{
  return virStoragePoolLookupByName (connection, strcmp (path, "/d") == 0 ? "d" : path);
}

char *
virConnectGetDomainCapabilities (virConnectPtr connection, const char *emulator, const char *arch,
                                 const char *machine, const char *type, unsigned int flags)
{
  return g_strdup_printf ("<domainCapabilities><devices>%s</devices></domainCapabilities>",
                          offered);
}

int
virConnectCompareHypervisorCPU (virConnectPtr connection, const char *emulator, const char *arch,
                                const char *machine, const char *type, const char *cpu,
                                unsigned int flags)
{
  g_assert_nonnull (strstr (cpu, "<model>EPYC</model>"));
  if (!refusal)
    return VIR_CPU_COMPARE_SUPERSET;
  return flags & VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE ? VIR_CPU_COMPARE_ERROR
                                                           : VIR_CPU_COMPARE_INCOMPATIBLE;
}

int
virGetLastErrorCode (void)
{
  int (*real) (void) = (int (*) (void)) dlsym (RTLD_NEXT, "virGetLastErrorCode");

  return refusal ? VIR_ERR_CPU_INCOMPATIBLE : real ();
}

const char *
virGetLastErrorMessage (void)
{
  const char *(*real) (void) = (const char *(*) (void) ) dlsym (RTLD_NEXT,
                                                                "virGetLastErrorMessage");

  return refusal ? refusal : real ();
}

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

/* The newest version of a machine type that both have, by its numbers. */
static void
test_machines (void)
{
  static const struct {
    const char *machine, *one, *other, *common;
  } cases[] = {
    { "pc-q35-10.0", "q35 pc-q35-10.0 pc-q35-7.2 pc-q35-6.2 pc-i440fx-7.2",
      "pc pc-i440fx-7.2 q35 pc-q35-6.2 pc-q35-7.2", "pc-q35-7.2" },
    { "pc-q35-10.0", "pc-q35-9.2 pc-q35-10.0 pc-q35-10.0.1", "pc-q35-10.0 pc-q35-9.2",
      "pc-q35-10.0" },
    { "pc-q35-10.0", "pc-q35-9.2 pc-q35-9.10", "pc-q35-9.10 pc-q35-9.2", "pc-q35-9.10" },
    { "pc-q35-10.0", "pc-q35-10.0 q35", "q35 pc-q35-7.2", NULL },
    { "pc-q35-rhel9.4.0", "pc-q35-rhel9.4.0 pc-q35-rhel8.6.0 pc-q35-7.2",
      "pc-q35-7.2 pc-q35-rhel8.6.0", "pc-q35-rhel8.6.0" },
    { "microvm", "microvm", "microvm", NULL },
    { "virt-9.1", "", "virt-9.1", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) one = g_strsplit (cases[i].one, " ", -1);
      g_auto (GStrv) other = g_strsplit (cases[i].other, " ", -1);
      g_autofree char *common = mig_machine_common (cases[i].machine, one, other);
      g_assert_cmpstr (common, ==, cases[i].common);
    }
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

static MigMigrationFlags flags_at; /* how guests are to be migrated */

/* lacks: the only reason that a host has; NULL: it has none. */
static void
lacks (MigGuest *guest, MigHost *to, const char *reason, gboolean certain)
{
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);
  g_autoptr (MigGuestNeeds) needs = mig_guest_needs_new (guest, xml, &flags_at);
  g_autoptr (GPtrArray) obstacles = mig_guest_obstacles_at (needs, to);

  g_assert_cmpuint (obstacles->len, ==, reason ? 1 : 0);
  if (!reason)
    return;
  const MigGuestObstacle *one = obstacles->pdata[0];
  g_assert_cmpstr (one->reason, ==, reason);
  g_assert_cmpint (one->certain, ==, certain);
  g_assert_cmpuint (strlen (one->advice), >, 0);
}

/* What another host lacks, or has too much of. */
static void
test_destination (void)
{
  static const char one[] = "11111111-1111-4111-8111-111111111111",
                    other[] = "22222222-2222-4222-8222-222222222222",
                    devices[] = "<interface type='network'><source network='lan'/></interface>"
                                "<disk><source file='/d/g'/><target dev='vda'/></disk>",
                    lan[] = "<network><name>lan</name><bridge name='br7'/></network>",
                    pool[] = "<pool type='dir'><name>d</name><target><path>/d</path></target>"
                             "<volume type='file'><name>g</name><capacity>1</capacity>"
                             "<target><path>/d/g</path></target></volume></pool>";
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *all = g_strconcat (lan, pool, NULL);
  g_autoptr (MigHost) from = open_node (top, "from", one, devices, all);
  g_autoptr (MigHost) good = open_node (top, "good", one, "", all);
  g_autoptr (MigHost) taken = open_node (top, "taken", other, "", all);
  g_autoptr (MigHost) alone = open_node (top, "alone", one, "", pool);
  g_autoptr (MigHost) bare = open_node (top, "bare", one, "", lan);
  g_autoptr (MigHost) still = open_node (top, "still", one, "", all);
  g_autoptr (MigGuest) guest = mig_guest_lookup (from, "g", NULL);
  virNetworkPtr stopped = virNetworkLookupByName (still->connection, "lan");

  g_assert_nonnull (guest);
  g_assert_nonnull (stopped);
  g_assert_cmpint (virNetworkDestroy (stopped), ==, 0);
  virNetworkFree (stopped);
  lacks (guest, still, "its network 'lan' is not active", TRUE);
  lacks (guest, good, NULL, FALSE);
  lacks (guest, taken, "another domain has the name 'g'", TRUE);
  lacks (guest, alone, "it has no network 'lan'", TRUE);
  lacks (guest, bare, "no storage pool there has its file '/d/g'", FALSE);
  mig_files_remove_tree (top, NULL);
}

/* has: whether that is among the reasons, certain or not. */
static gboolean
has (const GPtrArray *obstacles, const char *reason, gboolean certain)
{
  for (guint i = 0; i < obstacles->len; i++)
    {
      const MigGuestObstacle *one = obstacles->pdata[i];
      if (strstr (one->reason, reason) && one->certain == certain)
        return TRUE;
    }
  return FALSE;
}

/* live: XML of a running guest of QEMU. */
#define LIVE(cpu, rest)                                                                            \
  "<domain type='kvm'><name>g</name><memory>65536</memory>"                                        \
  "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>" cpu                               \
  "<devices><emulator>/usr/bin/qemu</emulator>" rest "</devices></domain>"

/* The features that a CPU lacks are named. */
static void
test_cpu (void)
{
  static const char uuid[] = "11111111-1111-4111-8111-111111111111";
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autoptr (MigHost) from = open_node (top, "from", uuid, "", "");
  g_autoptr (MigHost) to = open_node (top, "to", uuid, "", "");
  g_autoptr (MigGuest) guest = mig_guest_lookup (from, "g", NULL);

  to->info.driver = "QEMU";
  live_xml = LIVE ("<cpu mode='custom'><model>EPYC</model></cpu>", "");
  lacks (guest, to, NULL, FALSE);
  refusal = "Host CPU does not provide required features: svm";
  lacks (guest, to,
         "its CPUs cannot do what the guest's EPYC can: "
         "Host CPU does not provide required features: svm",
         TRUE);
  live_xml = refusal = NULL;
  mig_files_remove_tree (top, NULL);
}

/* A TPM of swtpm's comes where there is one. */
static void
test_tpm (void)
{
  static const char uuid[] = "11111111-1111-4111-8111-111111111111",
                    emulated[] = LIVE ("", "<tpm model='tpm-crb'><backend type='emulator'/></tpm>"),
                    host_tpm[] = LIVE ("", "<tpm model='tpm-tis'><backend type='passthrough'/>"
                                           "</tpm>");
  static const struct {
    const char *xml, *offered, *reason;
    gboolean certain;
  } cases[] = {
    { emulated, "", "it does not say whether it has an emulated TPM, as the guest has (tpm-crb)",
      FALSE },
    { emulated, "<tpm supported='no'/>", "it has no emulated TPM, and the guest has one (tpm-crb)",
      TRUE },
    { emulated,
      "<tpm supported='yes'><enum name='backendModel'><value>passthrough</value></enum></tpm>",
      "it has no emulated TPM, and the guest has one (tpm-crb)", TRUE },
    { emulated,
      "<tpm supported='yes'><enum name='model'><value>tpm-crb</value></enum>"
      "<enum name='backendModel'><value>passthrough</value><value>emulator</value></enum></tpm>",
      NULL, FALSE },
    { host_tpm, "<tpm supported='no'/>", NULL, FALSE }, /* said of any host */
  };
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autoptr (MigHost) from = open_node (top, "from", uuid, "", "");
  g_autoptr (MigHost) to = open_node (top, "to", uuid, "", "");
  g_autoptr (MigGuest) guest = mig_guest_lookup (from, "g", NULL);

  to->info.driver = "QEMU";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      live_xml = cases[i].xml;
      offered = cases[i].offered;
      lacks (guest, to, cases[i].reason, cases[i].certain);
    }
  live_xml = NULL;
  offered = "";
  mig_files_remove_tree (top, NULL);
}

/* Disks as libvirt knows them: files, devices, volumes; copied or not. */
static void
test_storage (void)
{
  static const char uuid[] = "11111111-1111-4111-8111-111111111111",
                    pool[] = "<pool type='dir'><name>d</name><target><path>/d</path></target>"
                             "<volume type='file'><name>g</name><capacity>1</capacity>"
                             "<target><path>/d/g</path></target></volume></pool>"
                             "<pool type='dir'><name>off</name><target><path>/off</path></target>"
                             "</pool>";
  static const struct {
    const char *disk;
    MigStorageCopy storage;
    const char *reason; /* NULL: none */
    gboolean certain;
  } cases[] = {
    { "<source dev='/d/g'/>", MIG_STORAGE_STAYS, NULL, FALSE },
    { "<source dev='/dev/vg/g'/>", MIG_STORAGE_STAYS,
      "no storage pool there has its device '/dev/vg/g'", FALSE },
    { "<source pool='d' volume='g'/>", MIG_STORAGE_STAYS, NULL, FALSE },
    { "<source pool='d' volume='h'/>", MIG_STORAGE_STAYS, "its storage pool 'd' has no volume 'h'",
      FALSE },
    { "<source pool='e' volume='g'/>", MIG_STORAGE_STAYS, "it has no storage pool 'e'", TRUE },
    { "<source pool='off' volume='g'/>", MIG_STORAGE_STAYS, "its storage pool 'off' is not active",
      TRUE },
    { "<source file='/e/g'/>", MIG_STORAGE_STAYS, "no storage pool there has its file '/e/g'",
      FALSE },
    /* copied */
    { "<source file='/d/new'/>", MIG_STORAGE_ALL, NULL, FALSE },
    { "<source file='/e/g'/>", MIG_STORAGE_ALL,
      "no active storage pool there has the directory '/e', to which its disk '/e/g' is copied",
      FALSE },
    { "<source file='/off/g'/>", MIG_STORAGE_CHANGES,
      "no active storage pool there has the directory '/off', to which its disk '/off/g' is copied",
      FALSE },
    { "<source pool='d' volume='h'/>", MIG_STORAGE_ALL, NULL, FALSE },
    { "<source pool='e' volume='g'/>", MIG_STORAGE_ALL, "it has no storage pool 'e'", TRUE },
    { "<source file='/e/g'/><readonly/>", MIG_STORAGE_ALL,
      "no storage pool there has its file '/e/g'", FALSE },
    { "<source file='/d/g'/><readonly/>", MIG_STORAGE_ALL, NULL, FALSE },
  };
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autoptr (MigHost) from = open_node (top, "from", uuid, "", "");
  g_autoptr (MigHost) to = open_node (top, "to", uuid, "", pool);
  g_autoptr (MigGuest) guest = mig_guest_lookup (from, "g", NULL);
  virStoragePoolPtr off = virStoragePoolLookupByName (to->connection, "off");

  g_assert_nonnull (off);
  g_assert_cmpint (virStoragePoolDestroy (off), ==, 0);
  virStoragePoolFree (off);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (
          LIVE ("", "<disk device='disk'>%s<target dev='vda'/></disk>"), cases[i].disk);
      live_xml = xml;
      flags_at.storage = cases[i].storage;
      lacks (guest, to, cases[i].reason, cases[i].certain);
    }
  live_xml = NULL;
  flags_at.storage = MIG_STORAGE_STAYS;
  mig_files_remove_tree (top, NULL);
}

/* Huge pages: of the size that is named, or of whichever the host has. */
static void
test_huge_pages (void)
{
#define P4K "<pages unit='KiB' size='4'/>"
#define P2M "<pages unit='KiB' size='2048'/>"
#define P1G "<pages unit='KiB' size='1048576'/>"
  static const char uuid[] = "11111111-1111-4111-8111-111111111111";
  static const struct {
    const char *wants, *pages;
    unsigned long long free_2m, free_1g;
    const char *reason; /* of a guest of 3 GiB; NULL: none */
    gboolean certain;
  } cases[] = {
    { "", P4K, 0, 0, NULL, FALSE },
    { "<hugepages/>", P4K P2M P1G, 1536, 0, NULL, FALSE },
    { "<hugepages/>", P4K P2M P1G, 0, 3, NULL, FALSE },
    { "<hugepages/>", P4K P2M P1G, 500, 1,
      "2024 MiB are free there in huge pages of 2048 or 1048576 KiB, and it may need 3072 MiB",
      FALSE },
    { "<hugepages/>", P4K, 0, 0, "0 MiB are free there in huge pages, and it may need 3072 MiB",
      TRUE },
    { "<hugepages/>", "", 0, 0, NULL, FALSE },
    { "<hugepages><page size='2048' unit='KiB'/></hugepages>", P4K P2M P1G, 1535, 3,
      "3070 MiB are free there in huge pages of 2048 KiB, and it may need 3072 MiB", FALSE },
    { "<hugepages><page size='2048' unit='KiB'/></hugepages>", "", 1536, 0, NULL, FALSE },
    { "<hugepages><page size='65536' unit='KiB'/></hugepages>", P4K P2M P1G, 1536, 3,
      "0 MiB are free there in huge pages of 65536 KiB, and it may need 3072 MiB", TRUE },
    { "<hugepages><page size='65536' unit='KiB'/></hugepages>", "", 1536, 3, NULL, FALSE },
    /* a node each */
    { "<hugepages><page size='2048' nodeset='0'/><page size='1048576' nodeset='1'/></hugepages>",
      P4K P2M P1G, 512, 2, NULL, FALSE },
    { "<hugepages><page size='2048' nodeset='0'/><page size='1048576' nodeset='1'/></hugepages>",
      P4K P2M P1G, 512, 1,
      "2048 MiB are free there in huge pages of 2048 or 1048576 KiB, and it may need 3072 MiB",
      FALSE },
    { "<hugepages><page size='1048576' nodeset='1'/></hugepages>", P4K P2M P1G, 0, 1,
      "1024 MiB are free there in huge pages of 1048576 KiB, and it may need 3072 MiB", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
      g_autoptr (MigHost) from = open_node (top, "from", uuid, "", "");
      pages = cases[i].pages;
      g_autoptr (MigHost) to = open_node (top, "to", uuid, "", "");
      g_autoptr (MigGuest) guest = mig_guest_lookup (from, "g", NULL);
      g_autofree char *xml = g_strdup_printf ("<domain type='kvm'><memory>3145728</memory>"
                                              "<memoryBacking>%s</memoryBacking></domain>",
                                              cases[i].wants);
      free_2m = cases[i].free_2m;
      free_1g = cases[i].free_1g;
      g_autoptr (MigGuestNeeds) needs = mig_guest_needs_new (guest, xml, &flags_at);
      g_autoptr (GPtrArray) obstacles = mig_guest_obstacles_at (needs, to);
      guint n = 0;
      for (guint k = 0; k < obstacles->len; k++)
        n += strstr (((MigGuestObstacle *) obstacles->pdata[k])->reason, "huge pages") != NULL;
      g_assert_cmpuint (n, ==, cases[i].reason ? 1 : 0);
      g_assert_true (!cases[i].reason || has (obstacles, cases[i].reason, cases[i].certain));
      pages = NULL;
      mig_files_remove_tree (top, NULL);
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
  g_autoptr (MigHost) host = open_node (top, "host", uuid, devices, "");
  g_autoptr (MigGuest) guest = mig_guest_lookup (host, "g", NULL);
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);
  g_autoptr (GPtrArray) before = mig_guest_obstacles (guest, xml, &flags);

  g_assert_cmpuint (before->len, ==, 2);
  g_assert_true (has (before, "(mdev)", TRUE));
  g_assert_true (has (before, "(pci)", FALSE));
  snapshot (guest);
  g_autoptr (GPtrArray) after = mig_guest_obstacles (guest, xml, &flags);
  g_assert_cmpuint (after->len, ==, 3);
  g_assert_true (has (after, "it has 1 snapshot", TRUE));
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
  g_autoptr (MigHost) host = open_node (top, "host", uuid, devices, all);
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
  g_test_add_func ("/obstacle/slow-bridges", test_slow_bridges);
  g_test_add_func ("/obstacle/rules", test_rules);
  g_test_add_func ("/obstacle/many", test_many);
  g_test_add_func ("/obstacle/disks", test_disks);
  g_test_add_func ("/obstacle/machines", test_machines);
  g_test_add_func ("/obstacle/destination", test_destination);
  g_test_add_func ("/obstacle/cpu", test_cpu);
  g_test_add_func ("/obstacle/tpm", test_tpm);
  g_test_add_func ("/obstacle/storage", test_storage);
  g_test_add_func ("/obstacle/huge-pages", test_huge_pages);
  g_test_add_func ("/obstacle/guest", test_guest);
  g_test_add_func ("/obstacle/verdict", test_verdict);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
