/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include "lab/state.h"

/* Inside migcost-lab only: the lab as it comes into being. One process, the keeper, watches its
 * starter and cleans up; another, the supervisor, does the work and is the parent of all that runs
 * in the lab: in namespaces mode it is process 1 of the lab's PID namespace, so that the kernel
 * ends everything with it. */
typedef struct {
  MigLabState *state; /* filled in step by step */
  uid_t uid;          /* the lab's user, as seen from outside */
  gid_t gid;
  uid_t daemon_uid; /* whom daemons run as: the same, for root nobody */
  gid_t daemon_gid;
  gid_t kvm_gid; /* for root: the group of /dev/kvm, a supplementary one of the daemons; 0: none */
  int netns[MIG_LAB_MAX_HOSTS]; /* network namespaces of the hosts; -1 in loopback mode */
  int switch_netns;             /* of the switch between more than two hosts; -1: there is none */
  guint taps;                   /* of each host, on the LAN of guests (lan.h); 0: there is none */
  guint forward_delay_ms;       /* of its bridges' spanning tree; 0: they have none */
  pid_t daemons[MIG_LAB_MAX_HOSTS];
  int report_fd; /* lines for the starter go here (report.h) */
} MigSetup;

/* Exit status of the supervisor that asks the keeper for loopback mode; the reason is in the file
 * MIG_SETUP_REFUSED in the lab's directory. */
#define MIG_SETUP_EXIT_REFUSED 3
#define MIG_SETUP_REFUSED "refused"

/* mig_setup_host_path: path below the directory of a host's files: DIRECTORY/0/config/... */
char *mig_setup_host_path (const MigSetup *setup, guint host, const char *name);

/* namespaces.c */

/* mig_namespaces_fork: like fork, but the child is process 1 of new PID, mount and network
 * namespaces, for ordinary users in a new user namespace where it is root. Returns -1 with errno
 * set where they are refused. */
pid_t mig_namespaces_fork (const MigSetup *setup);

/* mig_namespaces_enter: in that child: makes it root, mounts a /proc, makes the other network
 * namespaces, fills in setup->netns and switch_netns, and stays in that of the second host. */
gboolean mig_namespaces_enter (MigSetup *setup, GError **error);

/* mig_namespaces_join: this process stands for that network namespace, where ip is to put the other
 * end of a pair. */
gboolean mig_namespaces_join (int netns, GError **error);

/* mig_namespaces_add_network: one more; this process stays where it is. *fd keeps it alive. */
gboolean mig_namespaces_add_network (const MigSetup *setup, int *fd, GError **error);

/* link.c */

/* mig_link_up: joins the network namespaces, two by a veth pair, more by one for each to a bridge,
 * and shapes that. mig_link_address: the address of a host on it. */
gboolean mig_link_up (const MigSetup *setup, GError **error);

/* mig_link_shape: gives it the rate that the state now has. */
gboolean mig_link_shape (const MigSetup *setup, GError **error);
const char *mig_link_address (guint host);

/* measure.c */

/* mig_link_measure: bytes per second that a TCP connection from host 0 to host 1 gets, measured for
 * a second at the receiver; 0: could not be. */
guint64 mig_link_measure (const MigSetup *setup);

/* identity.c */

/* mig_identity_find: fills in daemon_uid, daemon_gid and kvm_gid. */
gboolean mig_identity_find (MigSetup *setup, GError **error);

/* mig_identity_assume: makes this process what a daemon or a QEMU of the lab is to be: an ordinary
 * user without privileges, killed with its parent. Called between fork and exec; FALSE with errno
 * set. */
gboolean mig_identity_assume (const MigSetup *setup);

/* daemon.c */

/* mig_daemon_prepare: directories and configuration of a host's daemon; fills in its URIs. */
gboolean mig_daemon_prepare (MigSetup *setup, guint host, GError **error);

/* mig_daemon_start: starts it on its CPU and in its namespaces. -1: error is set. */
pid_t mig_daemon_start (const MigSetup *setup, guint host, const char *program, GError **error);

/* mig_daemon_wait: waits until all accept connections. Errors: one has ended (with the last lines
 * of its log), or the time is over. */
gboolean mig_daemon_wait (const MigSetup *setup, GError **error);

/* mig_daemon_tell_end: if that process, which has been waited for, was a daemon: how it ended, with
 * the last lines of its log, as a warning to the starter. */
void mig_daemon_tell_end (const MigSetup *setup, pid_t pid, int status);

/* certificates.c */

/* mig_certificates_make: an authority's to throw away, for each host, in the lab's directory; where
 * that cannot be, state->tls_why_not says why. mig_certificates_directory: a host's, as QEMU looks
 * for them; the caller frees it. */
void mig_certificates_make (MigSetup *setup);
char *mig_certificates_directory (const MigSetup *setup, guint host);

/* relay.c */

/* What the daemons of other hosts run to reach one, as DIRECTORY/HOST/connect: a link to
 * migcost-lab. */
#define MIG_RELAY_NAME "connect"

/* mig_relay_run: joins standard input and output to the socket of the daemon whose directory the
 * program's name is in, until either side ends; returns the exit status. */
int mig_relay_run (const char *program);

/* kvm.c */

/* mig_kvm_probe: whether a guest really runs under KVM: the lab's kernel and initramfs are booted
 * until the guest speaks. Fills in state->kvm and kvm_why_not. The verdict is kept in the user's
 * cache until the machine boots again or kernel, QEMU or user are others. */
void mig_kvm_probe (MigSetup *setup);

/* supervisor.c */

/* mig_supervisor_run: brings the lab up, says so and stays until it is killed; returns the exit
 * status where it could not. go_fd: nothing is done before a byte comes from it; none comes from a
 * keeper that has gone. Later it brings rates for the link (guint64, bytes per second), which are
 * answered with a report. */
int mig_supervisor_run (MigSetup *setup, int go_fd);
