/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Domain XML from a template (domains/ *.xml): valid libvirt XML as it stands, of which name, UUID,
 * memory, vCPUs, kernel, initramfs and the workload's arguments are replaced. */
typedef struct {
  const char *name;  /* domain's name */
  const char *uuid;  /* of the domain */
  const char *owner; /* goes into the mark, so that leftovers can be told from others' domains */
  guint64 memory_bytes;
  guint64 vcpus;         /* 0: the template's */
  gboolean diskless;     /* without the template's disks */
  const char *kernel;    /* NULL: the template's */
  const char *initrd;    /* NULL: the template's */
  const char *arguments; /* of the guest program: "memory wss=460000000" */
  const char *emulator;  /* NULL: the template's or the driver's choice */
  const char *mac; /* of a network card that is added; NULL: none is. What it is connected to: one
                      of these */
  const char *tap; /* a device of the host's, there already */
  const char *bridge;     /* of the host's */
  const char *network;    /* of libvirt's */
  gboolean hugepages;     /* its memory is in huge pages */
  gboolean dirty_ring;    /* KVM tells which of its pages it writes */
  const char *numa_node;  /* that its memory is on; NULL: the template's */
  const char *machine;    /* type of machine; NULL: the template's */
  const char *cpu;        /* <cpu>; NULL: the template's */
  const char *disk;       /* path of a file that is its disk; NULL: none is added */
  const char *disk_cache; /* libvirt's name of its cache mode; NULL: the hypervisor's choice */
} MigTemplateValues;

/* mig_template_fill: reads the template file and returns the domain's XML. Errors: INVALID with
 * FILE:LINE, also where a disk is to be added beside one of the template's. */
char *mig_template_fill (const char *file, const MigTemplateValues *values, GError **error);

/* mig_template_domain_type: "kvm", "qemu", "xen": the type attribute of a template file. */
char *mig_template_domain_type (const char *file, GError **error);

/* mig_template_os_type: "hvm", "linux" (Xen's PV), "xenpvh": the content of <os><type>; NULL: it
 * has none. */
char *mig_template_os_type (const char *file, GError **error);

/* mig_template_os_attribute: an attribute of that element, "machine" or "arch"; NULL: it has none.
 */
char *mig_template_os_attribute (const char *file, const char *name);

/* mig_template_cpu: what <cpu> of a template file says: its mode ("host-model") and its model; NULL
 * each where it says nothing of it. The caller frees both. */
void mig_template_cpu (const char *file, char **mode, char **model);

/* mig_template_boot_file: the path in <kernel> or <initrd> of a template file; NULL where it names
 * none. The caller frees it. */
char *mig_template_boot_file (const char *file, const char *name);
