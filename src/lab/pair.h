/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Pairs of emulated hosts: two hosts with a hypervisor of their own that QEMU emulates on this
 * machine. The work is done by a script of each kind (tests/pair, tests/xen, tests/kvm); a pair
 * outlives this process. */
typedef enum {
  MIG_PAIR_XEN, /* doc/hosts-xen.md */
  MIG_PAIR_KVM, /* doc/hosts-kvm.md */
  MIG_N_PAIR_KINDS
} MigPairKind;

/* mig_pair_kind_name: "Xen", "KVM". */
const char *mig_pair_kind_name (MigPairKind kind);

typedef struct {
  MigPairKind kind;
  char *directory;
  char *uris[2];
} MigPair;

void mig_pair_free (MigPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigPair, mig_pair_free)

/* mig_pair_up: starts a pair and waits until libvirt answers on both; the hosts' image is built
 * first where it is missing. What it does goes through mig_info(). Errors: what the script says;
 * UNSUPPORTED where a tool or package cannot be had. */
MigPair *mig_pair_up (MigPairKind kind, GError **error);

/* mig_pair_list: this user's pairs that are up, of all kinds: GPtrArray of MigPair; none where the
 * scripts are not installed. */
GPtrArray *mig_pair_list (GError **error);

/* mig_pair_down: ends it. */
gboolean mig_pair_down (const MigPair *pair, GError **error);
