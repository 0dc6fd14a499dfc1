/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/units.h"
#include "lab/boot-image.h"
#include "probe/probe.h"

static void
test_line (void)
{
  const MigProbe sent = { .guest = 3,
                          .kind = MIG_PROBE_TCP,
                          .connection = 7,
                          .sequence = 12,
                          .due_ns = 1000,
                          .sent_ns = 1003,
                          .answered_ns = MIG_MISSING_INT,
                          .covers_ns = MIG_MISSING_INT };
  g_autoptr (GString) text = g_string_new ("before\n");
  MigProbe read;

  mig_probe_format (text, &sent);
  g_assert_cmpstr (text->str, ==, "before\n3 tcp 7 12 1000 1003 - -\n");
  g_assert_true (mig_probe_parse ("3 tcp 7 12 1000 1003 - -", &read));
  g_assert_cmpint (read.kind, ==, MIG_PROBE_TCP);
  g_assert_cmpuint (read.guest, ==, 3);
  g_assert_cmpuint (read.connection, ==, 7);
  g_assert_cmpint (read.sequence, ==, 12);
  g_assert_cmpint (read.due_ns, ==, 1000);
  g_assert_cmpint (read.sent_ns, ==, 1003);
  g_assert_cmpint (read.answered_ns, ==, MIG_MISSING_INT);
  g_assert_true (mig_probe_parse ("0 udp 0 0 1 2 3 10000000", &read));
  g_assert_cmpint (read.answered_ns, ==, 3);
  g_assert_cmpint (read.covers_ns, ==, 10000000);
  g_assert_true (mig_probe_parse ("0 icmp 0 3 1 2 - 50000000", &read));
  g_assert_cmpint (read.kind, ==, MIG_PROBE_ICMP);
  g_assert_true (mig_probe_parse ("0 connect 0 3 1 2 - -", &read));
  g_assert_cmpint (read.kind, ==, MIG_PROBE_CONNECT);
}

static void
test_events (void)
{
  guint64 data = mig_probe_event (249, 73);

  g_assert_cmpuint (mig_probe_guest_of (data), ==, 249);
  g_assert_cmpuint (mig_probe_channel_of (data), ==, 73);
}

static void
test_bad_lines (void)
{
  static const char *const bad[] = { "",
                                     "done",
                                     "0 udp 0 0 1 2 3",
                                     "0 udp 0 0 1 2 3 4 5",
                                     "0 sctp 0 0 1 2 3 4",
                                     "x udp 0 0 1 2 3 4",
                                     "0 udp 8 0 1 2 3 4",
                                     "0 udp 0 - 1 2 3 4",
                                     "0 udp 0 0 - 2 3 4",
                                     "0 udp 0 0 1 - 3 4",
                                     "0 udp 0 0 1 2 -3 4",
                                     "0 udp 0 0 1 2 3  4" };
  MigProbe probe;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mig_probe_parse (bad[i], &probe));
}

/* Of points that were missed the last one counts. */
static void
test_due (void)
{
  g_assert_cmpint (mig_probe_due (1000, 10, 990), ==, 1000);
  g_assert_cmpint (mig_probe_due (1000, 10, 1000), ==, 1000);
  g_assert_cmpint (mig_probe_due (1000, 10, 1009), ==, 1000);
  g_assert_cmpint (mig_probe_due (1000, 10, 1010), ==, 1010);
  g_assert_cmpint (mig_probe_due (1000, 10, 1047), ==, 1040);
}

/* As the kernel's Documentation/driver-api/early-userspace/buffer-format.rst has it: a header of
 * 110 bytes, name and content padded to 4 bytes. */
static void
test_archive (void)
{
  g_autoptr (GByteArray) archive = g_byte_array_new ();
  const guint8 content[] = { 'a', 'b', 'c', 'd', 'e' };

  mig_boot_image_append (archive, "modules", NULL, 0);
  g_assert_cmpuint (archive->len, ==, 120); /* 110 + 8, padded */
  mig_boot_image_append (archive, "modules/0-x.ko", content, sizeof content);
  g_assert_cmpuint (archive->len, ==, 120 + 128 + 8); /* 110 + 15, padded; 5, padded */
  g_assert_cmpmem (archive->data, 6, "070701", 6);
  g_assert_cmpmem (archive->data + 14, 8, "000041ed", 8); /* mode: a directory */
  g_assert_cmpmem (archive->data + 120 + 14, 8, "000081a4", 8);
  g_assert_cmpmem (archive->data + 120 + 54, 8, "00000005", 8); /* size */
  g_assert_cmpmem (archive->data + 120 + 94, 8, "0000000f", 8); /* length of the name */
  g_assert_cmpmem (archive->data + 120 + 110, 15, "modules/0-x.ko", 15);
  g_assert_cmpmem (archive->data + 120 + 128, 5, content, 5);
  mig_boot_image_end (archive);
  g_assert_cmpuint (archive->len, ==, 512);
  g_assert_cmpmem (archive->data + 256 + 110, 11, "TRAILER!!!", 11);
}

static void
make_file (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, name, -1, NULL));
}

/* holds: an archive, that text. */
static gboolean
holds (const GByteArray *archive, const char *text)
{
  return memmem (archive->data, archive->len, text, strlen (text)) != NULL;
}

/* Which modules a guest gets says its card; those of another one are not there. */
static void
test_modules (void)
{
  g_autofree char *folder = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *kernel = g_build_filename (folder, "vmlinuz-1", NULL);
  g_autofree char *initrd = g_build_filename (folder, "initrd", NULL);
  g_autoptr (GError) error = NULL;

  make_file (folder, "vmlinuz-1");
  make_file (folder, "initrd");
  make_file (folder, "modules-1/drivers/xen-netfront.ko");
  make_file (folder, "modules-1/virtio.ko");
  g_autoptr (GByteArray) image = mig_boot_image_new (initrd, kernel, MIG_DEVICE_XEN_CARD, &error);
  g_assert_no_error (error);
  g_assert_true (holds (image, "-xen-netfront.ko"));
  g_assert_true (holds (image, "modules-1/drivers/xen-netfront.ko")); /* its content */
  g_assert_false (holds (image, "-virtio.ko"));
  g_assert_null (mig_boot_image_new (initrd, kernel, MIG_DEVICE_CARD, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED);
  mig_files_remove_tree (folder, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/line", test_line);
  g_test_add_func ("/probe/events", test_events);
  g_test_add_func ("/probe/bad-lines", test_bad_lines);
  g_test_add_func ("/probe/due", test_due);
  g_test_add_func ("/boot-image/archive", test_archive);
  g_test_add_func ("/boot-image/modules", test_modules);
  return g_test_run ();
}
