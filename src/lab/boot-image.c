/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "lab/boot-image.h"

#define MAX_INITRD_BYTES (64 * 1024 * 1024)
#define MAX_MODULE_BYTES (16 * 1024 * 1024)
#define KERNEL_PREFIX "vmlinuz-"
#define ALIGNMENT 512 /* of the archive behind; the kernel wants 4 */

/* In the order of their needs, and what needs them. A kernel may have some of them built in; the
 * last one of a device is the one that it cannot do without. */
static const struct {
  const char *name;
  MigDevices devices;
} modules[] = {
  { "virtio_ring", MIG_DEVICE_CARD | MIG_DEVICE_DISK },
  { "virtio", MIG_DEVICE_CARD | MIG_DEVICE_DISK },
  { "virtio_pci_legacy_dev", MIG_DEVICE_CARD | MIG_DEVICE_DISK },
  { "virtio_pci_modern_dev", MIG_DEVICE_CARD | MIG_DEVICE_DISK },
  { "virtio_pci", MIG_DEVICE_CARD | MIG_DEVICE_DISK },
  { "virtio_blk", MIG_DEVICE_DISK },
  { "failover", MIG_DEVICE_CARD },
  { "net_failover", MIG_DEVICE_CARD },
  { "virtio_net", MIG_DEVICE_CARD },
  { "xen-netfront", MIG_DEVICE_XEN_CARD },
};
/* of a module's file; the kernel unpacks what it was built to */
static const char *const suffixes[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };

/* ---- the archive ---- */

static void
pad (GByteArray *archive, guint alignment)
{
  static const guint8 zeros[ALIGNMENT];

  g_byte_array_append (archive, zeros, (alignment - archive->len % alignment) % alignment);
}

static void
append_entry (GByteArray *archive, const char *name, guint mode, const guint8 *data, gsize size)
{
  gsize name_size = strlen (name) + 1;
  /* magic, inode, mode, owner, group, links, time, size, device, device of a special file, length
   * of the name, checksum */
  g_autofree char *header = g_strdup_printf ("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
                                             "%08x%08x",
                                             archive->len + 1, mode, 0, 0, 1, 0, (guint) size, 0, 0,
                                             0, 0, (guint) name_size, 0);

  g_byte_array_append (archive, (const guint8 *) header, strlen (header));
  g_byte_array_append (archive, (const guint8 *) name, name_size);
  pad (archive, 4);
  if (size > 0)
    g_byte_array_append (archive, data, size);
  pad (archive, 4);
}

void
mig_boot_image_append (GByteArray *archive, const char *name, const guint8 *data, gsize size)
{
  append_entry (archive, name, data ? 0100644 : 040755, data, size);
}

void
mig_boot_image_end (GByteArray *archive)
{
  append_entry (archive, "TRAILER!!!", 0, NULL, 0);
  pad (archive, ALIGNMENT);
}

/* ---- the modules ---- */

/* find_below: a file of that name in a directory or below it; NULL: there is none. */
static char *
find_below (const char *directory, const char *name)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  g_autofree char *here = g_build_filename (directory, name, NULL);
  char *found = g_file_test (here, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&here) : NULL;
  const char *entry;

  while (dir && !found && (entry = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (directory, entry, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        found = find_below (path, name);
    }
  return found;
}

/* module_directory: where a kernel's modules are; NULL: nowhere. */
static char *
module_directory (const char *kernel)
{
  g_autofree char *directory = g_path_get_dirname (kernel);
  g_autofree char *name = g_path_get_basename (kernel);
  const char *version = g_str_has_prefix (name, KERNEL_PREFIX) ? name + strlen (KERNEL_PREFIX)
                                                               : NULL;
  g_autofree char *own = version ? g_strdup_printf ("%s/modules-%s", directory, version)
                                 : g_build_filename (directory, "modules", NULL);
  g_autofree char *machine = g_strdup_printf ("/lib/modules/%s/kernel", version ? version : "none");

  if (g_file_test (own, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&own);
  return g_file_test (machine, G_FILE_TEST_IS_DIR) ? g_strdup (machine) : NULL;
}

/* append_module: FALSE: it is not there, or cannot be read. */
static gboolean
append_module (GByteArray *archive, const char *directory, guint index, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (modules[index].name, suffixes[i], NULL);
      g_autofree char *path = find_below (directory, file);
      gsize size = 0;
      if (!path)
        continue;
      g_autofree char *data = mig_files_load (path, "the kernel module", MAX_MODULE_BYTES, &size,
                                              error);
      if (!data)
        return FALSE;
      g_autofree char *name = g_strdup_printf ("modules/%u-%s", index, file);
      mig_boot_image_append (archive, name, (const guint8 *) data, size);
      return TRUE;
    }
  return FALSE;
}

/* append_modules: found: the devices that have all theirs. */
static gboolean
append_modules (GByteArray *archive, const char *kernel, MigDevices devices, GError **error)
{
  g_autofree char *directory = module_directory (kernel);
  GError *unreadable = NULL;
  MigDevices lacking = devices;

  mig_boot_image_append (archive, "modules", NULL, 0);
  for (guint i = 0; directory && !unreadable && i < G_N_ELEMENTS (modules); i++)
    {
      if (!(modules[i].devices & devices))
        continue;
      if (append_module (archive, directory, i, &unreadable))
        lacking &= ~modules[i].devices;
      else
        lacking |= modules[i].devices & devices;
    }
  if (unreadable)
    g_propagate_error (error, unreadable);
  else if (lacking)
    g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                 "the modules of the guest kernel '%s' are not beside it; run ./quickstart prepare "
                 "in migcost's sources to fetch them",
                 kernel);
  mig_boot_image_end (archive);
  return !lacking && !unreadable;
}

GByteArray *
mig_boot_image_new (const char *initrd, const char *kernel, MigDevices devices, GError **error)
{
  g_autoptr (GByteArray) archive = g_byte_array_new ();
  gsize size = 0;

  if (!append_modules (archive, kernel, devices, error))
    return NULL;
  g_autofree char *rest = mig_files_load (initrd, "the initramfs", MAX_INITRD_BYTES, &size, error);
  if (!rest)
    return NULL;
  g_byte_array_append (archive, (const guint8 *) rest, size);
  return g_steal_pointer (&archive);
}

gboolean
mig_boot_image_write (const char *initrd, const char *kernel, MigDevices devices, const char *to,
                      GError **error)
{
  g_autoptr (GByteArray) archive = mig_boot_image_new (initrd, kernel, devices, error);

  return archive && mig_files_write (to, (const char *) archive->data, archive->len, error);
}
