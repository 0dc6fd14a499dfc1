/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What guests have whose drivers a distribution's kernel keeps in modules. */
typedef enum {
  MIG_DEVICE_CARD = 1 << 0,
  MIG_DEVICE_DISK = 1 << 1,
  MIG_DEVICE_XEN_CARD = 1 << 2, /* of Xen's guests, in place of the other */
} MigDevices;

/* mig_boot_image_new: an initramfs to boot that kernel with: the given one, and before it an
 * archive of the modules that these devices need, in /modules, named so that their alphabetical
 * order is that in which they are to be loaded. They are looked for beside the kernel's file
 * vmlinuz-VERSION, in modules-VERSION, and in /lib/modules/VERSION. Errors: UNSUPPORTED where they
 * are not found, with what to do. */
GByteArray *mig_boot_image_new (const char *initrd, const char *kernel, MigDevices devices,
                                GError **error);

/* mig_boot_image_write: the same as a file. */
gboolean mig_boot_image_write (const char *initrd, const char *kernel, MigDevices devices,
                               const char *to, GError **error);

/* mig_boot_image_append: a file or, with data NULL, a directory, to an archive in the format of the
 * kernel (newc). mig_boot_image_end: its end, padded so that another archive may follow. */
void mig_boot_image_append (GByteArray *archive, const char *name, const guint8 *data, gsize size);
void mig_boot_image_end (GByteArray *archive);
