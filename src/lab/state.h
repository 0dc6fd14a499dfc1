/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/lab.h"

/* What there is to know about a lab that is up: written by migcost-lab to the file "state" in the
 * lab's directory as the last step of its start, read by everybody else. */
typedef struct {
  char *directory;
  MigLabMode mode;
  char *mode_why; /* LOOPBACK: why there are no namespaces; else NULL */
  guint n_hosts;
  char *uris[MIG_LAB_MAX_HOSTS];
  char *migrate_uris[MIG_LAB_MAX_HOSTS];
  char *peer_uris[MIG_LAB_MAX_HOSTS];
  int cpus[MIG_LAB_MAX_HOSTS];
  guint64 link_bytes_per_s;
  guint64 link_measured_bytes_per_s; /* 0: could not be measured */
  char *congestion_control;          /* of TCP on the link; NULL on loopback */
  char *prober;                      /* its socket; NULL: guests have no LAN */
  char *lan_why_not;                 /* NULL where they have one, or none was asked for */
  char *disks;                       /* directory of guests' disks; NULL: there is none */
  char *disks_why_not;               /* NULL where there is, or none was asked for */
  char *tls_why_not;                 /* why hosts have no certificates; NULL: they have */
  char *cpu_sharing;                 /* whose shares of a CPU are alike, in words */
  char *kernel, *initrd, *emulator;
  gboolean kvm;
  char *kvm_why_not; /* NULL where kvm */
} MigLabState;

MigLabState *mig_lab_state_new (const char *directory);
void mig_lab_state_free (MigLabState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigLabState, mig_lab_state_free)

/* mig_lab_state_save / mig_lab_state_load: a reader sees a whole state or none. load's errors: the
 * file is not there (the lab is not up yet) or not as it must be (INVALID). */
gboolean mig_lab_state_save (const MigLabState *state, GError **error);
MigLabState *mig_lab_state_load (const char *directory, GError **error);

/* mig_lab_mode_name: "namespaces", "loopback": as in the state file and in `migcost lab status`. */
const char *mig_lab_mode_name (MigLabMode mode);
