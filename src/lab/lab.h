/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The lab: libvirt daemons on this machine, two or more, that migrate guests to each other. The
 * work is done by a helper program, migcost-lab, which owns the namespaces, the link and the
 * daemons; the lab ends when the helper does, whatever ends it. */
typedef struct _MigLab MigLab;

#define MIG_LAB_MAX_HOSTS 8

typedef enum {
  MIG_LAB_MODE_NAMESPACES, /* network namespaces and a shaped veth pair; of more than two hosts, one
                              to a switch for each */
  MIG_LAB_MODE_LOOPBACK,   /* all on loopback: libvirt's bandwidth limit stands in for the link */
} MigLabMode;

/* All 0 are the defaults. */
typedef struct {
  guint hosts;              /* 0: two; at most MIG_LAB_MAX_HOSTS */
  guint64 link_bytes_per_s; /* 0: 1 Gbit/s; of more than two hosts, of each one's link */
  const int *cpus; /* CPU of each host's daemon; NULL: the first one that may be used for the first
                      host, and so on, from the first again where there are no more */
  gboolean persistent; /* survives this process (lab up); otherwise ends with it, even by SIGKILL */
  gboolean force_loopback; /* tests */
  const char *emulator;    /* NULL: qemu-system-x86_64 found in PATH */
  guint taps;              /* guests that may be on a LAN of their own; 0: there is none */
  gint64 forward_delay_ns; /* of that LAN's bridges, which have a spanning tree then, to show what
                              it costs; 0: they have none */
  gboolean disks;          /* guests have disks: files in a directory that all hosts see */
} MigLabOptions;

/* What guest N, from 0, is on the LAN: its tap on each host, the same everywhere. */
#define MIG_LAB_TAP "guest"
#define MIG_LAB_MAX_TAPS 250
/* addresses of the LAN: the client's, and of guest N the N + 1st of the second, to be printed */
#define MIG_LAB_CLIENT_ADDRESS "10.112.0.1/16"
#define MIG_LAB_GUEST_ADDRESS "10.112.1.%u"
#define MIG_LAB_GUEST_PREFIX 16
#define MIG_LAB_GUEST_MAC "52:54:00:4d:47:%02x"

/* mig_lab_up: clears what crashed labs left, starts a lab and waits until all daemons accept
 * connections. progress lines go through mig_info(). Errors: what is missing and what to install.
 */
MigLab *mig_lab_up (const MigLabOptions *options, GError **error);

/* mig_lab_down: ends it and removes its directory. The object stays valid until freed. */
gboolean mig_lab_down (MigLab *lab, GError **error);
void mig_lab_free (MigLab *lab); /* also takes a lab down that is not persistent */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigLab, mig_lab_free)

const char *mig_lab_directory (const MigLab *lab);
MigLabMode mig_lab_mode (const MigLab *lab);
/* Why a lab is on loopback, for people; NULL with namespaces. */
const char *mig_lab_mode_why (const MigLab *lab);
guint mig_lab_n_hosts (const MigLab *lab);
/* host: from 0 */
const char *mig_lab_uri (const MigLab *lab, guint host);
/* Where migration data is to be sent when that host is the destination: "tcp://10.111.0.2",
 * "tcp://127.0.0.1". Without port: the destination's daemon chooses one of its own. */
const char *mig_lab_migrate_uri (const MigLab *lab, guint host);
/* libvirt's URI by which the lab's other daemons reach that host: by a program of the lab's that
 * they run, as nothing in a lab listens to more than its own socket. */
const char *mig_lab_peer_uri (const MigLab *lab, guint host);
/* A directory of that host's own, in which its daemon may write; it goes with the lab. The caller
 * frees it. */
char *mig_lab_host_directory (const MigLab *lab, guint host);
/* mig_lab_disk_directory: where guests' disks are, which all hosts see, and which who started the
 * lab makes; NULL: nowhere. mig_lab_disks_why_not: why not, where they were asked for; NULL. */
const char *mig_lab_disk_directory (const MigLab *lab);
const char *mig_lab_disks_why_not (const MigLab *lab);
/* mig_lab_tls_why_not: why its hosts have no certificates to migrate by TLS; NULL: they have. */
const char *mig_lab_tls_why_not (const MigLab *lab);
int mig_lab_cpu (const MigLab *lab, guint host);
/* CPU time that the host's daemon has taken so far, ns; MIG_MISSING_INT where it cannot be told. */
gint64 mig_lab_daemon_cpu (const MigLab *lab, guint host);
guint64 mig_lab_link_rate (const MigLab *lab);          /* configured, bytes/s */
guint64 mig_lab_link_rate_measured (const MigLab *lab); /* TCP, measured at the start; 0: could not
                                                           be */
/* Of TCP on the link: "cubic"; NULL on loopback, where it is the machine's. */
const char *mig_lab_congestion_control (const MigLab *lab);
/* Whose shares of a CPU are alike: "threads alike", or "sessions alike", with why. */
const char *mig_lab_cpu_sharing (const MigLab *lab);
/* Copies of kernel and initramfs inside the lab's directory that the daemons can read. */
const char *mig_lab_kernel (const MigLab *lab);
const char *mig_lab_initrd (const MigLab *lab);
/* The QEMU that guests are to be run with (<emulator> of their domain XML). */
const char *mig_lab_emulator (const MigLab *lab);
/* TRUE: type='kvm' really runs a guest here; FALSE: TCG, with why KVM is not used. */
gboolean mig_lab_has_kvm (const MigLab *lab, const char **why_not);

/* mig_lab_prober: the socket of the program that probes guests on the LAN (prober.h); NULL: there
 * is no LAN. mig_lab_lan_why_not: why not, where one was asked for; NULL. */
const char *mig_lab_prober (const MigLab *lab);
const char *mig_lab_lan_why_not (const MigLab *lab);

/* mig_lab_shape_link: gives the link of a lab in namespaces another rate, and measures it as at the
 * start; *measured: 0: it could not be. Errors: UNSUPPORTED on loopback; FAILED. */
gboolean mig_lab_shape_link (MigLab *lab, guint64 bytes_per_s, guint64 *measured, GError **error);

/* mig_lab_list: all labs of this user: GPtrArray of MigLabStatus. Crashed ones are listed too. */
typedef struct {
  char *directory;
  gboolean alive;
  guint n_hosts;
  char *uris[MIG_LAB_MAX_HOSTS];
  char *mode;
  gint64 pid;
} MigLabStatus;
GPtrArray *mig_lab_list (GError **error);

/* What a host of a lab that is up already has for those who come by its URI. */
typedef struct {
  char *kernel, *initrd; /* that its guests boot: paths which its daemon can read */
  char *migrate_uri;     /* where migration data is to be sent when it is the destination */
  char *tls_why_not;     /* as mig_lab_tls_why_not() */
  gboolean kvm;          /* as mig_lab_has_kvm() */
} MigLabHost;

/* mig_lab_find_host: of one of this user's labs; NULL: this libvirt URI is of none of them. */
MigLabHost *mig_lab_find_host (const char *uri);
void mig_lab_host_free (MigLabHost *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigLabHost, mig_lab_host_free)

/* mig_lab_is_gone: whether this libvirt URI is of a host of one of this user's labs that has ended,
 * so that nothing is left of it. FALSE for every other host, whether it answers or not. */
gboolean mig_lab_is_gone (const char *uri);

/* mig_lab_clean: removes what crashed labs left (processes, directories). Sets the number cleaned.
 */
gboolean mig_lab_clean (guint *cleaned, GError **error);

/* mig_lab_stop: takes a running lab down by its directory (lab down). */
gboolean mig_lab_stop (const char *directory, GError **error);

/* mig_guest_kernel_find: a readable kernel for guests: $MIGCOST_KERNEL, the cache that quickstart
 * fills (~/.cache/migcost), /boot. Errors: none found, with what to do. */
char *mig_guest_kernel_find (GError **error);
