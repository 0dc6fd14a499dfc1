/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The emulated Xen pair: two Xen hosts that QEMU emulates on this machine. The work is done by the
 * script xen-pair (tests/xen, doc/hosts-xen.md); a pair outlives this process. */
typedef struct {
  char *directory;
  char *uris[2];
} MigXenPair;

void mig_xen_pair_free (MigXenPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigXenPair, mig_xen_pair_free)

/* mig_xen_pair_up: starts a pair and waits until libvirt answers on both; the hosts' image is built
 * first where it is missing. What it does goes through mig_info(). Errors: what the script says;
 * UNSUPPORTED where a tool or package cannot be had. */
MigXenPair *mig_xen_pair_up (GError **error);

/* mig_xen_pair_list: this user's pairs that are up: GPtrArray of MigXenPair; none where the script
 * is not installed. */
GPtrArray *mig_xen_pair_list (GError **error);

/* mig_xen_pair_down: stops the pair in a directory. */
gboolean mig_xen_pair_down (const char *directory, GError **error);
