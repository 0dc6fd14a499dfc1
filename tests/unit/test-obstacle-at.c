/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <string.h>

#include "base/files.h"
#include "base/units.h"
#include "tests/unit/obstacle-host.h"
#include "virt/internal.h"
#include "virt/loop.h"
#include "virt/machine-type.h"

/* What another host lacks for a guest. */

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

/* beside huge pages: enough for the other tests' guests */
unsigned long long
virNodeGetFreeMemory (virConnectPtr connection)
{
  return 2 * MIG_GIB;
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
  g_autoptr (MigHost) from = obstacle_host (top, "from", one, devices, all);
  g_autoptr (MigHost) good = obstacle_host (top, "good", one, "", all);
  g_autoptr (MigHost) taken = obstacle_host (top, "taken", other, "", all);
  g_autoptr (MigHost) alone = obstacle_host (top, "alone", one, "", pool);
  g_autoptr (MigHost) bare = obstacle_host (top, "bare", one, "", lan);
  g_autoptr (MigHost) still = obstacle_host (top, "still", one, "", all);
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
  g_autoptr (MigHost) from = obstacle_host (top, "from", uuid, "", "");
  g_autoptr (MigHost) to = obstacle_host (top, "to", uuid, "", "");
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
  g_autoptr (MigHost) from = obstacle_host (top, "from", uuid, "", "");
  g_autoptr (MigHost) to = obstacle_host (top, "to", uuid, "", "");
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
  g_autoptr (MigHost) from = obstacle_host (top, "from", uuid, "", "");
  g_autoptr (MigHost) to = obstacle_host (top, "to", uuid, "", pool);
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

/* Huge pages: of the size that is named, or of whichever the host has; ordinary memory is asked for
 * only without them. */
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
      g_autoptr (MigHost) from = obstacle_host (top, "from", uuid, "", "");
      pages = cases[i].pages;
      g_autoptr (MigHost) to = obstacle_host (top, "to", uuid, "", "");
      g_autoptr (MigGuest) guest = mig_guest_lookup (from, "g", NULL);
      g_autofree char *xml = g_strdup_printf ("<domain type='kvm'><memory>3145728</memory>"
                                              "<memoryBacking>%s</memoryBacking></domain>",
                                              cases[i].wants);
      free_2m = cases[i].free_2m;
      free_1g = cases[i].free_1g;
      g_autoptr (MigGuestNeeds) needs = mig_guest_needs_new (guest, xml, &flags_at);
      g_autoptr (GPtrArray) obstacles = mig_guest_obstacles_at (needs, to);
      guint n = 0;
      g_assert_cmpint (
          obstacle_is_among (obstacles, "it may have 3072 MiB, and 2048 MiB are free there", FALSE),
          ==, *cases[i].wants == '\0');
      for (guint k = 0; k < obstacles->len; k++)
        n += strstr (((MigGuestObstacle *) obstacles->pdata[k])->reason, "huge pages") != NULL;
      g_assert_cmpuint (n, ==, cases[i].reason ? 1 : 0);
      g_assert_true (!cases[i].reason ||
                     obstacle_is_among (obstacles, cases[i].reason, cases[i].certain));
      pages = NULL;
      mig_files_remove_tree (top, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/obstacle-at/machines", test_machines);
  g_test_add_func ("/obstacle-at/destination", test_destination);
  g_test_add_func ("/obstacle-at/cpu", test_cpu);
  g_test_add_func ("/obstacle-at/tpm", test_tpm);
  g_test_add_func ("/obstacle-at/storage", test_storage);
  g_test_add_func ("/obstacle-at/huge-pages", test_huge_pages);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
