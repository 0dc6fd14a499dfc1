/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/units.h"
#include "virt/domain-xml.h"
#include "virt/template.h"

static char *
template_file (const char *name)
{
  return g_build_filename (g_getenv ("top_srcdir"), "domains", name, NULL);
}

static char *
fill (const char *name, const MigTemplateValues *values)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = template_file (name);
  char *xml = mig_template_fill (file, values, &error);
  g_assert_no_error (error);
  return xml;
}

static void
test_fill (void)
{
  MigTemplateValues values = { .name = "migcost-<&>",
                               .owner = "run 7",
                               .memory_bytes = 128 * MIG_MIB,
                               .vcpus = 3,
                               .kernel = "/k & k",
                               .initrd = "/i",
                               .arguments = "memory wss=1 period=10000us" };
  g_autofree char *xml = fill ("qemu-tcg.xml", &values);

  g_assert_nonnull (strstr (xml, "<name>migcost-&lt;&amp;&gt;</name>"));
  g_assert_nonnull (strstr (xml, "<memory unit=\"KiB\">131072</memory>"));
  g_assert_nonnull (strstr (xml, "<currentMemory unit=\"KiB\">131072</currentMemory>"));
  g_assert_nonnull (strstr (xml, "<vcpu>3</vcpu>"));
  g_assert_nonnull (strstr (xml, "<kernel>/k &amp; k</kernel>"));
  g_assert_nonnull (strstr (xml, "<initrd>/i</initrd>"));
  g_assert_nonnull (strstr (xml, " -- memory wss=1 period=10000us</cmdline>"));
  g_assert_null (strstr (xml, "-- idle"));
  g_assert_true (mig_domain_xml_is_marked (xml));
}

/* What is not given stays as the template has it. */
static void
test_defaults (void)
{
  MigTemplateValues values = { .name = "x" };
  g_autofree char *xml = fill ("qemu-kvm.xml", &values);

  g_assert_nonnull (strstr (xml, "<memory unit=\"MiB\">512</memory>"));
  g_assert_nonnull (strstr (xml, "<vcpu>1</vcpu>"));
  g_assert_nonnull (strstr (xml, "<kernel>/boot/vmlinuz</kernel>"));
  g_assert_nonnull (strstr (xml, "-- idle</cmdline>"));
}

/* libvirt leaves the tap alone, which is there before the guest and after it. */
static void
test_card (void)
{
  MigTemplateValues values = { .name = "x", .tap = "guest3", .mac = "52:54:00:4d:47:03" };
  MigTemplateValues none = { .name = "x" };
  g_autofree char *xml = fill ("qemu-tcg.xml", &values);
  g_autofree char *without = fill ("qemu-tcg.xml", &none);

  g_assert_nonnull (strstr (xml, "<interface type=\"ethernet\">"));
  g_assert_nonnull (strstr (xml, "<mac address=\"52:54:00:4d:47:03\"/>"));
  g_assert_nonnull (strstr (xml, "<target dev=\"guest3\" managed=\"no\"/>"));
  g_assert_nonnull (strstr (xml, "<model type=\"virtio\"/>"));
  g_assert_null (strstr (without, "<interface"));
}

/* On hosts of one's own libvirt makes the tap, and connects it. */
static void
test_connected (void)
{
  MigTemplateValues bridge = { .name = "x", .bridge = "br<0", .mac = "52:54:c0:00:02:0a" };
  MigTemplateValues network = { .name = "x", .network = "default", .mac = "52:54:c0:00:02:0a" };
  g_autofree char *one = fill ("qemu-tcg.xml", &bridge);
  g_autofree char *other = fill ("qemu-tcg.xml", &network);

  g_assert_nonnull (strstr (one, "<interface type=\"bridge\">"));
  g_assert_nonnull (strstr (one, "<source bridge=\"br&lt;0\"/>"));
  g_assert_null (strstr (one, "managed"));
  g_assert_nonnull (strstr (other, "<interface type=\"network\">"));
  g_assert_nonnull (strstr (other, "<source network=\"default\"/>"));
}

/* Xen's guests have the card of Xen, and nothing to boot from. */
static void
test_xen_card (void)
{
  MigTemplateValues values = { .name = "x", .bridge = "lan0", .mac = "52:54:c0:00:02:0a" };
  g_autofree char *xml = fill ("xen-pv.xml", &values);

  g_assert_nonnull (strstr (xml, "<interface type=\"bridge\">"));
  g_assert_nonnull (strstr (xml, "<mac address=\"52:54:c0:00:02:0a\"/>"));
  g_assert_nonnull (strstr (xml, "<source bridge=\"lan0\"/>"));
  g_assert_null (strstr (xml, "<model"));
  g_assert_null (strstr (xml, "<rom"));
}

static void
test_disks (void)
{
  static const char template[] = "<domain type='kvm'><name>x</name><devices>"
                                 "<disk type='file'><source file='/a'/></disk><console/>"
                                 "<disk type='file'><source file='/b'/></disk></devices></domain>";
  MigTemplateValues values = { .name = "x", .diskless = TRUE };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "template.xml", NULL);

  g_assert_true (g_file_set_contents (file, template, -1, NULL));
  g_autofree char *without = mig_template_fill (file, &values, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (without, "<disk"));
  g_assert_nonnull (strstr (without, "<console/>"));
  values.diskless = FALSE;
  g_autofree char *with = mig_template_fill (file, &values, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (with, "/a"));
  g_assert_nonnull (strstr (with, "/b"));
  mig_files_remove_tree (folder, NULL);
}

static void
test_hardware (void)
{
  MigTemplateValues values = {
    .name = "x",
    .hugepages = TRUE,
    .dirty_ring = TRUE,
    .numa_node = "3",
    .cpu = "<cpu mode='custom' match='exact'><model>EPYC</model></cpu>"
  };
  MigTemplateValues none = { .name = "x" };
  g_autofree char *xml = fill ("qemu-kvm.xml", &values);
  g_autofree char *without = fill ("qemu-kvm.xml", &none);

  g_assert_nonnull (strstr (xml, "<hugepages/>"));
  g_assert_nonnull (strstr (xml, "<kvm><dirty-ring state=\"on\" size=\"4096\"/></kvm>"));
  g_assert_true (mig_domain_xml_has_dirty_ring (xml));
  g_assert_false (mig_domain_xml_has_dirty_ring (without));
  g_assert_nonnull (strstr (xml, "<memory mode=\"strict\" nodeset=\"3\"/>"));
  g_assert_nonnull (strstr (xml, "<model>EPYC</model>"));
  g_assert_null (strstr (xml, "host-model"));
  g_assert_null (strstr (without, "memoryBacking"));
  g_assert_null (strstr (without, "numatune"));
  g_assert_nonnull (strstr (without, "<cpu mode=\"host-model\"/>"));
}

/* The guest program knows its disk as /dev/vda. */
static void
test_disk (void)
{
  static const char template[] = "<domain type='kvm'><name>x</name><devices>\n"
                                 "<disk type='file'><source file='/a'/></disk></devices></domain>";
  MigTemplateValues values = { .name = "x", .disk = "/s & t/d.img", .disk_cache = "none" };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "template.xml", NULL);
  g_autofree char *xml = fill ("qemu-kvm.xml", &values);

  g_assert_nonnull (strstr (xml, "<disk type=\"file\" device=\"disk\">"));
  g_assert_nonnull (strstr (xml, "<driver name=\"qemu\" type=\"raw\" cache=\"none\"/>"));
  g_assert_nonnull (strstr (xml, "<source file=\"/s &amp; t/d.img\"/>"));
  g_assert_nonnull (strstr (xml, "<target dev=\"vda\" bus=\"virtio\"/>"));
  values.disk_cache = NULL;
  g_autofree char *uncached = fill ("qemu-kvm.xml", &values);
  g_assert_nonnull (strstr (uncached, "<driver name=\"qemu\" type=\"raw\"/>"));
  g_assert_true (g_file_set_contents (file, template, -1, NULL));
  g_assert_null (mig_template_fill (file, &values, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "template.xml:2: the template has a disk"));
  mig_files_remove_tree (folder, NULL);
}

/* What a guest writes is there after its end, unless it may not write. */
static void
test_keeps_state (void)
{
  static const struct {
    const char *device;
    gboolean keeps;
  } devices[] = {
    { "<disk type='file'><source file='/a'/></disk>", TRUE },
    { "<disk type='network' device='lun'><source protocol='rbd' name='a'/></disk>", TRUE },
    { "<disk type='file' device='disk'><source file='/a'/><readonly/></disk>", FALSE },
    { "<disk type='file' device='cdrom'><source file='/a'/></disk>", FALSE },
    { "<filesystem type='mount'><source dir='/a'/></filesystem>", TRUE },
    { "<filesystem type='mount'><source dir='/a'/><readonly/></filesystem>", FALSE },
  };
  MigTemplateValues values = { .name = "x" }, with_disk = { .name = "x", .disk = "/d.img" };
  g_autofree char *plain = fill ("qemu-kvm.xml", &values);
  g_autofree char *disk = fill ("qemu-kvm.xml", &with_disk);

  g_assert_false (mig_domain_xml_keeps_state (plain));
  g_assert_true (mig_domain_xml_keeps_state (disk));
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<domain><devices>%s</devices></domain>",
                                              devices[i].device);
      g_test_message ("%s", xml);
      g_assert_cmpint (mig_domain_xml_keeps_state (xml), ==, devices[i].keeps);
    }
}

/* What libvirt has a migration copy that copies disks. */
static void
test_copied_disks (void)
{
  static const char xml[] =
      "<domain><devices>"
      "<disk type='file'><source file='/a'/><target dev='vda'/></disk>"
      "<disk type='file'><source file='/b'/><target dev='vdb'/>"
      "<backingStore type='file'><format type='raw'/><source file='/c'/><backingStore/>"
      "</backingStore></disk>"
      "<disk type='block'><source dev='/d'/><target dev='vdc'/><backingStore/></disk>"
      "<disk type='file' device='cdrom'><source file='/e'/><target dev='sda'/><readonly/></disk>"
      "<disk type='file' device='floppy'><target dev='fda'/></disk>"
      "<disk type='file'><source file='/f'/><target dev='vdd'/><shareable/></disk>"
      "</devices></domain>";
  g_auto (GStrv) all = mig_domain_xml_copied_disks (xml, FALSE);
  g_auto (GStrv) layered = mig_domain_xml_copied_disks (xml, TRUE);
  g_auto (GStrv) none = mig_domain_xml_copied_disks ("<domain/>", FALSE);
  g_autofree char *names = g_strjoinv (" ", all), *above = g_strjoinv (" ", layered);

  g_assert_cmpstr (names, ==, "vda vdb vdc");
  g_assert_cmpstr (above, ==, "vdb");
  g_assert_null (none[0]);
}

static void
test_type (void)
{
  g_autofree char *tcg = template_file ("qemu-tcg.xml");
  g_autofree char *kvm = template_file ("qemu-kvm.xml");
  g_autofree char *tcg_type = mig_template_domain_type (tcg, NULL);
  g_autofree char *kvm_type = mig_template_domain_type (kvm, NULL);
  g_assert_cmpstr (tcg_type, ==, "qemu");
  g_assert_cmpstr (kvm_type, ==, "kvm");

  static const struct {
    const char *file, *type;
  } systems[] = { { "qemu-tcg.xml", "hvm" },
                  { "qemu-tcg-aarch64.xml", "hvm" },
                  { "xen-pv.xml", "linux" },
                  { "xen-pvh.xml", "xenpvh" } };
  for (guint i = 0; i < G_N_ELEMENTS (systems); i++)
    {
      g_autofree char *file = template_file (systems[i].file);
      g_autofree char *type = mig_template_os_type (file, NULL);
      g_assert_cmpstr (type, ==, systems[i].type);
    }
}

static void
test_pin (void)
{
  MigTemplateValues values = { .name = "x" };
  g_autofree char *xml = fill ("qemu-tcg.xml", &values);
  g_autofree char *pinned = mig_domain_xml_pin (xml, 0, 0, NULL);
  g_autofree char *again = mig_domain_xml_pin (pinned, 1, 1, NULL);
  g_autofree char *without = mig_domain_xml_pin (again, 2, -1, NULL);
  g_autofree char *apart = mig_domain_xml_pin (without, 3, 4, NULL);
  g_autofree char *neither = mig_domain_xml_pin (apart, -1, -1, NULL);
  g_autofree char *management = mig_domain_xml_pin (neither, -1, 5, NULL);

  g_assert_nonnull (strstr (pinned, "<vcpupin vcpu=\"0\" cpuset=\"0\"/>"));
  g_assert_nonnull (strstr (pinned, "<emulatorpin cpuset=\"0\"/>"));
  g_assert_nonnull (strstr (again, "<vcpupin vcpu=\"0\" cpuset=\"1\"/>"));
  g_assert_null (strstr (again, "cpuset=\"0\""));
  g_assert_null (strstr (without, "emulatorpin"));
  g_assert_nonnull (strstr (apart, "<vcpupin vcpu=\"0\" cpuset=\"3\"/>"));
  g_assert_nonnull (strstr (apart, "<emulatorpin cpuset=\"4\"/>"));
  g_assert_null (strstr (neither, "cpuset="));
  g_assert_null (strstr (management, "vcpupin"));
  g_assert_nonnull (strstr (management, "<emulatorpin cpuset=\"5\"/>"));
  g_assert_true (mig_domain_xml_is_marked (without));
}

/* The files of another host; the rest of <os> stays. */
static void
test_boot (void)
{
  MigTemplateValues values = { .name = "x", .kernel = "/here/kernel", .initrd = "/here/initrd" };
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = fill ("qemu-tcg.xml", &values);
  g_autofree char *there = mig_domain_xml_boot (xml, "/there/a&b", "/there/initrd", &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (there, "<kernel>/there/a&amp;b</kernel>"));
  g_assert_nonnull (strstr (there, "<initrd>/there/initrd</initrd>"));
  g_assert_null (strstr (there, "/here/"));
  g_assert_nonnull (strstr (there, "<cmdline>"));
  g_assert_null (mig_domain_xml_boot ("<domain/>", "k", "i", &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);

  g_autofree char *type = mig_domain_xml_type (there);
  g_assert_cmpstr (type, ==, "qemu");
  g_assert_null (mig_domain_xml_type ("no XML"));
}

/* Another file on the other host; the rest of the disk stays. */
static void
test_other_disk (void)
{
  static const char xml[] = "<domain type='kvm'><devices><disk type='file' device='disk'>"
                            "<driver cache='none'/><source file='/here/d.img' index='1'/>"
                            "<target dev='vda'/></disk></devices></domain>";
  g_autoptr (GError) error = NULL;
  g_autofree char *there = mig_domain_xml_disk (xml, "/there/a&b.img", &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (there, "file=\"/there/a&amp;b.img\""));
  g_assert_null (strstr (there, "/here/"));
  g_assert_nonnull (strstr (there, "cache=\"none\""));
  g_assert_null (mig_domain_xml_disk ("<domain/>", "/x", &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
}

static void
test_bad (void)
{
  static const struct {
    const char *xml, *message;
  } bad[] = {
    { "<domain>", ":1: not well-formed XML: " },
    { "<guest/>", ":1: domain template begins with <guest>; expected <domain>" },
    { "", ":1: not well-formed XML: " },
  };
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "migcost-template-XXXXXX", NULL);
  int fd = g_mkstemp (file);
  g_assert_cmpint (fd, >=, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      MigTemplateValues values = { .name = "x" };
      g_assert_true (g_file_set_contents (file, bad[i].xml, -1, NULL));
      g_assert_null (mig_template_fill (file, &values, &error));
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, bad[i].message));
    }
  g_assert_false (mig_domain_xml_is_marked ("<domain><metadata/></domain>"));
  g_assert_false (mig_domain_xml_is_marked ("not xml"));
  g_assert_false (mig_domain_xml_is_marked (
      "<domain><metadata><guest xmlns='urn:other'/></metadata></domain>"));
  g_assert_cmpint (remove (file), ==, 0);
  g_close (fd, NULL);
}

/* A template may come from somebody else: it must not name files, reach out or blow up. */
static void
test_hostile (void)
{
  static const char *const hostile[] = {
    ("<!DOCTYPE domain [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
     "<domain type='kvm'><name>&x;</name></domain>"),
    "<!DOCTYPE domain SYSTEM 'http://127.0.0.1:9/d.dtd'><domain type='kvm'/>",
    "<!DOCTYPE domain [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><domain type='&b;'/>",
  };
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "migcost-template-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      MigTemplateValues values = { .name = "x", .owner = "y" };
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (path, hostile[i], -1, NULL));
      g_autofree char *xml = mig_template_fill (path, &values, &error);
      g_assert_null (xml);
      g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, path));
      g_assert_false (mig_domain_xml_is_marked (hostile[i]));
    }
  g_autofree char *large = g_strnfill (1024 * 1024 + 1, ' ');
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (path, large, -1, NULL));
  g_assert_null (mig_template_domain_type (path, &error));
  g_assert_nonnull (strstr (error->message, "larger than 1 MiB"));
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/template/fill", test_fill);
  g_test_add_func ("/template/card", test_card);
  g_test_add_func ("/template/connected", test_connected);
  g_test_add_func ("/template/xen-card", test_xen_card);
  g_test_add_func ("/template/disks", test_disks);
  g_test_add_func ("/template/hardware", test_hardware);
  g_test_add_func ("/template/disk", test_disk);
  g_test_add_func ("/template/keeps-state", test_keeps_state);
  g_test_add_func ("/template/copied-disks", test_copied_disks);
  g_test_add_func ("/template/defaults", test_defaults);
  g_test_add_func ("/template/type", test_type);
  g_test_add_func ("/template/pin", test_pin);
  g_test_add_func ("/template/boot", test_boot);
  g_test_add_func ("/template/other-disk", test_other_disk);
  g_test_add_func ("/template/bad", test_bad);
  g_test_add_func ("/template/hostile", test_hostile);
  return g_test_run ();
}
