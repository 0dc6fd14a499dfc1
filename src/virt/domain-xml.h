/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Domain XML as hosts have it: what it says, and the same with something changed. Strings are the
 * caller's. */

/* mig_domain_xml_type: "kvm", "qemu", "xen": the type of the domain; NULL: it has none. */
char *mig_domain_xml_type (const char *xml);

/* mig_domain_xml_pin: domain XML with all vCPUs pinned to one CPU, and the emulator to one; -1:
 * they are not pinned. */
char *mig_domain_xml_pin (const char *xml, int cpu, int emulator_cpu, GError **error);

/* mig_domain_xml_boot: domain XML with these paths of kernel and initramfs. */
char *mig_domain_xml_boot (const char *xml, const char *kernel, const char *initrd, GError **error);

/* mig_domain_xml_disk: domain XML whose first disk is a file of that path. */
char *mig_domain_xml_disk (const char *xml, const char *path, GError **error);

/* mig_domain_xml_has_dirty_ring: whether this domain XML has KVM's dirty ring. */
gboolean mig_domain_xml_has_dirty_ring (const char *xml);

/* mig_domain_xml_keeps_state: whether what it writes, to disks or file systems of its host, is
 * there after it has ended: as it was before, it would not fit to that. */
gboolean mig_domain_xml_keeps_state (const char *xml);

/* mig_domain_xml_copied_disks: as what a migration that copies disks knows those that libvirt has
 * it copy ("vda"): all that the guest may write to and that no other guest shares; NULL-ended,
 * never NULL. layered: only those with a backing file. The caller frees it with g_strfreev(). */
char **mig_domain_xml_copied_disks (const char *xml, gboolean layered);

/* mig_domain_xml_is_marked: whether this domain XML carries migcost's mark. */
gboolean mig_domain_xml_is_marked (const char *xml);
