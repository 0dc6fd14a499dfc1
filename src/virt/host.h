/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "virt/capability.h"

/* One host: a libvirt connection, under the name it has in the study. libvirt's types stay inside
 * this room. Functions may be called from any thread; those that talk to the host block. */
typedef struct _MigHost MigHost;

/* What a host is; all from the connection. Strings belong to the host. */
typedef struct {
  const char *driver;         /* "QEMU", "Xen" */
  guint64 hypervisor_version; /* 1000000 * major + 1000 * minor + release */
  guint64 libvirt_version;    /* the same */
  const char *hostname;
  const char *cpu_model;
  guint cpus; /* physical CPUs that are on line */
  guint64 memory_bytes;
} MigHostInfo;

/* mig_host_open: connects, with keepalive, and asks what the host can do. The event loop
 * (virt/loop.h) must run. Errors: FAILED "cannot connect to 'URI': ...", with libvirt's cause. */
MigHost *mig_host_open (const char *name, const char *uri, GError **error);

/* mig_host_open_to_read: the same, over a connection on which libvirt allows no change. */
MigHost *mig_host_open_to_read (const char *name, const char *uri, GError **error);
void mig_host_free (MigHost *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigHost, mig_host_free)

const char *mig_host_name (const MigHost *host);
const char *mig_host_uri (const MigHost *host);
const MigHostInfo *mig_host_info (const MigHost *host);

/* mig_host_peer_uri: by which other hosts' daemons are to reach a host: what was stated for it
 * (NULL: nothing was), else its own URI. */
const char *mig_host_peer_uri (const char *stated, const char *own);

/* mig_host_uri_server: the server that it names; NULL: none. The caller frees it. */
char *mig_host_uri_server (const char *uri);

/* mig_host_uri_names_server: whether another machine's daemon could reach a host by this URI (NULL:
 * none); 'localhost' is that machine itself. */
gboolean mig_host_uri_names_server (const char *uri);

/* mig_version_text: "10.0.2"; NULL where the version is 0, unknown. */
char *mig_version_text (guint64 version);

/* mig_host_can: whether the host has a capability; see virt/capability.h. */
gboolean mig_host_can (const MigHost *host, MigCapability capability);

/* mig_host_offers: whether the host can run fully emulated or paravirtual guests of this libvirt
 * type ("kvm", "qemu", "xen") and OS type ("hvm", "xen", "xenpvh"; NULL: any), by its capabilities.
 */
gboolean mig_host_offers (MigHost *host, const char *domain_type, const char *os_type);

/* mig_host_emulator: the program that runs guests of this libvirt type and the host's architecture
 * unless another one is named; NULL: it does not say. The caller frees it. */
char *mig_host_emulator (MigHost *host, const char *domain_type);

/* mig_host_is_virtual: whether the host is a virtual machine itself, by its CPU's features. */
gboolean mig_host_is_virtual (MigHost *host);

/* mig_host_free_memory: what new guests can have, in bytes: free and, where the host tells, what
 * the page cache would give back. */
gboolean mig_host_free_memory (MigHost *host, guint64 *bytes, GError **error);

/* mig_host_round_trip: time of one small call to the host and back, in ns. */
gboolean mig_host_round_trip (MigHost *host, gint64 *ns, GError **error);

/* mig_host_management_pins: the physical CPUs that each vCPU of Domain-0 may run on: a text for
 * mig_host_put_management_pins, without tabs and line breaks, which the caller frees; NULL where
 * the host has no management domain. */
gboolean mig_host_management_pins (MigHost *host, char **pins, GError **error);

/* mig_host_put_management_pins: back to that; vCPUs that the text does not have get the last one's.
 */
gboolean mig_host_put_management_pins (MigHost *host, const char *pins, GError **error);

/* mig_host_pin_management: all of Domain-0's vCPUs to one CPU. */
gboolean mig_host_pin_management (MigHost *host, int cpu, GError **error);
